/** What the commands say of promises: what they cost, and who is new. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { firstImage } from "../../firmware/index.js";
import { firstFiles, openStore, provisionStore } from "../../host/boards/store.js";
import { parseNetwork } from "../../host/network/network.js";
import { planOf } from "../../host/plan/plan.js";
import { promisesPlanOf } from "../../host/plan/promises.js";
import { cli, contentOf, folder } from "./harness.js";

const press = (more: object) => ({ ...contentOf("press"), ...more });
const network = parseNetwork(press({}), "press.json");

describe("the plan of a network of ballots", () => {
  it("tells how long flash lasts", () => {
    const costs = (more: object) => {
      // A ballot in 10 s: 8,640 of them a day.
      const slow = parseNetwork(press({ period_ms: 10_000, ...more }), "press.json");
      const told = promisesPlanOf(slow, planOf(slow))!;
      return [told.images, told.image_bytes, told.images_a_day, told.lasts_days];
    };
    // A record of 25 bytes; files of 80 and of 44 bytes in 49,152.
    const days = (file: number, daily: number) =>
      Math.floor((10_000 * Math.floor(49_152 / file)) / daily);
    assert.deepEqual(costs({ promises: "stored" }), [4, 45, 34_560, days(80, 34_560)]);
    assert.deepEqual(costs({ reserve: 100 }), [0.01, 12, 87, days(44, 86.4)]);
    assert.equal(promisesPlanOf(parseNetwork(contentOf("pump"), "x"), planOf(network)), undefined);
  });
});

describe("what a network file may say of promises", () => {
  it("only who forgets reserves", () => {
    assert.throws(() => parseNetwork(press({ promises: "stored", reserve: 8 }), "x.json"),
      /^UsageError: x\.json: reserve: 8, only volatile promises reserve ballots/);
    assert.throws(() => parseNetwork(press({ reserve: 0 }), "x.json"), /reserve/);
    assert.throws(() => parseNetwork({ ...contentOf("pump"), reserve: 8 }, "x.json"), /ballots/);
  });

  it("a first cycle that no key has a leaf for is refused", () => {
    const trees = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }];
    const signed = { algorithm: "lbp", signatures: { trees } };
    assert.throws(() => parseNetwork(press({ ...signed, first_cycle: 5000 }), "x.json"),
      /^UsageError: x\.json: first_cycle: 5000, the keys of .* leaves for the cycles 0 to \d+$/);
  });
});

describe("BALLOT.7: a board that is new", () => {
  const [board] = network.boards;

  it("has that in its store, once", (context) => {
    const store = join(folder(context), "store");
    provisionStore(store, firstFiles(board!));
    assert.deepEqual(openStore(store).read("tagma.3"), firstImage(board!.layout));
    assert.throws(() => {
      provisionStore(store, firstFiles(board!));
    }, /tagma\.3: is there, so the board may have signed or promised something: leave --once out/);
  });

  it("has a script for it, where it is flashed by other means", async () => {
    const words = ["bundle", "boards/networks/press.json", "--board", "a", "--once"];
    const { code, out } = await cli(words);
    assert.equal(code, 0);
    assert.ok(out.includes(Buffer.from(firstImage(board!.layout)).toString("base64")));
    const pump = await cli(["bundle", "boards/networks/pump.json", "--board", "a", "--once"]);
    assert.equal(pump.code, 2);
    assert.match(pump.err, /^tagma: --once: boards\/networks\/pump\.json: only boards of ballots/);
  });

  it("is told so only where there are ballots", async (context) => {
    const at = folder(context);
    for (const option of [["--once"], ["--after", "7"]]) {
      const { code, err } = await cli(["flash", "boards/networks/pump.json", "--board", "a",
        "--port", join(at, "no"), ...option]);
      assert.equal(code, 2);
      const file = "boards/networks/pump.json";
      assert.match(err, new RegExp(`^tagma: ${option[0]}: ${file}: only boards of`));
    }
    const both = await cli(["flash", "boards/networks/press.json", "--board", "a",
      "--port", join(at, "no"), "--once", "--after", "7"]);
    assert.equal(both.code, 2);
    assert.match(both.err, /^tagma: --once and --after: /);
    assert.ok(!existsSync(join(at, "no")));
  });
});
