import { sha256 } from "@noble/hashes/sha2.js";
import { firstImage } from "../../firmware/index.js";
import { FILES, freshStore, madeUpKeys } from "../keys/keys.js";
import { PROMISE_FILES } from "../keys/promises.js";
import type { Board, Network } from "../network/network.js";

/** What a signing board has of Espruino besides the interpreter: SHA-256, and files in flash. */
export interface Natives {
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  /** @returns the bytes behind base64 */
  readonly decode: (text: string) => Uint8Array;
  /** @returns what a file holds; nothing where there is none */
  readonly read: (file: string) => Uint8Array;
  readonly write: (file: string, bytes: Uint8Array) => void;
}

/** @returns them for a board whose files are these */
export const nativesWith = (files: Pick<Natives, "read" | "write">): Natives => ({
  hash: sha256,
  decode: (text) => Uint8Array.from(Buffer.from(text, "base64")),
  ...files,
});

/** @returns them for a board that has never run; what is written outlasts a restart */
export const nativesOf = (network: Network, { number }: Board): Natives => {
  const files = new Map<string, Uint8Array>();
  if (network.signing) {
    const { key, crown } = madeUpKeys(network.signing)[number]!;
    [...freshStore(key), crown].forEach((bytes, at) => {
      files.set(FILES[at]!, bytes);
    });
  }
  const board = network.boards[number]!;
  if (board.layout.ballots) files.set(PROMISE_FILES[0]!, firstImage(board.layout));
  return nativesWith({
    read: (file) => files.get(file) ?? new Uint8Array(),
    write(file, bytes) {
      files.set(file, Uint8Array.from(bytes));
    },
  });
};
