/**
 * A network of the product's SM cores without frames, nodes or time, and beside it SM as the paper
 * has it, naively: both are told the same by the same liars, who sign with their own keys and show
 * what others signed, and can forge nothing.
 */
import { layoutOf } from "../../firmware/base/layout.js";
import type { Layout, Shape } from "../../firmware/base/layout.js";
import { createSm } from "../../firmware/core/sm.js";
import type { Signer } from "../../firmware/core/sm.js";

export const NOTHING = -1;
const SIGNATURE = 3;
const CYCLE = 7;

export const signedShape = (boards: number, traitors: number, commander = -1): Shape =>
  ({ boards, traitors, width: 1, commander, signature: SIGNATURE });

/** One value that somebody shows, and who signed it between its commander and whoever shows it. */
export interface Item {
  readonly of: number;
  readonly value: number;
  readonly ids: readonly number[];
  /** For each signature, the commander's first: whether it is that signer's. */
  readonly genuine: readonly boolean[];
}

/** What a liar shows to a receiver in a round; undefined: it sends no frame. */
export type Lie = (round: number, sender: number, receiver: number) => Item[] | undefined;

/** As good as unforgeable: nobody in these tests writes one but by the key's owner's hand. */
const tag = (board: number, of: number, value: number): number[] =>
  [160 + board, (of * 16 + CYCLE) & 255, value ^ 90];

const signerOf = (arena: Uint8Array, self: number, able: boolean): Signer => ({
  open: () => undefined,
  close: () => undefined,
  state: () => 0,
  left: () => 1,
  sign(of, order, to) {
    arena.set(tag(self, of, arena[order]!), to);
    return able;
  },
  verify: (board, of, order, at) =>
    tag(board, of, arena[order]!).every((byte, index) => arena[at + index] === byte),
});

/** How many signatures an item has in a round: the last hop has none (SM.4). */
export const signaturesIn = ({ traitors }: Shape, round: number): number =>
  Math.min(round, traitors);

/** The place of an item of commander `of` in a frame of `sender`. */
const indexOf = (shape: Shape, sender: number, round: number, of: number, nth: number): number => {
  if (round === 1) return 0;
  const each = round === 2 ? 1 : 2;
  const others = shape.commander >= 0 ? [shape.commander]
    : Array.from({ length: shape.boards }, (_, board) => board).filter((one) => one !== sender);
  return others.indexOf(of) * each + nth;
};

/** Items as a frame's payload has them; more than there is room for are left out. */
export const encodeItems = (
  shape: Shape, sizes: Layout, sender: number, round: number, items: readonly Item[],
): Uint8Array => {
  const payload = new Uint8Array(sizes.payloads[round]!);
  const count = new Map<number, number>();
  for (const { of, value, ids, genuine } of items) {
    const nth = count.get(of) ?? 0;
    count.set(of, nth + 1);
    if (nth >= (round < 3 ? 1 : 2)) continue;
    const index = indexOf(shape, sender, round, of, nth);
    const chain = round === 1 ? [of] : [of, ...ids, sender];
    const signatures = genuine.flatMap((own, place) =>
      tag(chain[place]!, of, own ? value : value + 1));
    payload[index >> 3]! |= 1 << (index & 7);
    const at = sizes.bitmaps[round]! + index * sizes.items[round]!;
    payload.set([value, ...ids, ...signatures], at);
  }
  return payload;
};

export interface Outcome {
  /** By board: the vector, NOTHING for ⊥; undefined for liars. */
  readonly vectors: readonly (readonly number[] | undefined)[];
}

/** @param inputs by board; a liar's does not matter */
export type Run = (
  inputs: readonly number[], liars: ReadonlySet<number>, lie: Lie, lost?: Lost,
) => Outcome;

/** Frames between correct boards that do not arrive. */
export type Lost = (round: number, sender: number, receiver: number) => boolean;

const speaks = ({ commander }: Shape, board: number, round: number): boolean =>
  commander < 0 || (board === commander) === (round === 1);

