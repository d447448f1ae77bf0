/** A hub that lies about what boards say: with tags its lies are losses, without, believed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Network } from "../../host/network/network.js";
import { AT_BOARD, AT_HUB, bytesOf } from "../../host/topology/queue.js";
import type { Happening } from "../../host/topology/queue.js";
import type { FaultInjector } from "../../host/topology/star/bus.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { naiveDecode, naiveEncode } from "../frame/naive-codec.js";
import { HUB, drive, networkOf, onLines, run, steady } from "./drive.js";
import type { Driven } from "./drive.js";

/** What the hub makes of a payload for one receiver; undefined: it keeps to the truth. */
type Lie = (happening: Happening, payload: readonly number[]) => readonly number[] | undefined;

const payloadOf = ({ boards }: Network, happening: Happening): number[] => {
  const { word, payloads } = boards[0]!.layout;
  const line = [...bytesOf(happening)];
  const [heard] = naiveDecode(word as 1 | 2, (header) => payloads[header >> 5]!, line).heard;
  return heard!.slice(2);
};

const fromBoard = ({ kind, sender }: Happening): boolean => kind === AT_BOARD && sender !== HUB;

const lyingHub = (network: Network, lie: Lie): FaultInjector => onLines((happening) => {
  if (!fromBoard(happening) && happening.kind !== AT_HUB) return true;
  const told = lie(happening, payloadOf(network, happening));
  if (!told || happening.kind === AT_HUB) return true;
  const { round, sender, cycle, bytes } = happening;
  const { word } = network.boards[0]!.layout;
  const frame = naiveEncode(word as 1 | 2, round * 32 + sender, cycle, told);
  bytes.set(frame);
  happening.length = frame.length;
  return true;
});

const vectorsOf = ({ states }: Driven) =>
  states.map(({ vector }) => vector.map((value) => value ?? null));
const forgedIn = ({ states }: Driven) => states.map(({ counts }) => counts["forged"]);

const [A, B, C, D] = [0, 1, 2, 3];

// What c says first is changed, to 99 for a and b and to 77 for d, and so is what b relays of it
// to d.
const dividing: Lie = ({ round, sender, board }, payload) => {
  if (round === 1 && sender === C) return payload.with(1, board === D ? 77 : 99);
  return round === 2 && sender === B && board === D ? payload.with(2, 77) : undefined;
};

test("MAC.6: a hub that divides the boards without tags only makes one of them ⊥ with tags",
  async () => {
    const decision = { script: "vector[2]" };
    const plain = networkOf(4, 1, { decision });
    const { driven: [divided] } = await drive(plain, "memory", 1, lyingHub(plain, dividing));
    assert.deepEqual(vectorsOf(divided!)[A], [40, 43, 99, 49]);
    assert.deepEqual(vectorsOf(divided!)[D], [40, 43, 77, 49]);
    assert.deepEqual(divided!.states.map(({ order }) => order), [99, 99, 46, 77]);

    const tagged = networkOf(4, 1, { decision, auth: "mac" });
    const { driven: [agreed] } = await drive(tagged, "memory", 1, lyingHub(tagged, dividing));
    for (const board of [A, B, D]) {
      assert.deepEqual(vectorsOf(agreed!)[board], [40, 43, null, 49]);
      assert.equal(agreed!.states[board]!.order, 0);
    }
    assert.deepEqual(forgedIn(agreed!), [1, 1, 0, 2]);
  });

test("MAC.7: known limit: a hub that withholds what more than m boards said divides with tags too",
  async () => {
    const network = networkOf(4, 1, { auth: "mac" });
    const { driven: [divided] } = await drive(network, "memory", 1, onLines((happening) =>
      !(fromBoard(happening) && happening.round === 2 && happening.board === A &&
        happening.sender !== C)));
    // Of what c said, a has its own word and no other: one vote of three.
    assert.deepEqual(vectorsOf(divided!)[A]![C], null);
    assert.deepEqual(vectorsOf(divided!)[B]![C], 46);
  });

/** Where the hub lies: it is the same for the same seed, whatever the boards say. */
const chosen = (seed: number, { cycle, round, sender, board }: Happening): boolean =>
  createRandom(seed + 31 * (board + 31 * (sender + 31 * (round + 8 * cycle))))() % 3 === 0;

