import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emulate } from "../../host/emulate/emulate.js";
import type { Summary } from "../../host/emulate/emulate.js";
import type { CycleEvent, TraceEvent } from "../../host/events/events.js";
import { PROPERTIES } from "../../host/judge/oracle.js";
import { parseReadings } from "../../host/network/readings.js";
import { eventsOf, firstChange, rejudge, rerun } from "../../host/replay/replay.js";
import type { Rejudged } from "../../host/replay/replay.js";
import { bytesOf, networkOf, run, sevenBoards, traceOf } from "./runs.js";
import type { Order, Run } from "./runs.js";

const CYCLES = 6;

/** What goes wrong, in which cycles agreement and validity hold all the same. */
const RUNS: Readonly<Record<string, Order>> = {
  "nothing": {},
  "a liar": { traitors: ["c=equivocate"] },
  "two liars of four": { traitors: ["b=split", "c=equivocate"] },
  "lost frames": { faults: ["drop=0.2"] },
  "late frames": { faults: ["delay=0.2", "duplicate=0.1"], traitors: ["d=late:3"] },
  "bad bytes": { faults: ["flip=0.1", "truncate=0.1", "noise=0.1", "reorder=0.1"] },
  "a crash": { traitors: ["a=crash:2.2"] },
  "a restart": { traitors: ["a=restart:1.1"] },
  "a stuck sensor": { traitors: ["b=stuck"], seed: 3 },
  "frames twice": { faults: ["duplicate=1"] },
  "late, early and broken beacons": { faults: ["flip=0.2", "duplicate=0.5", "delay=0.2"] },
  "a bad line": { faults: ["drop@d=0.5"] },
  "frames at the edge": { traitors: ["b=edge"] },
  "no synchrony": {
    windows: ["late=0.4@1-2", "partition=a/b@2", "behind=c:2@3", "ahead=d:1@3", "reset=b@4.2"],
    traitors: ["a=copies"],
  },
  "two orders in one cycle": {
    network: networkOf({ value: "u16" }, "a b c d", { kind: "EMULATED" }),
    windows: ["late=0.1@7-14"], seed: 30000710, cycles: 10,
  },
  "a coordinator that is not polled": {
    network: networkOf({
      algorithm: "2pc", value: "bool", decision: "unanimous", default: false, keep: 4,
      wiring: "wire", guardian: true, commander: "c",
    }, "a b c d e", { kind: "EMULATED" }),
    traitors: ["d=restart"], faults: ["flip@c=0.05"], seed: 30001830,
  },
  "a hub that has its own time": { windows: ["stall=2@1-3", "jump=500@2", "echo=3@2"] },
  "ballots": {
    network: networkOf({ algorithm: "lbp", keep: 2 }),
    windows: ["loss=0.4@1-2", "late=0.3@2", "reset=b@3.2"], traitors: ["a=split"],
  },
  "ballots that decide early": {
    network: networkOf({ algorithm: "lbp", keep: 2, early: true, meanwhile: "safe" }),
    windows: ["loss=0.2@1-2", "partition=a/b@4"], faults: ["drop=0.05"],
  },
  "ballots, once": {
    network: networkOf({ algorithm: "lbp", mode: "once", leader: "rotating" }),
    windows: ["late=0.6@0-2"], traitors: ["d=restart:1.2"],
  },
  "ballots on bad lines": {
    network: networkOf({ algorithm: "lfab", keep: 3 }, "a b c d e f"),
    faults: ["flip=0.1", "delay=0.1"], traitors: ["d=copies"],
  },
  // A vote that was never polled for, and frames that nobody could read.
  "Paxos on a bad shared wire": {
    network: networkOf({
      algorithm: "paxos", mode: "once", review: 2, meanwhile: "safe", wiring: "wire",
      guardian: true,
    }, "a b c"),
    faults: ["flip@c=0.3"], seed: 134005,
  },
  // Board c closes several cycles in one.
  "tentative acts of a board that is behind": {
    network: networkOf({
      algorithm: "fab", review: 7, keep: 3, tentative: true, promises: "stored",
    }, "a b c d e f"),
    windows: ["behind=c:2@2-10"], seed: 2002855, cycles: 8,
  },
  // Board f closes a cycle that decides, and another in which it does what it does meanwhile.
  "two cycles in one": {
    network: networkOf({
      algorithm: "fab", review: 8, keep: 2, tentative: true, promises: "stored", meanwhile: "safe",
    }, "a b c d e f", { kind: "EMULATED" }),
    windows: ["late=0.6@4-7", "echo=1@19-25", "reset=f@19.2"], traitors: ["e=edge"],
    seed: 3019330, cycles: 26,
  },
  "seven boards": { network: sevenBoards(), traitors: ["c=collude", "f=random"] },
  "a commander": { network: networkOf({ commander: "b" }), traitors: ["d=relay"] },
  "readings by wire": {
    network: networkOf({ value: "i16", default: -1 }, "a b c d", { reading: "wire" }),
    traitors: ["c=stale"],
  },
  "a script": { network: networkOf({ decision: { script: "vector[0] === undefined ? 1 : 2" } }) },
};

