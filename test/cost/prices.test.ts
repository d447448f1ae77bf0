import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { OPTIMIZE, parseNetwork } from "../../host/network/network.js";
import type { Network, Optimize } from "../../host/network/network.js";
import { comingOf, computeBits, hearingBits, instructionsFor } from "../../host/plan/compute.js";
import { PRICES } from "../../host/plan/prices.js";
import { settingsOf } from "../../host/plan/settings.js";
import { familyOf } from "../../host/plan/work.js";
import { createRandom } from "../core/random.js";
import { contentOf } from "../cli/harness.js";
import { exampleNetworks, madeFor } from "../examples.js";
import { envelopeOf } from "./envelope.js";
import { keptCounts, pricedAt, workOf } from "./fit.js";
import type { Row } from "./fit.js";
import { sampleNetworks } from "./sample.js";

/** Whether what was counted costs no more than a plan says, at its worst. */
const planned = (network: Network, setting: Optimize, [kind, round, closes]: Row): number =>
  instructionsFor(madeFor(setting, network), network.boards[0]!, kind, round, closes > 0);

/** What the prices say of it, with as many tries for a mask as there were. */
const fittedTo = (network: Network, setting: Optimize, row: Row): number =>
  pricedAt(PRICES[setting][familyOf(network)], workOf(network, network.boards[0]!, row));

describe("prices", () => {
  const { counted: table } = keptCounts();
  const networks = sampleNetworks();

  it("cover whatever was counted, and the plan's worst case does", (t) => {
    let counted = 0;
    for (const [name, network] of networks) {
      for (const setting of OPTIMIZE) {
        const rows = table[name]?.[setting] ?? [];
        // No piece of more bytes than one event has is planned.
        const { event_bytes: most } = network.boards[0]!.kind.input;
        const ratios = rows.map((row) => (row[0] === "piece" && row[3] > most
          ? fittedTo(network, setting, row) : planned(network, setting, row)) / row[5]);
        for (const [at, row] of rows.entries()) {
          const fitted = fittedTo(network, setting, row);
          const told = `${name} at ${setting}: ${row.join()} of ${Math.round(fitted)}`;
          assert.ok(fitted >= row[5] * 0.9999, told);
          assert.ok(ratios[at]! >= 1, told);
          counted++;
        }
        if (rows.length) {
          t.diagnostic(`${name} at ${setting}: planned is ${Math.min(...ratios).toFixed(2)} to ${
            Math.max(...ratios).toFixed(2)} times the dearest that was counted`);
        }
      }
    }
    assert.ok(counted > 300, `${counted} were counted`);
  });

  it("are not those of less: a quarter off, and something that was counted costs more", () => {
    const short = OPTIMIZE.filter((setting) => [...networks].some(([name, network]) =>
      (table[name]?.[setting] ?? []).some((row) =>
        0.75 * fittedTo(network, setting, row) < row[5])));
    assert.deepEqual(short, OPTIMIZE);
  });

  it("make a frame cost the emulator what they make it cost the plan, whatever the setting", () => {
    // Of so many boards it is not known what their bundles are made for.
    const large = parseNetwork({
      name: "large", algorithm: "lbp", traitors: 3, value: "u8", decision: "majority", default: 0,
      baud: 115_200,
      boards: Array.from({ length: 10 }, (_, at) => ({ name: `b${at}`, kind: "ESP32" })),
    }, "large");
    assert.ok(settingsOf(large, large.boards[0]!).length > 1);
    for (const network of [large, ...networks.values()]) {
      const board = network.boards[0]!;
      if (board.file.compute_us !== undefined) continue;
      for (let round = 1; round <= network.rounds; round++) {
        const { frame, byte } = hearingBits(network, board, round);
        const { most } = comingOf(network, round);
        const one = instructionsFor(network, board, "frame", round, false);
        const bits = (one / (board.file.speed ?? board.kind.speed)) * network.file.baud / 1e6;
        assert.ok(Math.abs(frame + byte * most - bits) < 1e-6 * bits, network.file.name);
        assert.ok(frame >= 0 && byte >= 0);
      }
    }
  });

  it("are there for each example, at each setting", () => {
    for (const [name, network] of networks) {
      for (const setting of network.signing ? ["speed"] as const : OPTIMIZE) {
        const isExample = exampleNetworks().some(([file]) => file === `${name}.json`);
        if (isExample) assert.ok(table[name]?.[setting]?.length, `${name} at ${setting}`);
      }
    }
  });
});

