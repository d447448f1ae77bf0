/**
 * What a shared wire promises, and what lies just outside of it: with a guardian everything that
 * is promised of a star; without one as much as boards keep to their slots; with tags truth or
 * nothing, whatever is on the wire.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WIRE_FAULTS } from "../../host/faults/registry.js";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import type { Traitor } from "../../host/faults/asked.js";
import type { Network, NetworkFile } from "../../host/network/network.js";
import { SEED, replay, runs } from "../core/random.js";
import { nameOf, networkOf, run } from "../topology/drive.js";
import type { Run } from "../topology/drive.js";
import { holds, valid } from "./held.js";

const wired = (boards: number, traitors: number, change: Partial<NetworkFile> = {}): Network =>
  networkOf(boards, traitors, { wiring: "wire", ...change });

const GUARDED = { guardian: true } as const;

const behaviour = (name: string, board: number): Traitor => {
  const { parameter } = WIRE_FAULTS.find((kind) => kind.name === name)!;
  return { name, board, parameter: parameter?.fallback ?? [] };
};

/** Those that take the wire when it is not theirs, or say what only the master may. */
const INVADERS = ["jam", "forge", "usurp", "babble", "late"];
const BEHAVIOURS = WIRE_FAULTS.filter(({ on }) => on !== "line").map(({ name }) => name);
const LINES = WIRE_FAULTS.filter(({ on }) => on === "line").map(({ name }) => name);

/** Who speaks last has nobody left in whose name it could speak before. */
const mayBreak = (name: string) => (name === "forge" ? 3 : 4);

/** The runs, one with each board as the faulty one, in which something broke. */
const brokenIn = async (network: Network, name: string, cycles: number): Promise<Run[]> => {
  const broken: Run[] = [];
  for (const { number: board } of network.boards) {
    const ran = await run({
      network, cycles, seed: SEED + board, traitors: [behaviour(name, board)],
    });
    if (ran.summary.verdict === "broken") broken.push(ran);
  }
  return broken;
};

describe("WIRE.11: with a guardian, one faulty board of four", () => {
  const network = wired(4, 1, GUARDED);
  for (const name of BEHAVIOURS) {
    test(`${name}: all holds, whichever board it is; ${replay}`, async (t) => {
      for (const { number: board } of network.boards) {
        const ran = await run({
          network, cycles: runs(t, 60, 10), seed: SEED + board, traitors: [behaviour(name, board)],
        });
        holds(ran, nameOf(board));
        valid(ran, nameOf(board));
      }
    });
  }
  for (const name of LINES) {
    test(`${name} at a board: only that one is faulty; ${replay}`, async (t) => {
      for (const { number: board } of network.boards) {
        const ran = await run({
          network, cycles: runs(t, 60, 10), seed: SEED + board,
          lines: [{ name, board, probability: 0.3 }],
        });
        holds(ran, nameOf(board));
        valid(ran, nameOf(board));
      }
    });
  }
});

test(`WIRE.11: with a guardian, any two of seven, and one commander; ${replay}`, async (t) => {
  const long = { value: { bytes: 64 }, default: "00".repeat(64) };
  for (const change of [{}, { commander: "b" }, long]) {
    const network = wired(7, 2, { ...GUARDED, ...change });
    for (const [at, name] of BEHAVIOURS.entries()) {
      const other = BEHAVIOURS[(at + 5) % BEHAVIOURS.length]!;
      const ran = await run({
        network, cycles: runs(t, 3, 2), seed: SEED + at,
        traitors: [behaviour(name, at % 7), behaviour(other, (at + 3) % 7)],
      });
      holds(ran, `${name} and ${other}`);
    }
  }
});

describe("WIRE.12: without a guardian", () => {
  const network = wired(4, 1);
  for (const name of BEHAVIOURS.filter((one) => !INVADERS.includes(one))) {
    test(`${name}: all holds, as it keeps to its slots and its name; ${replay}`, async (t) => {
      for (const { number: board } of network.boards) {
        const ran = await run({
          network, cycles: runs(t, 60, 10), seed: SEED + board, traitors: [behaviour(name, board)],
        });
        holds(ran, nameOf(board));
        valid(ran, nameOf(board));
      }
    });
  }
  for (const name of INVADERS) {
    test(`${name}: breaks it, whichever board it is; ${replay}`, async () => {
      assert.equal((await brokenIn(network, name, 20)).length, mayBreak(name));
    });
  }
});

