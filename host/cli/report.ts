import { VALUE_MAX, plural, visible } from "../base/text.js";
import type { CycleRecord, Emulation, Summary } from "../emulate/emulate.js";
import { brokeText } from "../events/names.js";
import { lineKind, traitorKind } from "../faults/registry.js";
import type { Troubles } from "../faults/asked.js";
import { windowText } from "../faults/windows.js";
import type { Verdict } from "../judge/run.js";
import type { Network } from "../network/network.js";
import { boardsText, commanderText } from "../network/turns.js";
import { microsecondsOf, planOf } from "../plan/plan.js";
import { Interrupted } from "./io.js";
import type { Io, Progress } from "./io.js";
import { paintOf, wrapped } from "./table.js";
import type { Paint } from "./table.js";
import { LEADERS_TEXT, LETTERS_TEXT, viewOf, watchedText } from "./view.js";
import type { View } from "./view.js";

/** Tells of an emulation while it runs, and in the end. */
export interface Report {
  /** After each cycle; waits where the pace is real. @throws Interrupted */
  readonly cycle: (cycle: CycleRecord) => Promise<void>;
  readonly stop: () => void;
  readonly summary: (summary: Summary) => Promise<void>;
}

/** As many rows are shown of a longer run, and as many of those that broke later. */
const ROWS = 10;
/** A run of as many is shown whole. */
const ROWS_WHOLE = 20;
/** How often, in milliseconds, a run lets anything else happen: signals, the progress bar. */
const PAUSE_EVERY = 50;
/** Nobody wants to see the progress of what is over at once. */
const PROGRESS_AFTER = 500;

/** Without a terminal there is no width to keep to, but lines that are too long are not read. */
export const COLUMNS = 100;

/** What each faulty board and line does, in the words of the menu. */
const legend = (network: Network, { lines, traitors, windows = [] }: Troubles) => [
  ...traitors.map(({ board, name, parameter }) => {
    const { help } = traitorKind(network, name);
    const told = parameter.length ? ` (${name}:${parameter.join(".")})` : ` (${name})`;
    return `* ${network.boards[board]!.name}: ${help}${told}\n`;
  }),
  ...lines.map(({ board, name, probability }) => {
    const { help } = lineKind(network, name);
    const where = board < 0 ? "all links" : `* links of ${network.boards[board]!.name}`;
    return `${where}: ${help} (${name}), with probability ${probability}\n`;
  }),
  ...windows.map((window) => `${windowText(network, window)}\n`),
].join("");

/** What decides by ballots, if anything does: it stands over interactive consistency. */
const ballotsText = ({ ballots, boards }: Network): string => {
  if (!ballots) return "";
  const { keep, rotating, review } = boards[0]!.layout;
  const { led, leaderless } = ballots;
  const name = rotating ? `${led} under boards that lead in turn`
    : review ? `${leaderless}, a review every ${plural(review, "cycle")}` : leaderless;
  return `${name}, ${keep ? `a log of ${keep}` : "once"}, over `;
};

export const titleOf = (network: Network): string => {
  const { file, shape, type, agreement } = network;
  const decision = typeof file.decision === "string" ? file.decision : "a script";
  const value = type.name === "bytes" ? `${plural(type.width, "byte")} of value` : type.name;
  const consistency = agreement.title(shape.traitors);
  const name = visible(file.name, VALUE_MAX);
  return `${name}: ${boardsText(network)}, at most ${shape.traitors} faulty, ${
    ballotsText(network)}${consistency}${commanderText(network)}, ${
    value} by ${decision}, ${file.baud} baud`;
};

