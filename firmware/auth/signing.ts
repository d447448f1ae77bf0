import type { Signer } from "../core/sm.js";
import { move } from "../native.js";
import type { SignatureLimits } from "./sets.js";
import { createSigner } from "./signer.js";
import type { SignerParts } from "./signer.js";

/** Bytes of what names a network in all that is signed in it. */
export const NETWORK_BYTES = 8;
/** Bytes of a message besides the order: the network, the cycle, the commander. */
export const MESSAGE_BYTES = NETWORK_BYTES + 4 + 1;

/** Every number that signing for SM works with. */
export interface SigningLimits extends SignatureLimits {
  /** Bytes of an order. */
  readonly width: number;
  /** How many leaves a cycle has: a power of two (AUTH.4). */
  readonly share: number;
  /** Where the message lies that is signed or checked. */
  readonly text: number;
}

export interface SigningParts extends SignerParts {
  /** What names the network. */
  readonly network: ArrayLike<number>;
}

/**
 * What SM signs: (network, cycle, commander, order), big-endian (SM.1). A cycle's leaves are its
 * own, whether they are used or not.
 *
 * @param buffer the arena's, of which the core and the frames have the first part
 */
export const createSigning = (
  limits: SigningLimits, buffer: ArrayBuffer, parts: SigningParts,
): Signer => {
  const { width, share, text, signatureBytes } = limits;
  const arena = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const signer = createSigner(limits, arena, view, parts);
  let cycle = 0;
  let used = 0;
  arena.set(parts.network, text);
  signer.prepare(-1);

  const say = (commander: number, order: number) => {
    arena[text + 12] = commander;
    move(arena, text + 13, order, order + width);
  };

  return {
    open(opened) {
      cycle = opened;
      used = 0;
      view.setUint32(text + 8, cycle);
    },
    sign(commander, order, to) {
      say(commander, order);
      return used < share && signer.sign(cycle * share + used++, text, to) > 0;
    },
    verify(board, commander, order, signature) {
      say(commander, order);
      return signer.verify(board, text, signature, signature + signatureBytes);
    },
    close() {
      signer.prepare(cycle * share + share - 1);
    },
    state: () => signer.ledger.state,
    left: () => (signer.ledger.left / share) | 0,
  };
};
