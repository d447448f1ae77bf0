/**
 * The bus over networks that sign and tag, in made-up time. It has public keys only; what it finds
 * out with these is enough to name each liar.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HUB, createWire } from "../../firmware/index.js";
import { show } from "../../host/base/values.js";
import { judge, lawOf } from "../../host/judge/oracle.js";
import type { JudgeKeys } from "../../host/keys/keyfile.js";
import { madeUpKeys } from "../../host/keys/keys.js";
import { madeUpMacKeys } from "../../host/keys/mac.js";
import { PLAYED_FAULTS } from "../../host/faults/registry.js";
import type { LiveSummary } from "../../host/live/live.js";
import { createObserver } from "../../host/live/observe.js";
import type { Network } from "../../host/network/network.js";
import { spokenIn } from "../../host/trace/payload.js";
import { createWorld, desk, lying, readingsFor } from "./world.js";
import type { Tongue, World } from "./world.js";

const TREES = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }];

const signed = (boards: number, traitors: number, more: object = {}): Network => desk({
  algorithm: "sm", traitors, signatures: { trees: TREES, reserve: 1 }, period_ms: undefined,
  boards: Array.from("abcd").slice(0, boards).map((name) => ({ name, kind: "EMULATED" })), ...more,
});
const THREE = signed(3, 1);
const FOUR = signed(4, 2);
const TAGGED = signed(3, 1, { auth: "mac" });
const ORAL = desk({ auth: "mac", period_ms: 40 });

const publicOf = ({ signing }: Network): JudgeKeys =>
  (signing ? { keys: madeUpKeys(signing).map(({ key }) => key) } : {});
const allOf = (network: Network): JudgeKeys =>
  ({ ...publicOf(network), links: madeUpMacKeys(network.boards.length) });

/** The same frame with another payload. */
const reframed = (
  { boards }: Network, frame: Uint8Array, change: (payload: Uint8Array, round: number) => void,
): Uint8Array => {
  const { layout } = boards[0]!;
  const arena = new Uint8Array(layout.end + layout.block + layout.tags);
  let end = 0;
  const codec = createWire(
    layout, arena, new DataView(arena.buffer), new Uint32Array(3),
    (_sender, round) => layout.overhead + layout.payloads[round]!,
    (sender, round, cycle, at) => {
      const payload = arena.slice(at, at + layout.payloads[round]!);
      change(payload, round);
      arena.set(payload, layout.end);
      end = codec.encode((round << 5) | sender, cycle, layout.end, payload.length);
    },
  );
  codec.decode(frame);
  assert.ok(end > 0);
  return arena.slice(layout.transmit, end);
};

interface Seen {
  readonly world: World;
  readonly summary: LiveSummary;
  readonly faulty: readonly (readonly number[])[];
  readonly odd: readonly (readonly number[])[];
}

const see = async (
  network: Network, keys: JudgeKeys, tongue?: Tongue, cycles = 3, name = "",
): Promise<Seen> => {
  const world = createWorld(network, readingsFor(network), tongue);
  const summary = await world.run({
    cycles, keys, ...(name ? { troubles: lying(network, name) } : {}),
  });
  return {
    world, summary, faulty: world.records.map(({ faulty }) => faulty),
    odd: world.records.map(({ live }) =>
      live.boards.flatMap(({ odd }, board) => (odd ? [board] : []))),
  };
};

/** What correct boards themselves held is what the bus says of them, and what they must hold. */
const holds = (network: Network, { world, summary }: Seen) => {
  assert.equal(summary.verdict, "held");
  assert.equal(summary.outside, 0);
  const readings = readingsFor(network);
  world.records.forEach(({ cycle, faulty, vectors }) => {
    const outcomes = world.held[cycle]!.map((state) =>
      ({ ...state, rounds: network.rounds, acts: undefined }));
    const judged = judge(lawOf(network), cycle, readings(cycle), outcomes, new Set(faulty));
    assert.ok(Object.values(judged).every(Boolean), JSON.stringify(judged));
    vectors.forEach((vector, board) => {
      if (faulty.includes(board)) return;
      assert.deepEqual(vector, world.held[cycle]![board]!.vector.map(show));
    });
  });
};

const all = (cycles: number, boards: number[]) => Array.from({ length: cycles }, () => boards);