/** Lies of all kinds, about frames that `chosen` names. */
const liesOf = (seed: number, tags: number): { lie: Lie; told: () => number } => {
  const random = createRandom(seed);
  const known: { key: string; payload: readonly number[] }[] = [];
  let told = 0;
  const keyOf = ({ cycle, round, sender }: Happening) => `${cycle} ${round} ${sender}`;
  const lie: Lie = (happening, payload) => {
    if (happening.kind === AT_HUB) {
      known.push({ key: keyOf(happening), payload });
      return undefined;
    }
    if (!chosen(seed, happening)) return undefined;
    told++;
    const values = payload.length - tags;
    const kind = random() % 3;
    const others = known.filter(({ key }) => key !== keyOf(happening));
    if (kind === 0 && others.length) {
      // Another board's, round's or cycle's, cut or filled up; its tags go with it.
      const other = others[random() % others.length]!.payload;
      const said = other.slice(0, other.length - tags);
      return [...payload.map((_, at) => said[at] ?? 0).slice(0, values),
        ...other.slice(other.length - tags)];
    }
    // One value is made another; or all is invented.
    return kind === 1
      ? payload.with(0, payload[0]! | 1)
        .with(values - 1, payload[values - 1]! ^ (1 + random() % 255))
      : payload.map(() => random() & 255);
  };
  return { lie, told: () => told };
};

const SIGNATURES = { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] };
const NETWORKS = [
  { name: "four boards, oral", make: () => networkOf(4, 1, { auth: "mac" }), weight: 1 },
  {
    name: "four boards, one commander, tags of 4 bytes", weight: 1,
    make: () => networkOf(4, 1, { auth: "mac", tag_bytes: 4, commander: "b" }),
  },
  {
    name: "three boards, signed, tags of 16 bytes", weight: 0.1,
    make: () => networkOf(3, 1, {
      auth: "mac", tag_bytes: 16, algorithm: "sm", signatures: SIGNATURES,
    }),
  },
] as const;

for (const { name, make, weight } of NETWORKS) {
  test(`MAC.3, MAC.6: every lie of a hub is a loss: ${name}; ${replay}`, async (t) => {
    const network = make();
    const shown = steady(network)(0);
    const { tags } = network.boards[0]!.layout;
    for (let seed = 0; seed < Math.max(3, weight * runs(t, 60, 20)); seed++) {
      const { lie, told } = liesOf(SEED + seed, tags);
      const lied = await drive(network, "memory", 3, lyingHub(network, lie));
      let withheld = 0;
      const lost = await drive(network, "memory", 3, onLines((happening) => {
        if (!fromBoard(happening) || !chosen(SEED + seed, happening)) return true;
        withheld++;
        return false;
      }));
      assert.deepEqual(lied.driven.map(vectorsOf), lost.driven.map(vectorsOf), `seed ${seed}`);
      assert.equal(told(), withheld);
      const counted = forgedIn(lied.driven.at(-1)!);
      const forged = counted.reduce<number>((sum, one) => sum + (one ?? 0), 0);
      assert.equal(forged, told());
      assert.ok(forged > 0);
      for (const vectors of lied.driven.map(vectorsOf)) {
        for (const vector of vectors) {
          vector.forEach((value, of) => {
            assert.ok(value === null || value === shown[of], `${String(value)} of ${of}`);
          });
        }
      }
    }
  });
}

test(`MAC.6: without tags the same lies are believed; ${replay}`, async (t) => {
  const network = networkOf(4, 1);
  const shown = steady(network)(0);
  let [believed, divided] = [0, 0];
  for (let seed = 0; seed < runs(t, 60, 20); seed++) {
    const { lie } = liesOf(SEED + seed, 0);
    const { driven } = await drive(network, "memory", 3, lyingHub(network, lie));
    for (const vectors of driven.map(vectorsOf)) {
      for (let of = 0; of < 4; of++) {
        const said = new Set(vectors.map((vector) => vector[of]).filter((value) => value !== null));
        if (said.size > 1) divided++;
        for (const value of said) if (value !== shown[of]) believed++;
      }
    }
  }
  assert.ok(believed > 10 && divided > 10, `${believed} lies believed, ${divided} times divided`);
});

test("MAC.5: a board that lies has its keys: its lies are tagged, and outvoted all the same",
  async () => {
    for (const name of ["equivocate", "split", "random", "collude"]) {
      const network = networkOf(4, 1, { auth: "mac" });
      const order = { traitors: [{ board: C, name, parameter: [] }], cycles: 5, seed: 3 };
      const { summary, frames, cycles } = await run({ network, ...order });
      assert.equal(summary.verdict, "held");
      assert.ok(frames.some(({ lie }) => lie));
      assert.deepEqual(summary.counts.map(({ forged }) => forged), [0, 0, 0, 0]);
      const plain = await run({ network: networkOf(4, 1), ...order });
      if (name === "random") continue;
      assert.deepEqual(cycles.map(({ vectors }) => vectors),
        plain.cycles.map(({ vectors }) => vectors));
    }
  });
