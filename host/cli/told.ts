import { plural } from "../base/text.js";
import { brokeText } from "../events/names.js";
import { neededBoards } from "../judge/run.js";
import type { Verdict } from "../judge/run.js";
import type { Network } from "../network/network.js";
import { heldText } from "./report.js";

/** How a run on real lines ended, in words: alike when it ends and when its trace is read. */

/** By port, who speaks there in place of its own board. */
export type Speaks = Readonly<Record<string, string>>;

export const speaksAt = (
  { boards }: Network, speakers: readonly (number | undefined)[] = [],
): Speaks => Object.fromEntries(speakers.flatMap((speaker, board) =>
  (speaker === undefined ? [] : [[boards[board]!.name, boards[speaker]!.name]])));

export const speaksText = (speaks: Speaks): string => Object.entries(speaks)
  .map(([port, board]) => `${board} speaks at ${port}'s port\n`).join("");

/** That too few were heard for anything to be judged; "" where they were enough. */
const fewText = (network: Network, { verdict, most_heard: most = 0 }: Verdict): string => {
  if (verdict !== "not judged") return "";
  const needed = `${neededBoards(network)} are needed`;
  return most
    ? `; never were more than ${plural(most, "board")} heard in one cycle, and ${needed}`
    : `; nothing was heard: no board answered in any cycle, and ${needed}`;
};

/** The verdict in words, without its first word where that is "BROKEN". */
export const liveText = (network: Network, summary: Verdict): string => {
  const { cycles, outside = 0, verdict, broken_cycle: first, broke } = summary;
  const inside = cycles - outside;
  const beyond = outside
    ? `; in ${plural(outside, "cycle")} more than ${network.shape.traitors} ${
      summary.ballots ? "lied" : "failed"}, for which nothing is promised`
    : "";
  const few = fewText(network, summary);
  if (verdict === "broken") {
    const told = brokeText(broke, cycles).join(", ");
    return `BROKEN first in cycle ${first}${told && `: ${told}`}${beyond}${few}`;
  }
  if (few) return `nothing held and nothing broke${beyond}${few}`;
  if (summary.ballots) return `held: ${heldText(summary)}${beyond}`;
  const held = inside
    ? `held: in ${inside === cycles ? "all " : ""}${plural(inside, "cycle")} the correct boards ` +
      "were to hold one vector, and in it what each put in"
    : "nothing held and nothing broke";
  return held + beyond;
};

/** Whether there is something for a person to look at: what broke, was not heard, or misplugged. */
export const isAmiss = ({ verdict }: Verdict, speaks: Speaks = {}): boolean =>
  verdict !== "held" || Object.keys(speaks).length > 0;
