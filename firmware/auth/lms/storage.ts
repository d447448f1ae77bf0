import type { SignerParts } from "./signer.js";
import type { Slots } from "./store.js";

/**
 * What `store.ts` and `signer.ts` read and write, as files in the flash of an Espruino board. Files
 * move when room is made for others, so each is looked for whenever it is needed.
 */

declare const require: (name: string) => {
  readArrayBuffer(file: string): ArrayBuffer | undefined;
  /** Throws where there is no room. */
  write(file: string, bytes: Uint8Array): boolean;
};

const LIBRARY = "Storage";
const files = require(LIBRARY);
/** Files of this name and 0 or 1 are the two places, 2 is the crown. */
const NAME = "tagma.";
const CROWN = 2;

const read = (number: number) => new Uint8Array(files.readArrayBuffer(NAME + number) || []);

/** See `store.ts`. */
export const slots: Slots = {
  read,
  write(slot, bytes) {
    try {
      files.write(NAME + slot, bytes);
    } catch {
      // It is found out when it is read back.
    }
  },
};

/** The same for a board that cannot sign without a crown: where that is lost, nothing is there. */
export const guardedSlots: Slots = {
  read: (slot) => read(read(CROWN).length ? slot : CROWN),
  write: slots.write,
};

/** See `signer.ts`. */
export const crownOf = (hashBytes: number): SignerParts["crown"] => (node) =>
  read(CROWN).subarray(node * hashBytes, (node + 1) * hashBytes);
