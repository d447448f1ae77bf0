import type { Network } from "../network/network.js";
import { roomOf, withRoom } from "../plan/input.js";
import { BITS_A_BYTE, memoryOf, planOf, startMs } from "../plan/plan.js";
import type { MemoryTerm, Plan, RoundPlan } from "../plan/plan.js";
import { promisesPlanOf } from "../plan/promises.js";
import type { PromisesPlan } from "../plan/promises.js";
import { wiringCosts } from "../plan/rewired.js";
import { PAGE_BYTES, RECORD_FLASH_BYTES, signingPlanOf } from "../plan/signing.js";
import { safeAfterUs } from "../plan/silence.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import { arenaOf, openNetwork } from "./open.js";
import {
  computeText, fitsOf, fitsText, kindsOf, kindsText, settingsText,
} from "./plan-fits.js";
import type { BoardTold, FitTold, SettingTold } from "./plan-fits.js";
import { milliseconds, promisesText, signaturesText } from "./plan-texts.js";
import type { SignaturesTold } from "./plan-texts.js";
import { COLUMNS, titleOf } from "./report.js";
import { paintOf, table, wrapped } from "./table.js";
import type { Paint } from "./table.js";

/** Everything that `plan` tells, with times in microseconds; a line of `--json`. */
interface Told {
  readonly network: string;
  readonly boards: number;
  /** Boards that only hear, decide and act; absent where there are none. */
  readonly learners?: number;
  readonly traitors: number;
  readonly baud: number;
  readonly rounds: readonly {
    readonly round: number;
    readonly beacon_bytes: number;
    readonly frame_bytes: number;
    readonly speakers: number;
    readonly heard: number;
    readonly compute_us: number;
    readonly deadline_us: number;
    readonly time_us: number;
  }[];
  /** With views: what a review takes, and a fast cycle. */
  readonly cycles?: readonly CycleTold[];
  /** Of boards that act tentatively: after how long in a fast cycle, at most. */
  readonly tentative_us?: number;
  readonly closing_bytes: number;
  readonly decide_us: number;
  readonly closing_us: number;
  readonly guard_us: number;
  readonly cycle_us: number;
  readonly period_us: number;
  readonly wiring: "star" | "wire";
  readonly guardian: boolean;
  /** On a shared wire: how long a driver may stay enabled beside its frame; null: in a star. */
  readonly release_us: number | null;
  /** On a shared wire: by round, how long its first slot is, and the others. */
  readonly slots_us: readonly (readonly [number, number])[];
  /** What a cycle costs with this wiring and with others. */
  readonly wirings: readonly {
    readonly wiring: "star" | "wire";
    readonly guardian: boolean;
    readonly bytes: number;
    readonly bits: number;
    readonly cycle_us: number;
  }[];
  /**
   * By kind: the bytes that its input buffer takes, and the most in it where the hub would hold
   * nothing back; how long it does so in a cycle; and by how much that makes the cycle longer than
   * if there were room, less what boards need not look at later.
   */
  readonly inputs: readonly {
    readonly kind: string;
    readonly room_bytes: number;
    readonly fill_bytes: number;
  }[];
  readonly spacing_us: number;
  readonly added_us: number;
  /** What the busiest link carries in a cycle, how long on the wire, and its part of a cycle. */
  readonly busiest_bytes: number;
  readonly busiest_us: number;
  readonly wire_share: number;
  /** When the output of a board is safe after its last beacon, at most; null: not promised. */
  readonly safe_after_us: number | null;
  /** Only of signed messages: what a board makes and checks, how long keys last, and times. */
  readonly signatures: SignaturesTold | null;
  /** Only of ballots: what boards write to flash. */
  readonly promises: PromisesPlan | null;
  readonly arena: readonly {
    readonly boards: readonly string[];
    readonly terms: readonly MemoryTerm[];
    readonly bytes: number;
  }[];
  readonly fits: readonly BoardTold[];
  /** What a bundle may be made for, and what each costs. */
  readonly settings: readonly SettingTold[];
  readonly kinds: readonly FitTold[];
  readonly verdict: "fits" | "does not fit";
}

