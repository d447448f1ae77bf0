import { createPrng } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Traitor } from "./asked.js";
import { entriesOf, partsOf } from "./entries.js";
import type { Scene, Second, Tell } from "./fault.js";
import { traitorKind } from "./registry.js";
import { createForger } from "./signed.js";
import type { LieIn } from "./signed.js";

/**
 * Boards that lie. A liar is no board of its own: it is what its frames become on their way to each
 * receiver. It speaks last, when it has heard what every correct board says in this round, and
 * liars share what they know, their keys for signing as well.
 */
export interface Liars {
  /** Whether what a board says is changed for some receivers. */
  readonly lies: (sender: number) => boolean;
  /** Changes in place what is said. */
  readonly tell: Tell;
  readonly lieIn: LieIn;
}

/** @returns in which half of those who are told something in a round, traitors apart, one is */
export const createHalves = ({ boards, shape }: Network, traitors: readonly Traitor[]) => {
  const told = boards.map(({ number }) => number)
    .filter((board) => !traitors.some((traitor) => traitor.board === board));
  return (receiver: number, round: number): number =>
    told.filter((board) => board < receiver && (round < 2 || board !== shape.commander)).length & 1;
};

export interface LiarOptions {
  readonly roundBits: number;
  /** Whether they cannot sign, and so forge all that they change. */
  readonly keyless?: boolean;
  readonly second?: Second;
}

export const createLiars = (
  network: Network, traitors: readonly Traitor[], seed: number,
  { roundBits, keyless = false, second }: LiarOptions,
): Liars => {
  const kinds = traitors.map(({ board, name }) => ({ board, kind: traitorKind(network, name) }));
  const liars = new Set(kinds.filter(({ kind }) => kind.on === "liar").map(({ board }) => board));
  const record = partsOf(network);
  const forger = network.signing && createForger(network, keyless ? new Set() : liars);
  const scene: Scene = {
    network, traitors, prng: createPrng(seed), roundBits, halfOf: createHalves(network, traitors),
    entriesOf: (said) => entriesOf(network, record, said, forger?.sign),
    ...(second && { second }),
  };
  const tells = new Map(kinds.flatMap(({ board, kind }) =>
    (kind.tells ? [[board, kind.tells(scene)] as const] : [])));
  return {
    lieIn: forger?.lieIn ?? (() => true),
    lies: (sender) => tells.has(sender),
    tell: (said, spoken) => tells.get(said.sender)?.(said, spoken) ?? 0,
  };
};
