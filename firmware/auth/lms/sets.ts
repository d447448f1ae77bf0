/**
 * Parameter sets of hash-based signatures, and every size and place that follows from a choice of
 * them: RFC 8554 (SHA-256) and NIST SP 800-208 (SHA-256/192).
 */

/** One tree: an LMS set and the LM-OTS set of its leaves, by their registered names. */
export interface TreeSet {
  /** `LMS_SHA256_M24_H5` and the like. */
  readonly lms: string;
  /** `LMOTS_SHA256_N24_W4` and the like. */
  readonly ots: string;
}

/** What the numbers of a pair of names are. */
export interface TreeNumbers {
  /** n, and m, which must be the same: bytes of a hash. */
  readonly hashBytes: number;
  /** h: the tree has 2^h leaves. */
  readonly height: number;
  /** w: bits of one digit. */
  readonly digitBits: number;
  /** p: digits of a message's hash and of its checksum, each of which has a chain. */
  readonly chains: number;
  /** ls: bits by which the checksum is shifted, so that its digits begin at a byte. */
  readonly sumShift: number;
  readonly lmsType: number;
  readonly otsType: number;
}

/** Tiles have this height, and the trees of all sets are whole layers of tiles. */
export const TILE_HEIGHT = 5;
export const TILE_LEAVES = 32;
/** Bytes of I, which names a tree, and of the two type codes before it. */
export const IDENTIFIER_BYTES = 16;
const TYPE_BYTES = 8;

/**
 * @returns undefined where there are no such names, or the two do not go together
 */
export function treeNumbers({ lms, ots }: TreeSet): TreeNumbers | undefined {
  for (const hashBytes of [24, 32]) {
    for (const height of [5, 10, 15]) {
      for (const digitBits of [1, 2, 4, 8]) {
        if (
          lms === `LMS_SHA256_M${hashBytes}_H${height}` &&
          ots === `LMOTS_SHA256_N${hashBytes}_W${digitBits}`
        ) {
          return numbersOf(hashBytes, height, digitBits);
        }
      }
    }
  }
  return undefined;
}

/** RFC 8554, Appendix B: how many digits the checksum has, and where they begin. */
function numbersOf(hashBytes: number, height: number, digitBits: number): TreeNumbers {
  const digits = (8 * hashBytes) / digitBits;
  let most = digits * ((1 << digitBits) - 1);
  let sumBits = 0;
  for (; most; most >>= 1) sumBits++;
  const sumDigits = Math.ceil(sumBits / digitBits);
  let rank = 0;
  while (1 << rank < digitBits) rank++;
  return {
    hashBytes, height, digitBits,
    chains: digits + sumDigits,
    sumShift: 16 - sumDigits * digitBits,
    lmsType: (hashBytes > 24 ? 4 : 9) + height / 5,
    otsType: (hashBytes > 24 ? 1 : 5) + rank,
  };
}

/** What has to be known before anything is signed. */
export interface SignatureShape {
  /** How many boards sign and are heard, numbered 0..boards-1. */
  readonly boards: number;
  /** One tree, or two (HSS): the upper one signs the public keys of the lower ones. */
  readonly trees: readonly TreeSet[];
  /** Bytes of every message that is signed. */
  readonly messageBytes: number;
  /** The cycle that uses leaf 0. */
  readonly firstCycle: number;
  /** How many cycles' leaves are reserved at a time: a power of two, at most 32. */
  readonly reserve: number;
}

/** Every number that signing and checking work with. Lists go by tree, the upper one first. */
export interface SignatureLayout {
  /** How many boards sign and are heard. */
  readonly boards: number;
  /** This board's number. */
  readonly self: number;
  /** How many trees: 1 or 2. */
  readonly trees: number;
  readonly hashBytes: number;
  readonly heights: readonly number[];
  readonly digitBits: readonly number[];
  readonly chains: readonly number[];
  readonly sumShifts: readonly number[];
  readonly lmsTypes: readonly number[];
  readonly otsTypes: readonly number[];
  /** Bytes of what each tree signs: a public key, or a message. */
  readonly textBytes: readonly number[];
  /** Bytes of the upper tree's LMS signature. */
  readonly certificateBytes: number;
  /** Where in an HSS signature the last tree's begins. */
  readonly lastAt: number;
  /** Bytes of I and the root of a tree. */
  readonly keyBytes: number;
  /** Bytes of an HSS signature. */
  readonly signatureBytes: number;
  readonly firstCycle: number;
  readonly reserve: number;
  /** How many messages can be signed in all. */
  readonly leaves: number;
  /**
   * Where in the arena what lies: the boards' public keys, that of the lower tree, the seed of each
   * tree, what a chain hashes, what everything else hashes, the digits of a message, the tile of
   * each tree (its heap's node 0, which there is not), the upper tree's last signature, and what is
   * read from and written to the store.
   */
  readonly keys: number;
  readonly lowerKey: number;
  readonly seeds: number;
  readonly step: number;
  readonly long: number;
  readonly digits: number;
  readonly tiles: readonly number[];
  readonly certificate: number;
  readonly record: number;
  readonly signatureEnd: number;
}