interface CycleTold {
  readonly kind: "review" | "fast";
  readonly cycle_us: number;
  readonly period_us: number;
  readonly busiest_bytes: number;
}

/** @returns what input buffers take, and have to, by kind */
const inputsOf = ({ boards }: Network, { fill }: Plan): Told["inputs"] => {
  const kinds = new Map(boards.map(({ kind }, at) => [kind, fill[at]!]));
  return [...kinds].map(([kind, bytes]) =>
    ({ kind: kind.id, room_bytes: roomOf(kind), fill_bytes: bytes }));
};

const timesOf = (network: Network, plan: Plan) => {
  const us = (bits: number) => Math.round((bits * 1e6) / network.file.baud);
  return {
    inputs: inputsOf(network, plan), spacing_us: us(plan.spacing),
    added_us: us(plan.needed - planOf(withRoom(network)).needed),
    wiring: network.wiring ? "wire" as const : "star" as const,
    guardian: network.wiring?.guardian ?? false,
    release_us: network.wiring?.releaseUs ?? null,
    slots_us: plan.rounds.flatMap(({ slots }) => {
      const last = slots[slots.length - 1];
      return last ? [[us(slots[0]!.length), us(last.length)] as const] : [];
    }),
    wirings: wiringCosts(network).map(({ needed, ...cost }) => ({ ...cost, cycle_us: us(needed) })),
    rounds: plan.rounds.map(({ round, beacon, frame, speakers, heard, ...bits }: RoundPlan) => ({
      round, beacon_bytes: beacon, frame_bytes: frame, speakers, heard,
      compute_us: us(Math.max(...bits.compute)), deadline_us: us(bits.deadline),
      time_us: us(bits.length),
    })),
    ...(plan.cycles.length > 1 && {
      cycles: plan.cycles.map(({ first, needed, period, busiest }): CycleTold => ({
        kind: first > 1 ? "fast" : "review", cycle_us: us(needed), period_us: us(period),
        busiest_bytes: busiest,
      })),
    }),
    ...(network.boards[0]!.layout.tentative && { tentative_us: us(actedBy(plan)) }),
    closing_bytes: plan.closing, decide_us: us(Math.max(...plan.decide)),
    closing_us: us(plan.closingLength), guard_us: us(plan.guard), cycle_us: us(plan.needed),
    period_us: us(plan.period), busiest_bytes: plan.busiest,
    busiest_us: us(plan.busiest * BITS_A_BYTE),
    safe_after_us: safeAfterUs(network) || null,
    wire_share: Math.round((plan.busiest * BITS_A_BYTE * 1e4) / plan.period) / 1e4,
  };
};

/**
 * TENT.1: bits from the opening of a fast cycle until the last board has answered in its last
 * round, and has acted.
 */
const actedBy = ({ rounds }: Plan): number => {
  const [claims, votes] = rounds.slice(-2);
  return claims!.length + votes!.deadline;
};

/** Boards whose memory is the same are told of together: a commander has less of it. */
const arenasOf = (network: Network): Told["arena"] => {
  const found = new Map<string, { boards: string[]; terms: MemoryTerm[]; bytes: number }>();
  for (const board of network.boards) {
    const terms = memoryOf(network, board);
    const key = JSON.stringify(terms);
    const known = found.get(key);
    if (known) known.boards.push(board.name);
    else found.set(key, { boards: [board.name], terms, bytes: arenaOf(network, board.number) });
  }
  return [...found.values()];
};

const signaturesOf = (network: Network, plan: Plan): Told["signatures"] => {
  const signing = signingPlanOf(network);
  if (!signing) return null;
  const { bytes, made, madeMost, checked, checkedMost, cycles, records } = signing;
  const daily = (records * 86_400 * network.file.baud) / plan.period;
  const us = (bits: number) => Math.round((bits * 1e6) / network.file.baud);
  return {
    bytes, made, made_most: madeMost, checked, checked_most: checkedMost, cycles,
    records_a_day: Math.ceil(daily),
    erasures_a_day: Math.ceil((daily * RECORD_FLASH_BYTES) / PAGE_BYTES),
    lasts_s: Math.round((cycles * plan.period) / network.file.baud), prepare_us: us(plan.prepare),
    start_ms: Math.max(...network.boards.map((board) => startMs(network, board))),
  };
};

