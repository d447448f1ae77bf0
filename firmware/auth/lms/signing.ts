import { FAILED } from "../../base/counters.js";
import type { Signer } from "../../core/sm.js";
import { move } from "../../platform/host.js";
import type { SignatureLayout } from "./sets.js";
import { createSigner } from "./signer.js";
import type { SignerParts } from "./signer.js";

/** Bytes of what names a network in all that is signed in it. */
export const NETWORK_BYTES = 8;
/** Bytes of a message besides the order: the network, the cycle, the commander. */
export const MESSAGE_BYTES = NETWORK_BYTES + 4 + 1;

/** Every number that signing for SM works with. */
export interface SigningLayout extends SignatureLayout {
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
 * @param counts [FAILED] is counted up where a hash fails. Then nothing is signed, nothing checks,
 *   and the leaf, if one was taken, is given up: of a signature that is not whole, what was already
 *   put in its place are ends of chains, as in a whole one, and never what is before them.
 */
export const createSigning = (
  layout: SigningLayout, buffer: ArrayBuffer, counts: Uint32Array, parts: SigningParts,
): Signer => {
  const { width, share, text, signatureBytes } = layout;
  const arena = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const signer = createSigner(layout, arena, view, parts);
  let cycle = 0;
  let used = 0;
  arena.set(parts.network, text);

  const prepare = (passed: number) => {
    try {
      signer.prepare(passed);
    } catch {
      counts[FAILED]!++;
    }
  };
  prepare(-1);

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
      let signed = false;
      say(commander, order);
      try {
        signed = used < share && signer.sign(cycle * share + used++, text, to) > 0;
      } catch {
        counts[FAILED]!++;
      }
      return signed;
    },
    verify(board, commander, order, signature) {
      let right = false;
      say(commander, order);
      try {
        right = signer.verify(board, text, signature, signature + signatureBytes);
      } catch {
        counts[FAILED]!++;
      }
      return right;
    },
    close() {
      prepare(cycle * share + (share - 1));
    },
    state: () => signer.ledger.status,
    left: () => (signer.ledger.rest / share) | 0,
  };
};
