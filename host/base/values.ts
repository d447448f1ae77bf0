import { bool, byte, bytes, float, integer } from "../../firmware/base/values.js";
import type { Integer, ValueType } from "../../firmware/base/values.js";
import type { Prng } from "./random.js";

/** A value as a program sees it; ⊥ is undefined inside the program and null in JSON. */
export type Value = number | boolean | Uint8Array;
/** A value as JSON shows it: bytes are hexadecimal digits. */
export type Shown = number | boolean | string | null;

export const TYPE_NAMES = ["bool", "u8", "u16", "u32", "i16", "i32", "f32"] as const;
export type TypeName = (typeof TYPE_NAMES)[number] | "bytes";

const WHOLE: Record<string, { name: Integer; width: number; low: number; high: number }> = {
  u8: { name: "Uint8", width: 1, low: 0, high: 255 },
  u16: { name: "Uint16", width: 2, low: 0, high: 65535 },
  u32: { name: "Uint32", width: 4, low: 0, high: 4294967295 },
  i16: { name: "Int16", width: 2, low: -32768, high: 32767 },
  i32: { name: "Int32", width: 4, low: -2147483648, high: 2147483647 },
};

/** A type of values, with everything the host does with it. */
export interface HostType {
  readonly name: TypeName;
  readonly width: number;
  /** What is right, for a person who wrote what is wrong. */
  readonly range: string;
  /** Whether values have an order, so that there is a median. */
  readonly ordered: boolean;
  readonly whole: boolean;
  /** The expression that makes this type in a bundle, and what it imports from `values.js`. */
  readonly source: string;
  readonly imports: string;
  /** A type of its own for each board: `bytes` keeps cells. */
  create(boards: number): ValueType<Value>;
  /** @returns the value, or undefined where `shown` is not one; null and "" are ⊥: null. */
  parse(shown: unknown): Value | null | undefined;
  random(prng: Prng): Value;
}

/** What a person's own script chose may be no value of any type: it is shown as JSON. */
export const show = (value: Value | undefined): Shown => {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return typeof value === "object" ? JSON.stringify(value) : value;
};

export const sameValue = (one: Value | undefined, other: Value | undefined): boolean =>
  one instanceof Uint8Array && other instanceof Uint8Array
    ? Buffer.compare(one, other) === 0
    : one === other;

const numberOf = (shown: unknown): number | undefined => {
  if (typeof shown === "number") return shown;
  if (typeof shown !== "string" || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(shown.trim())) {
    return undefined;
  }
  return Number(shown);
};

const wholeType = (name: TypeName): HostType => {
  const { name: native, width, low, high } = WHOLE[name]!;
  return {
    name, width, ordered: true, whole: true,
    range: `a whole number from ${low} to ${high}`,
    ...(native === "Uint8"
      ? { source: "byte", imports: "byte", create: () => byte }
      : {
        source: `integer(${JSON.stringify(native)})`, imports: "integer",
        create: () => integer(native),
      }),
    parse(shown) {
      if (shown === null || shown === "") return null;
      const value = numberOf(shown);
      if (value === undefined || !Number.isInteger(value)) return undefined;
      return value >= low && value <= high ? value : undefined;
    },
    random: (prng) => low + Math.floor((prng.next() / 2 ** 32) * (high - low + 1)),
  };
};

const boolType: HostType = {
  name: "bool", width: 1, ordered: false, whole: false,
  range: "true or false (1 or 0 in a table)", source: "bool", imports: "bool",
  create: () => bool,
  parse(shown) {
    const text = typeof shown === "string" ? shown.trim().toLowerCase() : shown;
    if (text === null || text === "") return null;
    if (text === true || text === "true" || text === "1") return true;
    return text === false || text === "false" || text === "0" ? false : undefined;
  },
  random: (prng) => (prng.next() & 1) === 1,
};

const floatType: HostType = {
  name: "f32", width: 4, ordered: true, whole: false,
  range: "a finite number of single precision", source: "float", imports: "float",
  create: () => float,
  parse(shown) {
    if (shown === null || shown === "") return null;
    // Never -0, which JSON and others write as 0.
    const value = Math.fround(numberOf(shown) ?? Number.NaN) + 0;
    return Number.isFinite(value) ? value : undefined;
  },
  random: (prng) => Math.fround((prng.next() % 20001) / 100 - 100),
};

const bytesType = (width: number): HostType => ({
  name: "bytes", width, ordered: false, whole: false,
  range: `${2 * width} hexadecimal digits`, source: `bytes(${width}, `, imports: "bytes",
  create: (boards) => bytes(width, boards),
  parse(shown) {
    if (shown === null || shown === "") return null;
    return typeof shown === "string" && shown.length === 2 * width && /^[0-9a-f]*$/i.test(shown)
      ? new Uint8Array(Buffer.from(shown, "hex"))
      : undefined;
  },
  random: (prng) => Uint8Array.from({ length: width }, () => prng.next() & 255),
});

/** @param width bytes of one value; only `bytes` has a choice */
export const hostType = (name: TypeName, width = 1): HostType => {
  if (name === "bool") return boolType;
  if (name === "f32") return floatType;
  return name === "bytes" ? bytesType(width) : wholeType(name);
};
