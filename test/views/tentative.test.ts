/** TENT.1 to TENT.4 in runs: every engine alike, the law in each cycle, and what breaks it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { BoardState, Engine } from "../../host/boards/board.js";
import type { Tried } from "../../host/boards/tried.js";
import type { CycleEvent, TraceEvent } from "../../host/events/events.js";
import { createTentativeWatch } from "../../host/judge/tentative.js";
import type { Network } from "../../host/network/network.js";
import { rejudge } from "../../host/replay/replay.js";
import { headerOf } from "../../host/trace/check.js";
import { createTraceWriter, openTrace } from "../../host/trace/file.js";
import { folder } from "../cli/harness.js";
import { SEED, replay, runs } from "../core/random.js";
import { REVIEW, interpreter, networksOf, run } from "./drive.js";

if (!interpreter) process.stderr.write("NOT RUN: tentative on Espruino: ESPRUINO is not set\n");

const networkOf = (changes: object = {}) =>
  networksOf("fab", "a b c d e f")({ tentative: true, ...changes });

const KINDS: Readonly<Record<string, Network>> = {
  "a log": networkOf(),
  "stored promises": networkOf({ promises: "stored", keep: 2 }),
  "once, stored promises": networkOf({ mode: "once", promises: "stored" }),
  "rows of bytes": networkOf({ value: { bytes: 3 }, default: "000000" }),
  "a shared wire": networkOf({ wiring: "wire" }),
};
/** On Espruino itself, of which runs take long. */
const REAL = ["stored promises", "rows of bytes"];

const cyclesIn = (events: readonly TraceEvent[]): CycleEvent[] =>
  events.filter((event): event is CycleEvent => event.e === "cycle");
const countOf = (events: readonly TraceEvent[]) => {
  const all = cyclesIn(events).flatMap(({ tried }) => tried!.flat());
  const back = all.filter(({ retracted }) => retracted).length;
  return { acted: all.length - back, back };
};

describe("boards that act tentatively", () => {
  for (const [name, network] of Object.entries(KINDS)) {
    it(`do so in each fast cycle, and with a liar, on engines alike: ${name}`, async () => {
      const all = interpreter && REAL.includes(name) ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES;
      const once = !network.boards[0]!.layout.keep;
      // There are no windows on a wire, nor is anything told to some alone.
      const wired = network.wiring !== undefined;
      for (const [traitors, windows] of [
        [[], []],
        [[wired ? "a=marginal" : "a=equivocate"], wired ? [] : ["reset=b@2.4", "loss=0.2@5-6"]],
      ] as const) {
        const first = await run(network, 9, traitors, windows);
        assert.equal(first.summary.verdict, "held");
        const { acted, back } = countOf(first.events);
        if (!traitors.length) assert.deepEqual([acted, back], [once ? 6 : 6 * 6, 0]);
        else assert.ok(acted > 5 && back > 0, `${acted}, ${back}`);
        for (const engine of all) {
          const other = await run(network, 9, traitors, windows, { engine: engine as Engine });
          assert.equal(other.hash, first.hash, engine);
        }
      }
    });
  }

  it("put out what is decided, and what was before where nothing is", async () => {
    const network = networkOf();
    const { records } = await run(network, 8, [], ["loss=1@2-2"]);
    const [, , lost] = records;
    assert.deepEqual(lost!.tried!.map(({ length }) => length), Array<number>(6).fill(0));
    const lying = await run(network, 12, ["a=split"]);
    const parted = lying.records.filter(({ tried }) => tried!.flat().some(({ retracted }) =>
      retracted));
    assert.ok(parted.length > 0);
    for (const { decisions, tried } of parted) {
      decisions!.forEach((list, board) => {
        const left = tried![board]!.filter(({ retracted }, at) =>
          !retracted && !tried![board]![at + 1]?.retracted);
        for (const { slot, value } of board ? left : []) {
          assert.ok(list.some((one) => one.slot === slot && one.value === value));
        }
      });
    }
  });

  it(`keep the law under random windows, resets and liars; ${replay}`, async (t) => {
    const many = runs(t, 100, 8);
    let [acted, back] = [0, 0];
    for (let seed = SEED; seed < SEED + many; seed++) {
      const at = (of: number) => (seed * 2654435761 + of * 40503) >>> 9;
      const kind = [
        { mode: "once" }, { keep: 2 }, { keep: 3, promises: "stored" },
        { mode: "once", promises: "stored" },
      ][at(1) % 4]!;
      const from = 1 + at(2) % 6;
      const windows = [
        `loss=0.${1 + at(3) % 4}@${from}-${from + at(4) % 6}`,
        `reset=${"bcd"[at(5) % 3]}@${1 + at(6) % 9}.${1 + at(7) % 4}`,
      ];
      const liar = ["random", "equivocate", "split", "withhold", "relay"][at(8) % 5]!;
      const review = 2 + at(10) % 4;
      const { summary, events } = await run(
        networkOf({ ...kind, review }), 14, [`a=${liar}`], windows, { seed });
      assert.equal(
        summary.verdict, "held", `seed ${seed}: ${windows.join(" ")} ${liar}; ${replay}`);
      const count = countOf(events);
      acted += count.acted;
      back += count.back;
    }
    assert.ok(back > many && acted > 2 * back / 3, `${acted}, ${back}`);
    t.diagnostic(`${many} runs, ${acted} tentative acts, ${back} retractions; ${replay}`);
  });
});

type Lists = NonNullable<CycleEvent["tried"]>;

