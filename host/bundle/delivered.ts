import type { Board, Network } from "../network/network.js";
import { asksFor } from "../network/syntax.js";

/**
 * ABC.1: the n entries of a cycle are the next n messages of one order. An order's script that
 * asks for `vector` finds them there, and the number of the `cycle` (docs/agreement.md).
 */

export const isDelivered = ({ file: { order }, layout }: Board): boolean =>
  order !== undefined && "script" in order && !layout.ballots && asksFor(order.script, "vector");

/**
 * Statements, for where an order is carried out. In a silence there is no vector: nothing is
 * delivered twice (ABC.3).
 */
export const deliveredSource = ({ file }: Network): string =>
  (file.silence_ms === undefined ? "var cycle=tagma.cycle,vector=tagma.vector.slice();"
    : "var cycle=tagma.cycle,vector=tagma.told===cycle?[]:tagma.vector.slice();tagma.told=cycle;");
