/**
 * SPEC.md, "Framing" to "Receiving", word for word and as dull as possible: lists of numbers, a CRC
 * bit by bit, whole streams at once. It shares nothing with the firmware, so that it can judge it.
 */

export interface NaiveShape {
  readonly boards: number;
  readonly traitors: number;
  readonly width: number;
  /** -1: all command. */
  readonly commander: number;
}

export const NAIVE_HUB = 31;

/** FRAME.4, all 32 bits of it. */
export const naiveCrc = (bytes: readonly number[]): number => {
  let register = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (register ^ (byte >> bit)) & 1;
      register >>>= 1;
      if (carry) register = (register ^ 0xedb88320) >>> 0;
    }
  }
  return (register ^ 0xffffffff) >>> 0;
};

/** FRAME.8, FRAME.9: the paths whose values `sender` sends in `round`, in order. [] in round 1. */
export const naivePaths = (shape: NaiveShape, sender: number, round: number): number[][] => {
  let paths: number[][] = [[]];
  for (let length = 1; length < round; length++) {
    const longer: number[][] = [];
    for (const path of paths) {
      for (let board = 0; board < shape.boards; board++) {
        const starts = length > 1 || shape.commander < 0 || board === shape.commander;
        if (starts && board !== sender && !path.includes(board)) longer.push([...path, board]);
      }
    }
    paths = longer;
  }
  return paths;
};

/** FRAME.8, FRAME.9: how many values a frame of `round` carries. */
export const naiveCount = (shape: NaiveShape, round: number): number => {
  const single = shape.commander >= 0;
  if (round === 1) return 1;
  let count = 1;
  for (let factor = 1; factor < round; factor++) {
    if (!(single && factor === 1)) count *= shape.boards - factor;
  }
  return count;
};

/** FRAME.7 */
export const naivePayloadBytes = (shape: NaiveShape, round: number): number => {
  const count = naiveCount(shape, round);
  return Math.ceil(count / 8) + count * shape.width;
};

/** FRAME.2 */
export const naiveWord = (shape: NaiveShape): 1 | 2 => {
  const longest = Math.max(naivePayloadBytes(shape, shape.traitors + 1), 4 + shape.width);
  return 5 + longest <= 254 ? 1 : 2;
};

/** FRAME.9 */
export const naiveSpeaks = (shape: NaiveShape, board: number, round: number): boolean => {
  if (shape.commander < 0) return true;
  return round === 1 ? board === shape.commander : board !== shape.commander;
};

/** FRAME.3, FRAME.11, FRAME.14: bytes of a header's payload, -1 where it is foreign. */
export const naiveExpected = (shape: NaiveShape, self: number, wired: boolean) =>
  (header: number): number => {
    const round = Math.floor(header / 32);
    const sender = header % 32;
    if (round > shape.traitors + 1) return -1;
    if (sender === NAIVE_HUB) {
      if (round !== 1) return 0;
      return wired ? 3 + 1 + shape.width : 3;
    }
    if (round === 0 || sender >= shape.boards || sender === self) return -1;
    return naiveSpeaks(shape, sender, round) ? naivePayloadBytes(shape, round) : -1;
  };

/** FRAME.3 */
export const naiveHeader = (round: number, sender: number): number => round * 32 + sender;

/** Where the `word` bytes of `wanted` first stand together in `bytes`, from `from` on; or -1. */
const naiveFind = (bytes: readonly number[], wanted: readonly number[], from: number): number => {
  for (let at = from; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
};

/** FRAME.6 */
export const naiveReplace = (
  bytes: readonly number[], old: readonly number[], fresh: readonly number[],
): number[] => {
  const result: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const here = bytes.slice(at, at + old.length);
    const same = here.length === old.length && here.every((byte, index) => byte === old[index]);
    result.push(...(same ? fresh : [bytes[at]!]));
    at += same ? old.length : 1;
  }
  return result;
};

/** FRAME.5: a byte of a start word, and what masks are made of, in their order. */
export const NAIVE_START = 0x16;
const MASKS = [
  ...Array.from({ length: 255 - NAIVE_START }, (_, at) => NAIVE_START + 1 + at),
  ...Array.from({ length: NAIVE_START }, (_, at) => at),
];

/** FRAME.5: all masks of two bytes, in their order. */
export const naivePairs = (): number[][] => MASKS.flatMap((high) =>
  MASKS.toSorted((one, other) => one - other)
    .flatMap((low) => (low === high ? [] : [[low, high]])));
