import { HUB, speaks } from "../../firmware/index.js";
import { show } from "../base/values.js";
import type { CycleRecord } from "../emulate/emulate.js";
import type { BeaconEvent, FrameEvent, Measured, Tracer } from "../events/events.js";
import { createFaultInjector } from "../faults/star-faults.js";
import type { Troubles } from "../faults/asked.js";
import { lastNumberOf } from "../faults/windows.js";
import { shownDecisions } from "../judge/ballots.js";
import { recordOf } from "../judge/cycle.js";
import { createRunJudge } from "../judge/run.js";
import type { Verdict } from "../judge/run.js";
import type { JudgeKeys } from "../keys/keyfile.js";
import type { Network } from "../network/network.js";
import type { Readings } from "../network/readings.js";
import { BITS_A_BYTE, cycleIn, planOf } from "../plan/plan.js";
import type { Plan } from "../plan/plan.js";
import { createListener, longestPayload } from "../topology/frames.js";
import { createHub } from "../topology/star/hub.js";
import type { Hub } from "../topology/star/hub.js";
import { createEar, frameName, momentOf } from "./ear.js";
import type { Rest } from "./ear.js";
import { createLineFaults } from "./faults.js";
import type { Copy, Passed } from "./faults.js";
import { createGathering } from "./figures.js";
import type { Figures } from "./figures.js";
import { knownIn, wiredIn } from "./known.js";
import { createLine } from "./line.js";
import type { OpenPort } from "./line.js";
import type { Medium, Member } from "./medium.js";
import { createObserver } from "./observe.js";
import type { Known, Observed } from "./observe.js";
import { SLICE, idle, runCycle } from "./run-cycle.js";

import { createWireMedium } from "./wire.js";

/**
 * The hub over real lines, in real time. Whoever runs it brings the clock and the ports, so that
 * it runs in made-up time as well.
 */

export interface Clock {
  /** Microseconds that never go back. */
  now(): number;
  /** Lets everything else happen until then, and at least once. */
  sleepUntil(time: number): Promise<void>;
}

export interface Live {
  readonly network: Network;
  readonly cycles: number;
  /** The number of the first cycle; none of a run before should have had it or a later one. */
  readonly first?: number;
  /**
   * Is asked before each cycle is opened, which waits for what it returns. Where that is
   * false, the run ends without the cycle.
   */
  readonly reserve?: (cycle: number) => Promise<boolean> | undefined;
  readonly seed: number;
  /** What boards put in, where that is known: `all` of them, or those only that get it by wire. */
  readonly readings?: Readings;
  readonly known: "all" | "wired";
  /**
   * Lies that are told to receivers instead of what boards said, see `PLAYED_FAULTS`; and faults of
   * lines, in what goes out to boards.
   */
  readonly troubles: Troubles;
  /** Of a network that signs or tags, what its frames are judged by. */
  readonly keys?: JudgeKeys;
  readonly clock: Clock;
  /** Opens a board's port; on a shared wire, the one that there is, as HUB's. */
  readonly open: (board: number, ...events: Parameters<OpenPort>) => ReturnType<OpenPort>;
  /** Whether to stop; the open cycle is brought to its end first. */
  readonly stopped: () => boolean;
  readonly tracer?: Tracer;
  /** Called after each cycle; nothing waits for it. */
  readonly onCycle?: (cycle: LiveRecord, status: readonly Status[]) => void;
}

/** A line of `--json`. */
export type LiveRecord = CycleRecord & { readonly live: Measured };

/** How a board's line is now. */
export interface Status {
  readonly name: string;
  readonly here: boolean;
  /** Why its port is not open. */
  readonly why: string;
  readonly opened: number;
  /** Microseconds from beacon to answer. */
  readonly answer: Figures;
  /** Frames that were due and did not come in time; and by how much the latest was late. */
  readonly lost: number;
  readonly late_max_us: number;
  /** Cycles in which it said what no correct board would have said. */
  readonly odd: number;
  /** Rounds in which its port brought more than is taken in. */
  readonly floods: number;
  /** Who speaks at its port in place of it; null where nobody does. */
  readonly speaks: string | null;
}

export interface LiveSummary extends Verdict {
  readonly outside: number;
  readonly most_heard: number;
  readonly frames: number;
  readonly bytes: number;
  readonly time_us: number;
  /** Microseconds by which beacons came later than they were due. */
  readonly beacon_late: Figures;
  readonly boards: readonly Status[];
}

/** Bytes that are held back, for a receiver that is to hear them later. */
interface Held {
  readonly at: number;
  readonly send: () => unknown;
}

/** Microseconds between two looks at what is held back, where boards are not sent all at once. */
const LOOK = 2000;

/** Bytes that are sent at once where the line is faster than the board. */
const PART = 32;

