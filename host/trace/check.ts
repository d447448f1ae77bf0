import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { HUB } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { describeIssue, fields } from "../base/issue.js";
import { show } from "../base/values.js";
import type { Shown } from "../base/values.js";
import { LIES } from "../events/events.js";
import type { Header, TraceEvent } from "../events/events.js";
import { BREAKS, SIGNS, STATES, VERDICTS } from "../events/names.js";
import { parseFaults, parseTraitors } from "../faults/troubles.js";
import { parseWindows } from "../faults/windows.js";
import { parseNetwork } from "../network/network.js";
import type { Network, NetworkFile } from "../network/network.js";

/** What a trace may say: each event by itself, and one after the other. */

const VERSION = 1;
const CYCLES_MAX = 2 ** 32;

const whole = (high: number) => z.int().min(0).max(high);

const headerSchema = fields({
  e: z.literal("tagma"),
  version: z.literal(VERSION),
  network: z.record(z.string(), z.unknown()),
  digest: z.string(),
  seed: whole(2 ** 32 - 1),
  cycles: whole(CYCLES_MAX),
  faults: z.array(z.string()),
  traitors: z.array(z.string()),
  windows: z.array(z.string()).optional(),
  real: z.literal(true).optional(),
  first: whole(CYCLES_MAX - 1).optional(),
});

/** @returns SHA-256 of a network file as JSON without spaces, in hexadecimal digits. */
export const digestOf = (file: NetworkFile): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(file))));

/** The header of a run's trace. */
export const headerOf = (
  network: Network,
  run: Pick<Header, "seed" | "cycles" | "faults" | "traitors" | "windows" | "real" | "first">,
): Header => ({
  e: "tagma", version: VERSION, network: network.file, digest: digestOf(network.file),
  seed: run.seed, cycles: run.cycles, faults: run.faults, traitors: run.traitors,
  ...(run.windows ? { windows: run.windows } : {}), ...(run.real ? { real: run.real } : {}),
  ...(run.first ? { first: run.first } : {}),
});

/**
 * @param where names the file, for messages
 * @throws UsageError naming the field, and what would be right
 */
export const checkHeader = (item: unknown, where: string): { header: Header; network: Network } => {
  if ((item as Partial<Header> | null)?.e !== "tagma") {
    throw new UsageError(`${where}: is no trace: one begins with a map in which e is "tagma"`);
  }
  const parsed = headerSchema.safeParse(item, { reportInput: true });
  if (!parsed.success) {
    throw new UsageError(`${where}: the header: ${describeIssue(parsed.error.issues[0]!)}`);
  }
  const header = item as Header;
  const network = parseNetwork(header.network, `${where}: the header's network`);
  const digest = digestOf(network.file);
  if (header.digest !== digest) {
    throw new UsageError(`${where}: the header: digest: is not its network's, which is ${digest}`);
  }
  for (const check of [
    () => parseFaults(network, header.faults), () => parseTraitors(network, header.traitors),
    () => parseWindows(network, header.windows ?? []),
  ]) {
    try {
      check();
    } catch (thrown) {
      throw new UsageError(`${where}: the header: ${(thrown as Error).message}`);
    }
  }
  return { header, network };
};

const lieSchema = z.union([z.boolean(), z.literal("hub")], {
  error: "must be true, false, hub",
});

const signedLieSchema = z.union([z.boolean(), z.literal("hub"), z.enum(LIES)], {
  error: `must be true, false, hub, ${LIES.join(", ")}`,
});

