import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError, messageOf } from "./error.js";

/** @throws UsageError naming the file, where it cannot be read */
export const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be read: ${reason(thrown)}`);
  }
};

/** @throws UsageError naming the file, where it cannot be read */
export const readBytes = (path: string): Uint8Array => {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new UsageError(`${path}: cannot be read: ${reason(thrown)}`);
  }
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
 * Writes a file whole or not at all: beside it first, then renamed into place.
 *
 * @throws UsageError naming the file, where it cannot be written
 */
export const writeWhole = (path: string, content: string | Uint8Array): void => {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (thrown) {
    rmSync(beside, { force: true });
    throw new UsageError(`${path}: cannot be written: ${reason(thrown)}`);
  }
};

const reason = (thrown: unknown): string => {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES" || code === "EPERM") return "permission is denied";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ENOTDIR") return "a part of its path is no folder";
  if (code === "ENOSPC") return "the disk is full";
  return messageOf(thrown);
};
