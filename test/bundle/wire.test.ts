/** A bundle for a shared wire: what it does with its driver; and every engine runs it alike. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { OWN_ENGINES } from "../../host/boards/board.js";
import { HEX, preludeFor } from "../../host/boards/dialect-setup.js";
import { bundle } from "../../host/bundle/bundle.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { createMaster } from "../../host/topology/wire/master.js";
import { contentOf } from "../cli/harness.js";
import { networkOf, run } from "../topology/drive.js";

const kiln = loadNetwork("boards/networks/kiln.json");

/** Starts a board's bundle, polls it, and gives what it did with its pins and its port. */
const polled = async (network: Network, number: number): Promise<string[]> => {
  const board = network.boards[number]!;
  const text = await bundle(network, board);
  const done: string[] = [];
  const context = {
    hostWrite: (hex: string) => done.push(`write ${hex.length / 2}`),
    hostPin: (what: string) => done.push(what),
  };
  createContext(context);
  runInContext(preludeFor(text), context);
  runInContext(`
    digitalWrite = function (pin, value) { hostPin("set " + pin + " " + value); };
    digitalPulse = function (pin, value, ms) { hostPin(["pulse", pin, value, ms].join(" ")); };
  `, context);
  runInContext(text, context);
  done.push("started");
  const master = createMaster(network);
  const { hostFeed } = context as unknown as { hostFeed: (hex: string) => void };
  for (const { number: speaker } of network.boards) {
    hostFeed(HEX.show(master.beacon(0, 1, speaker)));
    done.push(`polled ${speaker}`);
  }
  return done;
};

describe("WIRE.9: a bundle for a shared wire", () => {
  test("drives its pin from before its frame for as long as it takes, and lets it go", async () => {
    // 10 bytes of 10 bits at 115,200 baud take 0.868056 ms, and the release time is one more.
    const pulse = /^pulse B1 (?:1|true) 1\.8680[56]?\d*$/;
    for (const { number } of kiln.boards) {
      const [before, started, ...after] = await polled(kiln, number);
      assert.equal(before, "set B1 0");
      assert.equal(started, "started");
      const at = after.findIndex((what) => what.startsWith("pulse"));
      assert.match(after[at]!, pulse);
      assert.deepEqual(after.toSpliced(at, 1), [0, 1, 2, 3].flatMap((speaker) =>
        [...(speaker === number ? ["write 10"] : []), `polled ${speaker}`]));
      assert.equal(after[at + 1], "write 10");
    }
  });

  test("for as long as the network file says", async () => {
    const other = parseNetwork({ ...contentOf("kiln"), release_us: 2500, baud: 9600 }, "kiln");
    const did = await polled(other, 2);
    const ms = Number(did.find((what) => what.startsWith("pulse"))!.split(" ")[3]);
    // Not less than 10 bytes take, and no more than a microsecond longer.
    const least = (10 * 10 * 1000) / 9600 + 2.5;
    assert.ok(ms >= least && ms < least + 0.001, String(ms));
  });

  test("without a pin leaves it to its adapter", async () => {
    const content = contentOf("kiln") as { boards: Record<string, unknown>[] };
    const boards = content.boards.map(({ enable: _enable, ...board }) => board);
    const did = await polled(parseNetwork({ ...content, boards }, "kiln"), 1);
    assert.deepEqual(did,
      ["started", "polled 0", "write 10", "polled 1", "polled 2", "polled 3"]);
  });

  test("in a star has nothing of it", async () => {
    const pump = loadNetwork("boards/networks/pump.json");
    assert.doesNotMatch(await bundle(pump, pump.boards[0]!), /digitalPulse/);
  });

  test("does the same on every engine", async () => {
    for (const guardian of [false, true]) {
      const network = networkOf(4, 1, { wiring: "wire", guardian });
      const name = guardian ? "babble" : "random";
      const order = { network, cycles: 4, traitors: [{ name, board: 2, parameter: [] }] };
      const native = await run(order);
      assert.equal(native.summary.verdict, "held");
      for (const engine of OWN_ENGINES) {
        const { events } = await run({ ...order, engine });
        assert.deepEqual(events, native.events, engine);
      }
    }
  });
});
