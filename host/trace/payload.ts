import { HUB, createWire } from "../../firmware/index.js";
import { limitsOf } from "../network.js";
import type { Network } from "../network.js";
import { show } from "../values.js";
import type { Shown } from "../values.js";

/**
 * @returns the values that a board's frame carries, of records what they propose; undefined where
 *   it is no whole frame
 */
export const valuesIn = (network: Network, frame: Uint8Array): Shown[] | undefined => {
  const { shape, rounds, type } = network;
  const { bitmaps, payloads, items, ...rest } = limitsOf(shape, HUB, false);
  const arena = new Uint8Array(rest.end);
  const view = new DataView(arena.buffer);
  let round = 0;
  let values: Shown[] | undefined;
  const wire = createWire(
    { bitmaps, payloads, items, ...rest }, arena, view, new Uint32Array(3),
    (header) => {
      round = header >> 5;
      return round > 0 && round <= rounds && (header & 31) < shape.boards ? payloads[round]! : -1;
    },
    (_cycle, at) => {
      const bitmap = bitmaps[round]!;
      const count = (payloads[round]! - rest.tags - bitmap) / items[round]!;
      const load = type.create(1);
      const records = rest.ballots && round <= shape.traitors + 1;
      values = Array.from({ length: count }, (_, index) => {
        const from = at + bitmap + index * items[round]!;
        const present = (arena[at + (index >> 3)]! >> (index & 7)) & 1;
        // A record begins with what its board proposes, or has decided.
        const shown = present && (!records || arena[from]);
        return shown ? show(load.load(view, records ? from + 1 : from, 0)) : null;
      });
    },
  );
  wire.decode(frame);
  return values;
};

const HEX_SHOWN = 6;

/** @returns a value with as few digits as tell it from others; of long rows, the first bytes. */
export const shortText = (network: Network, value: Shown): string => {
  if (value === null) return "⊥";
  if (typeof value === "string" && value.length > HEX_SHOWN + 1) {
    return `${value.slice(0, HEX_SHOWN)}…`;
  }
  if (typeof value !== "number" || network.type.name !== "f32") return String(value);
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(single.toPrecision(digits)));
    if (Math.fround(Number(text)) === single) return text;
  }
  return String(value);
};
