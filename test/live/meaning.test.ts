import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { meantPayload } from "../../host/live/meaning.js";
import type { Network } from "../../host/network/network.js";
import { createForge } from "./forge.js";
import { createWorld, desk } from "./world.js";
import type { World } from "./world.js";

/** Bytes that mean nothing may be anything: FRAME.7, BALLOT.1. */

const ODD = 0xa5;
const CYCLES = 6;
const BOARD = 1;

const NETWORKS: Readonly<Record<string, object>> = {
  "oral messages": {},
  "a log of LBP": { algorithm: "lbp", mode: "log", keep: 4 },
  "LBP, once": { algorithm: "lbp", mode: "once" },
  "boards that lead in turn": { algorithm: "lbp", mode: "log", keep: 4, leader: "rotating" },
};

const sixBoards = () => ({
  algorithm: "lfab", mode: "log", keep: 4,
  boards: Array.from("abcdef", (name) => ({ name, kind: "EMULATED" })),
});

/** Another byte wherever a payload says nothing. */
const filler = (network: Network, filled: { bytes: number }) => {
  return createForge(network, ({ round, payload }) => {
    const meant = meantPayload(network, round, payload);
    for (let at = 0; at < payload.length; at++) {
      const other = payload.slice();
      other[at]! ^= ODD;
      if (Buffer.compare(meantPayload(network, round, other), meant) !== 0) continue;
      payload[at]! ^= ODD;
      filled.bytes++;
    }
    assert.deepEqual(meantPayload(network, round, payload), meant);
  });
};

const decided = ({ held }: World) => held.map((boards) =>
  boards.map(({ vector, order, decisions }) => ({ vector, order, decisions })));

describe("bytes that mean nothing", () => {
  for (const [name, changes] of [...Object.entries(NETWORKS), ["LFaB", sixBoards()] as const]) {
    it(`are nothing to boards, and to who looks on: ${name}`, async () => {
      const network = desk(changes);
      const honest = createWorld(network);
      await honest.run({ cycles: CYCLES });
      const world = createWorld(network);
      const filled = { bytes: 0 };
      const fill = filler(network, filled);
      // In some rounds nothing is heard, so that there is a \u22a5 to fill.
      world.places[BOARD]!.says = fill;
      const { boards, verdict, outside } = await world.run({ cycles: CYCLES });
      assert.deepEqual(decided(world), decided(honest));
      assert.deepEqual(boards.map(({ odd }) => odd), network.boards.map(() => 0));
      assert.deepEqual([verdict, outside], ["held", 0]);
      assert.ok(name === "oral messages" || filled.bytes > 0, "nothing was filled");
    });
  }
});
