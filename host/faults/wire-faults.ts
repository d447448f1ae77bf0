import { HUB, createWire } from "../../firmware/index.js";
import { createPrng, derive } from "../base/random.js";
import type { Prng } from "../base/random.js";
import { madeUpLinkKeys, tagAnew } from "../keys/mac.js";
import type { Network } from "../network/network.js";
import { BITS_A_BYTE } from "../plan/plan.js";
import type { Happening } from "../topology/queue.js";
import { createMaster } from "../topology/wire/master.js";
import type { OpenSlot, Sending, WireTrouble } from "../topology/wire/wire.js";
import { isDown, lineFault } from "./faults.js";
import { createHalves, createLiars } from "./traitor.js";
import type { LineFault, Traitor, Troubles } from "./troubles.js";

/** A shared wire, and boards on it that fail, as the bus meets them. One seed, one run. */

/** Bytes of garbage that are sent at once, at most. */
const GARBAGE_MOST = 40;

/** Frames as they are on the wire, of payloads, and payloads of frames. */
const createFrames = (network: Network) => {
  const { limits } = network.boards[0]!;
  const { payloads } = limits;
  const longest = Math.max(...payloads);
  const desk = new Uint8Array(limits.end + longest);
  const { encode } = createWire(
    limits, desk, new DataView(desk.buffer), new Uint32Array(3), () => -1, () => undefined,
  );
  const payloadIn = (frame: Uint8Array): Uint8Array | undefined => {
    const arena = new Uint8Array(limits.end);
    let length = 0;
    let found: Uint8Array | undefined;
    createWire(
      limits, arena, new DataView(arena.buffer), new Uint32Array(3),
      (header) => (length = payloads[header >> 5] ?? 0),
      (_low, at) => {
        found = arena.slice(at, at + length);
      },
    ).decode(frame);
    return found;
  };
  const frameOf = (
    round: number, sender: number, cycle: number, payload: Uint8Array,
  ): Uint8Array => {
    desk.set(payload, limits.end);
    const end = encode((round << 5) | sender, cycle, limits.end, payload.length);
    return desk.slice(limits.transmit, end);
  };
  return { payloadIn, frameOf };
};

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
};

/** What boards transmit that want the wire, or the others, for themselves. */
const createInvaders = (network: Network, prng: Prng) => {
  const { boards, rounds } = network;
  const { payloads } = boards[0]!.limits;
  const { frameOf } = createFrames(network);
  const master = createMaster(network);
  const garbage = (count: number) => Uint8Array.from({ length: count }, () => prng.below(256));

  const jam = (board: number, { speaker, polled, ends }: OpenSlot): Sending | undefined => {
    if (board === speaker || prng.chance(1 / 2)) return undefined;
    const begins = polled + prng.below(Math.max(1, ends - polled));
    return { board, begins, bytes: garbage(1 + prng.below(GARBAGE_MOST)), lie: true };
  };

  // A frame in another's name; or a beacon that polls another, and that before it can answer.
  const forge = (board: number, { number, round, polled, speaker }: OpenSlot) => {
    if (board !== speaker || !round) return undefined;
    const other = (board + 1 + prng.below(boards.length - 1)) % boards.length;
    const poll = prng.chance(1 / 2) ? new Uint8Array(0)
      : master.beacon(number, round, other).slice();
    const frame = frameOf(round, other, number, garbage(payloads[round]!));
    return { board, begins: polled, bytes: joined(poll, frame), lie: true };
  };

  // A beacon of the next round, of the end, or of another cycle.
  const usurp = (board: number, { number, round, polled, speaker }: OpenSlot) => {
    if (board !== speaker || !round) return undefined;
    const opens = [round + 1 > rounds ? 0 : round + 1, 0, 1][prng.below(3)]!;
    const during = opens === 1 ? number + 1 + prng.below(300) : number;
    const bytes = master.beacon(during, opens, prng.below(boards.length)).slice();
    return { board, begins: polled, bytes, lie: true };
  };

  const all = { jam, forge, usurp };
  const names = Object.keys(all) as (keyof typeof all)[];
  return (name: string, board: number, slot: OpenSlot): Sending | undefined => {
    if (name === "babble") return all[names[prng.below(names.length)]!](board, slot);
    return name in all ? all[name as keyof typeof all](board, slot) : undefined;
  };
};

