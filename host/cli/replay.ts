import { HUB } from "../../firmware/index.js";
import { UsageError } from "../error.js";
import type { Network } from "../network.js";
import { microsecondsOf } from "../plan.js";
import type { CycleRecord, Verdict } from "../sim/emulate.js";
import { lieText } from "../trace/events.js";
import type { CycleEvent, Header, TraceEvent } from "../trace/events.js";
import { openTrace } from "../trace/file.js";
import type { Trace } from "../trace/file.js";
import { eventsOf, rejudge } from "../trace/replay.js";
import type { Rejudged } from "../trace/replay.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import type { Io } from "./io.js";
import { CYCLES_MAX, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { createPicture } from "./picture.js";
import { COLUMNS, createRows, stopWhereAsked, titleOf } from "./report.js";
import { paintOf, table } from "./table.js";
import { viewOf } from "./view.js";

interface Options {
  readonly cycle?: number;
  readonly svg?: string;
  readonly json?: boolean;
}

/** The last line of `--json`. */
interface Rejudgement extends Verdict {
  /** Where the trace says otherwise than its own events do. */
  readonly differences: readonly string[];
}

const DIFFERENCES_MAX = 20;

/** As the events themselves have it, and not as it was stored. */
const recordOf = ({ stored, judged }: Rejudged): CycleRecord => {
  const { e: _kind, t: _time, ...cycle } = stored satisfies CycleEvent;
  return { ...cycle, agreement: judged.agreement, validity: judged.validity };
};

/** Judges all cycles again, and shows each as it comes. */
const judgeAll = async (
  trace: Trace, io: Io, show: (cycle: CycleRecord) => Promise<void>,
): Promise<Rejudgement> => {
  const held = { agreement: 0, validity: 0, truth: 0, termination: 0 };
  const differences: string[] = [];
  let broken: number | null = null;
  let cycles = 0;
  for (const rejudged of rejudge(trace)) {
    stopWhereAsked(io);
    const { cycle } = rejudged.stored;
    for (const name of ["agreement", "validity", "truth", "termination"] as const) {
      if (rejudged.judged[name]) held[name]++;
      else broken ??= cycle;
    }
    if (rejudged.differences.length) broken ??= cycle;
    differences.push(...rejudged.differences.slice(0, DIFFERENCES_MAX - differences.length));
    cycles++;
    await show(recordOf(rejudged));
    await io.sleep(0);
  }
  return {
    summary: true, cycles, seed: trace.header.seed, ...held,
    verdict: broken === null ? "held" : "broken", broken_cycle: broken, differences,
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
  const went = [...header.traitors, ...header.faults].join(", ") || "nothing";
  return `${titleOf(network)}seed ${header.seed}; made to go wrong: ${went}\n\n`;
};

const verdictText = (summary: Rejudgement): string => {
  const { verdict, cycles, broken_cycle: first, differences } = summary;
  if (verdict === "held") return `judged again: held in all of ${cycles} cycles\n`;
  const broken = (["agreement", "validity", "truth", "termination"] as const)
    .filter((name) => summary[name] < cycles)
    .map((name) => `${name} in ${cycles - summary[name]} of ${cycles} cycles`);
  const told = broken.length ? `: ${broken.join(", ")}` : "";
  return [
    ...differences.map((line) => `the trace contradicts itself: ${line}\n`),
    `judged again: BROKEN first in cycle ${first}${told}\n`,
  ].join("");
};

const replayCommand = async (path: string, options: Options, io: Io): Promise<number> => {
  const { cycle: only, svg, json } = options;
  if (path === "-") {
    throw new UsageError(
      "-: a trace is read more than once, from a file and not from standard input",
    );
  }
  const trace = openTrace(path);
  const { header, network } = trace;
  if (only !== undefined && only >= header.cycles) {
    throw new UsageError(`--cycle: ${only} is not in ${path}, there are 0 to ${header.cycles - 1}`);
  }
  checkOutputs({ svg }, [path]);
  const paint = paintOf(io.out.isTTY, io.env);
  const view = viewOf(network, paint, io.out.columns ?? COLUMNS);
  const rows = createRows(view, only === undefined ? header.cycles : 0, io);
  if (!json) await io.out.write(headText(trace) + view.head);
  const summary = await judgeAll(trace, io, async (cycle) => {
    if (only !== undefined && cycle.cycle !== only) return;
    if (json) await io.out.write(`${JSON.stringify(cycle)}\n`);
    else if (only !== undefined) await io.out.write(view.row(cycle));
    else await rows.take(cycle);
  });
  if (svg !== undefined) draw(trace, header, svg, only);
  if (json) await io.out.write(`${JSON.stringify(summary)}\n`);
  else {
    if (only === undefined) await rows.end();
    else await io.out.write(`\n${eventsText(network, eventsOf(trace.events(), only))}`);
    await io.out.write(`\n${verdictText(summary)}`);
  }
  return summary.verdict === "held" ? HELD : BROKEN;
};

export const addReplay: Add = (program, io, finish) => {
  program.command("replay")
    .description("show the trace of an emulation, and judge it again from its own events")
    .argument("<trace>", "what tagma emulate --trace wrote")
    .option("--cycle <n>", "show this one, with every frame", whole(0, CYCLES_MAX))
    .option("--svg <file>",
      "draw it; unless told, the first that broke, else the first with a fault or a lie")
    .option("--json", "print a JSON object a cycle and one in the end")
    .addHelpText("after", `
Exit codes: 0 everything held, 1 something broke or the trace contradicts itself, 2 bad usage.

Example:
  tagma replay pump.trace --cycle 3 --svg pump.svg`)
    .action(async (path: string, options: Options) => {
      finish(await replayCommand(path, options, io));
    });
};
