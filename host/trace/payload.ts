import { HUB, createWire } from "../../firmware/index.js";
import type { Layout } from "../../firmware/index.js";
import { show } from "../base/values.js";
import type { Shown } from "../base/values.js";
import { layoutFor } from "../network/network.js";
import type { Network } from "../network/network.js";
import { NUMBER_BYTES } from "../network/record.js";
import { duels, placesIn } from "../network/turns.js";

/** What a board says in a round, its tags included. */
export interface Spoken {
  readonly round: number;
  readonly payload: Uint8Array;
}

const layouts = new WeakMap<Network, Layout>();

/** What whoever listens to a network needs to know of its frames; worked out once for each. */
const heardBy = (network: Network): Layout => {
  const known = layouts.get(network) ?? layoutFor(network.shape, HUB, false);
  layouts.set(network, known);
  return known;
};

/** @returns what a board's frame carries; undefined where it is no whole frame */
export const spokenIn = (network: Network, frame: Uint8Array): Spoken | undefined => {
  const { shape, rounds } = network;
  const layout = heardBy(network);
  const { payloads } = layout;
  const arena = new Uint8Array(layout.end);
  let spoken: Spoken | undefined;
  const wire = createWire(
    layout, arena, new DataView(arena.buffer), new Uint32Array(3),
    (sender, round) => (round > 0 && round <= rounds && sender < shape.boards
      ? layout.overhead + payloads[round]! : 0),
    (_sender, round, _cycle, at) => {
      spoken ??= { round, payload: arena.slice(at, at + payloads[round]!) };
    },
  );
  wire.decode(frame);
  return spoken;
};

/**
 * @returns the values that a board's frame carries, of records what they propose; undefined where
 *   it is no whole frame
 */
export const valuesIn = (network: Network, frame: Uint8Array): Shown[] | undefined => {
  const spoken = spokenIn(network, frame);
  if (!spoken) return undefined;
  const { type } = network;
  const layout = heardBy(network);
  const { bitmaps, items, ballots, tags, exchanges } = layout;
  const { round, payload } = spoken;
  const view = new DataView(payload.buffer);
  const bitmap = bitmaps[round]!;
  const count = placesIn(layout, round, payload.length - tags);
  const load = type.create(1);
  const records = ballots && round <= exchanges;
  return Array.from({ length: count }, (_, index) => {
    const from = bitmap + index * items[round]!;
    const present = (payload[index >> 3]! >> (index & 7)) & 1;
    // A record begins with what its board proposes, or has decided.
    const shown = present && (!records || payload[from]);
    return shown ? show(load.load(view, records ? from + 1 : from, 0)) : null;
  });
};

const HEX_SHOWN = 6;

/**
 * DUEL.1 to DUEL.3, where boards propose against each other.
 *
 * @returns what a board's frame asks for, or answers; undefined elsewhere
 */
export const duelText = (network: Network, frame: Uint8Array): string | undefined => {
  const { boards, record, type } = network;
  const spoken = duels(boards[0]!.layout) ? spokenIn(network, frame) : undefined;
  if (!spoken) return undefined;
  const { round, payload } = spoken;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const valueAt = (at: number) => shortText(network, show(type.create(1).load(view, at, 0)));
  if (round > 1) {
    return payload[0]! > 1 ? "asks" : payload[0]! & 1 ? `sends ${valueAt(1)}` : "⊥";
  }
  if (!(payload[0]! & 1)) return "⊥";
  const [promised, accepted] = record.filter(({ is }) => is === "whose").map(({ at }) => 1 + at);
  const numberAt = (at: number) =>
    `${boards[payload[at]!]?.name ?? "?"} of cycle ${view.getUint32(at + 1, true) - 1}`;
  const asked = view.getUint32(promised! + 1, true);
  const told = view.getUint32(accepted! + 1, true);
  return [
    asked ? `promised ${numberAt(promised!)}` : "promised nobody",
    ...(told
      ? [`accepted ${valueAt(accepted! + 1 + NUMBER_BYTES)} of ${numberAt(accepted!)}`] : []),
  ].join(", ");
};

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
