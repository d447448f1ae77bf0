import {
  closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { firstImage } from "../firmware/index.js";
import { UsageError, messageOf } from "./error.js";
import { FILES, freshStore } from "./keys.js";
import { takeLock } from "./lock.js";
import type { Board } from "./network.js";
import { PROMISE_FILES } from "./promises.js";
import type { Natives } from "./sim/natives.js";

/**
 * A folder in place of a board's flash, with the files that Espruino's Storage would have. A file
 * is replaced whole or not at all, and is on the disk before the write is over, so that what a
 * board has reserved outlasts a loss of power here too.
 */

/** Only its owner reads and writes it: what a board has promised is nobody else's to change. */
const MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Names in Storage; nothing that leads out of the folder. */
const NAME = /^\w[\w.-]*$/;

/** @throws UsageError where it cannot be made */
const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  } catch (thrown) {
    throw new UsageError(`${folder}: cannot be made a folder: ${messageOf(thrown)}`);
  }
};

/**
 * Takes a store for this process, before it is provisioned or opened: of two boards in two
 * processes neither would know what the other has signed or promised. The names of the lock's files
 * begin with a dot, which no name in Storage does.
 *
 * @returns what gives it back
 * @throws UsageError where another has it, or the folder cannot be made or written in
 */
export const lockStore = async (folder: string): Promise<() => void> => {
  makeFolder(folder);
  try {
    return await takeLock(join(folder, ".lock"), ({ pid, file }) => new UsageError(
      `${folder}: process ${pid} is a board with this store already, and two would sign or ` +
      `promise two things as one: stop it first, or remove ${file} if that is no tagma board`));
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${folder}: cannot be locked: ${messageOf(thrown)}`);
  }
};

/** @throws UsageError where it cannot be made */
export const openStore = (folder: string): Pick<Natives, "read" | "write"> => {
  makeFolder(folder);
  const pathOf = (file: string) => {
    if (!NAME.test(file)) throw new Error(`${file} is no name of a file`);
    return join(folder, file);
  };
  const syncFolder = () => {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  };
  return {
    read(file) {
      const path = pathOf(file);
      return existsSync(path) ? Uint8Array.from(readFileSync(path)) : new Uint8Array();
    },
    write(file, bytes) {
      const path = pathOf(file);
      const beside = `${path}.part`;
      // What a loss of power left there may be open to others, or lead elsewhere.
      rmSync(beside, { force: true });
      const handle = openSync(beside, "wx", MODE);
      try {
        for (let from = 0; from < bytes.length; ) from += writeSync(handle, bytes, from);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(beside, path);
      syncFolder();
    },
  };
};

/** What lies in a board's store before it ever runs, by file, in the order of writing. */
export type FirstFiles = readonly (readonly [file: string, bytes: Uint8Array])[];

/**
 * Of a board that signs the crown and two first records, so that the board does not sign until all
 * is there; of one of ballots, that it is new.
 */
export const firstFiles = (
  { limits, number }: Board, signing?: { keys: readonly Uint8Array[]; crown: Uint8Array },
): FirstFiles => {
  const [one, other, last] = FILES;
  const files: [string, Uint8Array][] = [];
  if (limits.ballots) files.push([PROMISE_FILES[0]!, firstImage(limits)]);
  if (signing?.crown.length) files.push([last, signing.crown]);
  if (signing) {
    const [first, second] = freshStore(signing.keys[number]!);
    files.push([one, first!], [other, second!]);
  }
  return files;
};

/**
 * What is done to a real board before its bundle is there. Once in the life of a key, or of a
 * network: where anything of a board is there already, nothing is written.
 *
 * @throws UsageError naming the file that is there, or cannot be written
 */
export const provisionStore = (folder: string, files: FirstFiles): void => {
  const store = openStore(folder);
  for (const file of [...FILES, ...PROMISE_FILES]) {
    if (store.read(file).length) {
      throw new UsageError(`${join(folder, file)}: is there, so the board may have signed or ` +
        "promised something: leave --once out");
    }
  }
  try {
    for (const [file, bytes] of files) store.write(file, bytes);
  } catch (thrown) {
    throw new UsageError(`${folder}: cannot be written: ${messageOf(thrown)}`);
  }
};