const cyclesOf = ({ events }: Run): CycleEvent[] =>
  events.filter((event): event is CycleEvent => event.e === "cycle");

const again = (one: Run): Rejudged[] => [...rejudge(traceOf(bytesOf(one), 65536))];

/** What a run counted, which its trace must count as well. */
const counted = async (one: Run): Promise<Summary> => {
  const summary = await emulate(rerun(traceOf(bytesOf(one), 65536)));
  const judged = again(one).map((cycle) => cycle.judged);
  for (const verdict of PROPERTIES) {
    assert.equal(judged.filter((cycle) => cycle[verdict]).length, summary[verdict], verdict);
  }
  return summary;
};

/** The same trace, with another event in the place of one. */
const changed = <Kind extends TraceEvent["e"]>(
  one: Run, kind: Kind, cycle: number,
  change: (event: Extract<TraceEvent, { e: Kind }>) => TraceEvent,
): Run => {
  const at = one.events.findIndex((event) => event.e === kind && event.cycle === cycle);
  const event = one.events[at] as Extract<TraceEvent, { e: Kind }>;
  return { ...one, events: one.events.with(at, change(event)) };
};

describe("a trace that is judged again", () => {
  for (const [name, order] of Object.entries(RUNS)) {
    test(`has the verdict that it had: ${name}`, async () => {
      const one = await run({ cycles: CYCLES, ...order });
      const judged = again(one);
      assert.deepEqual(judged.map(({ stored }) => stored), cyclesOf(one));
      assert.deepEqual(judged.flatMap(({ differences }) => differences), []);
    });
  }

  for (const [name, order] of Object.entries(RUNS)) {
    test(`counts what the run counted: ${name}`, async () => {
      await counted(await run({ cycles: CYCLES, ...order }));
    });
  }

  test("counts what the run counted where it broke", async () => {
    const order = { cycles: CYCLES, faults: ["drop=0.2"], traitors: ["c=equivocate"] };
    const { agreement, termination } = await counted(await run(order));
    assert.ok(agreement < CYCLES && termination < CYCLES, "nothing broke here");
  });

  test("a beacon that comes twice opens one round, and one that comes broken none", async () => {
    const of = async (fault: string) => counted(await run({ cycles: 2, faults: [fault] }));
    assert.equal((await of("duplicate=1")).termination, 2);
    assert.equal((await of("flip=1")).termination, 0);
  });

  test("is found out where its verdict was changed", async () => {
    const one = await run({ cycles: 3, traitors: ["c=equivocate"] });
    const found = (change: (event: CycleEvent) => TraceEvent) =>
      again(changed(one, "cycle", 1, change)).flatMap(({ differences }) => differences);
    assert.deepEqual(found((event) => ({ ...event, agreement: false })), [
      "cycle 1: agreement: stored false, judged again true",
    ]);
    assert.deepEqual(found((event) => ({ ...event, validity: false })), [
      "cycle 1: validity: stored false, judged again true",
    ]);
    assert.deepEqual(found((event) => ({ ...event, faulty: [] }))[0],
      "cycle 1: faulty: stored [], judged again [2]");
    const other = (event: CycleEvent) => event.vectors[0]!.with(2, 200);
    const lied = (event: CycleEvent) => event.vectors.with(0, other(event));
    assert.deepEqual(found((event) => ({ ...event, vectors: lied(event) })), [
      "cycle 1: agreement: stored true, judged again false",
    ]);
    assert.deepEqual(found((event) => ({ ...event, inputs: event.inputs.with(0, 200) })), [
      "cycle 1: validity: stored true, judged again false",
    ]);
    assert.deepEqual(found((event) => ({ ...event, vectors: event.vectors.with(3, null) })), [
      "cycle 1: agreement: stored true, judged again false",
      "cycle 1: validity: stored true, judged again false",
    ]);
    assert.deepEqual(found((event) => ({ ...event, orders: event.orders.with(3, 200) })), [
      "cycle 1: agreement: stored true, judged again false",
    ]);
  });

  test("is refused where every board is faulty, and nothing would be said", async () => {
    const one = await run({ cycles: 2 });
    const traitors = ["a=silent", "b=silent", "c=silent", "d=crash:1.1"];
    const header = { ...one.header, traitors };
    assert.throws(() => again({ ...one, header }), /in cycle 1 every board is faulty/);
    await assert.rejects(run({ cycles: 2, traitors }), /in cycle 1 every board is faulty/);
  });

  test("is found out where a board heard a beacon less", async () => {
    const one = await run({ cycles: 1 });
    const lost = changed(one, "frame", 0, (event) => ({ ...event, fate: "lost" }));
    assert.equal(again(one)[0]!.judged.termination, true);
    assert.equal(again(lost)[0]!.judged.termination, false);
  });
});

