/**
 * A million runs with liars drawn at random, as many again with losses; and what lies outside the
 * bound.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape } from "../../firmware/base/layout.js";
import { DISAGREE, INVALID, NOTHING, UNTRUE, createNetwork, judge, put } from "./network.js";
import type { Channel, Network } from "./network.js";
import { SEED, createRandom, pick, replay, runs } from "./random.js";

// How a liar lies in a run: anything at random; one value to some receivers and the other to the
// rest; the truth with some entries altered; the truth in round 1 and its contrary in relays; half
// of its frames.
const STYLES = 5;
const [NOISE, SPLIT, NUDGE, RELAY] = [0, 1, 2, 3];

interface Liars {
  /** Draws what changes from run to run: who lies, and how. Returns who. */
  draw(): number;
  readonly channel: Channel;
}

/**
 * @param count liars in every run
 * @param lossy whether frames of anybody get lost, in most runs
 */
const createLiars = (
  network: Network, random: () => number, count: number, lossy: boolean,
): Liars => {
  const { boards } = network.shape;
  const styles = new Uint8Array(boards);
  const camps = new Uint32Array(boards);
  let faulty = 0;
  let lost = 0;

  const alter = (style: number, round: number, camp: number, arena: Uint8Array, at: number) => {
    const bitmap = network.bitmaps[round]!;
    const slots = network.slots[round]!;
    let word = 0;
    for (let slot = 0; slot < slots; slot++) {
      word = slot & 7 ? word >>> 4 : random();
      if (style === NOISE) put(arena, at, bitmap, slot, word & 3 ? (word >> 2) & 1 : NOTHING);
      else if (style === SPLIT) put(arena, at, bitmap, slot, camp);
      else if (style === RELAY && round > 1) arena[at + bitmap + slot]! ^= 1;
      else if (style === NUDGE && !(word & 3)) {
        put(arena, at, bitmap, slot, word & 4 ? camp : NOTHING);
      }
    }
  };

  return {
    draw() {
      faulty = pick(random, boards, count);
      // Liars know each other: half of the time they share a style and the camps.
      const together = random() & 1;
      for (let board = 0; board < boards; board++) {
        styles[board] = together && board ? styles[0]! : random() % STYLES;
        camps[board] = together && board ? camps[0]! : random();
      }
      const risk = random() & 3;
      lost = lossy && risk ? [0, 0.03, 0.2, 0.6][risk]! * 2 ** 32 : 0;
      return faulty;
    },
    channel(round, sender, receiver, arena, at) {
      if (lost && random() < lost) return false;
      if (!((faulty >> sender) & 1)) return true;
      const style = styles[sender]!;
      if (style >= STYLES - 1) return (random() & 1) > 0;
      alter(style, round, (camps[sender]! >> receiver) & 1, arena, at);
      return true;
    },
  };
};

interface Tally {
  runs: number;
  disagreed: number;
  invalid: number;
  untrue: number;
  first: string;
}

const campaign = (shape: Shape, liarCount: number, lossy: boolean, times: number): Tally => {
  const seed = SEED + shape.boards * 64 + shape.commander + (lossy ? 32 : 0);
  const random = createRandom(seed);
  const network = createNetwork(shape);
  const liars = createLiars(network, random, liarCount, lossy);
  const inputs = new Int8Array(shape.boards);
  const tally: Tally = { runs: 0, disagreed: 0, invalid: 0, untrue: 0, first: "" };
  for (; tally.runs < times; tally.runs++) {
    // Mostly 0 and 1; a board that could not read its sensor has nothing to say.
    const word = random();
    for (let board = 0; board < shape.boards; board++) {
      const unread = word % 5 === 0 && board === word % shape.boards;
      const input = unread ? NOTHING : (word >> board) & 1;
      inputs[board] = input;
      network.giveByte(board, input);
    }
    const faulty = liars.draw();
    network.run(liars.channel);
    const wrong = judge(network, inputs, faulty);
    if (wrong & DISAGREE) tally.disagreed++;
    if (wrong & INVALID) tally.invalid++;
    if (wrong & UNTRUE) tally.untrue++;
    if (wrong && !tally.first) {
      tally.first = `run ${tally.runs} of ${JSON.stringify(shape)}, faulty ${faulty}; ${replay}`;
    }
  }
  return tally;
};

// Fewer where a run costs more: with ten commanders, five hundred times what it costs with four
// boards.
const MILLION: [boards: number, traitors: number, commander: number, full: number][] = [
  [4, 1, -1, 400_000], [4, 1, 2, 300_000], [7, 2, -1, 70_000], [7, 2, 0, 200_000],
  [10, 3, -1, 3_000], [10, 3, 9, 27_000],
];

test("the runs of the campaign are a million", () => {
  assert.equal(MILLION.reduce((sum, [, , , full]) => sum + full, 0), 1_000_000);
});

for (const [boards, traitors, commander, full] of MILLION) {
  const shape = { boards, traitors, width: 1, commander };
  const who = commander < 0 ? "all command" : `${commander} commands`;

  test(`OM.1..OM.5, n=${boards}, m=${traitors}, ${who}: m liars break nothing`, (t) => {
    const tally = campaign(shape, traitors, false, runs(t, full, Math.ceil(full / 200)));
    assert.deepEqual([tally.disagreed, tally.invalid], [0, 0], tally.first);
    t.diagnostic(`${tally.runs} runs, 0 broke IC1 or IC2; ${replay}`);
  });

  test(`OM.3, OM.4, n=${boards}, m=${traitors}, ${who}: with losses, truth or nothing`, (t) => {
    const tally = campaign(shape, traitors, true, runs(t, full, Math.ceil(full / 200)));
    assert.equal(tally.untrue, 0, tally.first);
    // Without agreement and validity broken, the losses would not have been any.
    assert.ok(tally.disagreed > 0 && tally.invalid > 0, "losses broke nothing at all");
    t.diagnostic(
      `${tally.runs} runs, 0 entries untrue; vectors differed in ${tally.disagreed}, ` +
        `a correct order was ⊥ in ${tally.invalid}; ${replay}`,
    );
  });
}

for (const [boards, traitors, commander] of MILLION) {
  const who = commander < 0 ? "all command" : `${commander} commands`;
  test(`OM.4, n=${boards}, m=${traitors}, ${who}: m+1 liars do break it`, (t) => {
    const shape = { boards, traitors, width: 1, commander };
    const tally = campaign(shape, traitors + 1, false, boards > 7 ? 400 : 4000);
    assert.ok(tally.disagreed > 0, `no disagreement in ${tally.runs} runs; ${replay}`);
    assert.ok(tally.invalid > 0, `no order lost in ${tally.runs} runs; ${replay}`);
    t.diagnostic(
      `${traitors + 1} liars: of ${tally.runs} runs ${tally.disagreed} disagree, ` +
        `${tally.invalid} invalid, ${tally.untrue} untrue; ${replay}`,
    );
  });
}
