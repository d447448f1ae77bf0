import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HUB } from "../../firmware/index.js";
import { show } from "../../host/base/values.js";
import type { TraceEvent } from "../../host/events/events.js";
import { createForge } from "./forge.js";
import { createWireWorld } from "./wire-world.js";
import { createWorld, desk } from "./world.js";
import type { World } from "./world.js";

/** What a board sends at once, or cut into pieces, and which of it the hub takes for its word. */

const NETWORK = desk();
const LIAR = 2;
const CYCLES = 4;

const contrary = createForge(NETWORK, ({ payload, values }) => {
  for (let byte = values; byte < payload.length; byte++) payload[byte]! ^= 1;
});
const join = (...parts: (Uint8Array | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** The vectors that correct boards themselves hold are those of the records. */
const isHeld = ({ records, held }: Pick<World, "records" | "held">) => {
  for (const [cycle, { vectors, faulty }] of records.entries()) {
    held[cycle]!.forEach(({ vector }, board) => {
      if (board !== LIAR) assert.deepEqual(vectors[board], vector.map(show), `cycle ${cycle}`);
    });
    assert.deepEqual(faulty.filter((board) => board !== LIAR), [], `cycle ${cycle}`);
  }
};

const heardFrom = (events: readonly TraceEvent[], board: number) => events.flatMap((event) =>
  (event.e === "frame" && event.from === board && event.to === HUB && event.fate === "heard"
    ? [event] : []));

const CUTS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array[]>> = {
  "in one write": (bytes) => [bytes],
  "byte by byte": (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte)),
  "cut in each of them": (bytes) => [bytes.slice(0, 4), bytes.slice(4, 15), bytes.slice(15)],
};

describe("what the hub accepted", () => {
  for (const [name, cut] of Object.entries(CUTS)) {
    it(`is what is relayed, judged and traced: two frames ${name}`, async () => {
      for (const first of ["lie", "truth"] as const) {
        const world = createWorld(NETWORK);
        const place = world.places[LIAR]!;
        const accepted: Uint8Array[] = [];
        place.says = (frame) => {
          const both = [contrary(frame), frame];
          const [one, other] = first === "lie" ? both : both.toReversed();
          accepted.push(one!);
          const parts = cut(join([7, 0], one!, other!));
          for (const part of parts.slice(0, -1)) place.bring(part);
          return parts.at(-1)!;
        };
        const summary = await world.run({ cycles: CYCLES });
        isHeld(world);
        assert.equal(summary.verdict, "held");
        assert.equal(summary.outside, 0);
        assert.equal(summary.boards[LIAR]!.odd, first === "lie" ? CYCLES : 0, first);
        const events = heardFrom(world.events, LIAR);
        assert.deepEqual(events.map(({ bytes }) => bytes), accepted);
        // All others are told that, and nothing else.
        for (const event of world.events) {
          if (event.e !== "frame" || event.from !== LIAR || event.to === HUB) continue;
          assert.ok(accepted.some((one) => Buffer.compare(one, event.bytes) === 0));
        }
        const rest = world.events.filter((event) => event.e === "frame" && event.from === LIAR &&
          event.to === HUB && event.fate === "refused");
        assert.equal(rest.length, accepted.length);
      }
    });
  }

  it("is one frame on a shared wire, too", async () => {
    for (const first of ["lie", "truth"] as const) {
      const network = desk({ wiring: "wire" });
      const forge = createForge(network, ({ payload, values }) => {
        for (let byte = values; byte < payload.length; byte++) payload[byte]! ^= 1;
      });
      const world = createWireWorld(network);
      world.says[LIAR] = (frame) => (first === "lie" ? join(forge(frame), frame)
        : join(frame, forge(frame)));
      const { boards, outside, verdict } = await world.run({ cycles: CYCLES });
      assert.deepEqual([verdict, outside], ["held", 0]);
      assert.equal(boards[LIAR]!.odd, first === "lie" ? CYCLES : 0, first);
      for (const [cycle, { vectors }] of world.records.entries()) {
        assert.deepEqual(vectors[0], (world.held[cycle]![0] as (number | undefined)[]).map(show));
      }
    }
  });
});

/** Who speaks at each port, where the boards stand like this. */
const exchanged = (world: World, order: readonly number[]) => {
  world.places.forEach((place, board) => {
    // What board `order[at]` says comes at port `at`.
    const at = order.indexOf(board);
    place.says = (frame) => {
      world.places[at]!.bring(frame);
      return new Uint8Array(0);
    };
  });
};

describe("ports that are exchanged", () => {
  for (const order of [[1, 0, 2, 3], [1, 2, 0, 3], [3, 2, 1, 0]]) {
    it(`are told: at a to d speak ${order.join(", ")}`, async () => {
      const world = createWorld(NETWORK);
      exchanged(world, order);
      const { boards } = await world.run({ cycles: 5 });
      assert.deepEqual(boards.map(({ speaks }) => speaks),
        order.map((board, at) => (board === at ? null : "abcd"[board]!)));
    });
  }

  const inNameOf = (board: number) => createForge(NETWORK, () => undefined, board);

  it("are told of one port alone, after three cycles, until its own board speaks", async () => {
    const world = createWorld(NETWORK);
    const asB = inNameOf(1);
    let cycle = 0;
    world.places[0]!.says = (frame) => (cycle < 6 ? asB(frame) : frame);
    const told: (string | null)[] = [];
    await world.run({
      cycles: 8,
      onCycle(record, status) {
        cycle = record.cycle + 1;
        told.push(status[0]!.speaks);
        assert.deepEqual(status.slice(1).map(({ speaks }) => speaks), [null, null, null]);
      },
    });
    assert.deepEqual(told, [null, null, "b", "b", "b", "b", null, null]);
  });

  it("are told later where each had spoken at its own, and not of liars who forge at times",
    async () => {
      const asB = inNameOf(1);
      const told = async (forges: (cycle: number, round: number) => boolean, cycles: number) => {
        const world = createWorld(NETWORK);
        let cycle = 0;
        world.places[0]!.says = (frame) =>
          (forges(cycle, frame[2]! >> 5) ? asB(frame) : frame);
        const found: number[] = [];
        await world.run({
          cycles,
          onCycle(record, status) {
            cycle = record.cycle + 1;
            if (status[0]!.speaks) found.push(record.cycle);
          },
        });
        return found;
      };
      assert.deepEqual(await told((cycle) => cycle > 0, 18), [16, 17]);
      assert.deepEqual(await told((_cycle, round) => round === 1, 20), []);
      assert.deepEqual(await told((cycle) => cycle % 3 < 2, 20), []);
      assert.deepEqual(await told((cycle) => cycle % 15 > 0, 40), []);
    });

  it("are not told where what comes is no whole frame", async () => {
    const world = createWorld(NETWORK);
    world.places[0]!.says = (frame) => frame.with(2, (frame[2]! & 0xe0) | 1);
    assert.deepEqual((await world.run({ cycles: 5 })).boards.map(({ speaks }) => speaks),
      [null, null, null, null]);
  });
});
