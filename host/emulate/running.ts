import { HUB } from "../../firmware/index.js";
import type { Value } from "../base/values.js";
import type { SimBoard } from "../boards/board.js";
import { settle } from "../boards/engines.js";
import type { Copies } from "../faults/copies.js";
import type { Failing } from "../faults/phases.js";
import { traitorKind } from "../faults/registry.js";
import { restartsAt } from "../faults/troubles.js";
import { numberOf } from "../faults/windows.js";
import type { BallotWatch } from "../judge/ballots.js";
import type { HealthJudge } from "../judge/health.js";
import { bytesOf } from "../topology/queue.js";
import type { Bus, Delivery } from "../topology/star/bus.js";
import type { Transport } from "../topology/transport.js";
import { checkShown } from "./check.js";
import { inARow } from "./chunks.js";
import type { Emulation } from "./emulation.js";
import type { Rounds } from "./rounds.js";
import type { SilenceJudge } from "./silence.js";
import { wiredBytes } from "./wired.js";

/** An emulation that runs: its bus is driven here, and its boards are told what comes. */
export interface Running {
  /** Its troubles are those of the open cycle. */
  options: Emulation;
  readonly failing: Failing;
  readonly boards: readonly SimBoard[];
  /** None where no board has a second copy. */
  readonly copies: Copies | undefined;
  readonly bus: Bus;
  readonly transport: Transport;
  readonly rounds: Rounds;
  /** How many orders each board had carried out before this cycle. */
  readonly acted: number[];
  /** How many bytes each board's input buffer had lost before this cycle. */
  readonly lost: number[];
  /** What arrives at one moment. */
  readonly batch: Delivery[];
  /** Boards that lose their power now. */
  readonly resets: number[];
  /** By board: for how many more cycles it may still come to use more memory. */
  readonly settles: number[];
  readonly ballots: BallotWatch | undefined;
  readonly health: HealthJudge | undefined;
  /** None where the network promises nothing in a silence. */
  readonly silence: SilenceJudge | undefined;
  /** Boards whose output was not safe in a silence; of who lies or fails that is not promised. */
  readonly unsafe: Set<number>;
}

/** A board has done in so many cycles all that makes it take memory, unless it forgot. */
export const SETTLED = 10;

/** Boards that run elsewhere have taken in and answered what they were given. */
const settleAll = async ({ boards, copies, transport }: Running): Promise<void> => {
  await copies?.settled();
  await settle(boards);
  await transport.settled();
};

/** Time has gone on at the boards, which nothing else that they do has to do with. */
const tick = async (running: Running, silence: SilenceJudge): Promise<number> => {
  const { options, boards, bus, unsafe } = running;
  const { network, troubles } = options;
  const now = (bus.time * 1e6) / network.file.baud;
  for (const board of boards) board.tick(now);
  await settleAll(running);
  for (const board of silence.unsafe(now, (one) => boards[one]!.state().output)) {
    const fails = troubles.traitors.some((one) =>
      one.board === board && !traitorKind(network, one.name).goesOn);
    if (!fails) unsafe.add(board);
  }
  return now;
};

/** They begin anew, with what they have stored. */
const restartAll = async (
  { options, boards, acted, resets, settles, ballots, bus }: Running,
): Promise<void> => {
  for (const at of resets.splice(0)) {
    const board = boards[at]!;
    const { reading } = board;
    acted[at] = 0;
    // Who has forgotten what it promised says nothing for so long (LOG.5), and takes what it needs
    // for that when it does.
    settles[at] = SETTLED + options.network.boards[at]!.layout.reserve;
    ballots?.restarted(at, board.state());
    bus.lose(at);
    await board.restart();
    board.reading = reading;
  }
};

/** A cycle begins: what comes back to power now is to restart. @returns what boards are shown */
const begin = ({ options, resets, ballots }: Running, cycle: number): (Value | undefined)[] => {
  const { network, readings, troubles } = options;
  const shown = [...readings(cycle)];
  for (const { board, name } of troubles.traitors) {
    if (traitorKind(network, name).stuck) shown[board] = readings(0)[board];
  }
  for (const board of restartsAt(network, troubles, cycle, -1)) resets.push(board);
  ballots?.open(cycle);
  return shown;
};

/** Shows the boards their readings, and opens a cycle on the bus. */
const open = (running: Running, cycle: number, shown: readonly (Value | undefined)[]): void => {
  const { options, boards, copies, bus, rounds, ballots } = running;
  const { network, troubles } = options;
  checkShown(network, cycle, shown);
  for (let at = 0; at < boards.length; at++) boards[at]!.reading = shown[at];
  copies?.show(shown);
  ballots?.shown(shown);
  rounds.open(cycle);
  const byWire = network.boards.map((board) =>
    (board.layout.wired ? wiredBytes(network, shown[board.number]) : undefined));
  bus.open(cycle, byWire, numberOf(network, troubles.windows ?? [], cycle));
};

/** Takes all that arrives at one moment, from `next` on, into `batch`. */
const gather = (running: Running, next: Delivery, now: number): void => {
  const { bus, rounds, silence, ballots, copies, batch } = running;
  // Not by its length: the list would lose its memory.
  while (batch.length) batch.pop();
  for (let also: Delivery | undefined = next; also; also = bus.stepNow()) {
    if (also.sender === HUB) {
      rounds.take(also.board, also.cycle, also.round, also.fate);
      if (silence) silence.take(also, now);
    }
    if (ballots) ballots.heard(also.sender, bytesOf(also));
    if (!copies || copies.take(also)) batch.push(also);
  }
};

/** @returns what the boards' sensors showed */
export const runCycle = async (
  running: Running, cycle: number,
): Promise<readonly (Value | undefined)[]> => {
  const { boards, bus, transport, resets, ballots, silence, batch } = running;
  const elsewhere = running.options.engine === "espruino";
  // Nothing is waited for that need not be: most cycles are over in one go.
  const shown = begin(running, cycle);
  if (resets.length) await restartAll(running);
  open(running, cycle, shown);
  for (let next = bus.step(); next; next = bus.step()) {
    const now = silence ? await tick(running, silence) : 0;
    gather(running, next, now);
    if (resets.length) await restartAll(running);
    const done = transport.deliver(inARow(batch));
    if (done) await done;
    if (elsewhere) await settleAll(running);
    if (!ballots) continue;
    for (const { sender, round, board } of batch) {
      if (sender === HUB && !round) ballots.closed(board, boards[board]!.state());
    }
  }
  if (resets.length) await restartAll(running);
  if (silence) await tick(running, silence);
  return shown;
};
