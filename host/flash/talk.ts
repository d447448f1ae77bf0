/**
 * Conversations with a board, as what they are: bytes out, bytes in, and patience. A conversation
 * is a generator that asks for these and does nothing else, so it runs over a real port, over a
 * mock one, and in made-up time.
 */

/** What a conversation asks of whoever runs it. */
export type Want =
  | { readonly want: "send"; readonly bytes: Uint8Array }
  /** What has come; else the first that comes within so many milliseconds. */
  | { readonly want: "hear"; readonly milliseconds: number }
  | { readonly want: "tell"; readonly progress: Progress };

/** What it is given for it: when it was done, and what has come (nothing: an empty array). */
export interface Given {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export type Talk<Result> = Generator<Want, Result, Given>;

export const STAGES = ["find", "stop", "write", "compare", "start"] as const;
export type Stage = (typeof STAGES)[number];

/** How far it has come, in bytes of the program where `total` is not 0. */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
}

/** It went wrong on the line or on the board; the message says what to do. */
export class FlashError extends Error {
  override readonly name: string = "FlashError";
}

/** The other end of a line is gone: pulled, closed, or never there. */
export class Gone extends Error {
  override readonly name = "Gone";
}

/** A line to a board. */
export interface Port {
  /** Done when the bytes are on the line, as far as that can be known. @throws Gone */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * What has come since it was last asked; else the first that comes; empty where nothing comes
   * within so many milliseconds. @throws Gone
   */
  read(milliseconds: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Around {
  /** Milliseconds of any clock that does not go back. */
  readonly now: () => number;
  readonly told?: (progress: Progress) => void;
  /** Called before each step; what it throws ends the conversation. */
  readonly check?: () => void;
}

const NOTHING = new Uint8Array(0);
/** So that a person who asks to stop does not wait for the board. */
const PATIENCE_MAX = 100;

/** Runs a conversation over a port. */
export const hold = async <Result>(
  talk: Talk<Result>, port: Port, { now, told, check }: Around,
): Promise<Result> => {
  let bytes: Uint8Array = NOTHING;
  for (;;) {
    check?.();
    const step = talk.next({ at: now(), bytes });
    if (step.done) return step.value;
    const wanted = step.value;
    bytes = NOTHING;
    if (wanted.want === "send") await port.write(wanted.bytes);
    else if (wanted.want === "hear") {
      bytes = await port.read(Math.min(wanted.milliseconds, PATIENCE_MAX));
    } else told?.(wanted.progress);
  }
};
