import { HUB } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { oneLine } from "../base/text.js";
import type { CycleRecord } from "../emulate/emulate.js";
import { lieText } from "../events/events.js";
import type { CycleEvent, TraceEvent } from "../events/events.js";
import { brokeText } from "../events/names.js";
import { recordOf } from "../judge/cycle.js";
import { createRunJudge } from "../judge/run.js";
import type { Verdict } from "../judge/run.js";
import { judgeKeysIn } from "../keys/keyfile.js";
import type { JudgeKeys } from "../keys/keyfile.js";
import type { Network } from "../network/network.js";
import { microsecondsOf } from "../plan/plan.js";
import { eventsOf, isScripted, rejudge, runAgain } from "../replay/replay.js";
import type { Rejudged } from "../replay/replay.js";
import { openTrace } from "../trace/file.js";
import type { Trace } from "../trace/file.js";
import { addCapture, writeCaptures } from "./capture.js";
import type { CaptureOptions } from "./capture.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import { growMadeUp } from "./grown.js";
import type { Io } from "./io.js";
import { CYCLES_MAX, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { createPicture } from "./picture.js";
import { COLUMNS, createRows, heldText, stopWhereAsked, titleOf } from "./report.js";
import { SCRIPTS_HELP, tellOfScripts } from "./scripts.js";
import { paintOf, table } from "./table.js";
import { isAmiss, liveText, speaksAt, speaksText } from "./told.js";
import type { Speaks } from "./told.js";
import { viewOf } from "./view.js";

interface Options extends CaptureOptions {
  readonly cycle?: number;
  readonly svg?: string;
  readonly keys?: string;
  readonly rerun?: boolean;
  readonly json?: boolean;
}

/** The last line of `--json`. */
interface Rejudgement extends Verdict {
  /** Where the trace says otherwise than its own events do. */
  readonly differences: readonly string[];
  /** Of a run on real lines: by port, who speaks there in place of its own board. */
  readonly speaks?: Speaks;
  /** Whether the same happens when it is run again from its seed. */
  readonly rerun: "same" | "changed" | "not run";
}

const DIFFERENCES_MAX = 20;

/** As the events themselves have it, and not as it was stored. */
const cycleOf = (rejudged: Rejudged): CycleRecord => {
  const { e: _kind, t: _time, broken: _broken, ...cycle } = rejudged.stored satisfies CycleEvent;
  const { decisions } = rejudged;
  return { ...cycle, ...(decisions ? { decisions } : {}), ...recordOf(rejudged) };
};

/** Judges all cycles again, and shows each as it comes. */
const judgeAll = async (
  trace: Trace, keys: JudgeKeys, runs: boolean, io: Io, show: (cycle: CycleRecord) => Promise<void>,
): Promise<Rejudgement> => {
  const { network, header } = trace;
  const differences: string[] = [];
  const run = createRunJudge(
    network, header.seed, { real: header.real ?? false, windows: header.windows !== undefined },
  );
  let contradicts: number | null = null;
  let speakers: Rejudged["speakers"];
  for (const rejudged of rejudge(trace, keys, runs)) {
    stopWhereAsked(io);
    const { cycle, asynchronous = false, blocked = [] } = rejudged.stored;
    run.take(cycle, rejudged,
      { asynchronous, heard: rejudged.heard ?? 0, blocked: blocked.length });
    ({ speakers } = rejudged);
    if (rejudged.differences.length) contradicts ??= cycle;
    differences.push(...rejudged.differences.slice(0, DIFFERENCES_MAX - differences.length));
    await show(cycleOf(rejudged));
    await io.sleep(0);
  }
  return {
    ...run.verdict(contradicts), differences,
    ...(header.real ? { speaks: speaksAt(network, speakers) } : {}), rerun: "not run",
  };
};

/** Runs it again: what a trace stores must be what happens, and no better. */
const rerunAll = async (trace: Trace, judged: Rejudgement, io: Io): Promise<Rejudgement> => {
  await growMadeUp(trace.network, io);
  const { changed, cycle, summary } = await runAgain(trace, async () => {
    stopWhereAsked(io);
    await io.sleep(0);
  });
  const found = [judged.broken_cycle, summary.broken_cycle, changed < 0 ? null : cycle];
  const cycles = found.filter((one) => one !== null);
  const told = `event ${changed}, in cycle ${cycle}, is another when it is run again from its seed`;
  return {
    ...judged,
    // A trace does not tell how often an order was carried out.
    order: Math.min(judged.order, summary.order),
    verdict: cycles.length ? "broken" : judged.verdict,
    broke: { ...judged.broke, ...summary.broke },
    broken_cycle: cycles.length ? Math.min(...cycles) : null,
    differences: changed < 0 ? judged.differences : [...judged.differences, told],
    rerun: changed < 0 ? "same" : "changed",
  };
};

const endName = (network: Network, end: number): string =>
  (end === HUB ? "hub" : network.boards[end]!.name);

/** Of frames that nobody reads in whole, as much is shown; the trace has all. */
const BYTES_SHOWN = 64;
const BYTES_KEPT = 16;

const bytesText = (bytes: Uint8Array): string => {
  const hex = (part: Uint8Array) => Buffer.from(part).toString("hex");
  if (bytes.length <= BYTES_SHOWN) return hex(bytes);
  return `${hex(bytes.subarray(0, BYTES_KEPT))}… (${bytes.length})`;
};

/** What happened in one cycle, a line an event. */
const eventsText = (network: Network, events: readonly TraceEvent[]): string => {
  const rows = events.flatMap((event): (string | number)[][] => {
    const at = microsecondsOf(network, event.t);
    if (event.e === "beacon") {
      return [[at, event.round ? `round ${event.round} opens` : "the cycle closes", "", "", ""]];
    }
    if (event.e === "cycle") return [];
    const from = endName(network, event.from);
    const what = event.from === HUB ? "beacon" : `round ${event.round} of ${from}`;
    const to = `to ${endName(network, event.to)}`;
    const fate = [event.fate, lieText(event.lie)].filter(Boolean).join(", ");
    return [[at, what, to, fate, bytesText(event.bytes)]];
  });
  return table(
    [
      { title: "us", right: true }, { title: "what" }, { title: "" }, { title: "how" },
      { title: "bytes" },
    ],
    rows,
  );
};

/** Draws what was judged again, and not what was stored. */
const draw = (
  trace: Trace, path: string, cycle: number | undefined, keys: JudgeKeys,
): void => {
  const picture = createPicture(trace.header, path, cycle);
  const again = rejudge(trace, keys);
  for (const event of trace.events()) {
    const judged = event.e === "cycle" ? again.next().value : undefined;
    picture.take(judged ? { e: "cycle", t: event.t, ...cycleOf(judged) } : event);
  }
  picture.finish();
};

const headText = ({ header, network }: Trace): string => {
  const { traitors, faults, windows = [] } = header;
  const went = [...traitors, ...faults, ...windows].join(", ") || "nothing";
  return `${titleOf(network)}\nseed ${header.seed}; made to go wrong: ${oneLine(went)}\n\n`;
};

const verdictText = (
  summary: Rejudgement, { header, network }: Trace, runs: boolean,
): string => {
  const { verdict, cycles, broken_cycle: first, differences, speaks = {}, rerun } = summary;
  const again = rerun === "changed" || rerun === "same" ? ""
    : !header.real
      ? "not run again, because that would run the network's own script: --rerun does\n"
      : isScripted(network) && !runs
        ? "orders are as stored, because the network's own script makes them: --rerun runs it\n"
        : "";
  if (header.real && !differences.length) {
    return `judged again: ${liveText(network, summary)}\n${again}${speaksText(speaks)}`;
  }
  if (verdict !== "broken") return `judged again: held: ${heldText(summary)}\n${again}`;
  const broken = brokeText(summary.broke, cycles);
  const told = broken.length ? `: ${broken.join(", ")}` : "";
  return [
    ...differences.map((line) => `the trace contradicts itself: ${oneLine(line)}\n`),
    `judged again: BROKEN first in cycle ${first}${told}\n`,
    again,
  ].join("");
};

/** A run on real lines ends when somebody stops it, and its header cannot say when. */
const cyclesOf = (trace: Trace): number => {
  if (!trace.header.real) return trace.header.cycles;
  let cycles = 0;
  for (const { e } of trace.events()) if (e === "cycle") cycles++;
  return cycles;
};

/** A run on real lines is judged again by the keys that it was judged by. */
const keysFor = ({ header, network }: Trace, path: string, folder?: string): JudgeKeys => {
  if (header.real) return judgeKeysIn(network, path, folder);
  if (folder === undefined) return {};
  throw new UsageError(`--keys: ${path} is of an emulation, whose keys are made up: leave it out`);
};

const replayCommand = async (path: string, options: Options, io: Io): Promise<number> => {
  const { cycle: only, svg, json, rerun } = options;
  if (path === "-") {
    throw new UsageError(
      "-: a trace is read more than once, from a file and not from standard input",
    );
  }
  const trace = openTrace(path);
  const { header, network } = trace;
  const cycles = cyclesOf(trace);
  const { first = 0 } = header;
  if (only !== undefined && (only < first || only >= first + cycles)) {
    const there = cycles ? `there are ${first} to ${first + cycles - 1}` : "there are none";
    throw new UsageError(`--cycle: ${only} is not in ${path}, ${there}`);
  }
  checkOutputs({ svg, vcd: options.vcd, pcapng: options.pcapng }, [path]);
  tellOfScripts(network, io);
  const keys = keysFor(trace, path, options.keys);
  const paint = paintOf(io.out.isTTY, io.env);
  const view = viewOf(network, paint, io.out.columns ?? COLUMNS);
  const rows = createRows(view, only === undefined ? cycles : 0, io);
  if (!json) await io.out.write(headText(trace) + view.head);
  const judged = await judgeAll(trace, keys, rerun ?? false, io, async (cycle) => {
    if (only !== undefined && cycle.cycle !== only) return;
    if (json) await io.out.write(`${JSON.stringify(cycle)}\n`);
    else if (only !== undefined) await io.out.write(view.row(cycle));
    else await rows.take(cycle);
  });
  // What happened on real lines does not happen again.
  const again = !header.real && ((rerun ?? false) || !isScripted(network));
  const summary = again ? await rerunAll(trace, judged, io) : judged;
  if (svg !== undefined && cycles) draw(trace, svg, only, keys);
  writeCaptures(trace, options, only);
  if (json) await io.out.write(`${JSON.stringify(summary)}\n`);
  else {
    if (only === undefined) await rows.end();
    else await io.out.write(`\n${eventsText(network, eventsOf(trace.events(), only, first))}`);
    await io.out.write(`\n${verdictText(summary, trace, rerun ?? false)}`);
  }
  return isAmiss(summary, summary.speaks) ? BROKEN : HELD;
};

export const addReplay: Add = (program, io, finish) => {
  addCapture(program.command("replay"))
    .description("show the trace of an emulation, judge it again from its events, and run it again")
    .argument("<trace>", "what tagma emulate --trace wrote")
    .option("--cycle <n>", "show this one, with every frame", whole(0, CYCLES_MAX))
    .option("--svg <file>",
      "draw it; unless told, the first that broke, else the first with a fault or a lie")
    .option("--keys <folder>",
      "of a run on real lines that signs or tags: what tagma bus was given")
    .option("--rerun", "run it again even if that runs the decision's script, which the trace has")
    .option("--json", "print a JSON object a cycle and one in the end")
    .addHelpText("after", `
It is run again from its seed, on native boards, and what it stores must be what happens. Where the
network's decision is a script, no script is run unless --rerun is given, and it is not run again.
${SCRIPTS_HELP}

Exit codes: 0 everything held, 1 something broke or the trace contradicts itself, 2 bad usage.

Example:
  tagma replay pump.trace --cycle 3 --svg pump.svg`)
    .action(async (path: string, options: Options) => {
      finish(await replayCommand(path, options, io));
    });
};
