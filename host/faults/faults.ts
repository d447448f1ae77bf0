import { createWire } from "../../firmware/index.js";
import { createPrng, derive } from "../base/random.js";
import type { Prng } from "../base/random.js";
import type { Network } from "../network/network.js";
import { BITS_A_BYTE } from "../plan/plan.js";
import type { Plan } from "../plan/plan.js";
import { AT_HUB } from "../topology/queue.js";
import type { Happening } from "../topology/queue.js";
import type { Again, FaultInjector } from "../topology/star/bus.js";
import { createSeconds } from "./copies.js";
import type { Seconds } from "./copies.js";
import { createSynchronyInjector } from "./disturb.js";
import { createHubLies } from "./hub-lies.js";
import { MENU } from "./menu.js";
import { createHalves, createLiars } from "./traitor.js";
import type { LineFault, Traitor, Troubles } from "./troubles.js";
import { numberOf } from "./windows.js";

/** Lines and boards that fail, as the bus meets them. One seed, one run. */

/** What a line does to bytes that are about to arrive. @returns whether they arrive now. */
export const lineFault = (
  name: string, happening: Happening, again: Again, prng: Prng, roundBits: number,
): boolean => {
  const { bytes, length, time } = happening;
  switch (name) {
    case "drop":
      happening.fate = "lost";
      return false;
    case "delay":
      again(happening, time + 1 + prng.below(roundBits));
      return false;
    case "duplicate":
      again(happening, time + BITS_A_BYTE * length);
      return true;
    case "reorder":
      again(happening, time + BITS_A_BYTE * (length + 1));
      return false;
    case "truncate":
      happening.length = prng.below(length);
      happening.fate = "garbled";
      return true;
    case "flip":
      bytes[prng.below(length)]! ^= 1 << prng.below(8);
      happening.fate = "garbled";
      return true;
    default: {
      const noise = Math.min(1 + prng.below(16), bytes.length - length);
      bytes.copyWithin(noise, 0, length);
      for (let at = 0; at < noise; at++) bytes[at] = prng.below(256);
      happening.length += noise;
      return true;
    }
  }
};

/** Whether a board that stops at (cycle, round), and perhaps is back later, is without its line. */
export const isDown = ({ name, parameter }: Traitor, cycle: number, round: number): boolean => {
  if (name === "unplug") {
    const [from = 0, cycles = 0] = parameter;
    return cycle >= from && cycle < from + cycles;
  }
  if (name !== "crash" && name !== "restart") return false;
  const [stops = 0, inRound = 1] = parameter;
  // Round 0 comes last in a cycle.
  const reached = cycle > stops || (cycle === stops && (round === 0 || round >= inRound));
  return reached && (name === "crash" || cycle <= stops);
};

/**
 * A board that babbles: garbage, or a whole frame of this round that claims to be another board's.
 *
 * @returns what fills a happening's bytes with it
 */
const createBabble = (
  network: Network, prng: Prng, windows: NonNullable<Troubles["windows"]>,
) => {
  const { boards, shape } = network;
  const { limits } = boards[0]!;
  const arena = new Uint8Array(limits.end);
  const wire = createWire(
    limits, arena, new DataView(arena.buffer), new Uint32Array(3), () => -1, () => undefined,
  );
  const { transmit, heard: scratch, payloads } = limits;
  return (happening: Happening) => {
    const { bytes, board, round, cycle } = happening;
    happening.lie = true;
    if (prng.chance(1 / 2)) {
      happening.length = Math.min(2 * happening.length, bytes.length);
      for (let at = 0; at < happening.length; at++) bytes[at] = prng.below(256);
      return;
    }
    const other = (board + 1 + prng.below(shape.boards - 1)) % shape.boards;
    const length = payloads[round]!;
    for (let at = 0; at < length; at++) arena[scratch + at] = prng.below(256);
    const number = numberOf(network, windows, cycle);
    const end = wire.encode((round << 5) | other, number, scratch, length);
    happening.length = end - transmit;
    bytes.set(arena.subarray(transmit, end));
  };
};