describe("the least prices", () => {
  it("are those of two equations where two things are measured", () => {
    // 2 p + q = 7, p + 3 q = 11: p = 2, q = 3.
    const [p, q] = envelopeOf([[2, 1], [1, 3]], [7, 11]);
    assert.ok(Math.abs(p! - 2) < 1e-6 && Math.abs(q! - 3) < 1e-6, `${p} ${q}`);
    // Were both larger than needed, one is at its bound: 5 p >= 10 and p >= 1.
    const [only] = envelopeOf([[5], [1]], [10, 1]);
    assert.ok(Math.abs(only! - 2) < 1e-6);
  });

  it("cover all, and are the least: no corner of the region costs less", () => {
    const next = createRandom(5);
    const random = () => 1 + next() % 9;
    for (let runs = 0; runs < 50; runs++) {
      const rows = Array.from({ length: 6 }, () => [random(), random()]);
      const least = rows.map(random);
      const found = envelopeOf(rows, least);
      const covers = (prices: readonly number[]) => rows.every((row, at) =>
        row[0]! * prices[0]! + row[1]! * prices[1]! >= least[at]! - 1e-6);
      const costs = (prices: readonly number[]) => rows.reduce((sum, row, at) =>
        sum + (row[0]! * prices[0]! + row[1]! * prices[1]!) / least[at]!, 0);
      assert.ok(covers(found));
      // The naive way: where each two bounds meet.
      const lines = [...rows.map((row, at) => [...row, least[at]!]), [1, 0, 0], [0, 1, 0]];
      for (const [a, b, c] of lines) {
        for (const [d, e, f] of lines) {
          const by = a! * e! - b! * d!;
          if (!by) continue;
          const corner = [(c! * e! - b! * f!) / by, (a! * f! - c! * d!) / by];
          if (Math.min(...corner) < 0 || !covers(corner)) continue;
          assert.ok(costs(found) <= costs(corner) + 1e-3);
        }
      }
    }
  });

  it("cannot be where something costs that has nothing in it", () => {
    assert.throws(() => envelopeOf([[0, 0]], [5]), /nothing that could cost it/);
  });
});

describe("what a bundle may be made for", () => {
  const pump = (more: object, board: object = {}): Network => {
    const content = contentOf("pump");
    return parseNetwork({
      ...content, ...more, boards: content.boards.map((one) => ({ ...one, ...board })),
    }, "pump");
  };

  it("is what the file says, else the fastest where there is plenty of room, else any", () => {
    const [picos, told] = [pump({}), pump({ optimize: "size" })];
    assert.deepEqual(settingsOf(picos, picos.boards[0]!), ["speed"]);
    assert.deepEqual(settingsOf(told, told.boards[0]!), ["size"]);
    const small = pump({}, { kind: "ESP8266_BOARD", tx: undefined, rx: undefined, port: undefined,
      order: undefined, reading: { script: "1" } });
    assert.deepEqual(settingsOf(small, small.boards[0]!), ["speed", "balanced", "size"]);
    // Where it may be any, the slowest is planned.
    const slowest = Math.max(...OPTIMIZE.map((setting) => {
      const made = madeFor(setting, small);
      return computeBits(made, made.boards[0]!, 2);
    }));
    // For a beacon and for what waits behind it these may be two.
    const bits = computeBits(small, small.boards[0]!, 2);
    assert.ok(bits >= slowest && bits < 1.02 * slowest, `${bits}, ${slowest}`);
  });

  it("a board's own speed takes the place of its kind's, and what took it so long of both", () => {
    const bits = (more: object) => {
      const network = pump({}, more);
      return computeBits(network, network.boards[0]!, 2);
    };
    const { speed } = pump({}).boards[0]!.kind;
    assert.ok(Math.abs(bits({}) / bits({ speed: 2 * speed }) - 2) < 0.01);
    assert.equal(bits({ speed: 1, compute_us: 1000 }), 116);
    assert.throws(() => pump({}, { speed: 0 }), UsageError);
  });
});
