/** Signed messages on a wire that all share: three boards, one of them faulty. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { show } from "../../host/base/values.js";
import { WIRE_FAULTS } from "../../host/faults/registry.js";
import type { Traitor } from "../../host/faults/asked.js";
import { madeUpKeys } from "../../host/keys/keys.js";
import type { NetworkFile } from "../../host/network/network.js";
import { spokenIn } from "../../host/trace/payload.js";
import { SEED, replay } from "../core/random.js";
import { createWireWorld } from "../live/wire-world.js";
import { nameOf, networkOf, run } from "../topology/drive.js";
import { holds, valid } from "./held.js";

const TREES = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }];
const signed = (change: Partial<NetworkFile> = {}) => networkOf(3, 1, {
  algorithm: "sm", wiring: "wire", signatures: { trees: TREES, reserve: 1 }, ...change,
});
const behaviour = (name: string, board: number): Traitor => {
  const { parameter } = WIRE_FAULTS.find((kind) => kind.name === name)!;
  return { name, board, parameter: parameter?.fallback ?? [] };
};
const BEHAVIOURS = WIRE_FAULTS.filter(({ on }) => on !== "line").map(({ name }) => name);
/** Those that take the wire when it is not theirs. */
const INVADERS = ["jam", "forge", "usurp", "babble", "late"];

describe(`signed messages on one wire; ${replay}`, () => {
  for (const name of BEHAVIOURS) {
    test(`WIRE.11, WIRE.12: ${name}: all holds, with a guardian if it needs one`, async () => {
      const kinds = INVADERS.includes(name) ? [{ guardian: true }] : [{}, { guardian: true }];
      for (const change of kinds) {
        const network = signed(change);
        for (const { number: board } of network.boards) {
          const ran = await run({
            network, cycles: 2, seed: SEED + board, traitors: [behaviour(name, board)],
          });
          holds(ran, nameOf(board));
          valid(ran, nameOf(board));
        }
      }
    });
  }

  test("just outside: without a guardian, one that invades breaks it", async () => {
    for (const name of ["jam", "usurp"]) {
      const { summary } = await run({
        network: signed(), cycles: 3, seed: SEED, traitors: [behaviour(name, 1)],
      });
      assert.equal(summary.verdict, "broken", name);
      // Nobody can sign for the others, whoever has the wire.
      assert.equal(summary.truth, 3, name);
    }
  });

  test("what a liar passes on is forged or withheld, and named so", async () => {
    for (const [name, lie] of [["relay", "forged"], ["withhold", "withheld"]] as const) {
      const { frames } = await run({
        network: signed(), cycles: 2, seed: SEED, traitors: [behaviour(name, 1)],
      });
      const told = frames.filter(({ from, round }) => from === 1 && round === 2);
      assert.ok(told.length > 0);
      assert.deepEqual(new Set(told.map((frame) => frame.lie)), new Set([lie]), name);
    }
  });

  test("the bus that polls has public keys only, and finds who does not sign truly", async () => {
    const network = signed();
    const keys = { keys: madeUpKeys(network.signing!).map(({ key }) => key) };
    const honest = createWireWorld(network);
    assert.equal((await honest.run({ cycles: 3, keys })).verdict, "held");
    honest.records.forEach(({ faulty, vectors }, cycle) => {
      assert.deepEqual(faulty, []);
      assert.deepEqual(vectors, honest.held[cycle]!.map((vector) =>
        vector.map((value) => show(value as number | undefined))));
    });
    // It says in cycle after cycle what it signed in the first.
    const world = createWireWorld(network);
    const first: Uint8Array[] = [];
    world.says[1] = (frame) => (first[spokenIn(network, frame)!.round] ??= frame);
    assert.equal((await world.run({ cycles: 3, keys })).verdict, "held");
    assert.deepEqual(world.records.map(({ faulty }) => faulty), [[], [1], [1]]);
  });
});
