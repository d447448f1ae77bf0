import { countedFrom, held, signatures, spoken } from "../../firmware/index.js";
import type { Layout } from "../../firmware/index.js";
import type { Board, Network } from "../network/network.js";
import { chosenBytes, hashesAt } from "./signing.js";

/**
 * What a board does for a beacon and for a frame, counted: so many paths, votes, bytes. What each
 * costs was measured (`prices.ts`); this is how many there are, at worst.
 */

/** Kinds of work. Those that end in 2 are of frames whose words have two bytes. */
export const WORK = [
  /** A beacon that counts; the first of a cycle, with a reading; the last, with an order. */
  "beacon", "beacon2", "open", "settle",
  /** On a shared wire, a beacon that opens nothing. */
  "poll",
  /** A byte of a row that is read, or handed to the program. */
  "rowByte",
  /** A value of one byte that is gathered to be relayed, or is a vote; a longer one, and bytes. */
  "path", "vote", "pathLong", "pathByte", "voteLong", "voteByte",
  /** Of ballots, for each two boards: what is found in the records, with a log; votes counted. */
  "record", "log", "tally",
  /**
   * A frame that is sent, and a byte of its content; a word that is tried as its mask, and each
   * byte that is searched for it.
   */
  "send", "sendByte", "try", "step", "send2", "sendByte2", "try2", "step2",
  /** A frame that is heard, and a byte of it, also of a beacon. */
  "frame", "byte", "frame2", "byte2",
  /** A piece of a frame that comes alone, but for its bytes. */
  "piece", "piece2",
  /** A tag that is made, or checked, and each byte that is tagged or compared. */
  "seal", "sealByte", "tag", "tagByte",
  /** A hash of signatures. */
  "hash",
  /** A board whose health is watched, when a cycle is closed. */
  "health",
] as const;

/** Networks whose boards run much the same code, so that one price of a kind fits all of them. */
export const FAMILIES = [
  /** Oral messages: of few boards, whose votes are written out; and of more, with loops. */
  "oral", "deep", "signed", "ballots",
] as const;
/** As many boards are few, with one traitor. */
const FEW = 5;
export type Family = (typeof FAMILIES)[number];

export const familyOf = ({ signing, ballots, shape }: Network): Family =>
  (signing ? "signed" : ballots ? "ballots"
    : shape.traitors > 1 || shape.boards > FEW ? "deep" : "oral");

export type Kind = (typeof WORK)[number];
/** How much of each kind. */
export type Work = Readonly<Partial<Record<Kind, number>>>;

/** Whether a round opens a cycle; of one behind a review's last, whether `closes` is not said. */
export const isFirst = ({ layout }: Board, round: number, closes: boolean): boolean =>
  !closes && countedFrom(layout, round) === 1;

/** Values that a board gathers when `round` opens, to relay them; and votes that it counts. */
const gathered = ({ shape }: Network, board: Board, round: number, closes: boolean) => {
  const last = board.layout.exchanges;
  const none = { paths: 0, votes: 0 };
  if (board.layout.learner || isFirst(board, round, closes) || round > last + 1) return none;
  if (round <= last) return { paths: held(shape, board.number, round - 1), votes: 0 };
  let votes = 0;
  for (let length = last - 1; length > 0; length--) {
    votes += held(shape, board.number, length) * (shape.boards - length);
  }
  return { paths: 0, votes };
};

/**
 * What a ballot makes of the round before `round`. With views, claims may have a board look at the
 * records once more.
 */
const ballotWork = ({ shape }: Network, board: Board, round: number, closes: boolean): Work => {
  const { ballots, keep, early, exchanges, review, learner } = board.layout;
  const pairs = shape.boards ** 2;
  // LEARN.2: it looks at records as soon as they are heard.
  if (learner && round <= exchanges + 1) {
    return round === 2 ? { record: pairs, ...(keep && { log: pairs }) } : {};
  }
  if (!ballots || round <= exchanges) return {};
  const looks = round === exchanges + 1 ? !isFirst(board, round, closes)
    : review > 0 && round === exchanges + 2;
  // EARLY.2: each record has two votes.
  const votes = early ? 2 * pairs : pairs;
  return looks ? { record: votes, ...(keep && { log: pairs }) } : { tally: pairs };
};

/** Bytes of a payload of `round` that are hashes or tags, which nobody chooses. */
const hashedBytes = ({ shape }: Network, { signing, layout }: Board, round: number): number =>
  layout.tags + (signing && round <= layout.exchanges
    ? spoken(shape, round) * signatures(shape, round) *
      (signing.signatureBytes - chosenBytes(signing))
    : 0);

/**
 * With hashes in the frame at most so many more masks are tried: each of 15,000 of them is ruled
 * out with a probability below 1/4.
 */
const CHANCES = 40;

/**
 * The search for a mask at its worst (SPEC.md, FRAME.5): a liar may choose its values, and so some
 * of what others relay, such that each byte rules out one word more.
 */
const worstMask = (content: number, word: number, hashed: number): Work => {
  const tries = Math.min(content, content - hashed + (hashed ? CHANCES : 0));
  return maskWork(tries, content, word);
};

