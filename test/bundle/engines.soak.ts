/** The firmware's modules, its bundle in a context, and that in another interpreter: the same. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Engine } from "../../host/boards/board.js";
import { bundle } from "../../host/bundle/bundle.js";
import { lacksIn } from "../../host/bundle/lacks.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { exampleNetworks } from "../examples.js";
import { networkOf } from "../topology/drive.js";

const pump = loadNetwork("boards/networks/pump.json");
const three = loadNetwork("boards/networks/three.json");

/** Signing takes most of the time, and a few cycles show all of it. */
const cyclesOf = ({ signing }: Network): number => (signing ? 4 : 10);

/** @returns every frame on every link, in order */
const framesOf = async (
  network: Network, engine: Engine,
  traitors: { board: number; name: string; parameter?: number[] }[], cycles = cyclesOf(network),
): Promise<string[]> => {
  const frames: string[] = [];
  await emulate({
    network, cycles, seed: 3, readings: madeUp(network, 3), engine, transport: "memory",
    troubles: { lines: [], traitors: traitors.map((one) => ({ parameter: [1], ...one })) },
    tracer: (event: TraceEvent) => {
      frames.push(JSON.stringify(event, (_, value: unknown) =>
        (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value)));
    },
  });
  return frames;
};

describe("the engines", () => {
  for (const [name, network] of exampleNetworks()) {
    it(`agree on every frame and every decision of ${name}`, async () => {
      for (const traitors of [[], [{ board: 1, name: "random" }]]) {
        const native = await framesOf(network, "native", traitors);
        assert.ok(native.length > 10);
        assert.deepEqual(await framesOf(network, "bundle", traitors), native);
        assert.deepEqual(await framesOf(network, "quickjs", traitors), native);
      }
    });
  }

  it("agree where a board that signs is restarted, and goes on as its store says", async () => {
    const small = parseNetwork({
      ...three.file, boards: three.file.boards.map(({ name, kind }) => ({ name, kind })),
      signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }], reserve: 4 },
    }, "test");
    const restarted = [{ board: 1, name: "restart", parameter: [2, 2] }];
    const native = await framesOf(small, "native", restarted, 10);
    assert.notDeepEqual(native, await framesOf(small, "native", [], 10));
    assert.deepEqual(await framesOf(small, "bundle", restarted, 10), native);
    assert.deepEqual(await framesOf(small, "quickjs", restarted, 10), native);
  });

  it("agree for every type of value, and for a choice of the user's own", async () => {
    const values = [
      ["bool", false], ["u8", 1], ["u16", 2], ["u32", 3], ["i16", -4], ["i32", -5], ["f32", 0.5],
      [{ bytes: 9 }, "000102030405060708"],
    ] as const;
    for (const [value, fallback] of values) {
      const script = { script: "vector[0] === undefined ? fallback : vector[0]" };
      // What a value is has nothing to do with how many boards there are.
      const boards = pump.file.boards.slice(0, 2).map(({ name, kind }) => ({ name, kind }));
      const network = parseNetwork(
        { ...pump.file, traitors: 0, value, decision: script, default: fallback, boards }, "test");
      const liar = [{ board: 1, name: "random" }];
      const native = await framesOf(network, "native", liar);
      assert.deepEqual(await framesOf(network, "bundle", liar), native);
      assert.deepEqual(await framesOf(network, "quickjs", liar), native);
    }
  });

  it("agree where frames are tagged, oral and signed", async () => {
    const signatures = { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] };
    for (const network of [
      networkOf(4, 1, { auth: "mac" }),
      networkOf(4, 1, { auth: "mac", tag_bytes: 5, commander: "b", value: "u16" }),
      networkOf(3, 1, { auth: "mac", tag_bytes: 16, algorithm: "sm", signatures }),
    ]) {
      const native = await framesOf(network, "native", [{ board: 1, name: "random" }]);
      // Both at once are more than QuickJS compiles within its limit of memory.
      for (const engine of network.signing ? ["bundle"] as const : ["bundle", "quickjs"] as const) {
        assert.deepEqual(await framesOf(network, engine, [{ board: 1, name: "random" }]), native);
      }
      if (network.signing) continue;
      assert.deepEqual(lacksIn(await bundle(network, network.boards[0]!)), []);
    }
  });

  it("run for 1,000 cycles in quickjs, and need no more memory than after ten", async (t) => {
    const { memory, bounded, verdict } = await emulate({
      network: pump, cycles: 1000, seed: 1, readings: madeUp(pump, 1),
      engine: "quickjs", transport: "memory",
      troubles: { lines: [], traitors: [{ board: 3, name: "equivocate", parameter: [] }] },
    });
    t.diagnostic(`bytes in use by board: ${memory.join(", ")}`);
    assert.ok(bounded);
    assert.equal(verdict, "held");
  });
});
