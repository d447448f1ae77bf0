import { Encoder } from "cbor-x";

/**
 * Items of a CBOR sequence (RFC 8742): plain maps, arrays, byte and text strings, numbers, booleans
 * and null, each in the one form that it is written in here, so that any strict decoder reads them.
 */
const codec = new Encoder({ useRecords: false, variableMapSize: true, tagUint8Array: false });

/** No item is longer: a frame has at most 65,000 bytes, a network file is typed by hand. */
export const ITEM_MAX = 1 << 22;
const DEPTH_MAX = 16;

export const encodeItem = (item: object): Uint8Array => codec.encode(item);

/** Bytes that are no item as they are written here. */
export class CborError extends Error {
  override readonly name = "CborError";
}

const BYTES = 2;
const TEXT = 3;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;
const FALSE = 20;
const NULL = 22;
const FLOAT64 = 27;

/** The number behind an initial byte, of so many bytes; it may be cut off by the end. */
const argument = (bytes: Uint8Array, at: number, size: number): number => {
  let value = 0;
  for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
};

/** Bytes that stand behind an initial byte of this kind for its number: 0, 1, 2, 4 or 8. */
const sizeOf = (short: number): number => {
  if (short < 24) return 0;
  if (short > 27) throw new CborError("has a length that is not given");
  return 1 << (short - 24);
};

/**
 * Walks over one item without making anything of it, so that no claimed length costs memory.
 *
 * @returns where it ends, or -1 where `bytes` end before it
 * @throws CborError for what is never written here
 */
export const itemEnd = (bytes: Uint8Array): number => {
  // How many items each open array or map still has.
  const open = [1];
  let at = 0;
  while (open.length) {
    if (!open[open.length - 1]) {
      open.pop();
      continue;
    }
    open[open.length - 1]!--;
    if (at >= bytes.length) return -1;
    const major = bytes[at]! >> 5;
    const short = bytes[at]! & 31;
    const known = major < SIMPLE ? major !== TAG
      : (short >= FALSE && short <= NULL) || short === FLOAT64;
    if (!known) throw new CborError("is not of a kind that a trace has");
    const size = sizeOf(short);
    // Larger numbers are written as floats.
    if (size > 4 && major !== SIMPLE) throw new CborError("is not of a kind that a trace has");
    const value = short < 24 ? short : argument(bytes, at + 1, size);
    at += 1 + size;
    if (at > bytes.length) return -1;
    if (major === BYTES || major === TEXT) at += value;
    else if (major > TEXT && major < SIMPLE) open.push(major === MAP ? 2 * value : value);
    if (major >= BYTES && major <= MAP && value > ITEM_MAX) {
      throw new CborError("claims to be longer than any event is");
    }
    if (open.length > DEPTH_MAX) throw new CborError("is nested deeper than any event is");
  }
  return at > bytes.length ? -1 : at;
};

/**
 * @param bytes exactly one item, as `itemEnd` finds it
 * @throws CborError where it is not written in the one right way: twice the same key, a longer form
 *   than needed, text that is no UTF-8
 */
export const decodeItem = (bytes: Uint8Array): unknown => {
  let item: unknown;
  try {
    item = codec.decode(bytes);
  } catch (thrown) {
    throw new CborError(`cannot be decoded: ${(thrown as Error).message}`);
  }
  if (Buffer.compare(codec.encode(item), bytes) !== 0) {
    throw new CborError("is not written in the one right way: it would be written otherwise again");
  }
  return item;
};