/** @returns what is wrong with a shape and what would be right, or "" where all holds */
export function signatureRefusal(shape: SignatureShape): string {
  const { boards, trees, messageBytes, firstCycle, reserve } = shape;
  const whole = (x: number, low: number, high: number) => x >= low && x <= high && x % 1 === 0;
  if (!whole(boards, 1, 31)) return "boards: " + boards + ", must be 1 to 31";
  if (trees.length < 1 || trees.length > 2) return "trees: " + trees.length + ", must be 1 or 2";
  for (const set of trees) {
    if (!treeNumbers(set)) return "no such parameter sets: " + set.lms + " with " + set.ots;
  }
  const [upper, lower] = trees.map((set) => treeNumbers(set)!);
  if (lower && lower.hashBytes !== upper!.hashBytes) return "trees: hashes of two lengths";
  if (lower && lower.height !== TILE_HEIGHT) {
    return "the lower tree has height " + lower.height + ", must be " + TILE_HEIGHT;
  }
  if (!whole(messageBytes, 1, 65535)) {
    return "message: " + messageBytes + " bytes, must be 1 to 65535";
  }
  if (!whole(firstCycle, 0, 2 ** 32 - 1)) return "first cycle: " + firstCycle;
  if (!whole(Math.log2(reserve), 0, TILE_HEIGHT)) {
    return "reserve: " + reserve + ", must be 1, 2, 4, 8, 16 or 32";
  }
  return "";
}

/**
 * @param self the board's number
 * @param from where in the arena the signatures' part begins
 * @throws RangeError naming what `shape` violates
 */
export function signatureLayout(
  shape: SignatureShape, self: number, from: number,
): SignatureLayout {
  const wrong = signatureRefusal(shape);
  if (wrong) throw new RangeError(wrong);
  const sets = shape.trees.map((set) => treeNumbers(set)!);
  const n = sets[0]!.hashBytes;
  const trees = sets.length;
  const keyBytes = IDENTIFIER_BYTES + n;
  const lowerKeyBytes = TYPE_BYTES + keyBytes;
  const lmsBytes = sets.map(({ chains, height }) => 12 + n * (1 + chains + height));
  const textBytes = sets.map((_, tree) => (tree < trees - 1 ? lowerKeyBytes : shape.messageBytes));
  const certificateBytes = trees > 1 ? lmsBytes[0]! : 0;
  const lastAt = 4 + (trees > 1 ? certificateBytes + lowerKeyBytes : 0);
  const tag = 22;
  let longBytes = tag + 2 * n;
  sets.forEach(({ chains }, tree) => {
    longBytes = Math.max(longBytes, tag + n * chains, tag + n + textBytes[tree]!);
  });
  const tileBytes = (2 * TILE_LEAVES - 1) * n;
  const keys = from;
  const lowerKey = keys + shape.boards * keyBytes;
  const seeds = lowerKey + (trees > 1 ? lowerKeyBytes : 0);
  const step = seeds + trees * n;
  const long = step + tag + 1 + 32;
  const digits = long + longBytes;
  const firstTile = digits + 34;
  const certificate = firstTile + trees * tileBytes;
  const record = certificate + lastAt - 4;
  return {
    boards: shape.boards, self, trees, hashBytes: n, keyBytes, textBytes, certificateBytes,
    heights: sets.map(({ height }) => height),
    digitBits: sets.map(({ digitBits }) => digitBits),
    chains: sets.map(({ chains }) => chains),
    sumShifts: sets.map(({ sumShift }) => sumShift),
    lmsTypes: sets.map(({ lmsType }) => lmsType),
    otsTypes: sets.map(({ otsType }) => otsType),
    lastAt, signatureBytes: lastAt + lmsBytes[trees - 1]!,
    firstCycle: shape.firstCycle, reserve: shape.reserve,
    leaves: 2 ** sets.reduce((sum, { height }) => sum + height, 0),
    keys, lowerKey, seeds, step, long, digits,
    tiles: sets.map((_, tree) => firstTile + tree * tileBytes - n),
    certificate, record, signatureEnd: record + 24,
  };
}
