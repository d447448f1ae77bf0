import { z } from "zod";
import { VALUE_MAX, shortened } from "../base/text.js";
import { BOOT, OTHERS, SLOTS, isCut, programIn } from "./boot.js";
import type { Program } from "./boot.js";
import type { Console } from "./console.js";
import { Refused } from "./console.js";
import { FlashError } from "./talk.js";
import type { Talk } from "./talk.js";

/** What a board is, and what lies on it. Asking changes nothing. */

export interface Identity {
  /** As Espruino tells it: "2v29". */
  readonly version: string;
  /** Espruino's id of the board kind. */
  readonly kind: string;
}

export type State =
  /** Nothing of ours, and nothing boots. */
  | "empty"
  /** The program that the boot code names is there to the last byte, and boots. */
  | "whole"
  /** A transfer was cut; no program of ours boots. */
  | "unfinished"
  /** Code that is not ours boots. */
  | "foreign";

export interface Survey extends Identity {
  readonly state: State;
  /** What boots, where the state is whole. */
  readonly program: Program | undefined;
  /** A transfer to the other slot was cut, or its end was: it does no harm. */
  readonly remains: boolean;
  /** Files that boot too, and are not ours. */
  readonly others: readonly string[];
  /** Bytes of a file that can be written now. */
  readonly free: number;
  /** Bytes that can be made free without touching what is not ours; undefined: it cannot tell. */
  readonly room: number | undefined;
  /** A program of ours runs. */
  readonly runs: boolean;
}

/** The boot code of a program is shorter. */
const BOOT_SHOWN = 400;

const QUESTION = `var s=require("Storage"),b=s.read(${JSON.stringify(BOOT)});` +
  `[b?b.substr(0,${BOOT_SHOWN}):"",${JSON.stringify(SLOTS)}.map(function(n){var c=s.read(n);` +
  "return c?[c.length,E.CRC32(c)]:0})," +
  `${JSON.stringify(OTHERS)}.filter(function(n){return s.read(n)!==undefined}),` +
  "s.getFree(),s.getStats?s.getStats():0,typeof tagma==\"object\"]";

/** What a board says is as little to be trusted as any file. */
const size = z.int().min(0);
const word = z.string().min(1).max(64);
const answerSchema = z.tuple([
  z.string().max(BOOT_SHOWN),
  z.tuple([
    z.union([z.tuple([size, z.int()]), z.literal(0)]),
    z.union([z.tuple([size, z.int()]), z.literal(0)]),
  ]),
  z.array(z.enum(OTHERS)).max(OTHERS.length), z.number(),
  z.union([z.object({ freeBytes: z.number(), trashBytes: z.number() }), z.literal(0)]), z.boolean(),
]);
type Answer = z.infer<typeof answerSchema>;

/** @throws FlashError naming what was asked, where a board answers anything else */
const answered = <Kept>(schema: z.ZodType<Kept>, said: unknown, asked: string): Kept => {
  const result = schema.safeParse(said);
  if (result.success) return result.data;
  throw new FlashError(`the board does not tell ${asked}, it answers ${
    shortened(JSON.stringify(said), VALUE_MAX)}`);
};

/** A file's header and its end, rounded up, as Espruino's Storage lays files out. */
export const fileBytes = (bytes: number): number => 32 + Math.ceil(bytes / 16) * 16;

export const identify = function* (board: Console): Talk<Identity> {
  const said = yield* board.call("[process.env.VERSION,process.env.BOARD]");
  const [version, kind] = answered(z.tuple([word, word]), said, "what it is");
  return { version, kind };
};

/** @throws FlashError if the board has no Storage */
export const survey = function* (board: Console, who?: Identity): Talk<Survey> {
  const identity = who ?? (yield* identify(board));
  const { version } = identity;
  let answer: Answer;
  try {
    answer = answered(answerSchema, yield* board.call(QUESTION), "what lies on it");
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    throw new FlashError(
      `Espruino ${version} has no Storage to keep a program in: ${thrown.message}; 2v00 has`,
    );
  }
  const [boot, slots, others, free, stats, runs] = answer;
  const program = programIn(boot);
  const holds = (named: Program) => {
    const slot = slots[SLOTS.indexOf(named.slot)];
    return slot !== undefined && slot !== 0 && slot[0] === named.bytes &&
      slot[1] >>> 0 === named.crc;
  };
  const whole = program && holds(program) ? program : undefined;
  const lying = slots.filter((slot) => slot !== 0);
  const ours = lying.reduce((sum, slot) => sum + fileBytes(slot[0]), 0);
  const state = whole ? "whole"
    : program || isCut(boot) ? "unfinished"
      : boot ? "foreign" : lying.length ? "unfinished" : "empty";
  return {
    ...identity, state, program: whole, others, free, runs,
    remains: lying.length > (whole ? 1 : 0),
    room: stats ? stats.freeBytes + stats.trashBytes + ours : undefined,
  };
};

/** Whether an Espruino of this version has packets: since 2v25. */
export const hasPackets = (version: string): boolean => {
  const [, major, minor] = /^(\d+)v(\d+)/.exec(version) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 25);
};
