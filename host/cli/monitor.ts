import { oneLine, own } from "../base/text.js";
import type { Figures } from "../live/figures.js";
import type { LiveRecord, LiveSummary, Status } from "../live/live.js";
import type { Network } from "../network.js";
import type { Io } from "./io.js";
import { COLUMNS, brokenBallots, heldText, titleOf } from "./report.js";
import { paintOf, table, wrapped } from "./table.js";
import { verdictWithin, viewOf } from "./view.js";

/**
 * Tells of a run on real lines while it goes on. The run waits for none of it: what a screen takes
 * too slowly is left out, and counted.
 */
export interface Monitor {
  readonly cycle: (record: LiveRecord, status: readonly Status[]) => void;
  /** The end; this does wait. @throws Closed where nobody reads any more */
  summary(summary: LiveSummary): Promise<void>;
  /** Why nothing more can be written; undefined while it can. */
  readonly broken: unknown;
}

/** Characters that may wait for a slow screen. */
const WAITING = 1 << 20;
/** Cycles that are shown whole, and later ones with something to see. */
const FIRST = 10;
const NOTED = 1000;
/** Milliseconds between two pictures of the lines. */
const REDRAW = 200;

/** Writes without waiting, up to a bound. */
const createOutlet = (io: Io) => {
  let waiting = 0;
  let left = 0;
  let broken: Error | undefined;
  let last = Promise.resolve();
  return {
    get broken() {
      return broken;
    },
    get left() {
      return left;
    },
    put(text: string) {
      if (broken !== undefined) return;
      if (waiting + text.length > WAITING) {
        left++;
        return;
      }
      waiting += text.length;
      last = io.out.write(text).then(() => {
        waiting -= text.length;
        return undefined;
      }, (thrown: unknown) => {
        broken ??= thrown as Error;
      });
    },
    async flush() {
      await last;
      if (broken !== undefined) throw broken;
    },
  };
};

const milli = (us: number): string => (us / 1000).toFixed(2);

const spread = ({ count, min, mean, deviation, max }: Figures): string[] =>
  (count ? [min, mean, max, deviation].map(milli) : ["-", "-", "-", "-"]);

const statusTable = (status: readonly Status[]): string => table(
  [
    { title: "board" }, { title: "line" }, { title: "answers after ms, least", right: true },
    { title: "mean", right: true }, { title: "most", right: true },
    { title: "jitter", right: true },
    { title: "lost", right: true }, { title: "late by ms", right: true },
    { title: "odd", right: true }, { title: "floods", right: true }, { title: "" },
  ],
  status.map((one) => [
    one.name, one.here ? "open" : "away", ...spread(one.answer), one.lost,
    one.late_max_us ? milli(one.late_max_us) : "-", one.odd, one.floods,
    one.here ? "" : one.why,
  ]),
);

