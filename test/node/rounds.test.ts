/** The hub against SPEC.md, "Rounds": what it relays, to whom, in which order, and until when. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNetwork, planOf } from "../../host/index.js";
import type { Network, Plan } from "../../host/index.js";
import { createBus } from "../../host/topology/star/bus.js";
import { NAIVE_HUB } from "../frame/naive-codec.js";
import { bytesOf, textOf } from "./script.js";

/** A bit takes 10 µs; boards take 25 bits; no guard. */
const networkOf = (more: object): Network => parseNetwork({
  name: "star", algorithm: "om", traitors: 1, value: "u8", decision: "majority", default: 0,
  baud: 100_000, guard_us: 0, ...more,
  boards: Array.from({ length: 4 }, (_, at) => ({
    name: `board-${at}`, kind: "EMULATED", compute_us: 250,
  })),
}, "by hand");

/** The plan as it is, for boards that take this many bits more or less to answer. */
const slower = (plan: Plan, bits: readonly number[]): Plan => ({
  ...plan,
  rounds: plan.rounds.map((round) => ({
    ...round, compute: round.compute.map((compute, board) => compute + (bits[board] ?? 0)),
  })),
});

interface Heard {
  readonly time: number;
  readonly sender: number;
  readonly bytes: readonly number[];
}

/** One cycle. `answer` says in a script's words what a board sends; see `script.ts`. */
const run = (
  network: Network,
  plan: Plan,
  answer: (board: number, round: number) => string | number[] | undefined,
): Heard[][] => {
  const bus = createBus(network, plan, undefined, undefined);
  const heard: Heard[][] = network.boards.map(() => []);
  bus.open(7, []);
  for (let next = bus.step(); next; next = bus.step()) {
    const { board, sender, round, time } = next;
    heard[board]!.push({ time, sender, bytes: [...next.bytes.subarray(0, next.length)] });
    if (sender !== NAIVE_HUB || round === 0) continue;
    const said = answer(board, round);
    if (said === undefined) continue;
    const bytes = Uint8Array.from(typeof said === "string" ? bytesOf(network.shape, said) : said);
    bus.answer(board, bytes, 0, bytes.length);
  }
  return heard;
};

const sound = (board: number, round: number): string =>
  `${board} in ${round} of 7: ${round === 1 ? board : `${board} ${board} ${board}`}`;
const fromBoards = (heard: readonly Heard[]): Heard[] =>
  heard.filter(({ sender }) => sender !== NAIVE_HUB);
const sendersOf = (heard: readonly Heard[]): number[] =>
  fromBoards(heard).map(({ sender }) => sender);

const NETWORK = networkOf({});
const PLAN = planOf(NETWORK);
const OTHERS = [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]];
/** Bits: a beacon with its opening and without, a frame of each round, and what a board takes. */
const [OPENING, BEACON, FIRST, SECOND, COMPUTE] = [100, 70, 90, 110, 25];
const DEADLINE = OPENING + COMPUTE + FIRST;
const LENGTH = DEADLINE + 3 * FIRST;

test("ROUND.1, ROUND.6: beacons on all links at once, each when the round before is over", () => {
  const length = BEACON + COMPUTE + SECOND + 3 * SECOND;
  for (const heard of run(NETWORK, PLAN, sound)) {
    assert.deepEqual(
      heard.filter(({ sender }) => sender === NAIVE_HUB).map(({ time, bytes }) => [time, bytes]),
      [
        [OPENING, bytesOf(NETWORK.shape, "open 7")],
        [LENGTH + BEACON, bytesOf(NETWORK.shape, "round 2 of 7")],
        [LENGTH + length + BEACON, bytesOf(NETWORK.shape, "close 7")],
      ],
    );
  }
});

test("ROUND.2, ROUND.4: whole frames in turn to all others, while the link is busy", () => {
  for (const [board, heard] of run(NETWORK, PLAN, sound).entries()) {
    assert.deepEqual(sendersOf(heard), [...OTHERS[board]!, ...OTHERS[board]!]);
    const frames = fromBoards(heard);
    // All end together at the hub, at the deadline since there is no guard.
    assert.deepEqual(
      frames.slice(0, 3).map(({ time }) => time),
      [1, 2, 3].map((place) => DEADLINE + place * FIRST),
    );
    for (const [at, { bytes, sender }] of frames.entries()) {
      assert.equal(textOf(NETWORK.shape, bytes), sound(sender, at < 3 ? 1 : 2));
    }
  }
});

test("ROUND.4: in the order in which they ended", () => {
  const heard = run(NETWORK, slower(PLAN, [0, -5, -10, -20]), sound);
  assert.deepEqual(heard.map((one) => sendersOf(one).slice(0, 3)), [
    [3, 2, 1], [3, 2, 0], [3, 1, 0], [2, 1, 0],
  ]);
});

test("ROUND.4: a single commander is told in round 1 alone", () => {
  const network = networkOf({ commander: "board-1" });
  const speaks = (board: number, round: number) =>
    (board === 1) === (round === 1) ? `${board} in ${round} of 7: 5` : undefined;
  const heard = run(network, planOf(network), speaks);
  assert.deepEqual(heard.map(sendersOf), [[1, 2, 3], [], [1, 0, 3], [1, 0, 2]]);
});

test("ROUND.5: a frame that ends at the deadline counts, one bit later it does not", () => {
  for (const [board, others] of OTHERS.entries()) {
    for (const [bits, counts] of [[-1, true], [0, true], [1, false], [50, false]] as const) {
      const late = OTHERS.map((_, at) => (at === board ? bits : 0));
      const heard = run(NETWORK, slower(PLAN, late), sound);
      for (const other of others) {
        const times = heard[other]!.filter(({ sender }) => sender === board).length;
        assert.equal(times, counts ? 2 : 0, `board ${board}, ${bits} bits`);
      }
      for (const beacon of heard[0]!.filter(({ sender }) => sender === NAIVE_HUB).slice(0, 2)) {
        assert.ok(beacon.time <= LENGTH + BEACON, "nobody waits for it");
      }
    }
  }
});

test("ROUND.3: only what the port's board says in this round, once, and no noise", () => {
  const good = "2 in 1 of 7: 5";
  const refused: [string, string | number[]][] = [
    ["another sender", "1 in 1 of 7: 5"],
    ["the hub", "round 2 of 7"],
    ["a later round", sound(2, 2)],
    ["the cycle before", "2 in 1 of 6: 5"], ["garbled", `wrong ${good}`], ["cut", `cut 1 ${good}`],
    ["noise", [1, 0, 7, 0, 0, 200, 32, 7]],
  ];
  const tell = (said: string | number[]) =>
    run(NETWORK, PLAN, (board, round) => (board === 2 && round === 1 ? said : undefined))
      .map(fromBoards);
  for (const [why, said] of refused) assert.deepEqual(tell(said), [[], [], [], []], why);
  const heard = tell(good);
  assert.deepEqual(heard.map((one) => one.length), [1, 1, 0, 1]);
  // A second frame, and noise around the first, do not go on, even where there is time for them.
  const roomy = planOf(networkOf({ guard_us: 5000 }));
  const twice = run(networkOf({ guard_us: 5000 }), roomy, (board, round) => {
    if (board !== 2 || round !== 1) return undefined;
    return [1, 2, 3, ...bytesOf(NETWORK.shape, `${good} + 2 in 1 of 7: 6`)];
  });
  assert.deepEqual(
    twice.map((one) => fromBoards(one).map(({ bytes }) => textOf(NETWORK.shape, bytes))),
    [[good], [good], [], [good]],
  );
});
