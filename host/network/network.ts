import { z } from "zod";
import { signatureLayout } from "../../firmware/auth/lms/sets.js";
import type { SigningLayout } from "../../firmware/auth/lms/signing.js";
import {
  NO_WATCH, TAG_MAX, TAG_MIN, ballotLayout, ballotRefusal, layoutOf, learns, recordBytes, refusal,
} from "../../firmware/index.js";
import type { BallotLayout, BallotShape, Layout, Shape } from "../../firmware/index.js";
import { algorithmsOf, ALGORITHMS, signerNames } from "../algorithms/registry.js";
import type { Algorithms } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";
import { readJson } from "../base/input.js";
import { describeIssue, fields } from "../base/issue.js";
import { TYPE_NAMES, hostType } from "../base/values.js";
import type { HostType, Value } from "../base/values.js";
import { ballotFields, ballotsOf } from "./ballots.js";
import { DECISIONS, refuseDecision, refuseRetract, refuseVector } from "./decision.js";
import { checkDevices } from "./devices.js";
import { alarm, order, pin, reading, script } from "./fields.js";
import { SUSPECT_MAX, healthSchema, refuseHealth, watchOf } from "./health.js";
import { kindOf, portOf } from "./kinds.js";
import type { Kind } from "./kinds.js";
import { membersIn, refuseLearners } from "./learners.js";
import { recordParts } from "./record.js";
import type { Part } from "./record.js";
import { networkName, signaturesSchema, signingLayout, signingOf } from "./signatures.js";
import type { Signing } from "./signatures.js";
import { wrongWith } from "./syntax.js";
import { RELEASE_US, SPEAK, pollOf, wiringOf } from "./wiring.js";
import type { Wiring } from "./wiring.js";

/** The network file: everything that is known about a network before anything runs. */

/** A part of names of files. */
const BOARD_NAME_MAX = 64;
const NAME_MAX = 1000;
/**
 * Times that no network needs more of. Of the longest cycle, all of them together, every sum is
 * exact, and a timer of Node's, 24 days, can wait for it.
 */
const COMPUTE_US_MAX = 3_600_000_000;
const RELEASE_US_MAX = 1_000_000;
/** Millions of instructions a second, see `speed` of a kind. */
const SPEED_MIN = 0.1;
const SPEED_MAX = 1_000_000;
const GUARD_US_MAX = 60_000_000;
const PERIOD_MS_MAX = 86_400_000;
const board = fields({
  name: z.string().regex(/^[A-Za-z][\w-]*$/, "must be a letter, then letters, digits, - or _")
    .max(BOARD_NAME_MAX).describe("What people call it."),
  kind: z.string().describe("Espruino's board id, a file in boards/."),
  port: z.string().optional().describe(
    "The UART for agreement; unless told Serial1, or Serial2 where Serial1 stays the console."),
  tx: pin.optional().describe("Its pin, the board kind's unless told."),
  rx: pin.optional().describe("Its pin, the board kind's unless told."),
  path: z.string().optional().describe("On Linux, the device instead of pins."),
  enable: pin.optional()
    .describe("On a shared wire, the pin that is high while the board transmits."),
  compute_us: z.int().min(0).max(COMPUTE_US_MAX).optional()
    .describe("Measured, from a beacon's last byte to the answer's first; else it is worked out."),
  speed: z.number().min(SPEED_MIN).max(SPEED_MAX).optional()
    .describe("As `tagma measure` says it of this board; its kind's unless told."),
  reading: reading.optional().describe("Where its reading comes from."),
  order: order.optional().describe("Where the order goes."),
  learner: z.boolean().optional()
    .describe("Of FaB with a leader: true has it hear, decide and act, and say nothing. It does " +
      "not count among the boards, and stands behind all that do; false, unless told."),
  alarm: alarm.optional()
    .describe("Where the health of all boards is watched: what is done when it is another."),
});

/** Bytes of a tag, unless the network file tells. */
const TAG_FALLBACK = 8;

export const OPTIMIZE = ["size", "balanced", "speed"] as const;

