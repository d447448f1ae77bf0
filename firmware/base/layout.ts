import { speakersOf, speaks } from "./turns.js";
import { NO_WATCH } from "./watch.js";
import type { Watch } from "./watch.js";

/**
 * Every size the protocol needs, from (boards, traitors, width) and who commands. Nothing here is
 * looked up or measured: each number can be derived by hand (docs/memory.md).
 */

export interface Shape {
  /** n: how many boards take part, numbered 0..n-1. */
  readonly boards: number;
  /** m: how many of them may fail in any way at all. */
  readonly traitors: number;
  /** Bytes of one value, 1..64; of ballots' records more. */
  readonly width: number;
  /** The one commander (Byzantine generals), or -1: all command (interactive consistency). */
  readonly commander: number;
  /** Bytes of one signature (signed messages, SM); 0 or absent: oral messages, OM. */
  readonly signature?: number;
  /** Bytes of a tag (MAC); 0 or absent: frames carry none. */
  readonly tag?: number;
  /** Rounds in which boards tell each other their values; absent: m+1. */
  readonly exchanges?: number;
  /**
   * Shared wire: bytes of the payload of a beacon that opens no cycle, of which the first names who
   * is to speak; 0 or absent: a star, where there are none.
   */
  readonly poll?: number;
  /**
   * Nobody lies: nothing is relayed. In the last exchange boards say their values, straight to
   * all, and before that only that they are there (PAX.1, PAX.2).
   */
  readonly direct?: boolean;
  /** COMMIT.1: bytes of what they say in round 1. */
  readonly first?: number;
  /** What was heard is still looked at when something shorter has been put over its beginning. */
  readonly lasts?: boolean;
}

/** What a tag may be as long as; shorter ones could be guessed. */
export const TAG_MIN = 4;
export const TAG_MAX = 16;

/** The sender field has five bits, and 31 is the hub. */
export const BOARDS_MAX = 31;
/** The round field has three bits, and 0 closes a cycle. */
export const ROUNDS_MAX = 7;
export const WIDTH_MAX = 64;
/**
 * So that some word of two bytes never occurs in a frame and can be its mask: there are 255 * 254
 * of them (SPEC.md, "Framing"), and a frame begins one with every byte but its last.
 */
export const PAYLOAD_MAX = 255 * 254 - 4;

/**
 * The conditions of the proof and of the frame format, asserted once before start.
 *
 * @param widest the most bytes that a value may have
 * @returns what is wrong and which number would be right, or "" where all holds.
 */
export function refusal(shape: Shape, widest = WIDTH_MAX): string {
  const { boards: n, traitors: m, width: w, commander: c } = shape;
  const whole = (x: number, low: number, high: number) => x >= low && x <= high && x % 1 === 0;
  if (!whole(n, 2, BOARDS_MAX)) return "boards: " + n + ", must be 2 to " + BOARDS_MAX;
  if (!whole(m, 0, ROUNDS_MAX - 1)) return "traitors: " + m + ", must be 0 to " + (ROUNDS_MAX - 1);
  const least = shape.direct ? m + 1 : shape.signature ? m + 2 : 3 * m + 1;
  if (n < least) {
    const cannot = shape.signature ? " cannot leave two beside " : " cannot outvote ";
    return "boards: " + n + cannot + m + " traitors, at least " + least + " can";
  }
  if (!whole(w, 1, widest)) return "width: " + w + " bytes, must be 1 to " + widest;
  if (!whole(c, -1, n - 1)) return "commander: " + c + ", must be 0 to " + (n - 1) + ", or -1: all";
  const { tag = 0, poll = 0, exchanges = m + 1 } = shape;
  if (tag && !whole(tag, TAG_MIN, TAG_MAX)) {
    return "tag: " + tag + " bytes, must be " + TAG_MIN + " to " + TAG_MAX;
  }
  if (poll && !whole(poll, 1, PAYLOAD_MAX)) {
    return "poll: a beacon's payload of " + poll + " bytes, must be 1 to " + PAYLOAD_MAX;
  }
  const count = spoken(shape, exchanges);
  const tags = tagBytes(shape);
  const most = PAYLOAD_MAX - tags - ((count + 7) >> 3);
  const item = itemBytes(shape, exchanges);
  if (count * item <= most) return "";
  const payload = " make a payload of " + (payloadBytes(count, item) + tags) +
    ", it must be at most " + PAYLOAD_MAX;
  if (shape.signature) {
    return "signature: " + shape.signature + " bytes" + payload + ": shorter ones, or fewer boards";
  }
  if (most < count) return "boards: " + n + ", traitors: " + m + payload + ": fewer of both";
  return "width: " + w + " bytes" + payload + ": a width of " + Math.floor(most / count);
}

