import { existsSync } from "node:fs";
import { UsageError } from "../base/error.js";
import { replaceWhole } from "../base/file.js";
import { readText } from "../base/input.js";
import { takeLock } from "../base/lock.js";
import { reasonOf } from "../base/reason.js";
import { NUMBER_LAST } from "../faults/limits.js";

/**
 * Which cycle is next, in a file, so that the hub never uses a cycle's number again, however it
 * ended (SPEC.md, HUB.1). What the file says is above all numbers that may have been used.
 */
export interface Counter {
  /** The number with which to begin. */
  readonly first: number;
  /**
   * Is called before a cycle is opened, in their order.
   *
   * @returns what is to be waited for: undefined mostly, for numbers are set aside beforehand, and
   *   where that fails it is tried again while some are left; rejects where none is
   */
  readonly reserve: (cycle: number) => Promise<void> | undefined;
  /** The run has ended in order: no number from here on was used. Rejects where it is not kept. */
  end(next: number): Promise<void>;
  /** Lets others count in the file, however the run ended. */
  readonly release: () => void;
}

/** So many numbers are set aside at once, and lost where the hub is not ended in order. */
export const RESERVED = 256;
const NUMBERS = NUMBER_LAST + 1;

const unwritable = (path: string, thrown: unknown): UsageError => new UsageError(
  `${path}: cannot be written: ${reasonOf(thrown)}; --counter puts it elsewhere`,
);

/** Replaces the file, whole or not at all, even if the power goes. @throws UsageError */
const write = async (path: string, next: number): Promise<void> => {
  try {
    await replaceWhole(path, `${next}\n`);
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
};

/** Two that count in one file would use numbers twice. */
const take = async (path: string): Promise<() => void> => {
  try {
    return await takeLock(`${path}.lock`, ({ pid, file }) => new UsageError(
      `${path}: process ${pid} counts in it already; --counter puts it elsewhere, or remove ${
        file} if that is no tagma bus`));
  } catch (thrown) {
    throw thrown instanceof UsageError ? thrown : unwritable(path, thrown);
  }
};

const read = (path: string, least: number): number => {
  if (!existsSync(path)) return least;
  const text = readText(path).trim();
  if (/^\d{1,10}$/.test(text) && Number(text) <= NUMBERS) return Math.max(least, Number(text));
  throw new UsageError(`${path}: is no cycle's number, it must be from 0 to ${NUMBERS}`);
};

/**
 * @param asked the number of the first cycle; the next that the file allows unless told
 * @param least the number of the network's very first cycle
 * @throws UsageError where that number, or every number, may have been used; where another process
 *   counts in the file; or where it cannot be read or written
 */
export const openCounter = async (
  path: string, asked?: number, least = 0,
): Promise<Counter> => {
  const release = await take(path);
  try {
    return { ...await count(path, asked, least), release };
  } catch (thrown) {
    release();
    throw thrown;
  }
};

const count = async (
  path: string, asked: number | undefined, least: number,
): Promise<Omit<Counter, "release">> => {
  const next = read(path, least);
  const first = asked ?? next;
  if (first < next) {
    throw new UsageError(
      `--first-cycle: ${first} may have been used, the next that was not is ${next} (${path})`,
    );
  }
  if (first >= NUMBERS) {
    throw new UsageError(
      `${path}: all numbers of cycles were used: flash every board again, and remove this file`,
    );
  }
  let bound = first;
  let writing: Promise<void> | undefined;
  const setAside = async (until: number) => {
    try {
      await write(path, until);
      bound = until;
    } finally {
      writing = undefined;
    }
  };
  await setAside(Math.min(first + RESERVED, NUMBERS));
  return {
    first,
    reserve(cycle) {
      if (!writing && bound < NUMBERS && bound - cycle < RESERVED / 2) {
        writing = setAside(Math.min(cycle + RESERVED, NUMBERS));
        // Whoever needs the number hears of what went wrong; before, it is tried again.
        writing.catch(() => undefined);
      }
      return cycle < bound ? undefined : writing;
    },
    async end(last) {
      await writing?.catch(() => undefined);
      await write(path, last);
    },
  };
};
