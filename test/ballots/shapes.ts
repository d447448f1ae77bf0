import type { BallotShape, Protocol } from "../../firmware/ballots/layout.js";
import type { CreateProtocol } from "../../firmware/ballots/leader.js";
import { NO_BALLOTS } from "../../firmware/base/layout.js";
import { DUEL, createDuel } from "../../firmware/core/duel.js";
import { FAB, createFab } from "../../firmware/core/fab.js";
import { MULTI_PAXOS, createMultiPaxos } from "../../firmware/core/multi-paxos.js";
import { PAXOS, createPaxos } from "../../firmware/core/paxos.js";
import { createLedFab } from "../../firmware/core/led-fab.js";
import { createPbft } from "../../firmware/core/pbft.js";
import { FAB as LED_FAB } from "../../host/algorithms/fab.js";
import { PBFT } from "../../host/algorithms/pbft.js";

/** Shapes of networks of ballots, as tests ask for them. */

/** Ballots that these boards reserve at once (LOG.5), unless a test says more. */
const RESERVE = 2;

const PROTOCOLS = {
  "paxos": PAXOS, "fab": FAB, "pbft": PBFT.protocol, "led fab": LED_FAB.protocol,
  "multi-paxos": MULTI_PAXOS, "duel": DUEL,
};
/** What makes each of them. */
export const CREATE = new Map<Protocol, CreateProtocol>([
  [PAXOS, createPaxos], [FAB, createFab], [PBFT.protocol, createPbft],
  [LED_FAB.protocol, createLedFab], [MULTI_PAXOS, createMultiPaxos], [DUEL, createDuel],
]);

export const shapeOf = (
  algorithm: keyof typeof PROTOCOLS, boards: number, traitors: number, keep = 0, rotating = false,
  review = 0,
): BallotShape & Required<Pick<BallotShape, "reserve" | "mark">> => ({
  ...NO_BALLOTS, protocol: PROTOCOLS[algorithm], boards, traitors, keep, rotating, review,
  width: 1,
  commander: -1,
  reserve: RESERVE, mark: 0x51a7,
});