const createStar = (options: Live): Medium => {
  const { network, clock, troubles, seed } = options;
  const { boards, file } = network;
  const plan: Plan = planOf(network);
  const longest = boards[0]!.layout.overhead + longestPayload(network);
  const origin = clock.now();
  const bitsAt = (time: number) => Math.max(0, Math.round(((time - origin) * file.baud) / 1e6));
  const micro = (bits: number) => (bits * 1e6) / file.baud;
  const events: (BeaconEvent | FrameEvent)[] = [];
  const tally = { frames: 0, bytes: 0 };
  let deadline = -1;
  let waiting: number[] = [];
  let held: Held[] = [];

  const spaced = plan.paced.includes(true);
  const trouble = createFaultInjector(network, plan, troubles, seed, true);
  const passed = createLineFaults(troubles.lines.length ? trouble : undefined, longest);

  const transmit = (copy: Copy, { bytes, fate: made }: Passed, pace: number) => {
    const { cycle, round, from, to } = copy;
    const member = members[to]!;
    const { line } = member;
    // Bytes that are to come more slowly than the line is are sent part by part.
    const part = pace > BITS_A_BYTE ? PART : bytes.length;
    const sent = made !== "lost" && line.send(bytes.subarray(0, part));
    for (let at = part; sent && at < bytes.length; at += part) {
      const send = () => line.send(bytes.subarray(at, at + part));
      held.push({ at: clock.now() + micro(pace * at), send });
    }
    const ends = Math.max(bitsAt(clock.now()), member.busy) + pace * bytes.length;
    if (sent) member.busy = ends;
    tally.frames++;
    tally.bytes += bytes.length;
    const late = from !== HUB && (hub.cycle !== cycle || hub.round !== round);
    const fate = !sent ? "lost" : late ? "late" : made;
    events.push({ e: "frame", t: ends, ...copy, bytes, fate });
  };

  const hub: Hub = createHub(network, {
    now: () => bitsAt(clock.now()),
    send(board, sender, bytes, from, end, later, lie, begins, pace) {
      const { cycle, round } = hub;
      const own = bytes.slice(from, end);
      const copy: Copy = { cycle, round, from: sender, to: board, bytes: own, lie };
      for (const way of passed(copy)) {
        const after = later + way.after + Math.max(0, begins - bitsAt(clock.now()));
        const send = () => {
          transmit(copy, way, pace);
        };
        if (after > 0) held.push({ at: clock.now() + micro(after), send });
        else send();
      }
    },
    wait(sender) {
      waiting.push(sender);
    },
  }, trouble, plan);

  // What was held back and is due goes out.
  const release = () => {
    const now = clock.now();
    const due = held.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at);
    held = held.filter(({ at }) => at > now);
    for (const { send } of due) send();
  };

  const atHub = (board: number, time: number, { bytes, fate, name }: Rest) => {
    // What is late is of the round in which it was due, whenever it comes.
    const { cycle, round } = name === undefined ? hub : momentOf(name, hub.cycle);
    tally.frames++;
    tally.bytes += bytes.length;
    events.push({
      e: "frame", t: bitsAt(time), cycle, round, from: board, to: HUB, bytes, fate, lie: false,
    });
  };

  const hear = (board: number, chunk: Uint8Array) => {
    const { ear, line } = members[board]!;
    const now = clock.now();
    const part = ear.admit(chunk);
    // The others come first: the rest of a flood waits in its own line until the next beacon.
    if (ear.flooded) line.pause();
    if (!part.length) return;
    const before = events.length;
    if (hub.receive(board, part, hub.round > 0 && now <= deadline)) {
      const bytes = hub.accepted(board)!;
      ear.accept(now, bytes);
      atHub(board, now, { bytes, fate: "heard" });
      // What it brought about comes behind it.
      events.splice(before, 0, events.pop()!);
    }
    for (const { sender, low, round } of listeners[board]!(part)) {
      if (sender === board) ear.came(now, frameName(low, round));
    }
  };

  const listeners = boards.map(() => createListener(network));
  const members: Member[] = boards.map(({ number }): Member => ({
    line: createLine(
      async (told) => options.open(number, told), 8 * longest * (boards.length + 1),
      (chunk) => {
        hear(number, chunk);
      },
    ),
    ear: createEar(longest), answers: createGathering(),
    busy: 0, lost: 0, late: 0, odd: 0, floods: 0,
  }));

  return {
    network, plan, members, events, tally, bitsAt, micro,
    tick() {
      for (const { line } of members) line.tick(clock.now());
    },
    begin(cycle, round, wired) {
      const now = clock.now();
      deadline = round ? now + micro(plan.rounds[round - 1]!.deadline) : -1;
      events.push({ e: "beacon", t: bitsAt(now), cycle, round });
      hub.open(cycle, round, wired);
      for (const { ear, line } of members) {
        if (ear.flooded) line.resume();
        ear.begin(now, deadline, frameName(cycle, round));
        line.tick(now);
      }
      return now;
    },
    /** The deadline has passed: liars have heard everybody. */
    passed() {
      const speak = waiting;
      waiting = [];
      for (const sender of speak) hub.relay(sender);
    },
    /** Waits, and sends meanwhile what was held back. */
    async sleepUntil(time: number) {
      for (;;) {
        // What is heard meanwhile may be held back too.
        const look = spaced ? clock.now() + LOOK : Infinity;
        const next = held.reduce((least, { at }) => Math.min(least, at), look);
        if (next > time) break;
        await clock.sleepUntil(next);
        release();
      }
      await clock.sleepUntil(time);
      if (spaced) release();
    },
    end(round) {
      members.forEach((member, board) => {
        const { ear } = member;
        if (ear.flooded) member.floods++;
        const rest = ear.rest();
        if (rest) atHub(board, clock.now(), rest);
        ear.end(round > 0 && board < network.shape.boards && speaks(network.shape, board, round));
      });
    },
  };
};

