/** A run as a link, and what a person does in the middle of it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import { WIRE_FAULTS } from "../../host/faults/registry.js";
import { PREPARED } from "../../host/lab/page/prepared.js";
import { networkOf, startRun } from "../../host/lab/page/run.js";
import { linkOf, phasesOf, readingsOf, storyIn } from "../../host/lab/page/story.js";
import type { Story } from "../../host/lab/page/story.js";
import { contentOf } from "../cli/harness.js";

interface Bare {
  readonly algorithm: string;
  readonly wiring?: string;
  readonly boards: readonly { readonly name: string; readonly kind: string }[];
}

const PUMP = { ...contentOf("pump"), $schema: undefined };
const story = (deeds: Story["deeds"]): Story => ({ network: PUMP, seed: 7, deeds });

/** @returns the cycles of a story, as the page runs them */
const ran = async (one: Story, cycles: number): Promise<readonly CycleRecord[]> => {
  const run = startRun(one, () => undefined);
  await run.go(cycles);
  run.stop();
  return run.records;
};

describe("a link", () => {
  test("brings back what it was made of", () => {
    const one = { ...story([{ at: 3, board: "c", does: "random" }]), to: 9 };
    assert.deepEqual(storyIn(linkOf(one)), JSON.parse(JSON.stringify(one)));
    const odd = { network: { name: "⊥ & <b>" }, seed: 0, deeds: [] };
    assert.deepEqual(storyIn(linkOf(odd)), odd);
    assert.match(linkOf(odd), /^[\w-]+$/);
  });

  test("that is damaged is refused in one line", () => {
    const whole = linkOf(story([]));
    for (const link of ["", "!", whole.slice(0, -7), linkOf({ ...story([]), seed: -1 }),
      linkOf({ ...story([]), deeds: [{ at: 0.5, board: "a" }] }), linkOf({} as Story)]) {
      assert.throws(() => storyIn(link), /^(?:Json)?Error: [^\n]+$/, link);
    }
    assert.throws(() => storyIn("a".repeat(70_000)), /more than 65536/);
  });
});

