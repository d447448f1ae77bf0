import { HUB } from "../base/layout.js";
import type { Layout } from "../base/layout.js";

/** On a shared wire: who may speak, and the frame that waits for this board's own poll. */
export interface Polling {
  /** Who was polled last. */
  speaker: number;
  /** Where the frame ends that waits, 0 if none does. */
  ready: number;
  /** WIRE.5: a beacon names who is polled. @returns whether this board has a frame to send now */
  readonly poll: (board: number) => number | boolean;
}

export const createPolling = (layout: Layout): Polling => {
  const polling: Polling = {
    speaker: HUB,
    ready: 0,
    poll(board) {
      polling.speaker = board;
      return polling.speaker === layout.self && polling.ready;
    },
  };
  return polling;
};
