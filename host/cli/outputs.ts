import { closeSync, existsSync, openSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../base/error.js";
import { startWriting } from "../base/file.js";

/** What `path` leads to, where it is already there. */
const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    try {
      return resolve(path);
    } catch {
      // The folder that it was started in is gone: that is said where the file is opened.
      return path;
    }
  }
};

/** A file that its owner has made read-only is not replaced either. */
const refuseReadOnly = (path: string): void => {
  try {
    if (statSync(path).isFile()) closeSync(openSync(path, "r+"));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT" || !existsSync(path)) return;
    throw new UsageError(`${path}: cannot be written: it is read-only`);
  }
};

/**
 * Looks before a long run whether its outputs can be written, and leaves nothing behind.
 *
 * @param outputs by option
 * @param inputs files that must not be written over
 * @throws UsageError naming the option and the file
 */
export const checkOutputs = (
  outputs: Readonly<Record<string, string | undefined>>, inputs: readonly (string | undefined)[],
): void => {
  const taken = new Map<string, string>();
  for (const path of inputs) if (path !== undefined) taken.set(real(path), "an input");
  for (const [option, path] of Object.entries(outputs)) {
    if (path === undefined) continue;
    if (path === "") throw new UsageError(`--${option}: a file's name is needed, not ""`);
    const other = taken.get(real(path));
    if (other !== undefined) {
      throw new UsageError(`--${option}: ${path}: is ${other} already, another file is needed`);
    }
    taken.set(real(path), `what --${option} writes`);
    try {
      refuseReadOnly(path);
      startWriting(path).abandon();
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      throw new UsageError(`--${option}: ${thrown.message}`);
    }
  }
};
