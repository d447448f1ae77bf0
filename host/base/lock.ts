import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * One process at a time, among those of one machine that see each other's numbers. Whoever wants a
 * lock puts an empty file of its own beside it, whose name has its process's number and is never
 * used again, and then looks for those of others: of two, one at least sees the other's. So nobody
 * ever removes a lock that another has just taken, however old what is lying about; and there is
 * no content that might be read before it is written.
 */

/** The process that has a lock, and the file that says so. */
export interface Holder {
  readonly pid: number;
  readonly file: string;
}

/** Looks so often, so many milliseconds apart, whether those that came too late have left. */
const LOOKS = 20;
const APART = 10;

/** Those of this process: it may have the number of one that was killed, as in containers. */
const held = new Set<string>();

/** Whether a process is there; one of another user's is. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Those of others that are running, by name; what one that was killed left behind is removed. */
const othersOf = (path: string, own: string): Holder[] => {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  return readdirSync(folder).toSorted().flatMap((name) => {
    const file = join(folder, name);
    const [, digits] = /^(\d+)\.[\da-f]{16}$/.exec(name.slice(start.length)) ?? [];
    if (!name.startsWith(start) || digits === undefined || file === own) return [];
    const pid = Number(digits);
    if (pid === process.pid ? held.has(name) : isRunning(pid)) return [{ pid, file }];
    rmSync(file, { force: true });
    return [];
  });
};

/**
 * Of those that ask in the same moment the first by name gets it, unless it is stopped meanwhile.
 *
 * @param path what the names of its files begin with, in a folder that is there
 * @param refusal what is thrown where another has it
 * @returns what gives it back
 * @throws what the file system does, too
 */
export const takeLock = async (
  path: string, refusal: (holder: Holder) => Error,
): Promise<() => void> => {
  const own = join(dirname(path), `${basename(path)}.${process.pid}.${
    randomBytes(8).toString("hex")}`);
  const release = () => {
    rmSync(own, { force: true });
    held.delete(basename(own));
  };
  held.add(basename(own));
  try {
    writeFileSync(own, "", { flag: "wx", mode: 0o600 });
    for (let look = 1; ; look++) {
      const [first] = othersOf(path, own);
      if (!first) return release;
      if (first.file < own || look === LOOKS) throw refusal(first);
      await sleep(APART);
    }
  } catch (thrown) {
    release();
    throw thrown;
  }
};
