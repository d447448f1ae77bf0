/** A hub that lies about what it passes on: what it can do with tags, and without. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FAULTS } from "../../host/faults/registry.js";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { cli, folder } from "../cli/harness.js";
import { networkOf, run } from "../topology/drive.js";

const LIES = FAULTS.filter(({ on }) => on === "hub").map(({ name }) => name);
const CYCLES = 30;

const runWith = async (word: string, auth: boolean, boards = 4) => {
  const network = networkOf(boards, 1, {
    ...(auth ? { auth: "mac" } : {}),
    ...(boards < 4 ? {
      algorithm: "sm",
      signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] },
    } : {}),
  });
  const ran = await run({ network, cycles: CYCLES, seed: 5, lines: parseFaults(network, [word]) });
  const told = ran.frames.filter(({ lie }) => lie === "hub");
  const forged = ran.summary.counts.reduce((sum, { forged: one = 0 }) => sum + one, 0);
  return { ...ran, told: told.length, forged };
};

for (const name of LIES) {
  test(`${name}: about one board, with tags, each lie is counted, is ⊥, and all hold`, async () => {
    const { summary, told, forged, cycles } = await runWith(`${name}@c=0.7`, true);
    assert.equal(summary.verdict, "held");
    assert.ok(told > CYCLES, `${told} lies`);
    assert.equal(forged, told);
    for (const { vectors, inputs } of cycles) {
      for (const vector of vectors) {
        vector?.forEach((value, of) => {
          assert.ok(value === null || value === inputs[of]);
        });
      }
    }
  });

  test(`${name}: about all boards: with tags nothing false is held; without, it is`, async () => {
    const tagged = await runWith(`${name}=0.4`, true);
    assert.equal(tagged.summary.truth, CYCLES);
    assert.equal(tagged.forged, tagged.told);
    const plain = await runWith(`${name}=0.4`, false);
    assert.equal(plain.summary.verdict, "broken");
    assert.ok(plain.summary.agreement < CYCLES, JSON.stringify(plain.summary));
    // Of values that are drawn two are seldom the same, and one is outvoted.
    if (name !== "invent") assert.ok(plain.summary.truth < CYCLES, JSON.stringify(plain.summary));
  });
}

test("three boards that sign: what the hub changes is counted nowhere, and all hold", async () => {
  const { summary, told } = await runWith("alter@c=0.7", false, 3);
  assert.equal(summary.verdict, "held");
  assert.ok(told > CYCLES);
});

test("a hub that lies bears whatever a babbling board sends", async () => {
  const network = networkOf(4, 1, {});
  for (let seed = 1; seed <= 40; seed++) {
    const ran = await run({
      network, cycles: CYCLES, seed, lines: parseFaults(network, ["alter@b=0.2"]),
      traitors: parseTraitors(network, ["d=babble"]),
    });
    assert.equal(ran.cycles.length, CYCLES);
  }
});

test("ballots: who the hub lies to and about counts as one that lies", async () => {
  const ballots = (algorithm: string, names: string, changes: object = {}) => parseNetwork({
    name: "n", algorithm, traitors: 1, value: "u16", decision: "majority", default: 0, baud: 115200,
    keep: 3, ...changes, boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
  }, "n");
  const verdicts = async (network: Network, word: string, seed: number, cycles: number) => {
    const { summary } = await run({ network, cycles, seed, lines: parseFaults(network, [word]) });
    return [summary.verdict, summary.ballots!.cs2];
  };
  const fab = ballots("lfab", "a b c d e f", { leader: "rotating", meanwhile: "safe" });
  // In one of these c decides what the others never did, and is not asked.
  assert.deepEqual(await verdicts(fab, "swap@c=0.3", 30003477, 58), ["held", 58]);
  const paxos = ballots("paxos", "a b c");
  assert.equal((await verdicts(paxos, "alter@c=0.3", 1, 20))[0], "not judged");
  const tagged = ballots("paxos", "a b c", { auth: "mac" });
  assert.equal((await verdicts(tagged, "alter@c=0.3", 1, 20))[0], "held");
});

test("a lie of the hub is told, drawn and replayed as such", async (context) => {
  const at = folder(context);
  const [path, trace, svg] = ["n.json", "n.trace", "n.svg"].map((name) => join(at, name));
  writeFileSync(path!, JSON.stringify(networkOf(4, 1, { auth: "mac" }).file));
  const ran = await cli(["emulate", path!, "--faults", "alter@c=0.5", "--cycles", "3",
    "--trace", trace!, "--svg", svg!, "--transport", "memory"]);
  assert.equal(ran.code, 0, ran.err);
  assert.match(ran.out, /links of c: the hub changes a value/);
  const drawn = readFileSync(svg!, "utf8");
  assert.match(drawn, /class="frame hub"/);
  assert.match(drawn, />a lie of the hub</);
  const again = await cli(["replay", trace!]);
  assert.equal(again.code, 0, again.err);
  const events = await cli(["replay", trace!, "--events"]);
  assert.match(events.out + events.err, /a lie of the hub|unknown option/);
});
