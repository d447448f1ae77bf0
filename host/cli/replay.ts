import { HUB } from "../../firmware/index.js";
import { oneLine } from "../base/text.js";
import { UsageError } from "../error.js";
import { judgeKeysIn } from "../keyfile.js";
import type { JudgeKeys } from "../live/means.js";
import type { Network } from "../network.js";
import { microsecondsOf } from "../plan.js";
import type { CycleRecord, Verdict } from "../sim/emulate.js";
import { createBallotCounts, liarsIn } from "../sim/ballots.js";
import { PROPERTIES, promisedIn } from "../sim/oracle.js";
import { lieText } from "../trace/events.js";
import type { CycleEvent, Header, TraceEvent } from "../trace/events.js";
import { openTrace } from "../trace/file.js";
import type { Trace } from "../trace/file.js";
import { eventsOf, rejudge, runAgain, troublesOf } from "../trace/replay.js";
import type { Rejudged } from "../trace/replay.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import { growMadeUp } from "./grown.js";
import type { Io } from "./io.js";
import { CYCLES_MAX, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { createPicture } from "./picture.js";
import { COLUMNS, brokenBallots, createRows, heldText, stopWhereAsked, titleOf } from "./report.js";
import { paintOf, table } from "./table.js";
import { verdictOf, verdictWithin, viewOf } from "./view.js";

interface Options {
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
  /** Of a run on real lines: in how many cycles more failed than is outvoted. */
  readonly outside?: number;
  /** Whether the same happens when it is run again from its seed. */
  readonly rerun: "same" | "changed" | "not run";
}

const DIFFERENCES_MAX = 20;

/** As the events themselves have it, and not as it was stored. */
const recordOf = ({ stored, judged, decisions }: Rejudged): CycleRecord => {
  const { e: _kind, t: _time, ...cycle } = stored satisfies CycleEvent;
  return {
    ...cycle, ...(decisions ? { decisions } : {}),
    agreement: judged.agreement, validity: judged.validity,
  };
};

/** Judges all cycles again, and shows each as it comes. */
const judgeAll = async (
  trace: Trace, keys: JudgeKeys, io: Io, show: (cycle: CycleRecord) => Promise<void>,
): Promise<Rejudgement> => {
  const held = { agreement: 0, validity: 0, truth: 0, termination: 0, order: 0 };
  const differences: string[] = [];
  const ballots = trace.network.boards[0]!.limits.ballots !== "";
  const counts = createBallotCounts();
  let broken: number | null = null;
  let asynchronous = 0;
  let cycles = 0;
  let outside = 0;
  for (const rejudged of rejudge(trace, keys)) {
    stopWhereAsked(io);
    const { cycle } = rejudged.stored;
    const loose = rejudged.stored.asynchronous ?? false;
    if (loose) asynchronous++;
    const { judged, promised } = rejudged;
    if (!promised) outside++;
    counts.take(rejudged.ballot);
    for (const name of PROPERTIES) if (judged[name]) held[name]++;
    if (promised && !promisedIn(loose, ballots).every((name) => judged[name])) broken ??= cycle;
    if (rejudged.differences.length) broken ??= cycle;
    differences.push(...rejudged.differences.slice(0, DIFFERENCES_MAX - differences.length));
    cycles++;
    await show(recordOf(rejudged));
    await io.sleep(0);
  }
  return {
    summary: true, cycles, seed: trace.header.seed, ...held,
    ...(trace.header.windows ? { asynchronous } : {}), ...(trace.header.real ? { outside } : {}),
    ...(ballots ? { ballots: counts.counts } : {}),
    verdict: broken === null ? "held" : "broken", broken_cycle: broken, differences,
    rerun: "not run",
  };
};

/** Whether a network's own script would be run: whose it is, only a person can know. */
const runsScript = ({ file }: Network): boolean => typeof file.decision === "object";

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
    verdict: cycles.length ? "broken" : "held",
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

const draw = (trace: Trace, header: Header, path: string, cycle: number | undefined): void => {
  const picture = createPicture(header, path, cycle);
  for (const event of trace.events()) picture.take(event);
  picture.finish();
};

const headText = ({ header, network }: Trace): string => {
  const { traitors, faults, windows = [] } = header;
  const went = [...traitors, ...faults, ...windows].join(", ") || "nothing";
  return `${titleOf(network)}\nseed ${header.seed}; made to go wrong: ${oneLine(went)}\n\n`;
};

const heldIn = (summary: Rejudgement, traitors: number): string => {
  const { cycles, outside = 0 } = summary;
  if (summary.ballots) return `held: ${heldText(summary)}`;
  if (!outside) return `held in all of ${cycles} cycles`;
  const inside = cycles - outside;
  const held = inside ? `held in ${inside} of ${cycles} cycles`
    : "nothing held and nothing broke";
  return `${held}; in ${outside} more than ${traitors} failed, for which nothing is promised`;
};

const verdictText = (summary: Rejudgement, { header, network }: Trace): string => {
  const { verdict, cycles, broken_cycle: first, differences, rerun } = summary;
  const again = rerun === "not run" && !header.real
    ? "not run again, because that would run the network's own script: --rerun does\n"
    : "";
  if (verdict === "held") {
    return `judged again: ${heldIn(summary, network.shape.traitors)}\n${again}`;
  }
  const broken = PROPERTIES.filter((name) => summary[name] < cycles)
    .map((name) => `${name} in ${cycles - summary[name]} of ${cycles} cycles`);
  broken.push(...brokenBallots(summary));
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
  checkOutputs({ svg }, [path]);
  const keys = keysFor(trace, path, options.keys);
  const paint = paintOf(io.out.isTTY, io.env);
  const told = header.real ? verdictWithin(
    network.shape.traitors, liarsIn(troublesOf(network, header)).size) : verdictOf;
  const view = viewOf(network, paint, io.out.columns ?? COLUMNS, told);
  const rows = createRows(view, only === undefined ? cycles : 0, io);
  if (!json) await io.out.write(headText(trace) + view.head);
  const judged = await judgeAll(trace, keys, io, async (cycle) => {
    if (only !== undefined && cycle.cycle !== only) return;
    if (json) await io.out.write(`${JSON.stringify(cycle)}\n`);
    else if (only !== undefined) await io.out.write(view.row(cycle));
    else await rows.take(cycle);
  });
  // What happened on real lines does not happen again.
  const again = !header.real && ((rerun ?? false) || !runsScript(network));
  const summary = again ? await rerunAll(trace, judged, io) : judged;
  if (svg !== undefined && cycles) draw(trace, header, svg, only);
  if (json) await io.out.write(`${JSON.stringify(summary)}\n`);
  else {
    if (only === undefined) await rows.end();
    else await io.out.write(`\n${eventsText(network, eventsOf(trace.events(), only, first))}`);
    await io.out.write(`\n${verdictText(summary, trace)}`);
  }
  return summary.verdict === "held" ? HELD : BROKEN;
};

export const addReplay: Add = (program, io, finish) => {
  program.command("replay")
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
network's decision is a script, that script would be run with all rights of this program, and so it
is only run again if --rerun is given: for traces of your own.

Exit codes: 0 everything held, 1 something broke or the trace contradicts itself, 2 bad usage.

Example:
  tagma replay pump.trace --cycle 3 --svg pump.svg`)
    .action(async (path: string, options: Options) => {
      finish(await replayCommand(path, options, io));
    });
};