const PAIRS = naivePairs();

export const naiveStart = (word: 1 | 2): number[] =>
  (word === 1 ? [NAIVE_START] : [NAIVE_START, NAIVE_START]);

/** FRAME.5: the mask that stands for nothing is the first. */
export const naiveMask = (word: 1 | 2, content: readonly number[]): number[] => {
  const [plain, ...masks] = word === 1 ? MASKS.map((mask) => [mask]) : PAIRS;
  if (naiveFind(content, naiveStart(word), 0) < 0) return plain!;
  const mask = masks.find((one) => naiveFind(content, one, 0) < 0);
  if (!mask) throw new Error("no word is left for a mask");
  return mask;
};

/** FRAME.6: what a receiver takes for a content. */
const naiveUnmask = (word: 1 | 2, bytes: readonly number[], mask: readonly number[]): number[] =>
  (naiveMask(word, []).every((byte, at) => byte === mask[at]) ? [...bytes]
    : naiveReplace(bytes, mask, naiveStart(word)));

/** FRAME.1 to FRAME.6 */
export const naiveEncode = (
  word: 1 | 2, header: number, cycle: number, payload: readonly number[],
): number[] => {
  const checked = [header, cycle % 256, ...payload];
  let crc = naiveCrc(checked);
  const content = [...checked];
  for (let left = 4 - word; left > 0; left--) {
    content.push(crc % 256);
    crc = Math.floor(crc / 256);
  }
  const mask = naiveMask(word, content);
  return [...naiveStart(word), ...mask, ...naiveReplace(content, naiveStart(word), mask)];
};

export interface NaiveResult {
  /** Header, cycle and payload of each frame heard. */
  readonly heard: number[][];
  foreign: number;
  missized: number;
  garbled: number;
}

/** FRAME.13 to FRAME.17, on all of a stream. What is not whole at its end is not counted. */
export const naiveDecode = (
  word: 1 | 2, expected: (header: number) => number, line: readonly number[],
): NaiveResult => {
  let stream = line;
  const result: NaiveResult = { heard: [], foreign: 0, missized: 0, garbled: 0 };
  for (let at = 0; ; ) {
    const start = naiveFind(stream, naiveStart(word), at);
    if (start < 0 || start + 3 * word > stream.length) return result;
    const mask = stream.slice(start + word, start + 2 * word);
    if (mask[0] === NAIVE_START) {
      at = start + 1;
      continue;
    }
    const body = start + 2 * word;
    const [header] = naiveUnmask(word, stream.slice(body, body + word), mask);
    const payload = expected(header!);
    if (payload < 0) {
      result.foreign++;
      at = start + word;
      continue;
    }
    const end = start + 2 * word + 2 + payload + 4 - word;
    const inner = naiveFind(stream.slice(0, end), naiveStart(word), start + word);
    if (inner >= 0) {
      result.missized++;
      at = inner;
      continue;
    }
    if (end > stream.length) return result;
    const content = naiveUnmask(word, stream.slice(start + 2 * word, end), mask);
    const checked = content.slice(0, 2 + payload);
    const crc = naiveCrc(checked);
    const good = content.slice(2 + payload)
      .every((byte, index) => byte === ((crc >>> (8 * index)) & 255));
    if (good) result.heard.push(checked);
    else result.garbled++;
    if (!good) stream = stream.with(end - 1, content.at(-1)!);
    at = good || word === 1 ? end : end - 1;
  }
};

/** FRAME.7: values -> payload; null is ⊥. */
export const naivePack = (
  width: number, values: readonly (readonly number[] | null)[],
): number[] => {
  const bits: number[] = Array.from({ length: Math.ceil(values.length / 8) }, () => 0);
  values.forEach((value, index) => {
    if (value) bits[index >> 3]! += 2 ** (index % 8);
  });
  return [
    ...bits,
    ...values.flatMap((value) => value ?? Array.from({ length: width }, () => 0)),
  ];
};

/** FRAME.7: payload -> values; null is ⊥. */
export const naiveUnpack = (
  width: number, count: number, payload: readonly number[],
): (number[] | null)[] =>
  Array.from({ length: count }, (_, index) => {
    const from = Math.ceil(count / 8) + index * width;
    const present = Math.floor(payload[index >> 3]! / 2 ** (index % 8)) % 2 === 1;
    return present ? payload.slice(from, from + width) : null;
  });
