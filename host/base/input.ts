import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { UsageError } from "./error.js";
import { JsonError, parseJson } from "./json.js";
import { reasonOf } from "./reason.js";

/**
 * The gate for files that are read. Only files are: a pipe, a socket or a device may give nothing
 * for ever, or never end, and whoever waits for it hears no signal.
 */

/** More than any table or network has. */
const TEXT_MIB = 64;

/** What is no file, in words; "" for a file. */
const strangeKind = (found: Stats): string => {
  if (found.isFile()) return "";
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
};

const refuseStrange = (found: Stats): void => {
  const kind = strangeKind(found);
  if (kind) throw new Error(`it is ${kind}${kind === "a folder" ? "" : " and no file"}`);
};

/** @returns a file that is open for reading; of what is no file, nothing is opened or waited for */
const openFile = (path: string): number => {
  refuseStrange(statSync(path));
  // It may be another one by now.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    refuseStrange(fstatSync(file));
    return file;
  } catch (thrown) {
    closeSync(file);
    throw thrown;
  }
};

const PART = 65536;

/**
 * Reads a file that may be larger than memory. Each part is valid until the next is asked for.
 *
 * @throws UsageError naming the file, where it cannot be read
 */
export const readParts = function* (path: string): Generator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(PART);
  let file = -1;
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (thrown) {
      throw new UsageError(`${path}: cannot be read: ${reasonOf(thrown)}`);
    }
  };
  try {
    file = guard(() => openFile(path));
    const next = () => guard(() => readSync(file, buffer));
    for (let read = next(); read; read = next()) yield buffer.subarray(0, read);
  } finally {
    if (file >= 0) closeSync(file);
  }
};

/**
 * A whole file that is no longer than that.
 *
 * @throws UsageError naming the file, where it cannot be read or is too long
 */
export const readBytes = (path: string, most: number): Uint8Array => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (const part of readParts(path)) {
    bytes += part.length;
    if (bytes > most) throw new UsageError(`${path}: is longer than ${most} bytes`);
    parts.push(part.slice());
  }
  return Uint8Array.from(Buffer.concat(parts));
};

/** Of what a text was written with, what its first bytes tell. */
const OTHER_CODES: readonly (readonly [string, RegExp])[] = [
  ["UTF-32", /^(?:fffe0000|0000feff|000000(?!00)|(?!00)..000000)/],
  ["UTF-16", /^(?:fffe|feff|00(?!00)..00|(?!00)..00(?!00)..00)/],
];

/**
 * Takes a text apart into parts as they come, which may be cut anywhere.
 *
 * @param name of where it comes from, for messages
 * @param strict whether what is no UTF-8 is refused; else it becomes U+FFFD
 * @returns takes the next part, `undefined` after the last; gives what it says, without a mark of
 *   its order of bytes. @throws UsageError where it is too long, or another code
 */
export const createDecoder = (
  name: string, strict: boolean,
): ((part: Uint8Array | undefined) => string) => {
  const decoder = new TextDecoder("utf-8", { fatal: strict });
  let bytes = 0;
  return (part) => {
    if (part && !bytes && part.length) {
      const head = Buffer.from(part.subarray(0, 4)).toString("hex");
      const [code] = OTHER_CODES.find(([, beginning]) => beginning.test(head)) ?? [];
      if (code) throw new UsageError(`${name}: is ${code}, and must be UTF-8`);
    }
    bytes += part?.length ?? 0;
    if (bytes > TEXT_MIB * 2 ** 20) {
      throw new UsageError(`${name}: is longer than ${TEXT_MIB} MiB, which is the most`);
    }
    try {
      return part ? decoder.decode(part, { stream: true }) : decoder.decode();
    } catch {
      throw new UsageError(`${name}: is not UTF-8, as it must be`);
    }
  };
};

/** A text in parts. */
export const readTextParts = function* (
  path: string, strict = false,
): Generator<string, void, undefined> {
  const decode = createDecoder(path, strict);
  for (const part of readParts(path)) yield decode(part);
  yield decode(undefined);
};

/** @throws UsageError naming the file, where it cannot be read, is too long or no UTF-8 */
export const readText = (path: string): string => Array.from(readTextParts(path, true)).join("");

/** @throws UsageError naming the file and what is wrong with it */
export const readJson = (path: string): unknown => {
  const text = readText(path);
  try {
    return parseJson(text);
  } catch (thrown) {
    if (!(thrown instanceof JsonError)) throw thrown;
    throw new UsageError(`${path}: ${thrown.message}`);
  }
};
