import { HUB } from "../../firmware/index.js";
import { createPrng, derive } from "../base/random.js";
import { madeUpMacKeys, tagAnew } from "../keys/mac.js";
import type { Network } from "../network/network.js";
import { createReader } from "../topology/frames.js";
import type { OpenSlot, Sending, WireTrouble } from "../topology/wire/wire.js";
import type { Traitor, Troubles } from "./asked.js";
import { createFrames } from "./frames.js";
import { hitsOf } from "./hits.js";
import { createHalves, createLiars } from "./liars.js";
import { lineKind, traitorKind } from "./registry.js";

/** A shared wire, and boards on it that fail, as the bus meets them. One seed, one run. */

/** @returns what makes of a liar's answer the lie that it tells to all alike */
const createLies = (network: Network, traitors: readonly Traitor[], seed: number) => {
  const liars = createLiars(network, traitors, seed, { roundBits: 0 });
  const frameOf = createFrames(network);
  const read = createReader(network);
  const keys = network.shape.tag ? madeUpMacKeys(network.boards.length) : undefined;
  return (sending: Sending, { round, cycle, number }: OpenSlot): Sending | undefined => {
    const { board: sender } = sending;
    const was = liars.lies(sender) ? read(sending.bytes)?.payload : undefined;
    if (!was) return sending;
    const payload = was.slice();
    const receiver = (sender + 1) % network.members.length;
    const later = liars.tell({ sender, receiver, round, cycle, payload }, []);
    const lie = Buffer.compare(was, payload) !== 0 && liars.lieIn(sender, round, was, payload);
    if (keys) tagAnew(network, keys[sender]!, sender, round, number, payload);
    return later < 0 ? undefined
      : { ...sending, bytes: frameOf(round, sender, number, payload), lie };
  };
};

export const createWireTrouble = (
  network: Network, { lines, traitors }: Troubles, seed: number,
): WireTrouble => {
  const prng = createPrng(derive(seed, 1));
  const lied = createLies(network, traitors, derive(seed, 2));
  const run = { network, prng: createPrng(derive(seed, 3)) };
  const faulty = traitors.map(({ board, name, parameter }) => {
    const { isDown, responds, invades, blurs } = traitorKind(network, name);
    return {
      board, blurs, responds: responds?.(run), invades: invades?.(run),
      isDown: (cycle: number, round: number) => isDown?.(parameter, cycle, round) ?? false,
      parameter,
    };
  });
  const byBoard = new Map(faulty.map((one) => [one.board, one]));
  const faults = lines.map((line) => ({ kind: lineKind(network, line.name), hits: hitsOf(line) }));
  const halfOf = createHalves(network, traitors);

  return {
    slot: (slot) => faulty.flatMap(({ board, invades }) => invades?.(board, slot) ?? []),
    answer(sending, slot) {
      const one = byBoard.get(sending.board);
      if (one?.isDown(slot.cycle, slot.round)) return undefined;
      return one?.responds ? one.responds(sending, slot, one.parameter) : lied(sending, slot);
    },
    pass(happening) {
      const { board, sender, cycle, round } = happening;
      if (byBoard.get(board)?.isDown(cycle, round)) {
        happening.fate = "lost";
        return false;
      }
      // A board hears itself whatever becomes of what it says.
      if (board === sender) return true;
      // Some receivers read it, others do not.
      const reached = board !== HUB && happening.length && halfOf(board, round);
      if (reached) byBoard.get(sender)?.blurs?.(happening, prng);
      for (const { kind, hits } of faults) {
        if (!happening.length || !hits(happening, prng)) continue;
        if (kind.on === "line" && !kind.strike(happening, () => undefined, prng, 1)) return false;
      }
      return true;
    },
    clash: () => prng.below(256),
  };
};