const schema = fields({
  $schema: z.string().optional(),
  name: z.string().min(1).max(NAME_MAX).describe("What this network guards."),
  algorithm: z.string(),
  traitors: z.int().min(0).max(30).describe("m: how many boards may fail in any way at all."),
  signatures: signaturesSchema.optional()
    .describe("Of signed messages, and of ballots over them: how they are signed."),
  ...ballotFields,
  auth: z.enum(["mac"]).optional()
    .describe("mac: each frame has a tag for each receiver, so that the hub cannot change it."),
  tag_bytes: z.int().min(TAG_MIN).max(TAG_MAX).optional()
    .describe(`Bytes of one tag, ${TAG_FALLBACK} unless told.`),
  commander: z.string().optional()
    .describe("Only this board's value is agreed on; else all boards'. Of 2pc and 3pc, the board " +
      "that coordinates."),
  value: z.union([
    z.enum(TYPE_NAMES),
    fields({ bytes: z.int().min(1).max(64) }).describe("Rows of so many bytes."),
  ], `must be ${TYPE_NAMES.map((name) => `"${name}"`).join(", ")} or {"bytes": …}`)
    .describe("The type of a reading and of the order."),
  decision: z.union([
    z.enum(DECISIONS),
    script.describe("An expression with the `vector` (undefined: ⊥) and the `fallback`."),
  ], `must be ${DECISIONS.map((name) => `"${name}"`).join(", ")} or {"script": …}`)
    .describe("How the order follows from the agreed vector."),
  default: z.union([z.number(), z.boolean(), z.string()], "must be a value of the network's type")
    .describe("The order where the vector gives none."),
  health: healthSchema.optional()
    .describe("Watches which board is going bad, from the agreed vectors."),
  suspect_cycles: z.int().min(1).max(SUSPECT_MAX).optional()
    .describe("A board suspects another that it did not hear in so many cycles in a row."),
  wiring: z.enum(["star", "wire"]).optional()
    .describe("star: a line to the hub for each board. wire: all share one. star unless told."),
  guardian: z.boolean().optional()
    .describe("On a shared wire: a gate lets each board through in its slot only."),
  release_us: z.int().min(0).max(RELEASE_US_MAX).optional()
    .describe("How long a driver may stay enabled beside its frame. " +
      `Unless told the time of ${SPEAK} instructions of the slowest kind that enables one, ` +
      `and at least ${RELEASE_US}.`),
  baud: z.int().min(300).max(4_000_000).describe("Bits a second on every line."),
  period_ms: z.number().positive().max(PERIOD_MS_MAX).optional()
    .describe("A cycle begins this often; else without a pause."),
  silence_ms: z.int().min(1).max(PERIOD_MS_MAX).optional()
    .describe("A board that closes no cycle for so long puts out the default order."),
  optimize: z.enum(OPTIMIZE).optional()
    .describe("What bundles are made for: few bytes, or few statements executed. " +
      "Unless told, the fastest that fits the board."),
  guard_us: z.int().min(0).max(GUARD_US_MAX).optional()
    .describe("Time added before each deadline, 100 unless told."),
  boards: z.array(board).min(2).max(31).describe("In the order of their numbers."),
});

/** From the fewest bytes to the fewest statements executed. */
export type Optimize = (typeof OPTIMIZE)[number];
export type NetworkFile = z.infer<typeof schema>;
export type BoardFile = z.infer<typeof board>;

/** A board of a network, with what its kind says filled in. */
export interface Board {
  readonly number: number;
  readonly name: string;
  readonly kind: Kind;
  readonly port: string;
  /** Espruino's options of `Serial.setup`. */
  readonly pins: Readonly<Record<string, string>>;
  readonly file: BoardFile;
  readonly layout: Layout;
  /** Of signed messages, what signing works with. */
  readonly signing: SigningLayout | undefined;
}

/** A network that has been checked: every bound that the proofs and the frames need holds. */
export interface Network extends Algorithms {
  readonly file: NetworkFile;
  /** Its width is that of a value, not of a record. */
  readonly shape: Shape | BallotShape;
  readonly type: HostType;
  readonly fallback: Value;
  /** All that have a line: those that take part, and behind them learners (LEARN.1). */
  readonly boards: readonly Board[];
  /** Those that take part: the first n. */
  readonly members: readonly Board[];
  /** What a board's record consists of; nothing where each cycle decides. */
  readonly record: readonly Part[];
  /** Of a cycle: the exchanges; of a ballot more. */
  readonly rounds: number;
  /** Only of signed messages. */
  readonly signing: Signing | undefined;
  /** Only on a shared wire. */
  readonly wiring: Wiring | undefined;
  /** What names the network in all that is signed or tagged. */
  readonly name: Uint8Array;
}

/** The same, with the algorithms that there are now. */
const schemaNow = () => schema.extend({
  algorithm: z.enum(ALGORITHMS.map(({ name }) => name))
    .describe(ALGORITHMS.map(({ name, help }) => `${name}: ${help}.`).join(" ")),
});

/** The JSON Schema of a network file, from the same source as the check. */
export const networkSchema = (): unknown => ({
  title: "Tagma network",
  ...(z.toJSONSchema(schemaNow()) as object),
});

