/** A board that is in trouble, beside the same run without any: what became of each frame. */
import assert from "node:assert/strict";
import type { FrameEvent } from "../../host/events/events.js";
import type { FaultKind } from "../../host/faults/fault.js";
import { FAULTS } from "../../host/faults/registry.js";
import type { Network } from "../../host/network/network.js";
import type { Readings } from "../../host/network/readings.js";
import { planOf } from "../../host/plan/plan.js";
import { HUB, networkOf, run } from "../topology/drive.js";
import type { Run } from "../topology/drive.js";

export const BOARD = 2;
export const CYCLES = 12;
export const SEED = 5;
export const FOUR = networkOf(4, 1);

/** What board 2 does, or its lines do, beside the same run without any trouble. */
export interface Shown {
  readonly network: Network;
  readonly clean: Run;
  readonly ran: Run;
}

const kindOf = (name: string): FaultKind => FAULTS.find((kind) => kind.name === name)!;

export const show = async (name: string, network = FOUR, readings?: Readings): Promise<Shown> => {
  const { on, parameter } = kindOf(name);
  const order = { network, cycles: CYCLES, seed: SEED, ...(readings ? { readings } : {}) };
  const traitor = { name, board: BOARD, parameter: parameter?.fallback ?? [] };
  const line = { name, board: BOARD, probability: 0.4 };
  return {
    network, clean: await run(order),
    ran: await run({ ...order, ...(on === "line" ? { lines: [line] } : { traitors: [traitor] }) }),
  };
};

export const keyOf = ({ cycle, round, from, to }: FrameEvent): string =>
  `cycle ${cycle} round ${round} from ${from} to ${to}`;

export const arrived = ({ fate }: FrameEvent): boolean => fate !== "lost";

/**
 * What came of the frames of round 1, which do not depend on what came of others: for each that
 * board 2 sent or was sent, the frame as it would have been, and what there was of it.
 */
export const touched = ({ clean, ran }: Shown): { was: FrameEvent; is: FrameEvent[] }[] => {
  const found = clean.frames.filter(({ round, from, to }) =>
    round === 1 && (from === BOARD || to === BOARD)).map((was) =>
    ({ was, is: ran.frames.filter((frame) => keyOf(frame) === keyOf(was)) }));
  assert.equal(found.length > 4 * CYCLES, true);
  return found;
};

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Nothing at all happens to what goes between the others. */
export const othersUntouched = ({ clean, ran }: Shown): void => {
  const between = ({ frames }: Run) => frames.filter(({ round, from, to }) =>
    round === 1 && from !== BOARD && to !== BOARD).map((frame) =>
    `${keyOf(frame)} ${hex(frame.bytes)} ${frame.fate}`).toSorted();
  assert.deepEqual(between(ran), between(clean));
};

/**
 * Some frames are touched, some are not, and those are as they would have been.
 *
 * @param ends on whose way that is to be seen
 */
export const someOf = (
  shown: Shown, isTouched: (was: FrameEvent, is: FrameEvent[]) => boolean,
  ends: readonly number[] = [BOARD, HUB],
) => {
  othersUntouched(shown);
  const all = touched(shown);
  const sent = all.filter(({ is }) => is.length > 0);
  // Board 2 says nothing where it did not hear the beacon, and then there is nothing to relay.
  for (const { was } of all.filter(({ is }) => !is.length)) {
    const above = all.find((one) => one.was.cycle === was.cycle &&
      (was.to === HUB ? one.was.from === HUB : one.was.to === HUB))!;
    assert.equal(was.from, BOARD);
    assert.ok(!above.is.length || isTouched(above.was, above.is), keyOf(was));
  }
  const hit = sent.filter(({ was, is }) => isTouched(was, is));
  assert.ok(hit.length > sent.length / 10, `${hit.length} of ${sent.length} are touched`);
  assert.ok(hit.length < sent.length, "all are touched");
  for (const end of ends) assert.equal(hit.some(({ was }) => was.to === end), true);
  return hit;
};

/** Of frames that the hub did not hear, no copy goes anywhere. */
export const relayedAsHeard = ({ ran }: Shown): void => {
  const heard = new Set(ran.frames.filter(({ to, fate }) => to === HUB && fate === "heard")
    .map(({ cycle, round, from }) => `${cycle} ${round} ${from}`));
  for (const { cycle, round, from, to } of ran.frames) {
    if (from === HUB || to === HUB) continue;
    assert.ok(heard.has(`${cycle} ${round} ${from}`), `${cycle} ${round} ${from}`);
  }
};

export const longestRound = ({ network }: Shown): number =>
  Math.max(...planOf(network).rounds.map(({ length }) => length));

/** The payload of a frame in a network whose start words have one byte. */
const payloadOf = (bytes: Uint8Array): number[] =>
  [...bytes.subarray(4, -3)].map((byte) => (byte === bytes[1] ? 0 : byte));

/** The values of a payload, null for ⊥, of boards whose values have one byte. */
const valuesOf = (bytes: Uint8Array, count: number): (number | null)[] => {
  const payload = payloadOf(bytes);
  const values = payload.slice(-count);
  return values.map((value, at) => ((payload[at >> 3]! >> (at & 7)) & 1 ? value : null));
};

/** What a liar told: to each receiver in each round, beside what it would have said. */
export const told = ({ network, clean, ran }: Shown, liar = BOARD) => {
  const count = (round: number) => (round === 1 ? 1 : network.boards.length - 1);
  const truth = new Map(clean.frames.map((frame) => [keyOf(frame), frame]));
  const found = ran.frames.filter(({ from, to }) => from === liar && to !== HUB).map((frame) => {
    const { round, to, lie, t, cycle } = frame;
    const was = truth.get(keyOf({ ...frame, to: HUB }))!;
    return {
      round, to, lie, t, cycle,
      is: valuesOf(frame.bytes, count(round)), was: valuesOf(was.bytes, count(round)),
    };
  });
  assert.equal(found.length > 0, true);
  return found;
};

export const contrary = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : value ^ 1));
/** Every other receiver, traitors apart, is told otherwise. */
export const halfOf = (to: number, liars: readonly number[] = [BOARD]): number =>
  Array.from({ length: to }, (_, board) => board)
    .filter((board) => !liars.includes(board)).length % 2;