const plural = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`;

const verdictText = (network: Network, summary: LiveSummary): string => {
  const { cycles, outside, verdict, broken_cycle: first, beacon_late: late } = summary;
  const inside = cycles - outside;
  const beacons = `beacons were ${milli(late.mean)} ms late on the mean, ${
    milli(late.max)} at most`;
  const head = `${plural(cycles, "cycle")} in ${(summary.time_us / 1e6).toFixed(1)} s, ${beacons}`;
  const beyond = outside
    ? `; in ${plural(outside, "cycle")} more than ${network.shape.traitors} ${
      summary.ballots ? "lied" : "failed"}, for which nothing is promised`
    : "";
  if (summary.ballots) {
    const told = verdict === "held" ? `held: ${heldText(summary)}`
      : `BROKEN first in cycle ${first}: ${brokenBallots(summary).join(", ")}`;
    return `${head}\n${told}${beyond}\n`;
  }
  const held = inside
    ? `held: in ${inside === cycles ? "all " : ""}${plural(inside, "cycle")} the correct boards ` +
      "were to hold one vector, and in it what each put in"
    : "nothing held and nothing broke";
  const judged = verdict === "held"
    ? held
    : `BROKEN first in cycle ${first}: agreement in ${summary.agreement}, validity in ${
      summary.validity} of ${cycles} cycles`;
  return `${head}\n${judged}${beyond}\n`;
};

const peopleMonitor = (
  network: Network, cycles: number, lying: number, io: Io,
): Monitor => {
  const paint = paintOf(io.out.isTTY, io.env);
  const columns = io.out.columns ?? COLUMNS;
  const { traitors } = network.shape;
  const view = viewOf(network, paint, columns, verdictWithin(traitors, lying));
  const outlet = createOutlet(io);
  const here = new Map<string, boolean>();
  let [drawn, drawnAt, noted, told, left] = [0, -Infinity, 0, 0, 0];
  outlet.put(`${paint.bold(wrapped("", titleOf(network).split(" "), columns))}\n${view.head}`);

  const changesIn = (status: readonly Status[], cycle: number): string => status.flatMap((one) => {
    const { name, here: now, why, opened } = one;
    if (here.get(name) === now) return [];
    const before = here.get(name);
    here.set(name, now);
    if (now && before === undefined) return [];
    const what = now ? `is ${opened > 1 ? "back" : "there"}` : `is away: ${why || "not open yet"}`;
    return [`${oneLine(`cycle ${cycle}: ${name} ${what}`)}\n`];
  }).join("");

  // On a terminal the lines' picture stays below what scrolls.
  const draw = (above: string, status: readonly Status[]) => {
    const at = io.now();
    const due = io.out.isTTY && (above !== "" || at - drawnAt >= REDRAW);
    if (!due) {
      if (above) outlet.put(above);
      return;
    }
    drawnAt = at;
    const picture = `\n${statusTable(status)}`.split("\n")
      .map((line) => Array.from(line).slice(0, columns - 1).join("")).join("\n");
    outlet.put(`${drawn ? `${own(`[${drawn}A`)}${own("[J")}` : ""}${above}${picture}`);
    drawn = picture.split("\n").length - 1;
  };

  return {
    get broken() {
      return outlet.broken;
    },
    cycle(record, status) {
      const { cycle, agreement, validity, live } = record;
      const changes = changesIn(status, cycle);
      const seen = !(agreement && validity) || record.faulty.length > traitors ||
        live.boards.some(({ odd }) => odd);
      const shown = told++ < FIRST || (seen && noted++ < NOTED);
      if (!shown) left++;
      const row = shown ? view.row(record) : "";
      draw(changes + row, status);
    },
    async summary(summary) {
      const { boards, cycles: ran } = summary;
      const picture = drawn ? `${own(`[${drawn}A`)}${own("[J")}` : "";
      const more = left ? `… and ${plural(left, "cycle")} more\n` : "";
      const lines = outlet.left ? `${outlet.left} lines were left out: the screen is slow\n` : "";
      const stopped = ran < cycles && cycles < Infinity ? "stopped before all were run\n" : "";
      outlet.put(`${picture}${more}\n${statusTable(boards)}${lines}${stopped}${
        verdictText(network, summary)}`);
      await outlet.flush();
    },
  };
};

const jsonMonitor = (io: Io): Monitor => {
  const outlet = createOutlet(io);
  return {
    get broken() {
      return outlet.broken;
    },
    cycle(record) {
      outlet.put(`${JSON.stringify(record)}\n`);
    },
    async summary(summary) {
      outlet.put(`${JSON.stringify({ ...summary, lines_left_out: outlet.left })}\n`);
      await outlet.flush();
    },
  };
};

/**
 * @param cycles how many are to be run; Infinity: until it is stopped
 * @param lying boards in whose name lies are told
 */
export const createMonitor = (
  network: Network, cycles: number, lying: number, json: boolean, io: Io,
): Monitor => (json ? jsonMonitor(io) : peopleMonitor(network, cycles, lying, io));
