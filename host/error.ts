/** What a person did wrong: shown as one line, without a stack, with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** @returns the message of whatever was thrown, on one line. */
export const messageOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\s*\n\s*/g, " ");
