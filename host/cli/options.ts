import { InvalidArgumentError } from "commander";
import { hasUnseen } from "../base/text.js";

/** Readers of options, which say what would be right. */

/** @returns a reader of whole numbers from `low` to `high`. */
export const whole = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}`);
  }
  return value;
};

/** Gathers what is given several times. */
export const gather = (text: string, before: readonly string[] = []): readonly string[] =>
  [...before, text];

export { CYCLES_MAX, SEED_MAX } from "../faults/limits.js";

/** An argument as a shell takes it. */
const quoted = (word: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!hasUnseen(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const codes = Array.from(word.replaceAll(/['\\]/g, "\\$&"), (character) =>
    (hasUnseen(character)
      ? `\\U${character.codePointAt(0)!.toString(16).padStart(8, "0")}` : character));
  return `$'${codes.join("")}'`;
};

/** @returns a command that a person can paste. */
export const commandLine = (words: readonly string[]): string =>
  ["tagma", ...words].map(quoted).join(" ");
