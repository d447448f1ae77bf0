/** Fischer, Lynch and Paterson, live: one late message at a time, and nobody ever decides. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { flpSchedule, parseAdversary } from "../../host/emulate/adversary.js";
import type { Emulation } from "../../host/emulate/emulate.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import type { Network } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { cli, folder } from "../cli/harness.js";
import { networkOf, run } from "../topology/drive.js";

const CYCLES = 10;

const emulationOf = (network: Network, silent?: string): Emulation => ({
  network, cycles: CYCLES, seed: 1, readings: madeUp(network, 1), engine: "native",
  transport: "memory",
  troubles: { lines: [], traitors: silent ? parseTraitors(network, [`${silent}=silent`]) : [] },
});

const decidedIn = async (network: Network, silent: string, words: readonly string[]) => {
  const { summary, cycles } = await run({
    network, cycles: CYCLES, traitors: parseTraitors(network, [`${silent}=silent`]),
    windows: parseWindows(network, words),
  });
  assert.deepEqual(summary.broke, {});
  return cycles.filter(({ decisions, faulty }) =>
    decisions!.some((list, board) => list.length && !faulty.includes(board)))
    .map(({ cycle }) => cycle);
};

describe("FLP: with one silent board, one late message a cycle keeps all undecided", () => {
  for (const [algorithm, boards, silent] of [
    ["lbp", 4, "d"], ["pbft", 4, "d"], ["fab", 6, "f"],
  ] as const) {
    test(`${algorithm}: as long as it is allowed to, and no longer`, async () => {
      const network = networkOf(boards, 1, { algorithm, mode: "once" });
      const { words } = await flpSchedule(emulationOf(network, silent), { from: 0, to: 6 });
      const delayed = words.map((word) => Number(/@(\d+)\./.exec(word)![1]));
      assert.equal(new Set(delayed).size, words.length, "two messages in a cycle");
      assert.ok(words.length >= 5);
      const decided = await decidedIn(network, silent, words);
      assert.ok(decided.length && decided[0]! >= 7, decided.join());
      // Without the last of the delays they decide in its cycle.
      const [last, ...rest] = words.toReversed();
      const freed = await decidedIn(network, silent, rest.toReversed());
      assert.equal(freed[0], Number(/@(\d+)\./.exec(last!)![1]));
    });
  }
  test("where all boards are well, one message is not enough, and that is said", async () => {
    const network = networkOf(4, 1, { algorithm: "lbp" });
    await assert.rejects(flpSchedule(emulationOf(network), { from: 0, to: 3 }), (thrown) =>
      thrown instanceof UsageError && /in cycle 0 no one message keeps all/.test(thrown.message));
  });
  test("where each cycle decides there is nothing to keep undecided", async () => {
    await assert.rejects(flpSchedule(emulationOf(networkOf(4, 1)), { from: 0, to: 3 }), (thrown) =>
      thrown instanceof UsageError && /gives an order in each cycle/.test(thrown.message));
  });
});

test("an adversary is named with its cycles", () => {
  assert.deepEqual(parseAdversary("flp", 9), { from: 0, to: 8 });
  assert.deepEqual(parseAdversary("flp@3", 9), { from: 3, to: 3 });
  assert.deepEqual(parseAdversary("flp@3-5", 9), { from: 3, to: 5 });
  for (const word of ["fpl", "flp@", "flp@5-3", "flp@1-9"]) {
    assert.throws(() => parseAdversary(word, 9), UsageError, word);
  }
});

test("the documents have the picture that the command draws: make flp", async (t) => {
  const svg = join(folder(t), "flp.svg");
  const { code, out, err } = await cli(["emulate", "boards/networks/press.json", "--traitor",
    "d=silent", "--adversary", "flp@0-5", "--cycles", "8", "--svg", svg]);
  assert.equal(code, 0);
  assert.match(err, /the adversary delays 6 messages, one a cycle at most, which it found in 18/);
  assert.equal(out.match(/decided {2}nothing/g)?.length, 6);
  assert.match(out, /cycle 6: held\n[^\n]*\n {2}decided {2}slot 0: 181 \(all\)/);
  assert.equal(readFileSync(svg, "utf8"), readFileSync("docs/flp.svg", "utf8"));
});
