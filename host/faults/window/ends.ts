import { HUB } from "../../../firmware/index.js";
import { AT_BOARD } from "../../topology/queue.js";
import type { Happening } from "../../topology/queue.js";

/** @returns from whom bytes come, and to whom they go on this line; 31 is the hub */
export const endsOf = ({ kind, sender, board }: Happening): readonly [number, number] =>
  (kind === AT_BOARD ? [sender, board] : [board, HUB]);
