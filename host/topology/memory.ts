import type { Link, Receive } from "./link.js";
import { bytesOf } from "./queue.js";

/** Function calls instead of wires. */
export const memoryLink = (receive: Receive): Link => ({
  deliver(deliveries) {
    for (const delivery of deliveries) receive(delivery.board, bytesOf(delivery));
    return undefined;
  },
  settled: () => undefined,
  close: () => undefined,
});
