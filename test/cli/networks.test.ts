import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { WIRE_FAULTS } from "../../host/faults/registry.js";
import {
  FAULTS,
  emulate,
  kindOf,
  loadNetwork,
  madeUp,
  parseTraitors,
  planOf,
} from "../../host/index.js";
import { liarsIn } from "../../host/judge/ballots.js";
import { cli, exampleOf } from "./harness.js";

const NAMES = readdirSync(new URL("../../boards/networks/", import.meta.url)).flatMap((file) =>
  file.endsWith(".json") ? [file.slice(0, -".json".length)] : [],
);

describe("the example networks", () => {
  it("are at least three, one of them with seven boards and two traitors", () => {
    assert.ok(NAMES.length >= 3);
    const shapes = NAMES.map((name) => loadNetwork(exampleOf(name)).shape);
    assert.ok(shapes.some(({ boards, traitors }) => boards === 7 && traitors === 2));
  });

  for (const name of NAMES) {
    const path = exampleOf(name);

    it(`${name}: is named as its file, and names its schema`, () => {
      const file = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      assert.equal(file["name"], name);
      assert.equal(file["$schema"], "../network.schema.json");
    });

    it(`${name}: fits its boards, over a port that is not the console's`, async () => {
      const { code, out } = await cli(["plan", path]);
      assert.equal(code, 0, out);
      for (const { port, kind } of loadNetwork(path).boards) {
        assert.ok(kind.console !== port || kindOf(kind.id).console_away !== undefined);
      }
    });

    it(`${name}: holds without faults, over the default link`, async () => {
      const { code, out, err } = await cli(["emulate", path]);
      assert.equal(code, 0, out + err);
      assert.equal(err, "");
    });

    it(`${name}: holds with as many traitors as it outvotes, whatever they do`, async () => {
      const network = loadNetwork(path);
      const { boards, traitors } = network.shape;
      const menu = network.wiring ? WIRE_FAULTS : FAULTS;
      const ofBoards = menu.filter(({ on }) => on === "board" || on === "liar");
      for (const [at, { name: behaviour }] of ofBoards.entries()) {
        const words = Array.from(
          { length: traitors },
          (_, index) => `${network.boards[(at + 3 * index) % boards]!.name}=${behaviour}`,
        );
        const troubles = { lines: [], traitors: parseTraitors(network, words) };
        const { verdict } = await emulate({
          network,
          cycles: 6,
          seed: at,
          readings: madeUp(network, at),
          engine: "native",
          transport: "memory",
          troubles,
        });
        // What its program did not say is outside of what Paxos promises: nothing is judged then.
        const lies = network.boards[0]!.layout.direct && liarsIn(network, troubles).size > 0;
        assert.equal(verdict, lies ? "not judged" : "held", `seed ${at}: ${words.join(" ")}`);
      }
    });
  }

  it("pump: does not hold with one traitor more", async () => {
    const { code, err } = await cli([
      "emulate",
      exampleOf("pump"),
      "--transport",
      "memory",
      "--traitor",
      "a=split",
      "--traitor",
      "c=split",
    ]);
    assert.equal(code, 1);
    assert.match(
      err,
      /outside of what is guaranteed: 2 boards are faulty, and this network outvotes 1/,
    );
  });

  it("desk: a cycle takes at most 1.35 times what the busiest link's bytes take", () => {
    const { needed, busiest } = planOf(loadNetwork(exampleOf("desk")));
    assert.ok(needed <= 1.35 * busiest * 10, String(needed / (busiest * 10)));
  });
});