/** The product's cores. @param able whether a board can sign */
export const createSigned = (
  shape: Shape, able: (board: number) => boolean = () => true,
): Run => {
  const boards = Array.from({ length: shape.boards }, (_, board) => board);
  const sizes = boards.map((board) => layoutOf(shape, board, false));
  const arenas = sizes.map(({ end }) => new Uint8Array(end));
  const cores = sizes.map((one, self) =>
    createSm(one, arenas[self]!, signerOf(arenas[self]!, self, able(self))));
  return (inputs, liars, lie, lost) => {
    for (const board of boards) {
      const arena = arenas[board]!;
      const commands = speaks(shape, board, 1) && inputs[board]! >= 0;
      arena[0] = commands ? 1 : 0;
      if (commands) arena[1] = inputs[board]!;
      cores[board]!.close(0, 0);
    }
    for (let round = 1; round <= shape.traitors + 1; round++) {
      const heard = boards.map(() => 0);
      for (const receiver of boards) {
        if (liars.has(receiver)) continue;
        const { heard: at, block } = sizes[receiver]!;
        for (const sender of boards) {
          if (sender === receiver || !speaks(shape, sender, round)) continue;
          if (!liars.has(sender) && lost?.(round, sender, receiver)) continue;
          const from = sizes[sender]!.levels[round - 1]!;
          const bytes = sizes[sender]!.payloads[round]!;
          const items = liars.has(sender) ? lie(round, sender, receiver) : undefined;
          if (liars.has(sender) && !items) continue;
          const payload = items ? encodeItems(shape, sizes[sender]!, sender, round, items)
            : arenas[sender]!.subarray(from, from + bytes);
          arenas[receiver]!.set(payload, at + sender * block);
          heard[receiver]! |= 1 << sender;
        }
      }
      for (const board of boards) if (!liars.has(board)) cores[board]!.close(round, heard[board]!);
    }
    const entry = (board: number, of: number) => {
      const at = cores[board]!.entry(of);
      return at < 0 ? NOTHING : arenas[board]![at]!;
    };
    return {
      vectors: boards.map((board) =>
        (liars.has(board) ? undefined : boards.map((of) => entry(board, of)))),
    };
  };
};

/** Told of what correct boards say in a round, before any liar speaks in it. */
export type Overhear = (round: number, sender: number, items: readonly Item[]) => void;

/** SM(m) of the paper: sets of orders, and messages with their chains of signers. */
export const createNaiveSigned = (shape: Shape, overhear?: Overhear): Run => (
  inputs, liars, lie, lost,
) => {
  const boards = Array.from({ length: shape.boards }, (_, board) => board);
  const honest = boards.filter((board) => !liars.has(board));
  const known = boards.map(() => boards.map((): number[] => []));
  let outgoing = new Map<number, Item[]>();
  for (const board of honest) {
    const own = speaks(shape, board, 1) && inputs[board]! >= 0;
    const order = { of: board, value: inputs[board]!, ids: [], genuine: [true] };
    outgoing.set(board, own ? [order] : []);
  }
  for (let round = 1; round <= shape.traitors + 1; round++) {
    for (const [sender, items] of outgoing) {
      if (speaks(shape, sender, round)) overhear?.(round, sender, items);
    }
    const next = new Map<number, Item[]>(honest.map((board) => [board, []]));
    for (const receiver of honest) {
      for (const sender of boards.filter((board) => board !== receiver)) {
        if (!speaks(shape, sender, round)) continue;
        if (!liars.has(sender) && lost?.(round, sender, receiver)) continue;
        const items = liars.has(sender) ? lie(round, sender, receiver) : outgoing.get(sender);
        for (const { of, value, ids, genuine } of items ?? []) {
          const chain = round === 1 ? [of] : [of, ...ids, sender];
          const set = known[receiver]![of]!;
          const sound = chain.length === round && new Set(chain).size === round &&
            !chain.includes(receiver) && chain.every((board) => boards.includes(board)) &&
            genuine.every(Boolean);
          if (!sound || set.includes(value) || set.length >= 2) continue;
          set.push(value);
          next.get(receiver)!.push({
            of, value, ids: chain.slice(1),
            genuine: Array.from({ length: signaturesIn(shape, round + 1) }, () => true),
          });
        }
      }
    }
    outgoing = next;
  }
  return {
    vectors: boards.map((board) => (liars.has(board) ? undefined : boards.map((of) => {
      if (of === board) return speaks(shape, board, 1) ? inputs[board]! : NOTHING;
      const set = known[board]![of]!;
      return set.length === 1 ? set[0]! : NOTHING;
    }))),
  };
};

/** IC1 and IC2, judged from what boards hold; "" where both hold. */
export const broken = (
  shape: Shape, inputs: readonly number[], { vectors }: Outcome,
): string => {
  const correct = vectors.flatMap((vector, board) => (vector ? [board] : []));
  const text = (board: number) => vectors[board]!.join();
  for (const board of correct) {
    if (text(board) !== text(correct[0]!)) return `agreement: ${correct.map(text).join(" | ")}`;
    for (const of of correct) {
      const input = speaks(shape, of, 1) ? inputs[of]! : NOTHING;
      if (vectors[board]![of] !== input) return `validity: ${board} about ${of}: ${text(board)}`;
    }
  }
  return "";
};
