import { messageOf } from "./error.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder", EACCES: "permission is denied",
  EPERM: "permission is denied", EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder", EFBIG: "it would be larger than files may be",
  ENOSPC: "the disk is full", EDQUOT: "the disk is full", ELOOP: "it is a link",
  ENXIO: "it is no file", EAGAIN: "it has nothing to give yet, and is no file",
  ENAMETOOLONG: "its name is too long", ERR_INVALID_ARG_VALUE: "its name has a NUL byte",
  EROFS: "its disk is read-only", EIO: "its disk fails",
};

/** @returns why the file system refused something, in words */
export const reasonOf = (thrown: unknown): string =>
  REASONS[(thrown as NodeJS.ErrnoException).code ?? ""] ?? messageOf(thrown);
