import { z } from "zod";
import type { Shape } from "../../firmware/base/layout.js";
import { NO_WATCH } from "../../firmware/base/watch.js";
import type { Watch } from "../../firmware/base/watch.js";
import { UsageError } from "../base/error.js";
import { fields } from "../base/issue.js";
import type { HostType } from "../base/values.js";

/** What the network file says of the health of boards (docs/health.md). */

const STUCK_MAX = 255;
const PERMANENT_MAX = 255;
const PERMANENT_FALLBACK = 4;
const FORGET_MAX = 8191;
const FORGET_FALLBACK = 16;
/** A count of cycles has a byte. */
export const SUSPECT_MAX = 255;
/** A count and a bit have two bytes. */
const WORST_MAX = 32767;

export const healthSchema = fields({
  tolerance: z.number().min(0).optional()
    .describe("An entry dissents that is farther from the median than this; unless told, one " +
      "that is not what the majority has."),
  range: z.tuple([z.number(), z.number()]).optional()
    .describe("The least and the most that an entry may be."),
  stuck: z.int().min(2).max(STUCK_MAX).optional()
    .describe("After so many cycles in which most others moved and a board did not, it is stuck; " +
      "unless told, no board ever is."),
  permanent: z.int().min(1).max(PERMANENT_MAX).optional()
    .describe(`So many signs in a row make a board permanent, ${PERMANENT_FALLBACK} unless told.`),
  forget: z.int().min(1).max(FORGET_MAX).optional()
    .describe(`So many cycles without a sign outweigh one with a sign, ${
      FORGET_FALLBACK} unless told.`),
});

interface HealthFile {
  readonly health?: z.infer<typeof healthSchema> | undefined;
  readonly commander?: string | undefined;
  readonly first_cycle?: number | undefined;
  readonly suspect_cycles?: number | undefined;
  readonly value?: unknown;
  readonly boards: readonly { readonly alarm?: unknown }[];
}

/**
 * @param shape with views, so many cycles are one of health: a review (HEALTH.9)
 * @param alarm whether the board is to be told
 */
export const watchOf = (
  { health, first_cycle: first = 0, suspect_cycles: suspect = 0, value }: HealthFile,
  { boards, traitors, review = 0 }: Shape & { readonly review?: number }, alarm: boolean,
): Watch => {
  if (!health) return { ...NO_WATCH, suspect };
  const { tolerance, range, stuck = 0 } = health;
  const { permanent = PERMANENT_FALLBACK, forget = FORGET_FALLBACK } = health;
  const [low, high] = range ?? [0, 0];
  return {
    health: true, rows: typeof value === "object",
    near: tolerance !== undefined, tolerance: tolerance ?? 0,
    ranged: range !== undefined, low, high, still: stuck,
    movers: Math.max(traitors, (boards - 1) >> 1), forget, worst: permanent * forget,
    origin: Math.ceil(review ? first / review : first), alarm, suspect,
  };
};

/** @throws UsageError naming the field, and what would be right */
export const refuseHealth = (
  file: HealthFile, { boards, traitors }: Shape, type: HostType, path: string,
): void => {
  const refuse = (what: string): never => {
    throw new UsageError(`${path}: ${what}`);
  };
  const { health } = file;
  const told = file.boards.findIndex(({ alarm }) => alarm !== undefined);
  if (!health) {
    if (told < 0) return;
    refuse(`boards[${told}].alarm: nothing is watched, "health": {} would do so`);
    return;
  }
  const { tolerance, range } = health;
  const { permanent = PERMANENT_FALLBACK, forget = FORGET_FALLBACK } = health;
  if (file.commander !== undefined) {
    refuse(`health: only ${JSON.stringify(file.commander)} has an entry, and there is none to ` +
      "compare it with: leave out commander");
  }
  if (boards <= 2 * traitors) {
    refuse(`health: ${traitors} of ${boards} boards may lie, and could outvote the others: ` +
      `at least ${2 * traitors + 1} boards are needed`);
  }
  const field = tolerance === undefined ? "range" : "tolerance";
  if (!type.ordered && (tolerance ?? range) !== undefined) {
    refuse(`health.${field}: needs numbers, and ${type.name} has none: leave it out`);
  }
  if (range && range[0] > range[1]) {
    refuse(`health.range: [${range.join(", ")}] has the most before the least`);
  }
  if (permanent * forget > WORST_MAX) {
    refuse(`health: permanent * forget is ${permanent} * ${forget}, it must be at most ${
      WORST_MAX}`);
  }
};