/** @throws UsageError where a script is nothing that all boards can run alike */
const checkScripts = (file: NetworkFile, path: string): void => {
  const check = (field: unknown, where: string, statements = false) => {
    const wrong = isScript(field) ? wrongWith(field.script, statements) : undefined;
    if (wrong !== undefined) throw new UsageError(`${path}: ${where}.script: ${wrong}`);
  };
  check(file.decision, "decision");
  file.boards.forEach(({ reading: from, order: to, alarm: tells }, number) => {
    check(from, `boards[${number}].reading`);
    check(to, `boards[${number}].order`, true);
    if (isScript(to) && to.retract !== undefined) {
      const wrong = wrongWith(to.retract, true);
      if (wrong) throw new UsageError(`${path}: boards[${number}].order.retract: ${wrong}`);
    }
    check(tells, `boards[${number}].alarm`, true);
  });
};

const isScript = (field: unknown): field is { script: string; retract?: string } =>
  typeof field === "object" && field !== null && "script" in field;

const nameOf = (file: NetworkFile) => networkName(JSON.stringify(file));

/** What marks promises as this network's: never 0. */
const markOf = (file: NetworkFile) => (Buffer.from(nameOf(file)).readUInt32BE() | 1) >>> 0;

/** What is to be signed, and how long that is. @throws UsageError */
const signedOf = (
  file: NetworkFile, { agreement: { signs, help } }: Algorithms, shape: Shape, path: string,
): Signing | undefined => {
  if (!signs && file.signatures) {
    throw new UsageError(`${path}: signatures: ${help}, have none, only "algorithm": ${
      signerNames()} has`);
  }
  if (!signs) return undefined;
  return signingOf(file.signatures, nameOf(file), path, {
    ...shape, width: isBallots(shape) ? recordBytes(shape) : shape.width,
  });
};

const shapeOf = (file: NetworkFile, { agreement }: Algorithms, path: string): Shape => {
  const at = file.boards.findIndex((one) => one.name === file.commander);
  if (file.commander !== undefined && at < 0) {
    const names = file.boards.map((one) => one.name).join(", ");
    throw new UsageError(
      `${path}: commander: ${JSON.stringify(file.commander)} is no board, there are: ${names}`,
    );
  }
  const type = typeOf(file);
  const { exchanges } = agreement;
  if (file.tag_bytes !== undefined && !file.auth) {
    throw new UsageError(`${path}: tag_bytes: frames have no tags, only with "auth": "mac"`);
  }
  const shape = {
    boards: membersIn(file), traitors: file.traitors, width: type.width, commander: at,
    ...(exchanges && { exchanges: exchanges(file.traitors) }),
  };
  return file.auth ? { ...shape, tag: file.tag_bytes ?? TAG_FALLBACK } : shape;
};

const isBallots = (shape: Shape | BallotShape): shape is BallotShape => "protocol" in shape;

/** @throws UsageError naming the bound that is violated */
const bounded = (
  shape: Shape | BallotShape, path: string, learners = 0,
): Shape | BallotShape => {
  const wrong = isBallots(shape) ? ballotRefusal(shape) : refusal(shape);
  if (wrong) {
    throw new UsageError(`${path}: ${wrong}${learners ? "; a learner does not count" : ""}`);
  }
  return shape;
};

const typeOf = ({ value }: NetworkFile): HostType =>
  typeof value === "string" ? hostType(value) : hostType("bytes", value.bytes);

const kindNamed = (id: string, where: string): Kind => {
  try {
    return kindOf(id);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`${where}.kind: ${thrown.message}`);
  }
};

/** @param self the board's number; HUB: what the hub works with */
export const layoutFor = (shape: Shape | BallotShape, self: number, wired: boolean): Layout =>
  (isBallots(shape) ? ballotLayout(shape, self, wired) : layoutOf(shape, self, wired));

/** Whether each order is a value of the type: a script's may be none, and a mean is rounded. */
const isPlain = ({ decision, value }: NetworkFile): boolean =>
  typeof decision === "string" && !(decision === "midpoint" && value === "f32");

const boardLayout = (
  file: NetworkFile, shape: Shape, signing: Signing | undefined, number: number,
): Pick<Board, "layout" | "signing"> => {
  const { reading: from, alarm: tells } = file.boards[number]!;
  const own = {
    ...layoutFor(shape, number, from === "wire"), plain: isPlain(file),
    ...(learns(shape, number) ? NO_WATCH : watchOf(file, shape, tells !== undefined)),
  };
  if (!signing) return { layout: own, signing: undefined };
  const signed = signingLayout(signing, number, own.end, own.width);
  return { layout: { ...own, memory: signed.memory }, signing: signed };
};

