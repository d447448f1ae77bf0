/** The parameter sets that README.md recommends are those of the plan, with the plan's figures. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bundle } from "../../host/bundle/bundle.js";
import { blankKeys } from "../../host/keys/keys.js";
import { kindIds, kindOf } from "../../host/network/kinds.js";
import type { Network } from "../../host/network/network.js";
import { fitOf, planOf } from "../../host/plan/plan.js";
import { madeFor, signedNetwork } from "../examples.js";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const ROW = new RegExp(`^\\| ${[
  "`(\\w+)`", "(\\d+)", "N24 W(\\d) H(\\d+)", "([\\d,]+) B", "([\\d.]+) s", "([\\d.]+) s",
  "(\\d+), (\\d+) ms", "([\\d.]+), ([\\d.]+) s", "([\\d,]+): ([\\d.]+) days",
].join(" \\| ")} \\|$`, "gm");

interface Row {
  readonly kind: string;
  readonly baud: number;
  readonly width: number;
  readonly height: number;
  readonly told: readonly string[];
}

const rows: Row[] = [...README.matchAll(ROW)].map(([, kind, baud, width, height, ...told]) =>
  ({ kind: kind!, baud: Number(baud), width: Number(width), height: Number(height), told }));

const cycleOf = (network: Network): number => planOf(network).needed / network.file.baud;

/** How many bytes a bundle has hardly depends on the set. */
const bytes = (async () => {
  const network = signedNetwork("ESP32", 115_200, 2, 15);
  const text =
    await bundle(madeFor("size", network), network.boards[0]!, blankKeys(network.signing!));
  return text.length + 200;
})();

const fits = async (network: Network): Promise<boolean> =>
  fitOf(network, network.boards[0]!, await bytes).fits;

const thousands = (number: number): string => number.toLocaleString("en");

test("each row is what the plan says", () => {
  assert.equal(rows.length, 8);
  for (const { kind, baud, width, height, told } of rows) {
    const network = signedNetwork(kind, baud, width, height);
    const { cycles } = network.signing!;
    const cycle = cycleOf(network);
    const [signature, wire, period, sign, check, slowSign, slowCheck, lasts, days] = told;
    assert.deepEqual([signature, wire, period, lasts, days], [
      thousands(network.shape.signature!), ((planOf(network).busiest * 10) / baud).toFixed(2),
      cycle.toFixed(1), thousands(cycles), ((cycle * cycles) / 86_400).toFixed(1),
    ], `${kind} at ${baud}`);
    const slower = kindOf("LINUX").speed / kindOf(kind).speed;
    const there = [sign, check].map((ms) => (Number(ms) * slower / 1000).toFixed(1));
    assert.deepEqual([slowSign, slowCheck], there, `${kind} at ${baud}`);
  }
});

test("each is the set of the shortest cycle, in the highest tree that fits", async () => {
  for (const { kind, baud, width, height } of rows) {
    const possible: { width: number; cycle: number }[] = [];
    for (const other of [1, 2, 4, 8]) {
      const network = signedNetwork(kind, baud, other, height);
      if (await fits(network)) possible.push({ width: other, cycle: cycleOf(network) });
    }
    const [best] = possible.toSorted((one, two) => one.cycle - two.cycle);
    assert.equal(best?.width, width, `${kind} at ${baud}`);
    const higher = signedNetwork(kind, baud, width, 15);
    assert.equal(height, await fits(higher) ? 15 : 10, `${kind} at ${baud}`);
  }
});

test("all kinds that can sign are there, and no other", async () => {
  const able: string[] = [];
  for (const kind of kindIds()) {
    if (["EMULATED", "LINUX"].includes(kind) || !kindOf(kind).native.crc32) continue;
    const all = [1, 2, 4, 8].map((width) => signedNetwork(kind, 115_200, width, 10));
    const which = await Promise.all(all.map(fits));
    if (which.includes(true)) able.push(kind);
  }
  assert.deepEqual([...new Set(rows.map(({ kind }) => kind))].toSorted(), able.toSorted());
});

test("a Pico has no flash for a crown of height 15, and that is said", async () => {
  const network = signedNetwork("PICO_R1_3", 115_200, 4, 15);
  const { reason } = fitOf(network, network.boards[0]!, await bytes);
  assert.match(reason, /the tree's upper nodes 49152, and PICO_R1_3 has room for 49152$/);
});