const tell = async (network: Network): Promise<Told> => {
  const { fits, settings } = await fitsOf(network);
  const plan = planOf(network);
  return {
    network: network.file.name, boards: network.shape.boards,
    ...(network.boards.length > network.shape.boards &&
      { learners: network.boards.length - network.shape.boards }), traitors: network.shape.traitors,
    baud: network.file.baud, ...timesOf(network, plan),
    signatures: signaturesOf(network, plan), promises: promisesPlanOf(network, plan) ?? null,
    arena: arenasOf(network), fits, settings,
    kinds: kindsOf(network, fits),
    verdict: fits.every((fit) => fit.fits) ? "fits" : "does not fit",
  };
};

const roundsText = (told: Told): string => table(
  [
    { title: "round" }, { title: "beacon B", right: true }, { title: "frame B", right: true },
    { title: "speak", right: true }, { title: "hear", right: true },
    { title: "compute ms", right: true }, { title: "deadline ms", right: true },
    { title: "time ms", right: true },
  ],
  [
    ...told.rounds.map((round) => [
      round.round, round.beacon_bytes, round.frame_bytes, round.speakers, round.heard,
      milliseconds(round.compute_us), milliseconds(round.deadline_us), milliseconds(round.time_us),
    ]),
    ["decide", told.closing_bytes, "", "", "", milliseconds(told.decide_us), "",
      milliseconds(told.closing_us)],
    ...(told.cycles ?? [{ kind: "cycle", cycle_us: told.cycle_us }]).map(({ kind, cycle_us: us }) =>
      [kind, "", "", "", "", "", "", milliseconds(us)]),
  ],
);

const wireText = (told: Told, columns: number): string => {
  const cycle = milliseconds(told.cycle_us);
  const period = told.period_us > told.cycle_us
    ? `; one begins every ${milliseconds(told.period_us)} ms`
    : "";
  const share = (told.wire_share * 100).toFixed(1);
  const carrier = told.wiring === "wire" ? "The wire that all share" : "The busiest link";
  const views = told.cycles?.map(({ kind, cycle_us: us, busiest_bytes: bytes }) =>
    `a ${kind} ${kind === "fast" ? "cycle " : ""}${milliseconds(us)} ms and ${bytes} bytes`);
  const text = [
    `A cycle takes ${cycle} ms${period}.`,
    ...(views ? [`That is the longer kind: ${views.join(", ")}.`] : []),
    ...(told.tentative_us === undefined ? [] : [
      `In a fast cycle boards have acted tentatively after ${milliseconds(told.tentative_us)} ms,`,
      "at no byte and no write more.",
    ]),
    `${carrier} carries ${told.busiest_bytes} bytes in it,`,
    `${milliseconds(told.busiest_us)} ms on the wire at ${told.baud} baud: ${share} % of the time.`,
    `Before each deadline ${told.guard_us} us are kept as a guard.`,
    ...(told.safe_after_us === null ? [] : [
      `Where beacons stop, a board has put out the default order after ${
        milliseconds(told.safe_after_us)} ms at most.`,
    ]),
  ].join(" ");
  return wrapped("", text.split(" "), columns);
};

