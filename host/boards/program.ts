import { UsageError } from "../base/error.js";
import type { Board } from "../network/network.js";

/** What a board's own program threw: its text, which may hold a secret, is never shown. */
export class ProgramError extends UsageError {}

/** As much of what was thrown is shown: it may be whatever a script has made of it. */
const SHOWN = 100;

const told = (thrown: unknown): string => {
  try {
    const [line = ""] = String(thrown).split("\n");
    return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
  } catch {
    return "what has no text";
  }
};

/**
 * Runs what is a board's.
 *
 * @throws ProgramError naming the board
 */
export const inProgram = <Result>({ name }: Board, run: () => Result): Result => {
  try {
    return run();
  } catch (thrown) {
    // What the program brought about out of itself, and what is no fault of its own.
    if (thrown instanceof UsageError || told(thrown).endsWith("out of memory")) throw thrown;
    throw new ProgramError(`board ${name}: its program stops with ${told(thrown)}`);
  }
};
