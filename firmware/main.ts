import type { Limits } from "./core/limits.js";
import type { Uart } from "./espruino.js";
import { createNode } from "./node.js";
import type { Parts } from "./node.js";

declare const global: { tagma: unknown };
declare const E: { toUint8Array(chunk: string): Uint8Array };

/**
 * A board's entry: one node on one UART. It is left in the global `tagma`, where a person at the
 * console or a test bench can look at `tagma.vector`, `tagma.order` and `tagma.counts`, and replace
 * `tagma.read`.
 *
 * @param options Espruino's options of `Serial.setup`: pins, or on Linux a path
 */
export const start = <Value>(
  limits: Limits,
  parts: Parts<Value>,
  uart: Uart,
  baud: number,
  options: object,
  read: () => Value | undefined,
  act: (order: Value) => void,
): void => {
  const node = createNode(limits, parts, {
    send(bytes, from, end) {
      if (limits.poll && parts.enable) parts.enable(end - from);
      uart.write(bytes.subarray(from, end));
    },
    read,
    act,
  });
  global.tagma = node;
  uart.setup(baud, options);
  uart.on("data", (chunk) => {
    node.receive(E.toUint8Array(chunk));
  });
};
