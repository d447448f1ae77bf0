import { HUB } from "../../firmware/index.js";
import type { Prng } from "../base/random.js";
import type { Network } from "../network/network.js";
import { createReader } from "../topology/frames.js";
import { AT_BOARD, AT_HUB, bytesOf } from "../topology/queue.js";
import type { Happening } from "../topology/queue.js";
import type { Heard, HubKind } from "./fault.js";
import { createFrames } from "./frames.js";

/**
 * A hub that lies about what it passes on. It has everything that was ever said, and no key: where
 * frames are tagged it can only choose among tags that it has heard.
 */

export interface HubLies {
  /** To be told of each frame that comes to the hub. */
  readonly hear: (happening: Happening) => void;
  /** Changes a frame on its way to a board, where it can. */
  readonly tell: (kind: HubKind, happening: Happening) => void;
}

/** How much of what was said it remembers. */
const KEPT = 64;

export const createHubLies = (network: Network, prng: Prng): HubLies => {
  const { layout } = network.boards[0]!;
  const { tags } = layout;
  const frameOf = createFrames(network);
  const read = createReader(network);
  const kept: Heard[] = [];

  /** @returns the payload of a frame, undefined where it is none */
  const payloadOf = (happening: Happening): Uint8Array | undefined => {
    // Whatever was left of another frame is over with this one's start.
    const frame = read(bytesOf(happening));
    return frame?.round === happening.round ? frame.payload.slice() : undefined;
  };

  /** Another payload's values and tags, cut or filled to this one's length. */
  const fitted = (payload: Uint8Array, other: Uint8Array): Uint8Array => {
    const made = payload.slice();
    const [values, said] = [payload.length - tags, other.length - tags];
    made.set(other.subarray(0, Math.min(values, said)));
    made.set(other.subarray(said), values);
    return made;
  };

  const scene = {
    prng, layout, happening: undefined as unknown as Happening,
    oneOf(payload: Uint8Array, holds: (one: Heard) => boolean) {
      const others = kept.filter(holds);
      return others.length ? fitted(payload, others[prng.below(others.length)]!.payload) : payload;
    },
  };

  return {
    hear(happening) {
      const { sender, round, cycle } = happening;
      const payload = happening.kind === AT_HUB ? payloadOf(happening) : undefined;
      if (payload) kept.push({ sender, round, cycle, payload });
      if (kept.length > KEPT) kept.shift();
    },
    tell(kind, happening) {
      const { sender, round, cycle, bytes } = happening;
      if (happening.kind !== AT_BOARD || sender === HUB) return;
      const payload = payloadOf(happening);
      if (!payload) return;
      scene.happening = happening;
      const told = kind.lie(scene, payload);
      if (Buffer.compare(told, payload) === 0) return;
      const frame = frameOf(round, sender, cycle, told);
      bytes.set(frame);
      happening.length = frame.length;
      happening.lie = "hub";
    },
  };
};