/** Of words of two bytes so many differ in one byte only: one look tells of them all. */
const TOGETHER = 255;

/** @param tries words that are tried in a content of so many bytes, until one is not there */
export const maskWork = (tries: number, content: number, word: number): Work => (word > 1
  ? { try2: Math.min(tries, TOGETHER), step2: (1 + Math.max(0, tries - TOGETHER)) * content }
  : { try: tries, step: tries * content });

/** Bytes of what a frame with such a payload has between mask and end. */
export const contentBytes = ({ layout: { overhead, word } }: Board, payload: number): number =>
  overhead - 2 * word + payload;

/** What sending the frame of `round` takes, but for its mask. */
const sendWork = ({ shape }: Network, board: Board, round: number): Work => {
  const { payloads, tag, tags, word } = board.layout;
  const content = contentBytes(board, payloads[round]!);
  const others = shape.boards - 1;
  return {
    ...(word > 1 ? { send2: 1, sendByte2: content } : { send: 1, sendByte: content }),
    ...(tag && { seal: others, sealByte: others * (payloads[round]! - tags + tag) }),
  };
};

/** @returns the sum of all */
export const sumOf = (...all: readonly Work[]): Work => {
  const sum: Partial<Record<Kind, number>> = {};
  for (const one of all) {
    for (const kind of WORK) if (one[kind]) sum[kind] = (sum[kind] ?? 0) + one[kind];
  }
  return sum;
};

/** @returns the same, so many times */
export const timesOf = (count: number, one: Work): Work => Object.fromEntries(
  Object.entries(one).map(([kind, amount]) => [kind, count * amount]));

/**
 * What it takes to watch all boards once a cycle, in boards: one more for forty others, which the
 * median puts in order, and for twelve bytes of a row, each of which is compared three times, as
 * `test/cost/health.ts` counts it. Whom a board suspects takes an eighth.
 */
export const watchWork = ({ boards, health, rows, suspect, valueWidth }: Layout): Work => ({
  health: (health ? boards * (1 + boards / 40 + (rows ? valueWidth / 12 : 0)) : 0) +
    (suspect ? boards / 8 : 0),
});

/**
 * What a board does from a beacon to its answer, frames heard and the mask apart.
 *
 * @param closes whether it is not the beacon of `round`, but what closes the cycle after the one
 *   before
 */
export const answerWork = (
  network: Network, board: Board, round: number, closes: boolean,
): Work => {
  const { layout } = board;
  const { width, word, exchanges, boards, rows, valueWidth } = layout;
  const { paths, votes } = gathered(network, board, round, closes);
  const ends = closes || round > network.rounds;
  const hashes = hashesAt(network, board, round);
  return sumOf({
    beacon: 1, ...(word > 1 && { beacon2: 1 }), [word > 1 ? "byte2" : "byte"]: layout.poll,
    ...(isFirst(board, round, closes) && { open: 1, ...(rows && { rowByte: valueWidth }) }),
    ...(ends && { settle: 1, ...(rows && { rowByte: (boards + 1) * valueWidth }) }),
    ...(width > 1
      ? { pathLong: paths, pathByte: paths * width, voteLong: votes, voteByte: votes * width }
      : { path: paths, vote: votes }),
    hash: hashes, ...(ends && watchWork(layout)),
  }, ballotWork(network, board, round, closes),
  layout.learner || round > network.rounds || closes && round > exchanges
    ? {} : sendWork(network, board, round));
};

/** The same with the mask, as long as it may be searched for. */
export const beaconWork = (
  network: Network, board: Board, round: number, closes: boolean,
): Work => {
  const { payloads, word } = board.layout;
  const answer = answerWork(network, board, round, closes);
  if (!answer.send && !answer.send2) return answer;
  return sumOf(answer, worstMask(
    contentBytes(board, payloads[round]!), word, hashedBytes(network, board, round)));
};

/** What a frame of `round` takes, of so many bytes. */
export const frameWork = ({ layout }: Board, round: number, bytes: number): Work => {
  const { payloads, tag, tags, word } = layout;
  return {
    ...(word > 1 ? { frame2: 1, byte2: bytes } : { frame: 1, byte: bytes }),
    ...(tag && { tag: 1, tagByte: payloads[round]! - tags + tag }),
  };
};

/**
 * What a frame of so many bytes takes besides, where a liar has filled it with masked words.
 * Of two bytes each is put in its place alone, for less than half of what a try takes; of one all
 * are at once.
 */
export const unmaskWork = ({ layout: { word } }: Board, bytes: number): Work =>
  (word > 1 ? { try2: bytes / word / 2 } : {});

/** What a beacon takes that opens nothing, but for its bytes. */
export const pollWork = ({ layout: { poll, word } }: Board): Work =>
  ({ poll: 1, [word > 1 ? "byte2" : "byte"]: poll });

/** What an event takes that brings so many bytes, and ends no frame. */
export const pieceWork = ({ layout: { word } }: Board, bytes: number): Work =>
  (word > 1 ? { piece2: 1, byte2: bytes } : { piece: 1, byte: bytes });