/** How many paths of `length` distinct boards there are among `boards`: b(b-1)...(b-length+1). */
export function arrangements(boards: number, length: number): number {
  let count = 1;
  for (let taken = 0; taken < length; taken++) count *= boards - taken;
  return count;
}

/**
 * How many values a frame of `round` carries. Oral messages: the sender's value for each path of
 * round-1 boards that starts at a commander and does not contain the sender (OM.1, OM.2). Signed
 * ones: those that it added in the round before, which are at most one for each other commander
 * after round 1, as only the commander spoke, and two later (SM.3).
 */
export function spoken(shape: Shape, round: number): number {
  if (shape.direct) return 1;
  const { boards, commander } = shape;
  if (shape.signature && round > 1) {
    return (commander < 0 ? boards - 1 : 1) * (round < 3 ? 1 : 2);
  }
  if (commander < 0) return arrangements(boards - 1, round - 1);
  return round === 1 ? 1 : arrangements(boards - 2, round - 2);
}

/**
 * How many values board `self` holds for paths of `length` boards, which is what it sends in round
 * length+1. With one commander, it alone speaks in round 1 and it is silent afterwards.
 */
export function held(shape: Shape, self: number, length: number): number {
  return speaks(shape, self, length + 1) ? spoken(shape, length + 1) : 0;
}

/** How many signatures stand behind a value in a frame of `round`; the last hop has none (SM.4). */
export function signatures(shape: Shape, round: number): number {
  return shape.signature ? Math.min(round, shape.traitors) : 0;
}

/**
 * Bytes of one value in a frame of `round`, with all that stands behind it: if it is signed, who
 * signed it between its commander and the sender, a byte each, and the signatures in that order.
 */
export function itemBytes(shape: Shape, round: number): number {
  const { width, signature = 0 } = shape;
  if (shape.direct && round < Math.min(2, shape.exchanges!)) return shape.first || 0;
  return width + (signature && round > 2 ? round - 2 : 0) + signatures(shape, round) * signature;
}

/**
 * Bytes of `count` values as they lie in memory and on the wire: a presence bit each, then the
 * values.
 */
export function payloadBytes(count: number, width: number): number {
  return ((count + 7) >> 3) + count * width;
}

/** Bytes of the tags in a frame of a board: one for each other board. */
export function tagBytes({ boards, tag = 0 }: Shape): number {
  return (boards - 1) * tag;
}

/** Of a key that two boards share, and of a block of SHA-256. */
export const MAC_KEY_BYTES = 16;
export const HASH_BLOCK_BYTES = 64;
/** What a tag is computed over, before the values: network, cycle, header, receiver. */
export const TAGGED_BYTES = 8 + 4 + 1 + 1;

/**
 * Bytes that tags are made with: a key of each board twice, padded; what the inner hash
 * reads, behind which the tags are put; what the outer hash reads.
 */
function macBytes(shape: Shape, block: number): number {
  if (!shape.tag) return 0;
  return 2 * shape.boards * MAC_KEY_BYTES +
    HASH_BLOCK_BYTES + TAGGED_BYTES + block + tagBytes(shape) + HASH_BLOCK_BYTES + 32;
}

/** Sender number of the hub, whose frames are the beacons. */
export const HUB = 31;
/** Payload of the beacon that opens a cycle: the upper 24 bits of the cycle's number. */
export const OPENING_BYTES = 3;
/** Header and cycle, and the checksum of at most three bytes, that stand around a payload. */
const AROUND_BYTES = 5;
/** Start, mask, header and cycle, where a word has one byte. */
const BEFORE_BYTES = 4;