/** What is judged of a run's trace, each of whose cycles is changed first. */
const again = (
  context: TestContext, network: Network, traitors: readonly string[],
  events: readonly TraceEvent[], change: (tried: Lists) => Lists,
): { broken: string[]; differences: string[] } => {
  const path = join(folder(context), "n.trace");
  const writer = createTraceWriter(path, headerOf(network, {
    seed: 1, cycles: cyclesIn(events).length, faults: [], traitors: [...traitors],
  }));
  for (const event of events) {
    writer.write(event.e === "cycle" ? { ...event, tried: change(event.tried!) } : event);
  }
  writer.finish();
  const judged = [...rejudge(openTrace(path))];
  return {
    broken: judged.flatMap(({ broken }) => broken),
    differences: judged.flatMap(({ differences }) => differences),
  };
};

it("TENT.2: a liar leads; boards that retract nothing break the law, and no other", async (t) => {
  const network = networkOf();
  assert.equal(REVIEW, 4);
  for (const liar of ["split", "equivocate"]) {
    const { events } = await run(network, 8, [`a=${liar}`]);
    const whole = again(t, network, [`a=${liar}`], events, (tried) => tried);
    assert.deepEqual(whole, { broken: [], differences: [] });
    const { broken } = again(t, network, [`a=${liar}`], events, (tried) =>
      tried.map((list) => list.filter(({ retracted }) => !retracted)));
    assert.ok(broken.length > 0 && broken.every((name) => name === "TENT"), broken.join());
  }
});

describe("the judge of tentative acts", () => {
  const value = (slot: number, what: number, back = false): Tried => ({ slot, value: what, back });
  const [ACT, BACK, OTHER] = [value(0, 7), value(0, 7, true), value(0, 9, true)];
  const DECIDED = [{ slot: 0, value: 7 }];
  type Play = (watch: ReturnType<typeof createTentativeWatch>) => void;
  const judged = (play: Play, stored = true, faulty: readonly number[] = []): boolean => {
    const watch = createTentativeWatch(1, stored);
    play(watch);
    return watch.close(new Set(faulty)).right;
  };
  const acts = (...tried: Tried[]): Play => (watch) => {
    watch.take(0, tried, [], false);
  };
  const ends = (decisions: typeof DECIDED, ...tried: Tried[]): Play => (watch) => {
    watch.take(0, tried, decisions, true);
  };

  for (const [what, play, right] of [
    ["what it did is decided", ends(DECIDED, ACT), true],
    ["it took it back", ends([], ACT, BACK), true],
    ["it took it back, and then it was decided", ends(DECIDED, ACT, BACK), true],
    ["it does not know yet", acts(ACT), true],
    ["it stands, and nothing is decided", ends([], ACT), false],
    ["it stands, and another is decided", ends([{ slot: 0, value: 9 }], ACT), false],
    ["it stands, and that is decided in another slot", ends([{ slot: 1, value: 7 }], ACT), false],
    ["it took back something else", acts(ACT, OTHER), false],
    ["it took back what it never did", acts(BACK), false],
    ["it took it back twice", acts(ACT, BACK, BACK), false],
    ["it did it twice", acts(ACT, ACT), false],
  ] as const) {
    it(`says whether it is right: ${what}`, () => {
      assert.equal(judged(play), right);
      assert.equal(judged(play, true, [0]), true, "of who lies nothing is asked");
    });
  }

  it("of a trace takes several cycles that a board closed in one of the hub's", () => {
    const [first, next] = [DECIDED[0]!, { slot: 1, value: 8 }];
    const plays = (decisions: typeof DECIDED, over: boolean): Play => (watch) => {
      watch.take(0, [ACT, value(1, 8)], decisions, over);
    };
    assert.equal(judged(plays([first, next], true)), true);
    assert.equal(judged(plays([next], true)), false, "what stood first was not decided");
    assert.equal(judged(plays([first], true)), false, "what stands last was not");
    assert.equal(judged(plays([first, next], false)), true);
    // The cycle in which it did that last is not over for it.
    assert.equal(judged(plays([first], false)), true);
    assert.equal(judged(plays([{ slot: 0, value: 9 }], false)), false, "another was decided");
    const later = (decisions: typeof DECIDED): Play => (watch) => {
      plays([first], false)(watch);
      watch.take(0, [], decisions, false);
      watch.take(0, [], [], true);
    };
    assert.equal(judged(later([next])), true);
    assert.equal(judged(later([])), false);
    assert.equal(judged(later([{ slot: 1, value: 9 }])), false);
  });

  it("TENT.4: who was without power may take back what it did not, and has to what it did", () => {
    const state = (...tried: Tried[]) => ({ trials: tried.length, tried }) as unknown as BoardState;
    const back: Play = (watch) => {
      watch.seen(0, state(ACT));
      watch.restarted(0, state(ACT));
      watch.seen(0, state(BACK, BACK));
      watch.closed(0, []);
    };
    assert.equal(judged(back), true);
    assert.equal(judged(back, false), false, "who forgets takes nothing back");
    const stands: Play = (watch) => {
      watch.restarted(0, state(ACT));
      watch.closed(0, []);
    };
    assert.equal(judged(stands), false);
    assert.equal(judged(stands, false), true, "it has forgotten that, with all that it did");
    // A trace does not tell where in its cycle a board lost its power.
    const traced: Play = (watch) => {
      watch.restarted(0);
      watch.take(0, [ACT], [], true);
    };
    assert.equal(judged(traced), false);
    assert.equal(judged(traced, false), true);
  });
});
