import { createSigning } from "../../firmware/auth/lms/signing.js";
import { createMac } from "../../firmware/auth/mac/mac.js";
import { FIRST_PLACE, firstImage } from "../../firmware/index.js";
import type { Means } from "../boards/board.js";
import { placeOf } from "../faults/signed.js";
import type { JudgeKeys } from "../keys/keyfile.js";
import { macPartsOf } from "../keys/mac.js";
import type { Board, Network } from "../network/network.js";
import { spokenIn } from "../trace/payload.js";
import type { Spoken } from "../trace/payload.js";

/**
 * What a stand-in has in place of its board's secrets. It cannot sign, and need not: of what the
 * board has signed it takes the signature that is right, under the board's public key, for what the
 * stand-in would sign itself. Tags no public key can check. Where the keys of the links are known,
 * stand-ins check and make them as the boards do. Where they are not, a tag is taken for right if
 * the frame arrives as its sender said it.
 */

export interface StandInMeans {
  /** A cycle is judged: what was said in the one before is forgotten. */
  open(): void;
  /** A frame of `board`, as it came to the hub. */
  hear(board: number, frame: Uint8Array): void;
  /** Whether a board did not sign, or not truly, what it would have signed if it were correct. */
  unsigned(board: number): boolean;
  /**
   * By ballots, before the stand-in of a board begins anew: the board may have promised something
   * in the ballots up to `after`, and has forgotten it.
   */
  forget(board: number, after: number): void;
  /** What the stand-in of a board is made with. */
  of(board: Board): Means;
}

type Sign = NonNullable<ReturnType<NonNullable<Means["signer"]>>>;

/** Where a board's own signature of an order may lie in what it said. */
const signaturesOf = function* (
  network: Network, board: number, said: readonly Spoken[], commander: number, order: Uint8Array,
): Generator<Uint8Array, void, undefined> {
  const { items, bitmaps, tags, traitors, signature } = network.boards[board]!.layout;
  for (const { round, payload } of said) {
    if (round > traitors) continue;
    const count = (payload.length - tags - bitmaps[round]!) / items[round]!;
    for (let index = 0; index < count; index++) {
      const { present, from, of } = placeOf(network, board, round, index, payload);
      const same = Buffer.compare(payload.subarray(from, from + order.length), order) === 0;
      const end = from + items[round]!;
      if (present && of === commander && same) yield payload.subarray(end - signature, end);
    }
  }
};

const NO_STORE = { read: () => undefined, write: () => undefined };

/** @param failed is told that there is no such signature */
const signerOf = (
  network: Network, board: Board, { keys }: JudgeKeys, said: () => readonly Spoken[],
  failed: () => void,
): Pick<Means, "signer"> => {
  const { signing, number, layout } = board;
  if (!signing) return {};
  const nothing = new Uint8Array(signing.hashBytes);
  return {
    signer(buffer, counts): Sign {
      const arena = new Uint8Array(buffer);
      const signer = createSigning(signing, buffer, counts, {
        network: network.signing!.network, keys: keys!.flatMap((key) => [...key]),
        seed: nothing, crown: () => nothing, slots: NO_STORE,
      });
      return {
        ...signer,
        sign(commander, order, to) {
          const text = arena.slice(order, order + layout.width);
          for (const found of signaturesOf(network, number, said(), commander, text)) {
            arena.set(found, to);
            if (signer.verify(number, commander, order, to)) return true;
          }
          failed();
          return false;
        },
      };
    },
  };
};

const macOf = (
  network: Network, { layout, number }: Board, { links }: JudgeKeys,
  said: (board: number) => readonly Spoken[],
): Pick<Means, "mac"> => {
  if (!layout.tag) return {};
  if (links) {
    const parts = macPartsOf(network, links[number]!);
    return { mac: (arena, view, counts) => createMac(layout, arena, view, counts, parts) };
  }
  return {
    mac: (arena) => ({
      seal(_header, _cycle, from, bytes) {
        const to = layout.mac;
        arena.copyWithin(to, from, from + bytes - layout.tags);
        arena.fill(0, to + bytes - layout.tags, to + bytes);
        return to;
      },
      check(header, _cycle, from, end) {
        const word = said(header & 31).find(({ round }) => round === header >> 5);
        return word !== undefined && Buffer.compare(word.payload, arena.subarray(from, end)) === 0;
      },
    }),
  };
};

/** What a board of ballots writes down: its stand-in is never without power. */
const placesOf = (
  { layout, number }: Board, places: Map<number, Uint8Array>,
  wrote: (board: number, image: Uint8Array) => void,
): Pick<Means, "places"> => {
  if (!layout.ballots) return {};
  places.set(FIRST_PLACE, firstImage(layout));
  return {
    places: {
      read: (place) => places.get(place),
      write(place, bytes) {
        const image = bytes.slice();
        places.set(place, image);
        if (layout.stored) wrote(number, image);
      },
    },
  };
};

/** @param wrote is told of what a stand-in stores */
export const createMeans = (
  network: Network, keys: JudgeKeys,
  wrote: (board: number, image: Uint8Array) => void = () => undefined,
): StandInMeans => {
  const said: Spoken[][] = network.boards.map(() => []);
  const unsigned = new Set<number>();
  const places = network.boards.map(() => new Map<number, Uint8Array>());
  return {
    forget(board, after) {
      places[board]!.clear();
      places[board]!.set(FIRST_PLACE, firstImage(network.boards[board]!.layout, after));
    },
    open() {
      for (const words of said) words.length = 0;
      unsigned.clear();
    },
    hear(board, frame) {
      const word = spokenIn(network, frame);
      if (word) said[board]!.push(word);
    },
    unsigned: (board) => unsigned.has(board),
    of: (board) => ({
      ...signerOf(network, board, keys, () => said[board.number]!, () => {
        unsigned.add(board.number);
      }),
      ...macOf(network, board, keys, (other) => said[other]!),
      ...placesOf(board, places[board.number]!, wrote),
    }),
  };
};
