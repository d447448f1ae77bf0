import {
  closeSync, openSync, readSync, renameSync, rmSync, statSync, writeSync,
} from "node:fs";
import { UsageError, messageOf } from "./error.js";

/** More than any table or network has: what never ends, as /dev/zero, is given up there. */
const TEXT_MIB = 64;

/**
 * Puts together what comes in parts.
 *
 * @param name of where it comes from, for messages
 */
export const createText = (name: string) => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  return {
    /** Takes a copy. @throws UsageError where it is too much */
    add(part: Uint8Array): void {
      bytes += part.length;
      if (bytes > TEXT_MIB * 2 ** 20) {
        throw new UsageError(`${name}: is longer than ${TEXT_MIB} MiB, which is the most`);
      }
      parts.push(Uint8Array.from(part));
    },
    text: (): string => Buffer.concat(parts).toString("utf8"),
  };
};

/** @throws UsageError naming the file, where it cannot be read or is too long */
export const readText = (path: string): string => {
  const whole = createText(path);
  for (const part of readParts(path)) whole.add(part);
  return whole.text();
};

/** @throws UsageError naming the file and what is wrong with it */
export const readJson = (path: string): unknown => {
  const text = readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw new UsageError(`${path}: is not JSON: ${messageOf(thrown)}`);
  }
};

/**
 * Reads a file that may be larger than memory. Each part is valid until the next is asked for.
 *
 * @throws UsageError naming the file, where it cannot be read
 */
export const readParts = function* (path: string): Generator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(PART);
  let file = -1;
  try {
    file = openSync(path, "r");
    for (let read = readSync(file, buffer); read; read = readSync(file, buffer)) {
      yield buffer.subarray(0, read);
    }
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be read: ${reason(thrown)}`);
  } finally {
    if (file >= 0) closeSync(file);
  }
};
const PART = 65536;

/** A file that is being written; it is there once it is finished, and not before. */
export interface Writing {
  append(bytes: Uint8Array): void;
  finish(): void;
  /** Leaves nothing behind; does nothing once it is finished. */
  abandon(): void;
}

/**
 * Writes a file piece by piece, yet whole or not at all: beside it first, then renamed into place.
 * What is no file, such as a terminal or /dev/null, is written to as it is.
 *
 * @throws UsageError naming the file, where it cannot be written; nothing is left of it then
 */
export const startWriting = (path: string, mode = 0o666): Writing => {
  // What is beside the file is removed however the process ends.
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (thrown) {
      self.abandon();
      throw new UsageError(`${path}: cannot be written: ${reason(thrown)}`);
    }
  };
  let file = -1;
  let beside = "";
  const close = () => {
    const open = file;
    file = -1;
    if (open >= 0) closeSync(open);
  };
  const self: Writing = {
    append(bytes) {
      guard(() => {
        for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
      });
    },
    finish() {
      guard(() => {
        close();
        if (beside) renameSync(beside, path);
        beside = "";
        unfinished.delete(self);
      });
    },
    abandon() {
      try {
        close();
      } finally {
        if (beside) rmSync(beside, { force: true });
        beside = "";
        unfinished.delete(self);
      }
    },
  };
  guard(() => {
    const there = statSync(path, { throwIfNoEntry: false });
    // Known before a long run, not after it.
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    const special = there && !there.isFile();
    const target = special ? path : `${path}.${process.pid}.part`;
    file = openSync(target, "w", mode);
    if (!special) beside = target;
    unfinished.add(self);
  });
  return self;
};

const unfinished = new Set<Writing>();

/** Leaves nothing behind of what is not finished: the process ends at once. */
export const abandonAll = (): void => {
  for (const writing of unfinished) writing.abandon();
};

/**
 * Writes a file whole or not at all; see `startWriting`.
 *
 * @param mode who may do what with a new file, besides what the process forbids
 * @throws UsageError naming the file, where it cannot be written
 */
export const writeWhole = (
  path: string, content: string | Uint8Array, mode?: number,
): void => {
  const writing = startWriting(path, mode);
  writing.append(typeof content === "string" ? Buffer.from(content) : content);
  writing.finish();
};

const reason = (thrown: unknown): string => {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES" || code === "EPERM") return "permission is denied";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ENOTDIR") return "a part of its path is no folder";
  if (code === "EFBIG") return "it would be larger than files may be";
  if (code === "ENOSPC") return "the disk is full";
  return messageOf(thrown);
};