const kilo = (bytes: number): string =>
  (bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`);

const memoryText = ({ memory }: Summary, engine: string): string => {
  if (engine === "espruino") {
    return `at most ${Math.max(...memory)} blocks of memory a board (with its driver)`;
  }
  const least = kilo(Math.min(...memory));
  const most = kilo(Math.max(...memory));
  const what = engine === "quickjs" ? "the whole interpreter" : "arena and routes";
  return `${least === most ? most : `${least} to ${most}`} of memory a board (${what})`;
};

/** @returns what boards are in the end, in words; "" where nobody watches */
export const healthText = (
  network: Network, health: Summary["health"], columns: number,
): string => (health
  ? wrapped("", `${LETTERS_TEXT}; in the end: ${
    watchedText(network, health).join(", ")}`.split(" "), columns)
  : "");

/** What boards counted, all together; frames that went well are not in it. */
const countsText = ({ counts, overrun }: Summary): string => {
  const lost = overrun.reduce((sum, bytes) => sum + bytes, 0);
  const sums = new Map<string, number>();
  for (const board of counts) {
    for (const [name, count] of Object.entries(board)) {
      if (name !== "silences") sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  const found = [...sums].flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  const silences = counts.reduce((sum, { silences: count = 0 }) => sum + count, 0);
  return [
    found.length ? `not used by the boards: ${found.join(", ")}\n` : "",
    lost ? `lost, as input buffers were full: ${plural(lost, "byte")}\n` : "",
    silences ? `the default order was put out ${plural(silences, "time")}, in silences\n` : "",
  ].join("");
};

const brokenText = ({ broke, cycles, bounded }: Summary): string =>
  [...brokeText(broke, cycles), ...(bounded ? [] : ["a board's memory has grown"])].join(", ");

const heldBallots = (cycles: number, asked: number, undecided?: number): string => {
  const safe = `in ${plural(cycles, "ballot")} no slot was decided in two ways, and ` +
    "nothing was decided that was not proposed and chosen";
  if (undecided !== undefined) {
    return `${safe}; ${undecided} of them decided nothing: without leases boards may overtake ` +
      "each other for ever";
  }
  if (asked === cycles) return `${safe}; each of them brought all correct boards on`;
  if (!asked) return `${safe}; none was synchronous with enough boards, and so none had to decide`;
  return `${safe}; ${asked} had to bring all correct boards on, and did`;
};

const heldCommits = (
  { cycles, agreement }: Verdict, { asked, blocked }: NonNullable<Verdict["commits"]>,
): string => [
  `in ${plural(cycles, "cycle")} ${agreement < cycles
    ? `no two boards came to different outcomes where that is promised, and in ${
      cycles - agreement} they did where it is not`
    : "no two boards came to different outcomes"}, and none committed unless all were ready`,
  `${asked || "none"} of these had to bring all correct boards on${asked ? ", and did" : ""}`,
  `a board was blocked at the end of ${blocked || "none"}`,
].join("; ");

export const heldText = (verdict: Verdict): string => {
  const { cycles, agreement, ballots, commits, asynchronous = 0, undecided } = verdict;
  if (commits) return heldCommits(verdict, commits);
  if (ballots) return heldBallots(cycles, ballots.asked, undecided);
  const what = "the correct boards held one vector, and in it what each put in";
  const all = cycles === 1 ? "the one cycle" : `all ${cycles} cycles`;
  if (!asynchronous) return `in ${all} ${what}`;
  const apart = cycles - agreement;
  const least = `what they held of each other was the truth or nothing, and they were apart in ${
    apart || "none"} of these`;
  const late = asynchronous === 1 ? "the one that was not" : `the ${asynchronous} that were not`;
  if (asynchronous === cycles) {
    const none = cycles === 1 ? "the one cycle was not" : `none of the ${cycles} cycles was`;
    return `${none} synchronous; ${least.replace("they", "the correct boards")}`;
  }
  return `in ${plural(cycles - asynchronous, "synchronous cycle")} ${what}; in ${late}, ${least}`;
};

/** How a run ended, in words. */
export const verdictText = (
  summary: Summary, paint: Paint, columns: number, replay: string,
): string => {
  const { verdict, broken_cycle: first } = summary;
  if (verdict === "held") {
    return wrapped("", `${paint.green("held")}: ${heldText(summary)}`.split(" "), columns);
  }
  if (verdict === "not judged") {
    const { cycles, agreement } = summary;
    const outside = `${paint.red("outside")}: a board lied, and this algorithm is for boards ` +
      `that only fail, so nothing was promised; ${agreement < cycles
        ? `some slot was decided in two ways, from cycle ${agreement} on`
        : "all the same no slot was decided in two ways"}`;
    return wrapped("", outside.split(" "), columns);
  }
  const broken = `${paint.red("BROKEN")} first in cycle ${first}: ${brokenText(summary)}`;
  // The command stays on one line, to be pasted.
  return `${wrapped("", broken.split(" "), columns)}replay: ${replay}\n`;
};

export const stopWhereAsked = (io: Io): void => {
  if (io.interrupted) throw new Interrupted();
};

const createPacing = (io: Io, real: boolean, network: Emulation["network"]) => {
  const period = microsecondsOf(network, planOf(network).mean);
  let began = -1;
  let emulated = 0;
  let paused = io.now();
  return async () => {
    stopWhereAsked(io);
    if (began < 0) began = real ? io.now() : 0;
    emulated += period / 1000;
    const left = () => (real ? began + emulated - io.now() : 0);
    // In slices, so that a person who wants to stop need not wait.
    for (let rest = left(); rest > 0; rest = left()) {
      await io.sleep(Math.min(rest, PAUSE_EVERY));
      stopWhereAsked(io);
    }
    if (io.now() - paused > PAUSE_EVERY) {
      await io.sleep(0);
      paused = io.now();
    }
  };
};

/** @param from the first cycle for which it may be seen */
const createBar = (io: Io, cycles: number, from: number) => {
  const began = io.now();
  let bar: Progress | undefined;
  return {
    update: ({ cycle }: CycleRecord) => {
      if (cycle < from || io.now() - began < PROGRESS_AFTER) return;
      (bar ??= io.progress(cycles))?.update(cycle + 1);
    },
    stop: () => {
      bar?.stop();
      bar = undefined;
    },
  };
};

const jsonReport = (
  emulation: Emulation, real: boolean, io: Io, replay: (cycles: number) => string,
): Report => {
  const pace = createPacing(io, real, emulation.network);
  // On one and the same terminal, the lines would tear it.
  const bar = createBar(io, emulation.cycles, io.out.isTTY ? Infinity : 0);
  return {
    stop: bar.stop,
    async cycle(cycle) {
      await pace();
      await io.out.write(`${JSON.stringify(cycle)}\n`);
      bar.update(cycle);
    },
    async summary(summary) {
      await io.out.write(`${JSON.stringify(summary)}\n`);
      if (summary.verdict === "held") return;
      const until = (summary.broken_cycle ?? emulation.cycles - 1) + 1;
      const paint = paintOf(io.err.isTTY, io.env);
      const columns = io.err.columns ?? COLUMNS;
      await io.err.write(verdictText(summary, paint, columns, replay(until)));
    },
  };
};

/** The rows of a run: the first, and of later ones those that broke, when it is over. */
export const createRows = (view: View, cycles: number, io: Io) => {
  const live = cycles <= ROWS_WHOLE ? cycles : ROWS;
  const later: string[] = [];
  let [shown, broken, outside] = [0, 0, 0];
  return {
    live,
    async take(cycle: CycleRecord) {
      if (shown++ < live) await io.out.write(view.row(cycle));
      else if (cycle.verdict === "broken" && broken++ < ROWS) later.push(view.row(cycle));
      else if (cycle.verdict === "outside") outside++;
    },
    async end() {
      if (cycles <= live) return;
      const which = broken > ROWS ? `, the first ${ROWS}` : "";
      const more = `… and ${plural(cycles - live, "cycle")} more, ${
        broken ? `${broken} of them broken${which}:`
          : outside ? "of which nothing is promised" : "which held"}`;
      await io.out.write(`${more}\n${later.join("")}`);
    },
  };
};

const peopleReport = (
  emulation: Emulation, real: boolean, io: Io, replay: (cycles: number) => string,
): Report => {
  const { network, cycles, troubles, engine, seed } = emulation;
  const paint = paintOf(io.out.isTTY, io.env);
  const columns = io.out.columns ?? COLUMNS;
  const view = viewOf(network, paint, columns);
  const rows = createRows(view, cycles, io);
  const pace = createPacing(io, real, emulation.network);
  const bar = createBar(io, cycles, rows.live);
  let longest = 0;
  return {
    stop: bar.stop,
    async cycle(cycle) {
      if (!cycle.cycle) {
        await io.out.write(`${paint.bold(wrapped("", titleOf(network).split(" "), columns))}${
          legend(network, troubles)}\n${view.head}`);
      }
      await pace();
      longest = Math.max(longest, cycle.time_us);
      await rows.take(cycle);
      bar.update(cycle);
    },
    async summary(summary) {
      await rows.end();
      const { frames, bytes } = summary;
      const told = [
        plural(frames, "frame"), `${bytes} bytes`, `${longest / 1000} ms of emulated time a cycle`,
        memoryText(summary, engine), `seed ${seed}`,
      ].join(", ");
      const until = (summary.broken_cycle ?? cycles - 1) + 1;
      await io.out.write(`\n${wrapped("", told.split(" "), columns)}${countsText(summary)}${
        healthText(network, summary.health, columns)}${
        network.file.suspect_cycles ? wrapped("", LEADERS_TEXT.split(" "), columns) : ""}${
        verdictText(summary, paint, columns, replay(until))}`);
    },
  };
};

export const createReport = (
  emulation: Emulation, { json, pace }: { readonly json?: boolean; readonly pace?: "real" }, io: Io,
  replay: (cycles: number) => string,
): Report => (json ? jsonReport : peopleReport)(emulation, pace === "real", io, replay);
