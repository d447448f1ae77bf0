import type { Hal } from "./base/hal.js";
import type { Layout } from "./base/layout.js";
import { listener, made } from "./frame/bytes.js";
import { createNode } from "./node/node.js";
import type { Node, Parts } from "./node/node.js";
import type { Uart } from "./platform/espruino.js";

declare const global: { tagma: unknown };
/** Espruino's: calls `act` every so many milliseconds, and `changeInterval` begins them anew. */
declare const setInterval: (act: () => void, milliseconds: number) => number;
declare const changeInterval: (timer: number, milliseconds: number) => void;

/** What the numbers of a bundle are besides a node's. */
export interface Watched extends Layout {
  /** Milliseconds that an order may stand; 0: until there is another. */
  readonly silence: number;
}

/** A node whose orders do not outlive the hub. */
export interface Watching<Value> extends Node<Value> {
  /** How many times `silence` milliseconds went by without a cycle that was closed. */
  silences?: number;
}

/**
 * A board's entry: one node on one UART. It is left in the global `tagma`, where a person at the
 * console or a test bench can look at `tagma.vector`, `tagma.order` and `tagma.counts`, and replace
 * `tagma.read`.
 *
 * An order that is older than `layout.silence` is withdrawn: the default order takes its place, and
 * is carried out again each time as long goes by, until a cycle is closed (SPEC.md, SILENCE.1).
 *
 * @param options Espruino's options of `Serial.setup`: pins, or on Linux a path
 */
export const start = <Value>(
  layout: Watched,
  parts: Parts<Value>,
  uart: Uart,
  baud: number,
  options: object,
  read: () => Value | undefined,
  act: (order: Value) => void,
): void => {
  const hal: Hal<Value> = {
    send(bytes, from, end) {
      const frame = made(bytes, from, end);
      if (layout.poll && parts.enable) parts.enable(frame.length);
      uart.write(frame);
    },
    read,
    act,
  };
  if (layout.tentative) hal.retract = parts.retract!;
  const node: Watching<Value> = createNode(layout, parts, hal);
  let closed = -1;
  let timer = 0;
  global.tagma = node;
  if (layout.silence) {
    node.silences = 0;
    timer = setInterval(() => {
      node.silences!++;
      hal.act(layout.ballots ? parts.fallback : (node.order = parts.fallback));
    }, layout.silence);
  }
  uart.setup(baud, options);
  const receive = listener(node.receive);
  if (!layout.silence) uart.on("data", receive);
  else {
    uart.on("data", (chunk) => {
      receive(chunk);
      if (closed !== node.cycle) {
        closed = node.cycle;
        changeInterval(timer, layout.silence);
      }
    });
  }
};
