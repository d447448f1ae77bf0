/** Paxos without leases on every engine and wire: no decision, no promise broken (DUEL.1). */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { parseNetwork } from "../../host/network/network.js";
import { cli, contentOf, folder } from "../cli/harness.js";
import { createWorld } from "../live/world.js";
import { interpreter, judgedAgain, run } from "./drive.js";

if (!interpreter) process.stderr.write("NOT RUN: duels on Espruino: ESPRUINO is not set\n");

const networkOf = (changes: object = {}, names = "a b c") => parseNetwork({
  ...contentOf("desk"), algorithm: "paxos", leases: "none", ...changes,
  boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
}, "duel");

describe("in the emulator", () => {
  const KINDS = {
    "a star": networkOf(), "stored promises": networkOf({ promises: "stored", keep: 2 }),
    "once": networkOf({ mode: "once", meanwhile: "safe" }), "tags": networkOf({ auth: "mac" }),
    "a shared wire": networkOf({ wiring: "wire" }), "five": networkOf({ traitors: 2 }, "a b c d e"),
    "health": networkOf({ health: {} }),
  };

  for (const [name, network] of Object.entries(KINDS)) {
    it(`decides nothing, which breaks no promise, on engines alike: ${name}`, async (context) => {
      const { summary, decided, events } = await run(network, 30);
      assert.deepEqual([summary.verdict, summary.undecided], ["held", 30]);
      assert.equal(summary.ballots!.asked, 0);
      assert.ok(decided.every((count) => count === 0));
      const all = interpreter && name === "a star" ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES;
      const windows = network.wiring ? [] : ["loss=0.15@0-6"];
      const native = await run(network, 8, [], windows, { seed: 7 });
      for (const engine of all) {
        const other = await run(network, 8, [], windows, { seed: 7, engine: engine as Engine });
        assert.deepEqual(other.events, native.events, engine);
      }
      judgedAgain(context, network, 30, events);
    });
  }

  it("is safe, with windows of every kind and boards that fail", async () => {
    let decisions = 0;
    for (const changes of [{ mode: "once" }, { keep: 2 }, { promises: "stored" }]) {
      for (const windows of [
        ["loss=0.15@0-39"], ["late=0.3@3-30"], ["oneway=a:b@1-16"], ["partition=a/b,c@2-9"],
        ["ahead=b:1@1-8"], ["behind=c:1@1-8"], ["echo=3@1-8"], ["reset=b@5", "reset=c@9.2"],
        ["loss=0.1@0-39", "reset=a@7", "reset=b@12", "reset=c@20.1"], ["jump=2@3"],
      ]) {
        const { summary, decided } = await run(networkOf(changes), 40, [], windows, { seed: 7 });
        assert.equal(summary.verdict, "held", windows.join());
        decisions += decided.filter(Boolean).length;
      }
    }
    assert.ok(decisions > 20);
    for (const { name } of [...FAULTS, ...WIRE_FAULTS].filter(({ on }) => on === "board")) {
      const star = FAULTS.some((fault) => fault.name === name);
      const network = networkOf(star ? {} : { wiring: "wire", guardian: true });
      const { summary } = await run(network, 17, [`b=${name}`]);
      assert.ok(summary.verdict !== "broken", name);
    }
  });

  it("tells people what it is that decides nothing", async (context) => {
    const path = join(folder(context), "n.json");
    writeFileSync(path, JSON.stringify(networkOf().file));
    const { code, out } = await cli(["emulate", path, "--cycles", "16"]);
    assert.equal(code, 0);
    assert.match(out.replace(/\s+/g, " "), /16 of them decided nothing: without leases boards may/);
  });

  it("is run on real lines as it is", async (context) => {
    for (const changes of [{ keep: 3 }, { mode: "once" }, { promises: "stored" }]) {
      const network = networkOf(changes);
      const world = createWorld(network);
      const summary = await world.run({ cycles: 9, known: "all" });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 0]);
      judgedAgain(context, network, 9, world.events, true);
    }
  });

  it("is refused where there is nothing to do without", () => {
    const refused = (changes: object, why: RegExp) => {
      assert.throws(() => networkOf(changes, "a b c d"), why);
    };
    refused({ algorithm: "pbft" }, /leases: "none", "algorithm": "pbft" cannot do without, only/);
    refused({ algorithm: "lbp" }, /"lbp" cannot do without, only "paxos" can/);
    refused({ algorithm: "om" }, /leases: "algorithm": "om" has no ballots/);
    refused({ review: 4 }, /review: 4, without leases there are no views/);
    refused({ leader: "virtual" }, /leader: "virtual", without leases nobody leads/);
    refused({ signatures: { trees: [] } }, /signatures/);
  });
});