/** Whether each cycle decides, or is a ballot that may. */
export interface Balloting {
  /** Each cycle is a ballot, and may end without a decision. */
  readonly ballots: boolean;
  /** Whether a board leads in turn, instead of the virtual leader (VL.4). */
  readonly rotating: boolean;
  /** Whether a ballot may decide a round earlier (EARLY.1), or boards act before (TENT.1). */
  readonly early: boolean;
  readonly tentative: boolean;
  /** T: how many cycles a view is, of which the first is a review (VIEW.1). 0: there are none. */
  readonly review: number;
  /** 0: one decision, once. K: a log, of which the last K decisions are kept for others (LOG.1). */
  readonly keep: number;
  /** Whether a board takes the default order where nothing new is decided, or holds the last. */
  readonly safe: boolean;
  /** Whether what a board promises outlasts a restart (LOG.6), or is forgotten (LOG.5). */
  readonly stored: boolean;
  /**
   * In how many ballots to come a board that forgets may promise something, once it has written
   * that down; after a restart it is silent in them. 0 where promises are stored.
   */
  readonly reserve: number;
  /** Marks what a board writes down as this network's: a number of 32 bits, not 0. */
  readonly mark: number;
  /** See `Shape.direct`. */
  readonly direct: boolean;
  /** In how many rounds boards commit, or 0; whether all accept votes (PC.1), or who leads. */
  readonly phases: number;
  readonly accepts: boolean;
  readonly coordinator: number;
  /** Whether this board hears, decides and acts, and says nothing (LEARN.1). */
  readonly learner: boolean;
}
export const NO_BALLOTS: Balloting = {
  ballots: false, rotating: false, early: false, tentative: false, review: 0, keep: 0, safe: false,
  stored: false, reserve: 0, mark: 0, direct: false, phases: 0, accepts: false, coordinator: -1,
  learner: false,
};

/**
 * Every number that a board works with. Offsets are into its arena; lists go by round or by length.
 */
export interface Layout extends Omit<Shape, "direct">, Balloting, Watch {
  /** This board's number. */
  readonly self: number;
  /** Rounds of a cycle: the exchanges; of a ballot, see `BallotLayout`. */
  readonly rounds: number;
  /** Rounds in which boards tell each other their values: m+1, unless the shape says otherwise. */
  readonly exchanges: number;
  /** Bytes of a user's value. */
  readonly valueWidth: number;
  readonly signature: number;
  readonly tag: number;
  readonly poll: number;
  /** Bytes of all tags in a frame of a board. They end its payload. */
  readonly tags: number;
  /** Whether all that is chosen is a value of the type, as it was put in; absent: it may not be. */
  readonly plain?: boolean;
  /** Whether this board's reading comes with the opening beacon. */
  readonly wired: boolean;
  /** Bytes of the word that marks a frame's start and never occurs in one (SPEC.md, "Framing"). */
  readonly word: number;
  /** Bytes around a payload. */
  readonly overhead: number;
  /**
   * Bits of a route that number a path, the sender stands above them; and the bytes of one route.
   */
  readonly shift: number;
  readonly routeBytes: number;
  /** By length, 1..m+1: the first of its routes; at m+2, how many there are in all. */
  readonly routeAt: readonly number[];
  /** By round, 1..m+1: bytes of the payload of a frame; at 0, of the beacon that opens a cycle. */
  readonly payloads: readonly number[];
  /** By round, 1..m+1: how many of these bytes are presence bits. */
  readonly bitmaps: readonly number[];
  /** By round, 1..m+1: bytes of one value in a payload, with its signatures. */
  readonly items: readonly number[];
  /**
   * By length, 0..m (at least 1): how many paths this board holds a value for, and where they lie,
   * which is what it sends in round length+1. Of signed messages, there lies what it sends then.
   */
  readonly counts: readonly number[];
  readonly levels: readonly number[];
  /**
   * Where the orders of each commander lie that this board has seen signed: how many, and two of
   * them. Only of signed messages.
   */
  readonly orders: number;
  /**
   * Where the payloads heard in the open round lie, without their tags, one block a board, and the
   * bytes of a block.
   */
  readonly heard: number;
  readonly block: number;
  /**
   * Bytes before each block for what stands before a payload: a board whose frames are strings puts
   * one down whole. What stands behind a payload is shorter. 0 where payloads are put down alone.
   */
  readonly margin: number;
  /** By round: the other boards that speak in it, a bit each. */
  readonly speakers: readonly number[];
  /** Where lies what tags are made with. */
  readonly mac: number;
  /**
   * Where the frame being sent lies, with room for all of a checksum, of which the first bytes are
   * sent; where the one being received lies; and the end of the arena. A search in what is received
   * runs to the end and no further.
   */
  readonly transmit: number;
  readonly receive: number;
  readonly end: number;
  /** Bytes in all: behind the end lies what a signer works with. */
  readonly memory: number;
}

/** Whether the board of this number is none of those that take part (LEARN.1). */
export const learns = ({ boards }: Pick<Shape, "boards">, self: number): boolean =>
  self >= boards && self < HUB;

