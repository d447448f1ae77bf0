import type { Link, Receive } from "./link.js";

/** Function calls instead of wires. */
export const memoryLink = (receive: Receive): Link => ({
  deliver(deliveries) {
    for (const { board, bytes, length } of deliveries) receive(board, bytes.subarray(0, length));
    return undefined;
  },
  close: () => undefined,
});
