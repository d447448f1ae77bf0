import type { Break } from "../events/names.js";
import type { Network } from "../network/network.js";
import { duels } from "../network/turns.js";
import { BALLOT_PROPERTIES } from "./ballot-oracle.js";
import type { JudgedCycle } from "./cycle.js";
import { PROPERTIES } from "./oracle.js";

/** The judge of a run: it gathers what was said of its cycles, whoever ran them. */

/** What a judge of all cycles says of them. */
export interface Verdict {
  readonly summary: true;
  readonly cycles: number;
  readonly seed: number;
  /** In how many cycles each of them held. */
  readonly agreement: number;
  readonly validity: number;
  readonly truth: number;
  readonly termination: number;
  readonly order: number;
  /** In how many of them nothing but truth was promised; only where windows were asked for. */
  readonly asynchronous?: number;
  /** In how many cycles more failed, of ballots lied, than is outvoted: of real lines, or any. */
  readonly outside?: number;
  /** Of real lines: of how many boards frames were accepted, in the cycle in which most were. */
  readonly most_heard?: number;
  /** Where boards propose against each other (DUEL.1): in how many cycles nothing was decided. */
  readonly undecided?: number;
  /**
   * Of ballots: in how many of them each of CS1 to CL2 held, and how many were synchronous with
   * enough boards, so that CL1 and CL2 asked for something. Agreement is CS2, validity CS1 and CS3.
   */
  readonly ballots?: Readonly<Record<(typeof BALLOT_PROPERTIES)[number] | "asked", number>>;
  /** In how many cycles each of what was promised broke. */
  readonly broke: Readonly<Partial<Record<Break, number>>>;
  /** `not judged`: nothing was promised, for too few boards were heard, or lies were foreseen. */
  readonly verdict: "held" | "broken" | "not judged";
  /** The first cycle in which something broke, or null. */
  readonly broken_cycle: number | null;
}

/** What else is known of a cycle. */
export interface Circumstances {
  readonly asynchronous?: boolean;
  /** Of real lines: of how many boards a frame was accepted. */
  readonly heard?: number;
}

/** With fewer boards there is no cycle of which anything is promised. */
export const neededBoards = ({ shape }: Network): number => shape.boards - shape.traitors;

/** @param kind which of its figures a run has: of real lines, and where windows were asked for */
export const createRunJudge = (
  network: Network, seed: number, kind: { readonly real: boolean; readonly windows: boolean },
) => {
  const held = { agreement: 0, validity: 0, truth: 0, termination: 0, order: 0 };
  const kept = { cs1: 0, cs2: 0, cs3: 0, cl1: 0, cl2: 0, asked: 0 };
  const broke: Partial<Record<Break, number>> = {};
  let [cycles, asynchronous, outside, most, undecided] = [0, 0, 0, 0, 0];
  let first: number | null = null;
  return {
    take(cycle: number, of: JudgedCycle, { asynchronous: loose, heard = 0 }: Circumstances = {}) {
      cycles++;
      if (loose) asynchronous++;
      if (of.verdict === "outside") outside++;
      if (of.verdict === "not promised") undecided++;
      most = Math.max(most, heard);
      for (const name of PROPERTIES) if (of.judged[name]) held[name]++;
      for (const name of BALLOT_PROPERTIES) if (of.ballot?.[name]) kept[name]++;
      if (of.ballot?.live) kept.asked++;
      for (const name of of.broken) broke[name] = (broke[name] ?? 0) + 1;
      if (of.verdict === "broken") first ??= cycle;
    },
    /** @param also a cycle in which something else broke than cycles show */
    verdict(also: number | null = null): Verdict {
      const found = [first, also].filter((one) => one !== null);
      const broken = found.length ? Math.min(...found) : null;
      const few = kind.real ? cycles > 0 && most < neededBoards(network)
        : outside > 0 && outside === cycles;
      return {
        summary: true, cycles, seed, ...held,
        ...(kind.windows ? { asynchronous } : {}),
        ...(kind.real || outside ? { outside } : {}), ...(kind.real ? { most_heard: most } : {}),
        ...(network.boards[0]!.layout.ballots ? { ballots: { ...kept } } : {}),
        ...(duels(network.boards[0]!.layout) ? { undecided } : {}),
        broke: { ...broke },
        verdict: broken !== null ? "broken" : few ? "not judged" : "held",
        broken_cycle: broken,
      };
    },
  };
};

export type RunJudge = ReturnType<typeof createRunJudge>;
