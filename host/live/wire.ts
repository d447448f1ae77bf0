import { HUB } from "../../firmware/index.js";
import type { BeaconEvent, FrameEvent } from "../events/events.js";
import type { Network } from "../network/network.js";
import { BITS_A_BYTE, planOf } from "../plan/plan.js";
import { createListener } from "../topology/frames.js";
import { createMaster } from "../topology/wire/master.js";
import { createEar, frameName, momentOf } from "./ear.js";
import type { Rest } from "./ear.js";
import { createGathering } from "./figures.js";
import { createLine } from "./line.js";
import type { LineEvents, OpenLine } from "./line.js";
import type { Medium, Member } from "./medium.js";

/**
 * The master of a wire that all share, over one real port, in real time: it polls, and listens, and
 * nothing that a board says passes through it.
 */

interface Options {
  readonly network: Network;
  readonly clock: { now(): number; sleepUntil(time: number): Promise<void> };
  /** Opens the port, which is that of no board: HUB. */
  readonly open: (board: number, events: LineEvents) => Promise<OpenLine>;
}

export const createWireMedium = ({ network, clock, open }: Options): Medium => {
  const { boards, file } = network;
  const plan = planOf(network);
  const { layout } = boards[0]!;
  const longest = Math.max(plan.closing, ...plan.rounds.map(({ beacon, frame }) => beacon + frame));
  const origin = clock.now();
  const bitsAt = (time: number) => Math.max(0, Math.round(((time - origin) * file.baud) / 1e6));
  const micro = (bits: number) => (bits * 1e6) / file.baud;
  const master = createMaster(network);
  const events: (BeaconEvent | FrameEvent)[] = [];
  const tally = { frames: 0, bytes: 0 };
  // The last beacon, and how much of it has come back: some receivers hear their own transmitter.
  let spoken = new Uint8Array(0);
  let echoed = 0;
  // Until when the wire is busy, in bits, as far as one can tell from what came over it.
  let busy = 0;

  const note = (
    from: number, to: number, { bytes, fate, name }: Rest,
  ) => {
    const { cycle, round } = name === undefined ? master : momentOf(name, master.cycle);
    events.push({ e: "frame", t: busy, cycle, round, from, to, bytes, fate, lie: false });
  };

  const heardFrom = (from: number, rest: Rest) => {
    const { bytes, fate } = rest;
    busy = Math.max(busy, bitsAt(clock.now()));
    tally.frames++;
    tally.bytes += bytes.length;
    note(from, HUB, rest);
    if (fate !== "heard") return;
    // What one hears, all hear: which of them does not, nobody can tell from here.
    for (const { number } of boards) if (number !== from) note(from, number, rest);
  };

  // What begins as the beacon did waits until it is the beacon, or something else.
  const withoutEcho = (chunk: Uint8Array): Uint8Array => {
    if (echoed >= spoken.length) return chunk;
    const before = echoed;
    let at = 0;
    while (at < chunk.length && echoed < spoken.length && chunk[at] === spoken[echoed]) {
      at++;
      echoed++;
    }
    if (at === chunk.length || echoed === spoken.length) return chunk.subarray(at);
    echoed = spoken.length;
    const whole = new Uint8Array(before + chunk.length);
    whole.set(spoken.subarray(0, before));
    whole.set(chunk, before);
    return whole;
  };

  const hear = (chunk: Uint8Array) => {
    const { speaker } = master;
    const member = members[speaker];
    if (!member) return;
    const { ear } = member;
    const part = ear.admit(withoutEcho(chunk));
    if (ear.flooded) line.pause();
    if (!part.length) return;
    if (master.hear(part)) {
      const bytes = master.accepted()!;
      ear.accept(clock.now(), bytes);
      heardFrom(speaker, { bytes, fate: "heard" });
    }
    for (const { sender, low, round } of listen(part)) {
      members[sender]!.ear.came(clock.now(), frameName(low, round));
    }
  };

  const listen = createListener(network);
  const line = createLine(async (told) => open(HUB, told), 8 * (longest + layout.end), hear);
  const members: Member[] = boards.map(() => ({
    line, ear: createEar(longest), answers: createGathering(),
    busy: 0, lost: 0, late: 0, odd: 0, floods: 0,
  }));

  return {
    network, plan, members, events, tally, bitsAt, micro,
    tick() {
      line.tick(clock.now());
    },
    begin(cycle, round, _wired, speaker) {
      const now = clock.now();
      line.tick(now);
      const { slots = [] } = plan.rounds[round - 1] ?? {};
      // The others of a round only poll.
      if (speaker === (slots[0]?.board ?? HUB)) {
        events.push({ e: "beacon", t: bitsAt(now), cycle, round });
      }
      const bytes = master.beacon(cycle, round, speaker).slice();
      spoken = bytes;
      echoed = 0;
      const sent = line.send(bytes);
      busy = Math.max(busy, bitsAt(now)) + BITS_A_BYTE * bytes.length;
      tally.frames++;
      tally.bytes += bytes.length;
      for (const { number } of boards) note(HUB, number, { bytes, fate: sent ? "heard" : "lost" });
      const { length } = slots.find(({ board }) => board === speaker) ?? { length: 0 };
      members[speaker]?.ear.begin(now, now + micro(length), frameName(cycle, round));
      return now;
    },
    async sleepUntil(time) {
      await clock.sleepUntil(time);
    },
    passed() {
      // Nobody waits for anybody: what is to be said is said in its slot.
    },
    end(_round, speaker) {
      const member = members[speaker];
      if (!member) return;
      const { ear } = member;
      if (ear.flooded) {
        member.floods++;
        line.resume();
      }
      const rest = ear.rest();
      if (rest) heardFrom(speaker, rest);
      ear.end(true);
    },
  };
};
