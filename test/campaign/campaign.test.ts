import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  FAILURES_KEPT, NOTHING, batchOf, batchesOf, createRunner, together, troublesOf,
} from "../../host/campaign/campaign.js";
import type { Campaign, Outcome } from "../../host/campaign/campaign.js";
import { drive } from "../../host/campaign/drive.js";
import { createPool } from "../../host/campaign/pool.js";
import type { Workers } from "../../host/campaign/pool.js";
import { openProgress } from "../../host/campaign/progress.js";
import { emulate } from "../../host/emulate/emulate.js";
import { parseNetwork } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { contentOf } from "../cli/harness.js";

const PUMP: Campaign = {
  network: contentOf("pump") as Campaign["network"], path: "pump.json", cycles: 20, seed: 5,
  runs: 600, faults: ["drop@c=0.2"], traitors: ["c=random"], windows: [], engine: "native",
  transport: "memory",
};
/** One liar more than is outvoted: some runs break, and some do not. */
const BROKEN: Campaign =
  { ...PUMP, cycles: 1, runs: 90, faults: [], traitors: ["a=relay", "c=random"] };

/** Batches run one after the other in this process. */
const here = (width = 1): Workers => ({
  width, run: createRunner(), close: () => Promise.resolve(),
});

const all = async (campaign: Campaign, workers: Workers, path?: string) => {
  const progress = await openProgress(campaign, path);
  try {
    await drive(campaign, progress, workers, () => undefined);
    return progress.sum;
  } finally {
    progress.release();
    await workers.close();
  }
};

const inFolder = async (act: (folder: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-campaign-"));
  try {
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("batches have each seed once, however many runs and cycles there are", () => {
  const random = createRandom(SEED);
  for (let count = 0; count < 200; count++) {
    const campaign = {
      ...PUMP, runs: 1 + random() % 3000, cycles: 1 + random() % 9000, seed: random() % 1000,
    };
    const seeds: number[] = [];
    for (let number = 0; number < batchesOf(campaign); number++) {
      const batch = batchOf(campaign, number);
      assert.ok(batch.count > 0 && batch.number === number);
      for (let at = 0; at < batch.count; at++) seeds.push(batch.from + at);
    }
    assert.deepEqual(seeds, Array.from({ length: campaign.runs }, (_, at) => campaign.seed + at));
  }
});

test(`outcomes give the same sum in any order; ${replay}`, () => {
  const random = createRandom(SEED);
  const outcomes = Array.from({ length: 40 }, (_, at): Outcome => ({
    runs: 9, cycles: random() % 99, frames: random() % 99, bytes: random() % 99, failed: 5,
    failures: Array.from({ length: 5 }, (_failure, index) =>
      ({ seed: at * 9 + index, cycle: random() % 9, broke: ["agreement"] })),
  }));
  const sum = outcomes.reduce(together, NOTHING);
  assert.equal(sum.failures.length, FAILURES_KEPT);
  assert.equal(sum.failed, 200);
  for (let count = 0; count < 20; count++) {
    const mixed = outcomes.map((one) => ({ one, by: random() }))
      .toSorted((one, other) => one.by - other.by).map(({ one }) => one);
    assert.deepEqual(mixed.reduce(together, NOTHING), sum);
  }
});

describe("what is said of a campaign", () => {
  test("is what is said of each of its runs", async () => {
    const network = parseNetwork(BROKEN.network, "pump.json");
    const sum = await all(BROKEN, here());
    let failed = 0;
    for (let seed = BROKEN.seed; seed < BROKEN.seed + BROKEN.runs; seed++) {
      const { verdict, broken_cycle: cycle, broke } = await emulate({
        network, cycles: 1, seed, readings: madeUp(network, seed), engine: "native",
        transport: "memory", troubles: troublesOf(network, BROKEN),
      });
      const told = sum.failures.find((one) => one.seed === seed);
      if (verdict !== "held") failed++;
      assert.deepEqual(told, verdict === "held" ? undefined
        : { seed, cycle, broke: Object.keys(broke) });
    }
    assert.ok(failed > 0 && failed < BROKEN.runs);
    assert.equal(sum.failed, failed);
    assert.deepEqual([sum.runs, sum.cycles], [BROKEN.runs, BROKEN.runs]);
  });

  test("does not depend on how many threads there are", async () => {
    const one = await all(PUMP, here());
    assert.equal(one.failed, 0);
    assert.deepEqual(await all(PUMP, createPool(1)), one);
    assert.deepEqual(await all(PUMP, createPool(3)), one);
    assert.deepEqual(await all(BROKEN, createPool(2)), await all(BROKEN, here()));
  });
});

describe("how far a campaign has come", () => {
  test("is kept after each batch, and none is run again or counted twice", async () => {
    const whole = await all(PUMP, here());
    const batches = batchesOf(PUMP);
    assert.ok(batches > 2);
    for (let until = 0; until <= batches; until++) {
      await inFolder(async (folder) => {
        const path = join(folder, "pump.run");
        const ran: number[] = [];
        const counted = (stop: number): Workers => {
          const { run, ...others } = here();
          return {
            ...others,
            async run(campaign, batch) {
              if (ran.length === stop) throw new Error("killed");
              ran.push(batch.number);
              return run(campaign, batch);
            },
          };
        };
        const killed = all(PUMP, counted(until), path);
        await (until < batches ? assert.rejects(killed, /killed/) : killed);
        assert.deepEqual(await all(PUMP, counted(Infinity), path), whole);
        assert.deepEqual(ran.toSorted((one, other) => one - other),
          Array.from({ length: batches }, (_, number) => number));
        assert.deepEqual(await all(PUMP, counted(0), path), whole, "there is nothing left to do");
      });
    }
  });

  test("a batch that is told of twice counts once", async () => {
    const progress = await openProgress(PUMP, undefined);
    const outcome = await createRunner()(PUMP, batchOf(PUMP, 1));
    progress.add(1, outcome);
    progress.add(1, outcome);
    assert.deepEqual(progress.sum, together(NOTHING, outcome));
    progress.release();
  });

  test("is refused where it is another campaign's, or something else, or in use", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "pump.run");
      await all(PUMP, here(), path);
      const kept = readFileSync(path, "utf8");
      for (const change of [
        { runs: PUMP.runs + 1 }, { cycles: 21 }, { seed: 6 }, { traitors: [] },
        { network: { ...PUMP.network, name: "other" } },
      ]) {
        await assert.rejects(openProgress({ ...PUMP, ...change }, path), /is of another campaign/);
      }
      for (const text of ["{}", kept.replace('"version":1', '"version":2'),
        kept.replace(/"done":\[\[0,\d+/, '"done":[[0,"x"')]) {
        writeFileSync(path, text);
        await assert.rejects(openProgress(PUMP, path), /is not how far a campaign has come/);
      }
      writeFileSync(path, kept.slice(0, 20));
      await assert.rejects(openProgress(PUMP, path), /pump\.run/);
      writeFileSync(path, kept);
      const first = await openProgress(PUMP, path);
      await assert.rejects(openProgress(PUMP, path), /is at it already/);
      first.release();
    });
  });

  test("that cannot be written is told", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tagma-campaign-"));
    const progress = await openProgress(PUMP, join(folder, "pump.run"));
    rmSync(folder, { recursive: true });
    await assert.rejects(progress.settled(), /pump\.run: cannot be written/);
  });
});

test("what a run throws names its seed", async () => {
  const [first] = [batchOf(PUMP, 0)];
  await assert.rejects(createRunner()({ ...PUMP, cycles: 0 }, first), /^Error: seed 5: cycles: 0/);
});