const INVADERS = new Set(["jam", "forge", "usurp", "babble"]);

/** What a board says in the end that fails, or lies to all alike. */
const createAnswers = (network: Network, traitors: readonly Traitor[], seed: number) => {
  const liars = createLiars(network, traitors, derive(seed, 2));
  const { frameOf, payloadIn } = createFrames(network);
  const keys = network.shape.tag ? madeUpLinkKeys(network.boards.length) : undefined;
  // What each said in each round of the cycle before.
  const before = new Map<number, Uint8Array>();

  const stale = (sending: Sending, { round }: OpenSlot): Sending | undefined => {
    const key = sending.board * 8 + round;
    const kept = before.get(key);
    before.set(key, sending.bytes);
    return kept && { ...sending, bytes: kept, lie: true };
  };

  const lied = (sending: Sending, { round, cycle, number }: OpenSlot): Sending | undefined => {
    const { board: sender } = sending;
    const was = payloadIn(sending.bytes);
    if (!was) return sending;
    const payload = was.slice();
    const receiver = (sender + 1) % network.boards.length;
    const said = liars.tell({ sender, receiver, round, cycle, payload }, []);
    const lie = Buffer.compare(was, payload) !== 0 && liars.lieIn(sender, round, was, payload);
    if (keys) tagAnew(network, keys[sender]!, sender, round, number, payload);
    return said ? { ...sending, bytes: frameOf(round, sender, number, payload), lie } : undefined;
  };

  return (traitor: Traitor, sending: Sending, slot: OpenSlot): Sending | undefined => {
    const { name, parameter } = traitor;
    if (name === "silent" || name === "usurp" || name === "forge") return undefined;
    if (isDown(traitor, slot.cycle, slot.round)) return undefined;
    if (name === "stale") return stale(sending, slot);
    if (name === "late") {
      const begins = slot.ends + parameter[0]! - BITS_A_BYTE * sending.bytes.length;
      return { ...sending, begins };
    }
    return lied(sending, slot);
  };
};

export const createWireTrouble = (
  network: Network, { lines, traitors }: Troubles, seed: number,
): WireTrouble => {
  const prng = createPrng(derive(seed, 1));
  const byBoard = new Map(traitors.map((traitor) => [traitor.board, traitor]));
  const answer = createAnswers(network, traitors, seed);
  const invade = createInvaders(network, createPrng(derive(seed, 3)));
  const halfOf = createHalves(network, traitors);

  const hits = ({ board, probability }: LineFault, { board: at, sender }: Happening) =>
    (board < 0 || board === at || board === sender) && prng.chance(probability);

  // Some receivers read it, others do not.
  const blur = (happening: Happening) => {
    const { board, round, sender } = happening;
    if (board === HUB || byBoard.get(sender)?.name !== "marginal" || !happening.length) return;
    if (!halfOf(board, round)) return;
    happening.bytes[prng.below(happening.length)]! ^= 1 << prng.below(8);
    happening.fate = "garbled";
    happening.lie = true;
  };

  return {
    slot: (slot) => traitors.filter(({ name }) => INVADERS.has(name))
      .flatMap(({ name, board }) => invade(name, board, slot) ?? []),
    answer(sending, slot) {
      const traitor = byBoard.get(sending.board);
      return traitor ? answer(traitor, sending, slot) : sending;
    },
    pass(happening) {
      const traitor = byBoard.get(happening.board);
      if (traitor && isDown(traitor, happening.cycle, happening.round)) {
        happening.fate = "lost";
        return false;
      }
      // A board hears itself whatever becomes of what it says.
      if (happening.board === happening.sender) return true;
      blur(happening);
      for (const fault of lines) {
        if (!happening.length || !hits(fault, happening)) continue;
        if (!lineFault(fault.name, happening, () => undefined, prng, 1)) return false;
      }
      return true;
    },
    clash: () => prng.below(256),
  };
};
