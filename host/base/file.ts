import { randomBytes } from "node:crypto";
import {
  chmodSync, closeSync, constants, existsSync, fchmodSync, fsyncSync, linkSync, mkdirSync,
  openSync, readdirSync, renameSync, rmSync, statSync, writeSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "./error.js";
import { reasonOf } from "./reason.js";

/**
 * The gate for files that are written: whole or not at all, beside their place first under a name
 * that nobody can know before, and created there, so that neither a file nor a link that waits gets
 * anything. What is left beside when this process is stopped is removed.
 */

/** Only its owner reads and writes it. */
export const SECRET_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** What is beside while it is written; what a loss of power left is known by it. */
const BESIDE = /^\.tagma-[\da-f]{16}\.part$/;
const besideOf = (path: string): string =>
  join(dirname(path), `.tagma-${randomBytes(8).toString("hex")}.part`);

/** It must not be there yet, nor be a link. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** A file that is being written; it is there once it is finished, and not before. */
export interface Writing {
  append(bytes: Uint8Array): void;
  finish(): void;
  /** Leaves nothing behind; does nothing once it is finished. */
  abandon(): void;
}

const unfinished = new Set<Writing>();

/** Leaves nothing of what is not finished: this process ends. */
export const abandonAll = (): void => {
  for (const writing of unfinished) writing.abandon();
};

/** Looks that a pipe whose reader is slow gets, and milliseconds between them. */
const LOOKS = 500;
const APART = 20;
const CELL = new Int32Array(new SharedArrayBuffer(4));

/** As `writeSync`, which a pipe may refuse for now; whoever never reads does not hold it up. */
const writeAll = (file: number, bytes: Uint8Array): void => {
  for (let from = 0, looks = 0; from < bytes.length; ) {
    try {
      from += writeSync(file, bytes, from);
      looks = 0;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EAGAIN") throw thrown;
      if (++looks > LOOKS) throw new Error("whoever reads it takes no more", { cause: thrown });
      Atomics.wait(CELL, 0, 0, APART);
    }
  }
};

/** @throws where it is a pipe that nobody reads, for which nothing waits */
const openSpecial = (path: string): number => {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENXIO") throw thrown;
    throw new Error("nobody reads it, and it is no file", { cause: thrown });
  }
};

/**
 * Writes a file piece by piece, yet whole or not at all. What is no file, such as a terminal or
 * /dev/null, is written to as it is; but no secret is, for it is not known who reads it.
 *
 * @param mode who may do what with a new file, whatever the process forbids; unless told, anybody
 *   may what the process does not forbid
 * @param kept whether it is to outlast a loss of power as soon as it is finished
 * @throws UsageError naming the file, where it cannot be written; nothing is left of it then
 */
export const startWriting = (path: string, mode?: number, kept = false): Writing => {
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (thrown) {
      self.abandon();
      throw new UsageError(`${path}: cannot be written: ${reasonOf(thrown)}`);
    }
  };
  let file = -1;
  let beside = "";
  let special = false;
  const close = () => {
    const handle = file;
    file = -1;
    if (handle >= 0) closeSync(handle);
  };
  const self: Writing = {
    append(bytes) {
      guard(() => {
        // Only once there is something for it: a pipe that is closed tells its reader the end.
        if (special && file < 0) file = openSpecial(path);
        writeAll(file, bytes);
      });
    },
    finish() {
      guard(() => {
        if (kept && file >= 0) fsyncSync(file);
        close();
        if (beside) renameSync(beside, path);
        beside = "";
        if (kept) syncFolder(dirname(path));
      });
      unfinished.delete(self);
    },
    abandon() {
      unfinished.delete(self);
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
    special = there !== undefined && !there.isFile();
    if (special && mode !== undefined) throw new Error("it is no file, and this is a secret");
    if (special) return;
    const name = besideOf(path);
    file = openSync(name, NEW, mode ?? 0o666);
    beside = name;
    unfinished.add(self);
    if (mode !== undefined) fchmodSync(file, mode);
  });
  return self;
};

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/**
 * Writes a file whole or not at all; see `startWriting`.
 *
 * @throws UsageError naming the file, where it cannot be written
 */
export const writeWhole = (
  path: string, content: string | Uint8Array, mode?: number, kept = false,
): void => {
  const writing = startWriting(path, mode, kept);
  writing.append(typeof content === "string" ? Buffer.from(content) : content);
  writing.finish();
};

/** The same without waiting, and kept whatever happens. @throws what the file system does */
export const replaceWhole = async (path: string, content: string): Promise<void> => {
  const beside = besideOf(path);
  try {
    const file = await open(beside, NEW, 0o666);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw thrown;
  }
};

/**
 * Makes a folder that only its owner opens, whatever the process forbids or allows; one that is
 * there stays as it is.
 *
 * @returns whether it is new
 * @throws UsageError where it cannot be made
 */
export const makeFolder = (folder: string): boolean => {
  try {
    const first = mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    if (first === undefined) return false;
    chmodSync(folder, FOLDER_MODE);
    return true;
  } catch (thrown) {
    throw new UsageError(`${folder}: cannot be made a folder: ${reasonOf(thrown)}`);
  }
};

/** Removes what a loss of power left beside the files of a folder that is this process's alone. */
export const sweepFolder = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    if (BESIDE.test(name)) rmSync(join(folder, name), { force: true, recursive: true });
  }
};

/** Moves a file to where none is. Where a disk has no links, another one's file is in danger. */
const moveNew = (from: string, to: string): void => {
  try {
    linkSync(from, to);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw thrown;
    if (existsSync(to)) throw Object.assign(new Error(), { code: "EEXIST" });
    renameSync(from, to);
  }
};

/** A file of several that belong together. */
export interface Part {
  readonly name: string;
  readonly content: string;
  /** Nobody but its owner may read it. */
  readonly secret: boolean;
}

/**
 * Writes files that belong together: all of them, or none. What is there already is not replaced.
 *
 * @param parts the last one is there when all others are
 * @throws UsageError naming the file or the folder
 */
export const writeTogether = (folder: string, parts: readonly Part[]): void => {
  const made = makeFolder(folder);
  const aside = join(folder, besideOf("x"));
  const placed: string[] = [];
  try {
    mkdirSync(aside, { mode: FOLDER_MODE });
    chmodSync(aside, FOLDER_MODE);
    for (const { name, content, secret } of parts) {
      writeWhole(join(aside, name), content, secret ? SECRET_MODE : undefined, true);
    }
    for (const { name } of parts) {
      moveNew(join(aside, name), join(folder, name));
      placed.push(join(folder, name));
    }
  } catch (thrown) {
    for (const path of placed) rmSync(path, { force: true });
    rmSync(aside, { force: true, recursive: true });
    if (made) rmSync(folder, { force: true, recursive: true });
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${folder}: cannot be written: ${reasonOf(thrown)}`);
  }
  rmSync(aside, { force: true, recursive: true });
};
