import { Gone } from "../../host/flash/talk.js";
import type { Progress, Talk } from "../../host/flash/talk.js";
import type { Board } from "./fake.js";

/** Milliseconds a byte: 115,200 baud. */
const BYTE = 10 / 115.2;

export interface Cut {
  /** The cable is pulled when so many bytes have gone to the board. */
  readonly after?: number;
  readonly told?: (progress: Progress) => void;
  /** The host does not hear this byte. */
  readonly deafTo?: number;
}

/** Bytes that a conversation sent. */
export interface Held<Result> {
  readonly result: Result;
  readonly sent: number;
}

/** Holds a conversation with a board in made-up time, without an event loop. */
export const talkTo = <Result>(
  board: Board, talk: Talk<Result>, { after = Infinity, told, deafTo }: Cut = {},
): Held<Result> => {
  let sent = 0;
  let bytes = new Uint8Array(0);
  for (;;) {
    const step = talk.next({ at: board.time, bytes });
    if (step.done) return { result: step.value, sent };
    const wanted = step.value;
    bytes = new Uint8Array(0);
    if (wanted.want === "tell") told?.(wanted.progress);
    else if (wanted.want === "send") {
      for (const byte of wanted.bytes) {
        if (sent >= after) throw new Gone("the cable is pulled");
        sent++;
        board.take(byte, BYTE);
      }
    } else {
      const until = board.time + wanted.milliseconds;
      const hear = () => board.said().filter((byte) => byte !== deafTo);
      bytes = hear();
      while (!bytes.length && board.time < until) {
        board.pass(until);
        bytes = hear();
      }
    }
  }
};
