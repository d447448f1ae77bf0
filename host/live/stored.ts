import type { BallotLayout } from "../../firmware/ballots/layout.js";
import type { Network } from "../network/network.js";
import { claimedIn, slotIn } from "../network/record.js";
import { meantRecord } from "./meaning.js";

/**
 * What a board may go on with that stores its promises and was without power (LOG.6): an image that
 * it had written, and what it has learnt since. Its images are those of its stand-in, for the two
 * did the same until the power went. So a board's memory is looked at in its parts: what it claims
 * as decided must have been; its last votes are those of an image of the same slot, or none, where
 * it has gone on to a later slot since.
 */
export interface Stored {
  /** A stand-in has written an image; see `createPromises`. */
  readonly wrote: (board: number, image: Uint8Array) => void;
  /** A board reports the same record as its stand-in: it had stored that before. */
  readonly agreed: (board: number) => void;
  /** Whether what a board claims was decided, and its stand-in has reached its slot. */
  readonly claims: (board: number, record: Uint8Array) => boolean;
  /** Whether a board may have gone on with this record. */
  readonly resumes: (board: number, record: Uint8Array) => boolean;
}

/**
 * Of so many images, the first since a board agreed: those of four ballots, for a ballot has four
 * at most. When its power went it had not written many more.
 */
const IMAGES_KEPT = 16;
/** With views a board agrees once in a view, in each cycle of which it has four at most. */
const IMAGES_A_CYCLE = 4;
/** Boards tell each other of 64 slots at most. */
const SLOTS_KEPT = 256;
/** What an image has before its record (BALLOT.6). */
const HEAD = 16;

interface Image {
  readonly ballot: number;
  readonly slot: number;
  readonly votes: string;
}

export const createStored = (network: Network): Stored => {
  const { boards } = network;
  const layout = boards[0]!.layout as BallotLayout;
  const { width, body, valueWidth, review } = layout;
  const most = IMAGES_KEPT + review * IMAGES_A_CYCLE;
  const images = boards.map((): Image[] => []);
  const newest: (Image | undefined)[] = boards.map(() => undefined);
  const decided = new Map<number, string>();

  const text = (bytes: Uint8Array, from: number, end: number) =>
    Buffer.from(bytes.subarray(from, end)).toString("hex");
  const none = "00".repeat(width - body);

  const slotOf = (record: Uint8Array) => slotIn(layout, record);
  // Which values a record claims, by their slots.
  const claimsOf = (record: Uint8Array): [number, string][] =>
    claimedIn(layout, record).map(({ slot, at }) => [slot, text(record, at, at + valueWidth)]);

  const claims = (board: number, record: Uint8Array) =>
    slotOf(record) <= (newest[board]?.slot ?? -1) &&
    claimsOf(record).every(([of, value]) => decided.get(of) === value);

  return {
    wrote(board, image) {
      const record = meantRecord(network, image.subarray(HEAD, HEAD + width));
      const ballot = new DataView(image.buffer, image.byteOffset).getUint32(4);
      const one = { ballot, slot: slotOf(record), votes: text(record, body, width) };
      newest[board] = one;
      if (images[board]!.length < most) images[board]!.push(one);
      for (const [of, value] of claimsOf(record)) if (!decided.has(of)) decided.set(of, value);
      for (const of of decided.keys()) {
        if (decided.size <= SLOTS_KEPT) break;
        decided.delete(of);
      }
    },
    agreed(board) {
      const last = newest[board];
      if (!last) return;
      const kept = images[board]!.filter(({ ballot }) => ballot === last.ballot);
      images[board] = kept.length ? kept : [last];
    },
    claims,
    resumes(board, record) {
      const votes = text(record, body, width);
      return claims(board, record) && images[board]!.some((image) =>
        (image.slot === slotOf(record) ? image.votes === votes
          : image.slot < slotOf(record) && votes === none));
    },
  };
};
