import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { firstImage } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { SECRET_MODE, makeFolder, sweepFolder, writeWhole } from "../base/file.js";
import { readBytes } from "../base/input.js";
import { takeLock } from "../base/lock.js";
import { reasonOf } from "../base/reason.js";
import { FILES, freshStore } from "../keys/keys.js";
import { PROMISE_FILES } from "../keys/promises.js";
import type { Board } from "../network/network.js";
import type { Natives } from "./natives.js";

/**
 * A folder in place of a board's flash, with the files that Espruino's Storage would have. A file
 * is replaced whole or not at all, and is on the disk before the write is over, so that what a
 * board has reserved outlasts a loss of power here too.
 */

/** More than any board has of flash for it. */
const FILE_MAX = 1 << 20;

/** Names in Storage; nothing that leads out of the folder. */
const NAME = /^\w[\w.-]*$/;

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
    throw new UsageError(`${folder}: cannot be locked: ${reasonOf(thrown)}`);
  }
};

/** @throws UsageError where it cannot be made */
export const openStore = (folder: string): Pick<Natives, "read" | "write"> => {
  makeFolder(folder);
  sweepFolder(folder);
  const pathOf = (file: string) => {
    if (!NAME.test(file)) throw new Error(`${file} is no name of a file`);
    return join(folder, file);
  };
  const read = (file: string) => {
    const path = pathOf(file);
    return existsSync(path) ? readBytes(path, FILE_MAX) : new Uint8Array();
  };
  // What cannot be read is said now, and not when a board is in the middle of something.
  for (const file of FILES) read(file);
  return {
    read,
    write(file, bytes) {
      writeWhole(pathOf(file), bytes, SECRET_MODE, true);
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
  { layout, number }: Board, signing?: { keys: readonly Uint8Array[]; crown: Uint8Array },
): FirstFiles => {
  const [one, other, last] = FILES;
  const files: [string, Uint8Array][] = [];
  if (layout.ballots) files.push([PROMISE_FILES[0]!, firstImage(layout)]);
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
    // An empty one too: it may have been more.
    if (lstatSync(join(folder, file), { throwIfNoEntry: false })) {
      throw new UsageError(`${join(folder, file)}: is there, so the board may have signed or ` +
        "promised something: leave --once out");
    }
  }
  try {
    for (const [file, bytes] of files) store.write(file, bytes);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${folder}: cannot be written: ${reasonOf(thrown)}`);
  }
};