describe("WIRE.11: a guardian needs both, gates and beacons that do not fit through them", () => {
  test(`gates alone do not stop a forged beacon; ${replay}`, async () => {
    // Long frames, and beacons as short as they are without a guardian.
    const change = { value: "u32", guardian: false } as const;
    const network = wired(4, 1, change);
    const gated = { ...network, wiring: { ...network.wiring!, guardian: true } };
    for (const name of ["forge", "usurp"]) {
      assert.equal((await brokenIn(gated, name, 20)).length, mayBreak(name), name);
      const whole = wired(4, 1, { ...change, guardian: true });
      assert.equal((await brokenIn(whole, name, 20)).length, 0, name);
    }
  });

  test(`long beacons alone do not stop a board that jams; ${replay}`, async () => {
    const network = wired(4, 1, GUARDED);
    const open = { ...network, wiring: { ...network.wiring!, guardian: false } };
    for (const name of ["jam", "usurp"]) assert.equal((await brokenIn(open, name, 20)).length, 4);
  });

  test(`two faulty boards of four are too many, even so; ${replay}`, async () => {
    const network = wired(4, 1, GUARDED);
    let broken = 0;
    for (let seed = 0; seed < 4; seed++) {
      const traitors = [behaviour("random", 0), behaviour("marginal", 1)];
      const { summary } = await run({ network, cycles: 20, seed: SEED + seed, traitors });
      if (summary.verdict === "broken") broken++;
    }
    assert.ok(broken > 0);
  });
});

describe("WIRE.13: truth or nothing, where frames have tags", () => {
  const network = wired(4, 1, { auth: "mac" });
  for (const name of INVADERS) {
    test(`${name}, without a guardian: no false value; ${replay}`, async () => {
      let broken = 0;
      for (const { number: board } of network.boards) {
        const { summary } = await run({
          network, cycles: 30, seed: SEED + board, traitors: [behaviour(name, board)],
        });
        // What is held of a correct board is true, in each cycle that was decided at all.
        assert.equal(summary.truth, summary.cycles, nameOf(board));
        if (summary.verdict === "broken") broken++;
      }
      assert.equal(broken, mayBreak(name), "agreement is lost all the same");
    });
  }
  test(`forge, with neither tags nor a guardian: false values; ${replay}`, async () => {
    const broken = await brokenIn(wired(4, 1), "forge", 30);
    assert.ok(broken.some(({ summary }) => summary.truth < summary.cycles));
  });
});

test("WIRE.1: a network whose first cycle is not 0, its liars included", async () => {
  const of = (first: number) => wired(4, 1, {
    algorithm: "lbp", keep: 2, first_cycle: first, ...GUARDED,
  });
  for (const name of ["", ...BEHAVIOURS]) {
    const traitors = name ? [behaviour(name, 3)] : [];
    const [one, other] = await Promise.all([0, 1000].map(async (first) =>
      run({ network: of(first), cycles: 3, seed: SEED, traitors })));
    for (const { summary } of [one!, other!]) {
      const { verdict, ballots } = summary;
      assert.deepEqual([verdict, ballots!.asked], ["held", 3], name);
    }
    // What is said under the number of another cycle is stale, and tells no lie.
    const staleIn = ({ summary }: Run) =>
      summary.counts.slice(0, 3).map(({ stale, early }) => [stale, early]);
    if (!INVADERS.includes(name)) assert.deepEqual(staleIn(other!), staleIn(one!), name);
  }
});

test("what means nothing on a shared wire is refused, and what means nothing in a star", () => {
  const [wire, star] = [wired(4, 1), networkOf(4, 1)];
  for (const name of ["equivocate", "split", "collude", "edge"]) {
    assert.throws(() => parseTraitors(wire, [`c=${name}`]),
      { message: new RegExp(`^--traitor: ${name} means nothing on a shared wire: all hear `) });
    parseTraitors(star, [`c=${name}`]);
  }
  for (const name of ["delay", "duplicate", "reorder"]) {
    assert.throws(() => parseFaults(wire, [`${name}=0.1`]),
      { message: new RegExp(`^--faults: ${name} means nothing on a shared wire: it has no`) });
    parseFaults(star, [`${name}=0.1`]);
  }
  for (const name of ["marginal", "jam", "forge", "usurp"]) {
    assert.throws(() => parseTraitors(star, [`c=${name}`]), { message: /is unknown/ });
    parseTraitors(wire, [`c=${name}`]);
  }
});

test(`one seed, one run, over memory and over serial port streams alike; ${replay}`, async () => {
  const network = wired(4, 1);
  const traitors = [behaviour("babble", 2)];
  const order = { network, cycles: 5, seed: SEED, traitors };
  const first = await run(order);
  const again = await run({ ...order, transport: "mock" });
  assert.deepEqual(again.events, first.events);
  const other = await run({ ...order, seed: SEED + 1 });
  assert.notDeepEqual(other.frames, first.frames);
});