describe("what a person does", () => {
  test("begins in its cycle, and changes none before", async () => {
    const calm = await ran(story([]), 8);
    const lied = await ran(story([
      { at: 3, board: "c", does: "silent" }, { at: 6, board: "c", does: "" },
      { at: 6, board: "d", cut: true },
    ]), 8);
    assert.deepEqual(lied.map(({ faulty }) => faulty), [[], [], [], [2], [2], [2], [3], [3]]);
    assert.deepEqual(lied.slice(0, 3), calm.slice(0, 3));
    assert.deepEqual(lied.map(({ vectors }) => vectors[0]!.map((entry) => entry === null)
      .indexOf(true)), [-1, -1, -1, 2, 2, 2, 3, 3]);
    assert.ok(lied.every(({ verdict }) => verdict === "held"));
  });

  test("while it runs is the same as from a link", async () => {
    const run = startRun(story([]), () => undefined);
    await run.go(4);
    run.add({ board: "b", does: "equivocate" });
    run.add({ board: "a", shows: 200 });
    await run.go(4);
    run.stop();
    assert.deepEqual(run.records, await ran(story(run.deeds), 8));
    assert.deepEqual(run.records.map(({ inputs }) => inputs[0] === 200).slice(4),
      [true, true, true, true]);
  });

  test("is held to what may be asked for", async () => {
    const run = startRun(story([]), () => undefined);
    await run.go(1);
    assert.throws(() => {
      run.add({ board: "a", does: "withold" });
    }, /withold/);
    assert.equal(run.deeds.length, 0);
    run.stop();
  });

  test("on one wire: each behaviour, begun in a later cycle, as in the command line", async () => {
    const kiln = { ...contentOf("kiln"), $schema: undefined };
    const does = WIRE_FAULTS.flatMap((kind) =>
      ((kind.on === "board" || kind.on === "liar") && !kind.twice ? [kind.name] : []));
    assert.ok(does.includes("jam") && does.includes("usurp") && does.length > 12);
    for (const name of does) {
      const one: Story = {
        network: kiln, seed: 7, deeds: [
          { at: 2, board: "left", does: name }, { at: 4, board: "left", does: "" },
          { at: 4, board: "right", cut: true },
        ],
      };
      const records = await ran(one, 6);
      assert.deepEqual(records.map(({ faulty }) => faulty.length > 0),
        [false, false, true, true, true, true], name);
      assert.ok(records.every(({ verdict }) => verdict === "held"), name);
      const network = networkOf(kiln);
      const { first, phases } = phasesOf(network, one.deeds);
      const others: CycleRecord[] = [];
      await emulate({
        network, cycles: 6, seed: 7, engine: "native", transport: "mock", troubles: first, phases,
        readings: readingsOf(network, 7, () => one.deeds),
        onCycle: (record) => void others.push(record),
      });
      assert.deepEqual(records, others, name);
    }
  });

  test("is over for health: a board that is correct again has missed what was", async () => {
    const wire = PREPARED.find(({ title }) => title === "One wire")!.story.network as Bare;
    const boards = wire.boards.map(({ name, kind }) => ({ name, kind }));
    const star = { ...wire, boards, wiring: undefined, guardian: undefined };
    const held: Record<string, boolean> = {};
    for (const network of [wire, star, { ...star, algorithm: "lbp" }]) {
      for (const does of ["silent", "babble", "random"]) {
        for (const seed of [0, 1, 2]) {
          const records = await ran({
            network: JSON.parse(JSON.stringify(network)), seed,
            deeds: [{ at: 2, board: "left", does }, { at: 6, board: "left", does: "" }],
          }, 11);
          assert.deepEqual(records.map(({ faulty }) => faulty.length),
            [0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
          // Its count of itself is unknown to it; who missed nothing knows it.
          const [front, , left] = records[6]!.health!;
          assert.equal(left!.states[2], "unknown");
          assert.ok(!front!.states.includes("unknown"));
          const { algorithm, wiring = "star" } = network as Bare;
          held[`${algorithm} ${wiring} ${does} ${seed}`] =
            records.every(({ verdict }) => verdict === "held");
        }
      }
    }
    assert.deepEqual(Object.keys(held).filter((name) => !held[name]), []);
  });

  test("is judged by the command line's emulator alike", async () => {
    const one = story([{ at: 0, board: "c", does: "split" }, { at: 2, board: "c", does: "late" }]);
    const network = networkOf(one.network);
    const { first, phases } = phasesOf(network, one.deeds);
    const records: CycleRecord[] = [];
    await emulate({
      network, cycles: 6, seed: 7, engine: "bundle", transport: "mock", troubles: first, phases,
      readings: readingsOf(network, 7, () => one.deeds),
      onCycle: (record) => void records.push(record),
    });
    assert.deepEqual(records, await ran(one, 6));
  });
});

describe("what is prepared", () => {
  const verdicts = async (title: string) => {
    const one = PREPARED.find((prepared) => prepared.title === title)!.story;
    return ran(one, one.to! + 1);
  };

  test("three generals part, from the cycle on in which one lies", async () => {
    const [zero, one, ...later] = await verdicts("Three generals");
    assert.deepEqual([zero!.agreement, one!.agreement], [true, true]);
    assert.ok(later.some(({ agreement, verdict }) => !agreement && verdict === "broken"));
  });

  test("a flat line: each ballot decides, though one lies", async () => {
    const records = await verdicts("The flat line");
    assert.ok(records.every(({ verdict, decisions }) =>
      verdict === "held" && decisions![0]!.length === 1));
  });

  test("two hammers: the others stay one, and know who it is", async () => {
    const records = await verdicts("Two hammers");
    assert.ok(records.every(({ verdict }) => verdict === "held"));
    const { states } = records.at(-1)!.health![0]!;
    assert.deepEqual(states.flatMap((state, board) =>
      (state === "permanent" || state === "watched" ? [board] : [])), [1, 5]);
  });
});
