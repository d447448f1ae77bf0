import type { Transport, Receive } from "./transport.js";
import { bytesOf } from "./queue.js";

/** Function calls instead of wires. */
export const memoryTransport = (receive: Receive): Transport => ({
  deliver(deliveries) {
    for (const delivery of deliveries) receive(delivery.board, bytesOf(delivery));
    return undefined;
  },
  settled: () => undefined,
  close: () => undefined,
});