const statusOf = (
  { network: { boards }, members }: Medium, speakers: Observed["speakers"],
): Status[] => members.map((member, board) => {
  const { line, answers, lost, late, odd, floods } = member;
  return {
    name: boards[board]!.name, here: line.here, why: line.why, opened: line.opened,
    answer: answers.figures(), lost, late_max_us: late, odd, floods,
    speaks: boards[speakers[board] ?? HUB]?.name ?? null,
  };
});

const measure = ({ members }: Medium, late: number, odd: ReadonlySet<number>): Measured => ({
  beacon_late_us: late,
  boards: members.map((member, board) => {
    const { answers, lost, late: by } = member.ear.measured();
    for (const answer of answers) if (answer !== null) member.answers.add(answer);
    member.lost += lost;
    member.late = Math.max(member.late, by);
    if (odd.has(board)) member.odd++;
    return {
      here: member.line.here, answer_us: answers, lost, late_us: by, odd: odd.has(board),
    };
  }),
});

/** Runs the hub until so many cycles are over, or somebody stops it. */
export const live = async (options: Live): Promise<LiveSummary> => {
  const { network, cycles, clock, tracer, onCycle, seed, troubles, first: from = 0 } = options;
  const star = network.wiring ? createWireMedium(options) : createStar(options);
  const { plan, events, tally, bitsAt, micro } = star;
  const observer = createObserver(network, troubles, options.keys);
  const late = createGathering();
  const judging = createRunJudge(network, seed, { real: true, windows: false });
  const sent = { frames: 0, bytes: 0 };
  const began = clock.now();
  let [cycle, due] = [from, began];
  let speakers: Observed["speakers"] = [];

  // The cycle is over: what happened is judged and told.
  const judgeCycle = (opened: number, latest: number, known: readonly Known[]) => {
    events.sort((one, other) => one.t - other.t);
    for (const event of events) {
      observer.take(event);
      tracer?.(event);
    }
    events.length = 0;
    const observed = observer.close(cycle, known);
    const { inputs, faulty, odd, vectors, orders, judged, heard, decisions, held } = observed;
    ({ speakers } = observed);
    judging.take(cycle, judged, { heard, blocked: held.blocked?.length ?? 0 });
    sent.frames += tally.frames;
    sent.bytes += tally.bytes;
    const now = clock.now();
    const record: LiveRecord = {
      cycle, inputs: inputs.map(show), vectors, orders,
      faulty: [...faulty].toSorted((one, other) => one - other),
      ...(decisions ? { decisions: decisions.map(shownDecisions) } : {}),
      ...held, ...recordOf(judged), ...tally,
      time_us: Math.round(now - opened), live: measure(star, latest, odd),
    };
    tally.frames = tally.bytes = 0;
    tracer?.({ e: "cycle", t: bitsAt(now), ...record });
    onCycle?.(record, statusOf(star, speakers));
  };

  try {
    // The ports have a moment to open.
    star.tick();
    due = clock.now() + SLICE;
    const end = Math.min(from + cycles, lastNumberOf(network) + 1);
    while (cycle < end && await idle(star, options, due)) {
      const known = knownIn(network, options.readings, options.known, cycle);
      const opened = clock.now();
      const wired = wiredIn(network, known);
      const reserved = options.reserve?.(cycle);
      if (reserved && !await reserved) break;
      const latest = await runCycle(star, { cycle, due, wired, late: late.add });
      judgeCycle(opened, latest, known);
      due = Math.max(due + micro(cycleIn(plan, network, cycle).period), clock.now());
      cycle++;
    }
    const { outside = 0, most_heard = 0, ...verdict } = judging.verdict();
    return {
      ...verdict, outside, most_heard, ...sent, time_us: Math.round(clock.now() - began),
      beacon_late: late.figures(), boards: statusOf(star, speakers),
    };
  } finally {
    await Promise.all(star.members.map(async ({ line }) => line.close()));
  }
};