describe("the events of one cycle", () => {
  test("are those from beacon to verdict, and what came later", async () => {
    const { events } = await run({ cycles: 4, faults: ["delay=0.3"] });
    for (let cycle = 0; cycle < 4; cycle++) {
      const found = eventsOf(events, cycle);
      const opens = events.findIndex((event) => event.e === "beacon" && event.cycle === cycle);
      const ends = events.findIndex((event) => event.e === "cycle" && event.cycle === cycle);
      const during = events.slice(opens, ends + 1);
      assert.deepEqual(found.filter((event) => during.includes(event)), during);
      const rest = found.filter((event) => !during.includes(event));
      assert.ok(rest.every((event) => event.cycle === cycle || events.indexOf(event) < opens));
    }
    const late = events.filter((event) => event.e === "frame" && event.fate === "late");
    assert.ok(late.length > 0, "nothing came late here");
    assert.deepEqual(eventsOf(events, 9), []);
  });
});

describe("a trace that is run again", () => {
  for (const [name, order] of Object.entries(RUNS)) {
    test(`comes out byte for byte: ${name}`, async () => {
      const one = await run({ cycles: CYCLES, ...order });
      const trace = traceOf(bytesOf(one), 65536);
      const events: TraceEvent[] = [];
      await emulate({
        ...rerun(trace),
        tracer(event) {
          events.push(event);
        },
      });
      assert.deepEqual(bytesOf({ header: trace.header, events }), bytesOf(one));
      assert.equal(await firstChange(trace), -1);
    });
  }

  test("has the readings of a table", async () => {
    const network = networkOf();
    const { readings } = parseReadings(network, "9,,200,9\n,7,7,7\n", "a table");
    const one = await run({ network, change: { readings }, traitors: ["a=stuck"], cycles: 5 });
    assert.deepEqual(cyclesOf(one)[1]!.inputs, [9, 7, 7, 7]);
    assert.equal(await firstChange(traceOf(bytesOf(one))), -1);
  });

  test("is found out where an event was changed, left out or added", async () => {
    const one = await run({ cycles: 3, traitors: ["c=random"] });
    const { events } = one;
    const change = async (others: readonly TraceEvent[]) =>
      firstChange(traceOf(bytesOf({ ...one, events: others })));
    const frame = events[20]!;
    assert.equal(frame.e, "frame");
    assert.equal(await change(events.with(20, { ...frame, t: frame.t + 1 })), 20);
    assert.equal(await change(events.toSpliced(20, 1)), 20);
    assert.equal(await change(events.toSpliced(20, 0, events[0]!)), 20);
    assert.equal(await change(events.toSpliced(20, 0, frame)), 21);
    assert.equal(await change(events), -1);
  });
});