describe("the bus, with public keys only", () => {
  for (const [name, network] of Object.entries({ THREE, FOUR, TAGGED, ORAL })) {
    it(`finds nothing wrong where nothing is: ${name}`, async () => {
      for (const keys of [publicOf(network), ...(network.file.auth ? [allOf(network)] : [])]) {
        const seen = await see(network, keys);
        holds(network, seen);
        assert.deepEqual(seen.faulty, all(3, []));
      }
    });

    it(`lies without keys, and is taken for nothing: ${name}`, async () => {
      for (const { name: fault } of PLAYED_FAULTS) {
        const seen = await see(network, publicOf(network), undefined, 3, `c=${fault}`);
        holds(network, seen);
        const lies = new Set(seen.world.events.flatMap((event) =>
          (event.e === "frame" && event.from !== HUB ? [event.lie] : [])));
        assert.ok(!lies.has("double"), "nobody has b's keys");
        if (fault !== "edge") assert.ok(lies.size > 1, `${fault}: nothing was changed`);
      }
    });
  }

  it("takes nobody for correct by another network's keys", async () => {
    const other = publicOf(signed(4, 1)).keys!.toReversed();
    const seen = await see(THREE, { keys: other });
    assert.deepEqual(seen.faulty, all(3, [0, 1, 2]));
  });
});

describe("a board of a signed network", () => {
  /** Board 1 says something else in a round. */
  const says = (
    network: Network, round: number, change: (payload: Uint8Array) => void,
  ): Tongue => (board, frame) => (board === 1 && spokenIn(network, frame)!.round === round
    ? reframed(network, frame, change) : frame);
  const last = (network: Network) => ({ length }: Uint8Array) =>
    length - network.boards[0]!.layout.tags - 1;
  const spoil = (network: Network) => (payload: Uint8Array) => {
    payload[last(network)(payload)]! ^= 1;
  };

  for (const [name, round, odd, change] of [
    ["whose signature of its order is not its own is odd", 1, true, spoil(THREE)],
    ["that spoils a signature which it passes on is odd", 2, true, spoil(THREE)],
    ["that gives another order is odd", 1, true, (payload: Uint8Array) => {
      payload[1]! ^= 1;
    }],
    ["that withholds what it was told is odd", 2, true, (payload: Uint8Array) => {
      payload[0] = 0;
    }],
    ["that signs nothing is faulty, and not odd: its keys may be used up", 1, false,
      (payload: Uint8Array) => {
        payload[0] = 0;
      }],
  ] as const) {
    it(name, async () => {
      const seen = await see(THREE, publicOf(THREE), says(THREE, round, change));
      holds(THREE, seen);
      assert.deepEqual(seen.faulty, all(3, [1]));
      assert.deepEqual(seen.odd, all(3, odd ? [1] : []));
    });
  }

  it("that does not sign what it passes on is faulty, and not odd", async () => {
    const seen = await see(FOUR, publicOf(FOUR), says(FOUR, 2, (payload) => {
      payload[0] = 0;
    }));
    holds(FOUR, seen);
    assert.deepEqual(seen.faulty, all(3, [1]));
    assert.deepEqual(seen.odd, all(3, []));
  });

  it("that was restarted is faulty until it can sign", async () => {
    const network = signed(3, 1, { signatures: { trees: TREES, reserve: 4 } });
    const world = createWorld(network);
    let restarted = false;
    await world.run({
      cycles: 6, keys: publicOf(network),
      onCycle({ cycle }) {
        if (cycle === 1 && !restarted) world.places[1]!.restart();
        restarted ||= cycle === 1;
      },
    });
    assert.deepEqual(world.records.map(({ faulty }) => faulty), [[], [], [1], [1], [], []]);
  });

  it("with a wrong tag for one is odd, and without link keys its neighbour is", async () => {
    for (const network of [TAGGED, ORAL]) {
      // The tag for the last board, in round 1.
      const lie = says(network, 1, (payload) => {
        payload[payload.length - 1]! ^= 1;
      });
      const n = network.boards.length;
      assert.deepEqual((await see(network, allOf(network), lie)).odd, all(3, [1]));
      assert.deepEqual((await see(network, publicOf(network), lie)).odd, all(3, [n - 1]));
    }
  });
});

it("an observer without keys does not begin with a network that signs", () => {
  assert.throws(() => createObserver(THREE, { lines: [], traitors: [] }));
});
