/**
 * Networks drawn at random, with as many faulty boards as they are made for: everything happens
 * when the plan says, and every correct board decides in the same cycle, after exactly m+1 rounds.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS } from "../../host/faults/registry.js";
import type { LineFault, Traitor } from "../../host/faults/asked.js";
import type { NetworkFile } from "../../host/network/network.js";
import { BITS_A_BYTE, planOf } from "../../host/plan/plan.js";
import { SEED, createRandom, pick, replay, runs } from "../core/random.js";
import { HUB, nameOf, networkOf, run } from "./drive.js";
import type { Order, Run } from "./drive.js";

const NETWORKS = 60;
const CYCLES = 4;

type Random = () => number;

const oneOf = <Item>(random: Random, items: readonly Item[]): Item =>
  items[random() % items.length]!;

const drawNetwork = (random: Random) => {
  const boards = 4 + random() % 7;
  const traitors = 1 + random() % Math.floor((boards - 1) / 3);
  const value = oneOf<NetworkFile["value"]>(
    random, ["bool", "u8", "i16", "u32", "f32", { bytes: 1 + random() % 12 }],
  );
  const number = typeof value === "string" && value !== "bool";
  return networkOf(boards, traitors, {
    value, baud: oneOf(random, [300, 9600, 115200, 1_000_000, 4_000_000]),
    decision: number ? oneOf(random, ["majority", "median", "midpoint"]) : "majority",
    default: typeof value === "object" ? "00".repeat(value.bytes) : value === "bool" ? false : 0,
    guard_us: oneOf(random, [0, 100, 5000]),
    ...(random() % 3 ? {} : { commander: nameOf(random() % boards) }),
    ...(random() % 3 ? {} : { period_ms: 1 + random() % 5000 }),
    boards: Array.from({ length: boards }, (_, at) => ({
      name: nameOf(at), kind: "EMULATED",
      ...(random() % 3 ? {} : { reading: "wire" }),
      ...(random() % 2 ? {} : { compute_us: random() % 3000 }),
    })),
  });
};

/** Some of what is on the menu, for as many boards as may be faulty. */
const drawTroubles = (random: Random, boards: number, faulty: number) => {
  const lines: LineFault[] = [];
  const traitors: Traitor[] = [];
  const set = pick(random, boards, faulty);
  for (let board = 0; board < boards; board++) {
    if (!((set >> board) & 1)) continue;
    const { name, on, parameter } = oneOf(random, FAULTS);
    if (on === "line" || on === "hub") {
      lines.push({ name, board, probability: (1 + random() % 10) / 10 });
    } else {
      const at = [random() % CYCLES, random() % 4];
      const given = parameter?.fallback.length === 2 ? at : [random() % 3];
      traitors.push({ board, name, parameter: given });
    }
  }
  return { lines, traitors };
};

/** When each beacon begins, and that no cycle is over later than the plan says. */
const checkSchedule = ({ network }: Order, { beacons, cycles }: Run) => {
  const plan = planOf(network);
  for (const { cycle, t } of cycles) {
    const began = cycle * plan.period;
    assert.ok(t - began <= plan.needed, `cycle ${cycle} takes ${t - began} bits of ${plan.needed}`);
    let at = began;
    const expected = plan.rounds.map(({ round, length }) => {
      at += length;
      return { round, t: at - length };
    });
    assert.deepEqual(
      beacons.filter((one) => one.cycle === cycle)
        .map(({ round, t: opened }) => ({ round, t: opened })),
      [...expected, { round: 0, t: at }],
    );
  }
};

/** What a correct board says is heard by every correct board within the round. */
const checkFrames = ({ network }: Order, { beacons, cycles, frames }: Run) => {
  const { commander } = network.shape;
  const plan = planOf(network);
  for (const { cycle, faulty } of cycles) {
    const correct = network.boards.map(({ number }) => number)
      .filter((board) => !faulty.includes(board));
    const opened = beacons.filter((one) => one.cycle === cycle);
    for (const [at, { round, t }] of opened.entries()) {
      const speaks = (board: number) =>
        round > 0 && (commander < 0 || (board === commander) === (round === 1));
      const until = opened[at + 1]?.t ?? t + plan.closingLength;
      const heard = frames.filter((one) => one.cycle === cycle && one.round === round &&
        one.fate === "heard" && one.t > t && one.t <= until);
      for (const to of correct) {
        const listens = commander !== to || round < 2;
        const due = correct.filter((from) => from !== to && listens && speaks(from));
        const got = heard.filter((one) => one.to === to && correct.includes(one.from));
        assert.deepEqual(got.map(({ from }) => from).toSorted((one, other) => one - other), due,
          `cycle ${cycle}, round ${round}: what ${to} hears`);
        const beacon = heard.filter((one) => one.to === to && one.from === HUB);
        assert.deepEqual(beacon.map((one) => one.t - BITS_A_BYTE * one.bytes.length), [t]);
      }
    }
  }
};

/** No two frames are on one line at the same time; of what lines and liars did, nothing is said. */
const checkLines = ({ network }: Order, { frames, cycles }: Run) => {
  const faulty = new Set(cycles.flatMap((one) => one.faulty));
  for (const { number } of network.boards) {
    const down = frames.filter(({ to, from, fate }) =>
      to === number && fate === "heard" && !faulty.has(from) && !faulty.has(to));
    for (const [at, { t, bytes }] of down.entries()) {
      assert.ok(!at || t - BITS_A_BYTE * bytes.length >= down[at - 1]!.t, `to ${number} at ${t}`);
    }
  }
};

test(`whatever m boards do, the schedule holds and all decide; ${replay}`, async (t) => {
  const random = createRandom(SEED ^ 0x60);
  for (let index = 0; index < runs(t, NETWORKS, 10); index++) {
    const network = drawNetwork(random);
    const { boards, traitors } = network.shape;
    const troubles = drawTroubles(random, boards, traitors);
    const seed = random();
    const order = { network, ...troubles, cycles: CYCLES, seed };
    const ran = await run(order);
    const drawn = JSON.stringify({ ...network.file, ...troubles, seed });
    try {
      const { agreement, validity, truth, termination, verdict } = ran.summary;
      assert.deepEqual(
        { agreement, validity, truth, termination, verdict },
        {
          agreement: CYCLES, validity: CYCLES, truth: CYCLES, termination: CYCLES, verdict: "held",
        },
      );
      checkSchedule(order, ran);
      checkFrames(order, ran);
      checkLines(order, ran);
    } catch (thrown) {
      throw new Error(`network ${index}: ${drawn}; ${replay}`, { cause: thrown });
    }
  }
});
