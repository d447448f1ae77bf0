import { oneLine, own, plural } from "../base/text.js";
import type { Figures } from "../live/figures.js";
import type { LiveRecord, LiveSummary, Status } from "../live/live.js";
import type { Network } from "../network/network.js";
import type { Io } from "./io.js";
import { COLUMNS, titleOf } from "./report.js";
import { paintOf, table, wrapped } from "./table.js";
import { liveText, speaksText } from "./told.js";
import type { Speaks } from "./told.js";
import { viewOf } from "./view.js";

/**
 * Tells of a run on real lines while it goes on. The run waits for none of it: what a screen takes
 * too slowly is left out, and counted.
 */
export interface Monitor {
  readonly cycle: (record: LiveRecord, status: readonly Status[]) => void;
  /** The end; this does wait, as long as anything can be written. */
  summary(summary: LiveSummary): Promise<void>;
}

/** Characters that may wait for a slow screen. */
const WAITING = 1 << 20;
/** Cycles that are shown whole, and later ones with something to see. */
const FIRST = 10;
const NOTED = 1000;
/** Milliseconds between two pictures of the lines. */
const REDRAW = 200;

/** Writes without waiting, up to a bound. */
const createOutlet = (io: Io, lost: (why: Error) => void) => {
  let waiting = 0;
  let left = 0;
  let broken: Error | undefined;
  let last = Promise.resolve();
  return {
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
        if (broken === undefined) lost(thrown as Error);
        broken = thrown as Error;
      });
    },
    async flush() {
      await last;
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
    one.here ? (one.speaks === null ? "" : `${one.speaks} speaks here`) : one.why,
  ]),
);

/** By port, who speaks there in place of its own board. */
export const speaksIn = (status: readonly Status[]): Speaks =>
  Object.fromEntries(status.flatMap(({ name, speaks }) =>
    (speaks === null ? [] : [[name, speaks]])));

const verdictText = (network: Network, summary: LiveSummary): string => {
  const { cycles, beacon_late: late } = summary;
  const beacons = `beacons were ${milli(late.mean)} ms late on the mean, ${
    milli(late.max)} at most`;
  return `${plural(cycles, "cycle")} in ${(summary.time_us / 1e6).toFixed(1)} s, ${beacons}\n${
    liveText(network, summary)}\n${speaksText(speaksIn(summary.boards))}`;
};

const peopleMonitor = (
  network: Network, cycles: number, io: Io, lost: (why: Error) => void,
): Monitor => {
  const paint = paintOf(io.out.isTTY, io.env);
  const columns = io.out.columns ?? COLUMNS;
  const view = viewOf(network, paint, columns);
  const outlet = createOutlet(io, lost);
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
    cycle(record, status) {
      const { cycle, verdict, live } = record;
      const changes = changesIn(status, cycle);
      const seen = verdict !== "held" || live.boards.some(({ odd }) => odd);
      const shown = told++ < FIRST || (seen && noted++ < NOTED);
      if (!shown) left++;
      const row = shown ? view.row(record) : "";
      draw(changes + row, status);
    },
    async summary(summary) {
      const { boards, cycles: ran } = summary;
      const picture = drawn ? `${own(`[${drawn}A`)}${own("[J")}` : "";
      const more = left ? `… and ${plural(left, "cycle")} more\n` : "";
      const lines = outlet.left
        ? `${plural(outlet.left, "line was", "lines were")} left out: the screen is slow\n` : "";
      const stopped = ran < cycles && cycles < Infinity ? "stopped before all were run\n" : "";
      outlet.put(`${picture}${more}\n${statusTable(boards)}${lines}${stopped}${
        verdictText(network, summary)}`);
      await outlet.flush();
    },
  };
};

const jsonMonitor = (io: Io, lost: (why: Error) => void): Monitor => {
  const outlet = createOutlet(io, lost);
  return {
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
 * @param lost is told once why nothing more can be written: a machine does not stop for that
 */
export const createMonitor = (
  network: Network, cycles: number, json: boolean, io: Io, lost: (why: Error) => void,
): Monitor => (json ? jsonMonitor(io, lost) : peopleMonitor(network, cycles, io, lost));
