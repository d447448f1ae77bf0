/**
 * How requests and answers are framed on the pipes: a letter for the kind, six digits for the
 * length, and as many bytes. The last part of an answer is of the kind `LAST`.
 */
export interface Part {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** Of the part that ends an answer; and of a question, whose reply the interpreter waits for. */
export const LAST = "m";
export const QUESTION = "q";
const HEADER = 7;

export const framed = (kind: string, text: string | Uint8Array): Buffer => {
  const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : Buffer.from(text);
  const header = `${kind}${String(bytes.length).padStart(HEADER - 1, "0")}`;
  return Buffer.concat([Buffer.from(header, "latin1"), bytes]);
};

/**
 * Puts answers together from what comes out of the pipe, cut anywhere.
 *
 * @param asked takes a question as soon as it is there
 */
export const createParts = (asked: (question: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  let parts: Part[] = [];
  return {
    /** @returns the answers that are whole now */
    take(chunk: Buffer): (readonly Part[])[] {
      const answers: (readonly Part[])[] = [];
      rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
      while (rest.length >= HEADER) {
        const length = Number(rest.toString("latin1", 1, HEADER));
        if (rest.length < HEADER + length) break;
        const kind = rest.toString("latin1", 0, 1);
        const bytes = rest.subarray(HEADER, HEADER + length);
        rest = rest.subarray(HEADER + length);
        if (kind === QUESTION) {
          asked(bytes);
          continue;
        }
        parts.push({ kind, bytes });
        if (kind !== LAST) continue;
        answers.push(parts);
        parts = [];
      }
      return answers;
    },
  };
};