const boardOf = (
  file: NetworkFile, shape: Shape, signing: Signing | undefined, number: number, path: string,
): Board => {
  const one = file.boards[number]!;
  const where = `${path}: boards[${number}]`;
  const kind = kindNamed(one.kind, where);
  const port = one.port ?? portOf(kind);
  const uart = Object.hasOwn(kind.uarts, port) ? kind.uarts[port] : undefined;
  if (!uart) {
    throw new UsageError(
      `${where}.port: ${JSON.stringify(port)} is not on ${kind.id}, there are: ${
        Object.keys(kind.uarts).join(", ")}`,
    );
  }
  if (!kind.native.crc32) {
    throw new UsageError(`${where}.kind: ${kind.id} has no E.CRC32, which every frame needs`);
  }
  if (one.enable !== undefined && "path" in uart) {
    throw new UsageError(`${where}.enable: ${kind.id} has no pins, its adapter must do it itself`);
  }
  checkDevices(one, kind, where);
  const { tx, rx, path: device } = { ...uart, ...one } as Record<string, string | undefined>;
  const pins = device === undefined ? { tx: tx ?? "", rx: rx ?? "" } : { path: device };
  return {
    number, name: one.name, kind, port, pins, file: one,
    ...boardLayout(file, shape, signing, number),
  };
};

/**
 * @param path only for messages
 * @throws UsageError naming the field, its value and what would be right
 */
export const parseNetwork = (content: unknown, path: string): Network => {
  const parsed = schemaNow().safeParse(content, { reportInput: true });
  if (!parsed.success) throw new UsageError(`${path}: ${describeIssue(parsed.error.issues[0]!)}`);
  const file = parsed.data;
  const names = file.boards.map((one) => one.name);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice >= 0) {
    const name = JSON.stringify(names[twice]);
    const first = names.indexOf(names[twice]!);
    throw new UsageError(`${path}: boards[${twice}].name: ${name} is the name of boards[${
      first}] already, each needs its own`);
  }
  checkScripts(file, path);
  const algorithms = algorithmsOf(
    file.algorithm, file.signatures !== undefined, file.leases !== "none");
  refuseLearners(file, algorithms, path);
  const bare = shapeOf(file, algorithms, path);
  const unsigned = ballotsOf(file, algorithms, bare, markOf(file), path) ?? bare;
  const signing = signedOf(file, algorithms, unsigned, path);
  if (signing && (file.first_cycle ?? 0) >= signing.cycles) {
    throw new UsageError(`${path}: first_cycle: ${file.first_cycle}, the keys of this network ` +
      `have leaves for the cycles 0 to ${signing.cycles - 1}`);
  }
  const wiring = wiringOf(file, path);
  const plain = bounded(signing
    ? { ...unsigned, signature: signatureLayout(signing.shape, 0, 0).signatureBytes }
    : unsigned, path, names.length - bare.boards);
  const shape = wiring
    ? bounded({
      ...plain, poll: pollOf(wiring, (poll) =>
        layoutFor(bounded({ ...plain, poll }, path), 0, false)),
    }, path)
    : plain;
  const type = typeOf(file);
  const fallback = type.parse(file.default);
  if (fallback === undefined || fallback === null) {
    throw new UsageError(`${path}: default: ${JSON.stringify(file.default)} is not ${type.range}`);
  }
  refuseDecision(file, algorithms, type, fallback, path);
  refuseVector(file, algorithms, path);
  refuseRetract(file, path);
  if (file.health && algorithms.ballots?.protocol.phases) {
    throw new UsageError(`${path}: health: "algorithm": "${
      file.algorithm}" agrees on no vector: leave it out, or take "suspect_cycles"`);
  }
  refuseHealth(file, shape, type, path);
  const boards = names.map((_, number) => boardOf(file, shape, signing, number, path));
  const { layout: first } = boards[0]!;
  return {
    file, ...algorithms, shape, type, fallback, boards, signing, wiring,
    members: boards.slice(0, shape.boards),
    record: algorithms.ballots ? recordParts(algorithms.ballots, first as BallotLayout) : [],
    rounds: first.rounds, name: nameOf(file),
  };
};

/** @throws UsageError naming the file, and what is wrong with it */
export const loadNetwork = (path: string): Network => parseNetwork(readJson(path), path);

/** @throws UsageError naming the boards there are */
export const boardNamed = (network: Network, name: string): Board => {
  const found = network.boards.find((one) => one.name === name);
  if (!found) {
    throw new UsageError(`board ${JSON.stringify(name)} is not in the network, there are: ${
      network.boards.map((one) => one.name).join(", ")}`);
  }
  return found;
};