const inputsText = (told: Told, columns: number): string => {
  const { inputs, spacing_us: spacing, added_us: added, wiring } = told;
  const rooms = new Map<string, string[]>();
  for (const { kind, room_bytes: room, fill_bytes: fill } of inputs) {
    const key = fill > room ? `of ${room} bytes, and ${fill} would come if all came at once`
      : `of ${room} bytes, of which at most ${fill} are in use`;
    rooms.set(key, [...(rooms.get(key) ?? []), kind]);
  }
  const text = [...rooms].map(([key, kinds]) =>
    `While it computes, ${kinds.join(", ")} has an input buffer ${key}.`);
  if (inputs.some((one) => one.fill_bytes > one.room_bytes)) {
    const held = wiring === "wire" ? "Slots are longer, so that each frame is taken out first:"
      : "So the hub waits until there is room, and sends no faster than is taken out:";
    text.push(`${held} ${milliseconds(spacing)} ms in a cycle, which is ${
      milliseconds(Math.abs(added))} ms ${added < 0 ? "shorter" : "longer"} than if there were ` +
      "room, as boards look at frames meanwhile.");
  }
  return wrapped("", text.join(" ").split(" "), columns);
};

const slotsText = (
  { slots_us: slots, release_us: release }: Told, columns: number,
): string => wrapped("", [
  "A board speaks in its slot, when it is polled. In the first slot of a round all put together",
  "what they have to say, in each of the others they hear one frame more:",
  slots.map(([first, other], at) =>
    `${milliseconds(first)} and ${milliseconds(other)} ms in round ${at + 1}`).join(", ") + ".",
  `A driver may stay enabled for ${milliseconds(release!)} ms beside its frame.`,
].join(" ").split(" "), columns);

const wiringsText = ({ wirings, wiring, guardian }: Told): string => table(
  [
    { title: "wiring" }, { title: "bytes a cycle", right: true }, { title: "bits", right: true },
    { title: "cycle ms", right: true }, { title: "" },
  ],
  wirings.map((one) => [
    one.wiring === "star" ? "star, busiest link"
      : one.guardian ? "shared wire, guardian" : "shared wire",
    one.bytes, one.bits, milliseconds(one.cycle_us),
    one.wiring === wiring && one.guardian === guardian ? "this one" : "",
  ]),
);

const arenaText = ({ arena }: Told): string => arena.map(({ boards, terms, bytes }) =>
  `memory of ${boards.join(", ")}, bytes\n${table(
    [{ title: "  " }, { title: "", right: true }, { title: "" }],
    [
      ...terms.map((term) => [`  ${term.name}`, term.bytes, term.formula]),
      ["  in all", bytes, ""],
    ],
  ).replace(/^\n/, "")}`).join("\n");

const textOf = (network: Network, told: Told, paint: Paint, columns: number): string => [
  paint.bold(wrapped("", titleOf(network).split(" "), columns)),
  roundsText(told),
  wireText(told, columns),
  inputsText(told, columns),
  ...(told.slots_us.length ? [slotsText(told, columns)] : []),
  wiringsText(told),
  ...(told.signatures ? [signaturesText(told.signatures, columns)] : []),
  ...(told.promises ? [promisesText(told.promises, columns)] : []),
  arenaText(told),
  fitsText(told.fits, paint),
  ...(told.settings.length ? [settingsText(told.settings)] : []),
  computeText(told.fits, columns),
  kindsText(told.kinds, paint),
  told.verdict === "fits"
    ? `${paint.green("fits")}: every board holds what it needs\n`
    : `${paint.red("DOES NOT FIT")}: ${told.fits.filter((fit) => !fit.fits)
      .map((fit) => `${fit.board}: ${fit.reason}`).join("; ")}\n`,
].join("\n");

export const addPlan: Add = (program, io, finish) => {
  program.command("plan")
    .description("tell what a network costs before anything runs: rounds, bytes, times, memory")
    .argument("<network>", "a network file")
    .option("--json", "print it as one JSON object")
    .addHelpText("after", `
Exit codes: 0 every board fits, 1 one does not, 2 bad usage.

Example:
  tagma plan boards/networks/oven.json`)
    .action(async (path: string, { json }: { json?: boolean }) => {
      const network = openNetwork(path);
      const told = await tell(network);
      await io.out.write(json
        ? `${JSON.stringify(told)}\n`
        : textOf(network, told, paintOf(io.out.isTTY, io.env), io.out.columns ?? COLUMNS));
      finish(told.verdict === "fits" ? HELD : BROKEN);
    });
};
