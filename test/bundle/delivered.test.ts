/** ABCAST: what an order's script finds of the agreed vector, in a sandbox and on a board. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { UsageError } from "../../host/base/error.js";
import type { Engine } from "../../host/boards/board.js";
import { actOf } from "../../host/bundle/acts.js";
import { bundle } from "../../host/bundle/bundle.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import type { Network, NetworkFile } from "../../host/network/network.js";
import { asksFor } from "../../host/network/syntax.js";
import { watchScripts } from "../../host/scripts/scripts.js";
import { nameOf, networkOf, run } from "../topology/drive.js";

/** Keeps all messages with their numbers, and tells them in cycle 5. */
const COLLECT = `global.all = global.all || [];
for (var at = 0; at < vector.length; at++) {
  if (vector[at] !== undefined) all.push((cycle * vector.length + at) + ":" + vector[at]);
}
if (cycle === 5) throw all.join(" ");`;

const collecting = (change: Partial<NetworkFile> = {}, script = COLLECT): Network =>
  networkOf(4, 1, { boards: Array.from({ length: 4 }, (_, at) => ({
    name: nameOf(at), kind: "EMULATED", order: { script },
  })), ...change });

/** @returns by board, what it has delivered until cycle 5 */
const delivered = async (
  network: Network, engine: Engine, troubles: Parameters<typeof run>[0] | object = {},
): Promise<string[]> => {
  const told: string[] = [];
  watchScripts(network, (line) => {
    const [, board, list] = /^boards\[(\d)\]\.order\.script throws Error: (.*)$/.exec(line)!;
    told[Number(board)] = list!;
  });
  await run({ network, cycles: 6, engine, readings: (cycle) => [1, 2, 3, 4].map((one) =>
    (one === 2 && cycle === 3 ? undefined : 10 * cycle + one)), ...troubles });
  return told;
};

describe("ABC.1, ABC.2: all values of a cycle are the next messages of one order", () => {
  const expected = Array.from({ length: 24 }, (_, number) => {
    const [cycle, board] = [number >> 2, number % 4];
    return cycle === 3 && board === 1 ? [] : [`${number}:${10 * cycle + board + 1}`];
  }).flat().join(" ");
  for (const engine of ["bundle", "quickjs"] as const) {
    test(`${engine}: at every board the same`, async () => {
      assert.deepEqual(await delivered(collecting(), engine),
        [expected, expected, expected, expected]);
    });
  }
  test("a liar's messages too are the same at all, in the same places", async () => {
    const network = collecting();
    const lists = await delivered(network, "bundle",
      { traitors: parseTraitors(network, ["d=equivocate"]) });
    assert.equal(lists[1], lists[0]);
    assert.equal(lists[2], lists[0]);
    const own = (text: string) => text.split(" ").filter((one) => Number.parseInt(one, 10) % 4 < 3);
    assert.deepEqual(own(lists[0]!), own(expected));
  });
  test("ABC.3: a board that was down has a gap, and knows it by the numbers", async () => {
    const network = collecting();
    const lists = await delivered(network, "bundle",
      { windows: parseWindows(network, ["reset=b@3.1"]) });
    assert.equal(lists[0]!.split(" ").length, lists[2]!.split(" ").length);
    const numbers = lists[1]!.split(" ").map((one) => Number.parseInt(one, 10));
    assert.ok(numbers[0]! >= 12, lists[1]);
    assert.deepEqual(lists[0]!.split(" ").slice(-numbers.length), lists[1]!.split(" "));
  });
});

test("a board's own function has the vector, and in a silence none", () => {
  const script = "seen.push([order, vector.length, cycle])";
  const plain = { seen: [], tagma: { cycle: 7, vector: [1, undefined, 3, 4] } };
  const call = (network: Network, scope: object, times: number) => {
    createContext(scope);
    const act = actOf(network, network.boards[0]!);
    for (let time = 0; time < times; time++) runInContext(`(${act})(9)`, scope);
  };
  call(collecting({}, script), plain, 1);
  assert.deepEqual(plain.seen.map((one) => [...one]), [[9, 4, 7]]);
  const silent = { seen: [], tagma: { cycle: 7, vector: [1, 2, 3, 4] } };
  call(collecting({ silence_ms: 6_000_000 }, script), silent, 2);
  assert.deepEqual(silent.seen.map((one) => [...one]), [[9, 4, 7], [9, 0, 7]]);
});

test("who does not ask for it has not a byte of it", async () => {
  const [asks, none] = [collecting({}, "vector"), collecting({}, "order")];
  assert.match(await bundle(asks, asks.boards[0]!), /tagma\.vector/);
  assert.doesNotMatch(await bundle(none, none.boards[0]!), /tagma\.vector|tagma\.cycle/);
  assert.ok(!asksFor("var vector = [1]; f(vector)", "vector"));
  assert.ok(!asksFor("f(function (vector) { return vector; })", "vector"));
  assert.ok(asksFor("f(vector[0])", "vector"));
  assert.ok(!asksFor("f(order.length)", "vector"));
});

test("ballots have no vector to deliver, and say so", () => {
  assert.throws(() => collecting({ algorithm: "lbp" }), (thrown) => thrown instanceof UsageError &&
    /boards\[0\]\.order\.script: asks for vector, and "algorithm": "lbp" decides one/
      .test(thrown.message));
});