/** What a board holds between rounds, for oral messages: a level for each length of path. */
function levelsHeld(shape: Shape, self: number, exchanges: number) {
  const { width } = shape;
  if (shape.direct || learns(shape, self)) {
    const end = payloadBytes(1, width);
    return { counts: [1, 1, 1], levels: [0, 0, 0], orders: end, end };
  }
  const counts: number[] = [];
  const levels: number[] = [];
  let end = 0;
  for (let length = 0; length <= (exchanges - 1 || 1); length++) {
    counts[length] = held(shape, self, length);
    levels[length] = end;
    end += payloadBytes(counts[length]!, width);
  }
  return { counts, levels, orders: end, end };
}

/** The same for signed messages: its own order, what it relays next, and all orders. */
function ordersHeld(shape: Shape, self: number, payloads: readonly number[]) {
  const { boards, traitors: m, width } = shape;
  const outgoing = payloads[1]!;
  const orders = outgoing + (m ? Math.max(...payloads.slice(2)) : 0);
  const counts: number[] = [];
  const levels: number[] = [];
  for (let round = 1; round <= m + 1; round++) {
    counts[round - 1] = held(shape, self, round - 1);
    levels[round - 1] = round > 1 ? outgoing : 0;
  }
  return { counts, levels, orders, end: orders + boards * (1 + 2 * width) };
}

/**
 * @param self the board's number; HUB: what the hub works with
 * @throws RangeError naming the bound that `shape` violates, and the number that would be right
 */
export function layoutOf(
  shape: Shape, self: number, wired: boolean, widest = WIDTH_MAX,
): Layout {
  const wrong = refusal(shape, widest);
  if (wrong) throw new RangeError(wrong);
  const { boards: n, traitors: m, width, signature = 0, tag = 0, poll = 0 } = shape;
  const { exchanges = m + 1 } = shape;
  const tags = tagBytes(shape);
  const bitmaps = [0];
  const items = [0];
  const payloads = [
    poll ? Math.max(OPENING_BYTES + 1, poll) : OPENING_BYTES + (wired ? 1 + width : 0),
  ];
  // The frames of a single round become a level all the same.
  for (let round = 1; round <= (exchanges - 1 || (signature ? 0 : 1)) + 1; round++) {
    const count = spoken(shape, round);
    items[round] = itemBytes(shape, round);
    payloads[round] = payloadBytes(count, items[round]!);
    bitmaps[round] = payloads[round]! - count * items[round]!;
  }
  // Tags go over the wire, and are looked at, but they are not held.
  const widestBlock = Math.max(...payloads.slice(1, exchanges + 1));
  // A learner looks at what boards say of themselves, and at nothing that is relayed.
  const payload = learns(shape, self) ? payloads[1]! : widestBlock;
  const { counts, levels, orders, end: own } = signature
    ? ordersHeld(shape, self, payloads)
    : levelsHeld(shape, self, exchanges);
  let shift = 0;
  const routeAt = [0, 0];
  if (shape.direct || learns(shape, self)) routeAt.push(0, 0);
  else if (!signature) {
    while (1 << shift < spoken(shape, exchanges)) shift++;
    for (let length = 1; length <= exchanges; length++) {
      routeAt[length + 1] = routeAt[length]! + held(shape, self, length);
    }
  }
  // One byte marks a start as long as the longest frame leaves one of the other 255 unused.
  const longest = widestBlock + tags;
  const word = Math.max(longest, OPENING_BYTES + 1 + width, poll) + AROUND_BYTES <= 254 ? 1 : 2;
  const overhead = 6 + word;
  const margin = word < 2 && !tag && !shape.direct && !shape.lasts ? BEFORE_BYTES : 0;
  const heard = own + margin;
  const block = payload + margin;
  const mac = heard + n * block;
  const transmit = mac + macBytes(shape, payload);
  const receive = learns(shape, self) ? transmit : transmit + overhead + longest + word;
  const end = receive + overhead + Math.max(longest, payloads[0]!);
  return {
    ...shape, self, rounds: exchanges, exchanges, signature, tag, poll, tags, mac, wired, word,
    overhead, routeAt,
    ...NO_BALLOTS, ...NO_WATCH, direct: !!shape.direct, valueWidth: width,
    shift, items, counts, levels, orders, heard, block, margin, transmit, receive, bitmaps,
    speakers: speakersOf(shape, self, payloads.length),
    payloads: payloads.map((bytes, round) => (round ? bytes + tags : bytes)),
    routeBytes: n * 2 ** shift > 65536 ? 4 : 2,
    end, memory: end,
  };
}
