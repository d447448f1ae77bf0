/** What a person did wrong: shown as one line, without a stack, with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const textOf = (thrown: unknown): string => {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "something that has no text";
  }
};

/** @returns the message of whatever was thrown, on one line. */
export const messageOf = (thrown: unknown): string => textOf(thrown).replace(/\s*\n\s*/g, " ");
