/** Networks of emulated boards, and runs of them whose every event is kept. */
import { nativeBoard } from "../../host/boards/board.js";
import type { BoardState, SimBoard } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { Emulation, Summary } from "../../host/emulate/emulate.js";
import type { BeaconEvent, CycleEvent, FrameEvent, TraceEvent } from "../../host/events/events.js";
import type { Troubles } from "../../host/faults/asked.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network, NetworkFile } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import type { Readings } from "../../host/network/readings.js";
import { planOf } from "../../host/plan/plan.js";
import type { Plan } from "../../host/plan/plan.js";
import type { Answer } from "../../host/topology/transport.js";
import { memoryTransport } from "../../host/topology/memory.js";
import { mockTransport } from "../../host/topology/mock.js";
import { createBus } from "../../host/topology/star/bus.js";
import type { Delivery, FaultInjector } from "../../host/topology/star/bus.js";

export const HUB = 31;
export const TRANSPORTS = ["memory", "mock"] as const;
export type LinkName = (typeof TRANSPORTS)[number];

/** Boards are named a, b, c … by their numbers. */
export const nameOf = (board: number): string => "abcdefghijklmnopqrstuvwxyz"[board]!;

/** @param boards how many there are, of the kind that exists in the emulator only */
export const networkOf = (
  boards: number, traitors: number, change: Partial<NetworkFile> = {},
): Network =>
  parseNetwork({
    name: "a test's network", algorithm: "om", traitors, value: "u8", decision: "majority",
    default: 0, baud: 115200,
    boards: Array.from({ length: boards }, (_, at) => ({ name: nameOf(at), kind: "EMULATED" })),
    ...change,
  }, "a test's network");

/** One value a board, the same in every cycle; no two are alike, and none is the default order. */
export const steady = (network: Network): Readings => {
  const shown = network.boards.map(({ number }) => 40 + 3 * number);
  return () => shown;
};

export const isBeacon = (event: TraceEvent): event is BeaconEvent => event.e === "beacon";
export const isFrame = (event: TraceEvent): event is FrameEvent => event.e === "frame";
export const isCycle = (event: TraceEvent): event is CycleEvent => event.e === "cycle";

/** What a run left behind. */
export interface Run {
  readonly summary: Summary;
  readonly events: readonly TraceEvent[];
  readonly frames: readonly FrameEvent[];
  readonly beacons: readonly BeaconEvent[];
  readonly cycles: readonly CycleEvent[];
}

export type Order = Partial<Omit<Emulation, "network" | "troubles" | "tracer" | "onCycle">> &
  Partial<Troubles> & { readonly network: Network };

export const run = async (order: Order): Promise<Run> => {
  const { network, lines = [], traitors = [], windows = [], ...rest } = order;
  const events: TraceEvent[] = [];
  const summary = await emulate({
    cycles: 4, seed: 1, readings: madeUp(network, order.seed ?? 1), engine: "native",
    transport: "memory", ...rest, network, troubles: { lines, traitors, windows },
    tracer(event) {
      events.push(event);
    },
  });
  return {
    summary, events, frames: events.filter(isFrame), beacons: events.filter(isBeacon),
    cycles: events.filter(isCycle),
  };
};

/** Lines on which nothing goes wrong but what `pass` does. */
export const onLines = (pass: FaultInjector["pass"]): FaultInjector =>
  ({ pass, lies: () => false, tell: () => 0, lieIn: () => true });

/** What each board holds at the end of a cycle, and the cycle's events. */
export interface Driven {
  readonly states: readonly BoardState[];
  readonly frames: readonly FrameEvent[];
  /** By round: when its beacon began; at 0, that of the closing beacon. */
  readonly began: readonly number[];
  /** When the cycle was over. */
  readonly ended: number;
}

const copyOf = ({
  cycle, vector, order, decisions, acts, output, silences, counts, signer, suspects, leader,
  blocked, health, signs,
}: BoardState): BoardState => ({
  cycle, vector: [...vector], order, decisions, acts, output, silences, counts: { ...counts },
  signer, suspects, leader, blocked, health, signs,
});

/** Drives the bus by hand, so that any trouble at all can be made. */
export const drive = async (
  network: Network, name: LinkName, cycles: number, trouble: FaultInjector, plan = planOf(network),
): Promise<{ plan: Plan; driven: Driven[]; overrun: readonly number[] }> => {
  let frames: FrameEvent[] = [];
  let began: number[] = [];
  const bus = createBus(network, plan, trouble, (event) => {
    if (isFrame(event)) frames.push(event);
    if (isBeacon(event)) began[event.round] = event.t;
  });
  const boards: SimBoard[] = [];
  const receive = (board: number, chunk: Uint8Array) => {
    boards[board]!.receive(chunk);
  };
  const answer: Answer = (...said) => {
    bus.answer(...said);
  };
  let send = answer;
  let transport = memoryTransport(receive);
  if (name === "mock") {
    const { length } = network.boards;
    ({ transport, send } = await mockTransport(length, network.file.baud, receive, answer));
  }
  for (const board of network.boards) boards.push(nativeBoard(network, board, send));
  const shown = steady(network)(0);
  for (const [at, board] of boards.entries()) board.reading = shown[at];
  const driven: Driven[] = [];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      bus.open(cycle, []);
      for (let next = bus.step(); next; next = bus.step()) {
        const batch: Delivery[] = [];
        for (let also: Delivery | undefined = next; also; also = bus.stepNow()) batch.push(also);
        await transport.deliver(batch);
      }
      const states = boards.map((one) => copyOf(one.state()));
      driven.push({ states, frames, began, ended: bus.time });
      frames = [];
      began = [];
    }
  } finally {
    await transport.close();
  }
  return { plan, driven, overrun: bus.overrun };
};
