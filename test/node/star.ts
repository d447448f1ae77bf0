/** Nodes around a hub that relays at once, or loses what it is told to. */
import { createNode, oral, integer, layoutOf, majority } from "../../firmware/index.js";
import type { Node, Shape } from "../../firmware/index.js";
import { naiveEncode, naiveHeader, naiveWord, NAIVE_HUB } from "../frame/naive-codec.js";
import { createHal } from "./hal.js";
import type { TestHal } from "./hal.js";

export const DEFAULT_ORDER = 99;

export interface Star {
  readonly nodes: readonly Node<number>[];
  readonly hals: readonly TestHal<number>[];
  /** One cycle. `lost` says which frames of which round do not come from whom to whom. */
  readonly run: (
    cycle: number, lost: (round: number, sender: number, receiver: number) => boolean,
  ) => void;
}

/** Board i reads `readings[i]`. */
export const createStar = (shape: Shape, readings: readonly (number | undefined)[]): Star => {
  const word = naiveWord(shape);
  const hals = readings.map((reading) => createHal(() => reading));
  const nodes = hals.map((hal, self) => {
    const all = layoutOf(shape, self, false);
    const parts = {
      agree: oral(all), type: integer("Uint8"), choose: majority<number>,
      fallback: DEFAULT_ORDER,
    };
    return createNode(all, parts, hal);
  });
  return {
    nodes, hals,
    run(cycle, lost) {
      for (let round = 1; round <= shape.traitors + 2; round++) {
        const closes = round > shape.traitors + 1;
        const high = [8, 16, 24].map((shift) => (cycle >>> shift) & 255);
        const beacon = Uint8Array.from(naiveEncode(
          word, naiveHeader(closes ? 0 : round, NAIVE_HUB), cycle, round === 1 ? high : [],
        ));
        const before = hals.map(({ sent }) => sent.length);
        for (const node of nodes) node.receive(beacon);
        for (const [sender, { sent }] of hals.entries()) {
          for (const frame of sent.slice(before[sender])) {
            for (const [receiver, node] of nodes.entries()) {
              if (receiver === sender || lost(round, sender, receiver)) continue;
              node.receive(Uint8Array.from(frame));
            }
          }
        }
      }
    },
  };
};