/** What may go wrong, and who hears the second copies of boards. */
export type Faults = FaultInjector & Pick<Seconds, "hear">;

/** @param keyless whether liars have no keys: those of a real network only its boards have */
export const createFaultInjector = (
  network: Network, plan: Plan, troubles: Troubles, seed: number, keyless = false,
): Faults | undefined => {
  const { lines, traitors, windows = [] } = troubles;
  if (!lines.length && !traitors.length && !windows.length) return undefined;
  const prng = createPrng(derive(seed, 1));
  const liars = createLiars(network, traitors, derive(seed, 2), keyless);
  const seconds = createSeconds(network);
  const halfOf = createHalves(network, traitors);
  const byBoard = new Map(traitors.map((traitor) => [traitor.board, traitor]));
  const lies = new Set(MENU.filter((trick) => trick.on === "liar").map((trick) => trick.name));
  const lying = new Set(
    traitors.filter(({ name }) => name === "edge" || lies.has(name)).map(({ board }) => board),
  );
  const roundBits = Math.max(...plan.rounds.map((round) => round.length));
  // For the stale: what each said in each round of the cycle before.
  const before = new Map<number, Uint8Array>();
  const babble = createBabble(network, prng, windows);
  const disturbance = createSynchronyInjector(network, plan, windows, derive(seed, 3));
  const ofHub = new Set(MENU.filter((trick) => trick.on === "hub").map((trick) => trick.name));
  const hub = lines.some(({ name }) => ofHub.has(name))
    ? createHubLies(network, createPrng(derive(seed, 4))) : undefined;

  const stale = (happening: Happening) => {
    const key = happening.board * 8 + happening.round;
    const kept = before.get(key);
    before.set(key, happening.bytes.slice(0, happening.length));
    if (kept) happening.bytes.set(kept);
    happening.fate = kept ? "heard" : "lost";
    happening.lie = true;
    return kept !== undefined;
  };

  const boardFault = (traitor: Traitor, happening: Happening, again: Again, deadline: number) => {
    const { name, parameter } = traitor;
    if (name === "silent" || isDown(traitor, happening.cycle, happening.round)) {
      happening.fate = "lost";
      return false;
    }
    if (name === "late") {
      again(happening, deadline + parameter[0]!);
      return false;
    }
    if (name === "babble") babble(happening);
    return name !== "stale" || stale(happening);
  };

  const hits = ({ board, probability }: LineFault, happening: Happening) =>
    (board < 0 || board === happening.board || board === happening.sender) &&
    prng.chance(probability);

  return {
    keyless,
    pass(happening, again, deadline) {
      const traitor = byBoard.get(happening.board);
      const up = happening.kind === AT_HUB;
      if (up && traitor && !boardFault(traitor, happening, again, deadline)) return false;
      if (!up && traitor && isDown(traitor, happening.cycle, happening.round)) {
        happening.fate = "lost";
        return false;
      }
      if (!disturbance.pass(happening, again)) return false;
      for (const fault of lines) {
        if (!hits(fault, happening) || !happening.length) continue;
        if (ofHub.has(fault.name)) hub!.tell(fault.name, happening);
        else if (!lineFault(fault.name, happening, again, prng, roundBits)) return false;
      }
      hub?.hear(happening);
      return true;
    },
    lies: (sender) => lying.has(sender),
    tell(sender, receiver, round, cycle, payload, spoken) {
      if (byBoard.get(sender)?.name === "edge") return halfOf(receiver, round) ? roundBits : 0;
      if (byBoard.get(sender)?.name === "copies" && halfOf(receiver, round)) {
        const said = seconds.said(sender, round, cycle);
        if (said) payload.set(said);
        return said ? 0 : -1;
      }
      return liars.tell({ sender, receiver, round, cycle, payload }, spoken) ? 0 : -1;
    },
    lieIn: liars.lieIn,
    hear: seconds.hear,
    stall: disturbance.stall,
  };
};