const eventSchemas = (
  { boards, members, rounds, type, signing }: Network, cycles: number,
) => {
  const count = boards.length;
  const time = whole(Number.MAX_SAFE_INTEGER);
  const cycle = whole(cycles - 1);
  const round = whole(rounds);
  const board = whole(count - 1);
  const end = z.int().refine((number) => number === HUB || (number >= 0 && number < count), {
    error: `must be a board, 0 to ${count - 1}, or ${HUB}: the hub`,
  });
  const value = z.custom<Shown>(
    (said) => said === null || show(type.parse(said) ?? undefined) === said,
    { error: `must be null or ${type.range}` },
  );
  // A person's own choice may make any order.
  const order = z.union([z.number(), z.nan(), z.boolean(), z.string(), z.null()], {
    error: "must be an order or null",
  });
  const bytes =
    z.custom<Uint8Array>((said) => said instanceof Uint8Array, { error: "must be bytes" });
  const one = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).length(count);
  // Of each that takes part.
  const entry = <Schema extends z.ZodType>(schema: Schema) =>
    z.array(schema).length(members.length);
  return {
    beacon: fields({ e: z.literal("beacon"), t: time, cycle, round }),
    frame: fields({
      e: z.literal("frame"), t: time, cycle, round, from: end, to: end,
      bytes, said: bytes.optional(),
      fate: z.enum(["heard", "lost", "late", "garbled", "refused"]),
      lie: signing ? signedLieSchema : lieSchema,
    }),
    cycle: fields({
      e: z.literal("cycle"), t: time, cycle, inputs: one(value),
      vectors: one(z.nullable(entry(value))), orders: one(order), faulty: z.array(board),
      asynchronous: z.literal(true).optional(),
      decisions: one(z.array(fields({ slot: whole(2 ** 32 - 1), value }))).optional(),
      tried: one(z.array(fields({
        slot: whole(2 ** 32 - 1), value, retracted: z.literal(true).optional(),
      }))).optional(),
      health: one(z.nullable(fields({
        states: entry(z.enum(STATES)), signs: entry(z.enum(SIGNS)),
      }))).optional(),
      detected: one(z.nullable(fields({ suspects: z.array(board), leader: board }))).optional(),
      blocked: z.array(board).optional(),
      agreement: z.boolean(), validity: z.boolean(), verdict: z.enum(VERDICTS).optional(),
      broken: z.array(z.enum(BREAKS)).min(1).optional(), frames: time, bytes: time, time_us: time,
      overrun: z.array(time).optional(),
      live: fields({
        beacon_late_us: time,
        boards: one(fields({
          here: z.boolean(), answer_us: z.array(z.nullable(time)), lost: time, late_us: time,
          odd: z.boolean(),
        })),
      }).optional(),
    }),
  } satisfies Record<TraceEvent["e"], z.ZodType>;
};

/** Says what is wrong with the next event, or "". */
export type CheckEvent = (item: unknown) => string;

/**
 * Checks events one after the other. Frames may be of an earlier cycle: they were late.
 *
 * @returns the check, and what is missing once no event is left, or ""
 */
export const createCheck = (
  network: Network, { cycles, real, first = 0 }: Header,
): { next: CheckEvent; end: () => string } => {
  const all: Record<string, z.ZodType> = eventSchemas(network, first + cycles);
  const schemas = new Map<unknown, z.ZodType>(Object.entries(all));
  let cycle = first;
  let ended = true;
  return {
    next(item) {
      const schema = schemas.get((item as Partial<TraceEvent> | null)?.e);
      if (!schema) return `e: must be ${[...schemas.keys()].join(" or ")}`;
      const parsed = schema.safeParse(item, { reportInput: true });
      if (!parsed.success) return describeIssue(parsed.error.issues[0]!);
      const event = item as TraceEvent;
      if (event.e === "frame" && event.from === event.to) {
        return `to: ${event.to} is who it is from`;
      }
      if (event.cycle > cycle || (event.e !== "frame" && event.cycle < cycle)) {
        return `cycle: ${event.cycle} must be ${cycle}, which is open`;
      }
      ended = event.e === "cycle";
      if (ended) cycle++;
      return "";
    },
    end: () => (ended && (cycle === first + cycles || real) ? ""
      : `ends in cycle ${cycle}, and its header says that there are ${cycles}`),
  };
};
