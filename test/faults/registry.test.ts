/** A new fault is its file and a line in the registry: nothing else changes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import type { FaultKind, LiarKind, SynchronyKind } from "../../host/faults/fault.js";
import { FAULTS, SYNCHRONY_FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { cli, folder, jsonOf } from "../cli/harness.js";
import { readAll } from "../tidy/source.js";

const ALL = [...FAULTS, ...WIRE_FAULTS];

/** Says the same of every value, to all alike: what nobody has put in. */
const PARROT: LiarKind = {
  name: "parrot", on: "liar", help: "says of every value that it is 99",
  tells: ({ entriesOf }) => (said) => {
    for (const entry of entriesOf(said)) entry.say(Uint8Array.of(99));
    return 0;
  },
};

const registered = (context: TestContext): string => {
  (FAULTS as FaultKind[]).push(PARROT);
  context.after(() => (FAULTS as FaultKind[]).pop());
  return folder(context);
};

describe("a fault of one file and a line", () => {
  it("does what it says: it is emulated, judged, traced, replayed and drawn", async (context) => {
    const at = registered(context);
    const [trace, svg] = ["t.trace", "t.svg"].map((name) => join(at, name));
    const { code, out, err } = await cli([
      "emulate", "boards/networks/pump.json", "--traitor", "c=parrot", "--cycles", "3", "--json",
      "--trace", trace!, "--svg", svg!,
    ]);
    assert.equal(code, 0, err);
    const records = jsonOf(out);
    assert.equal(records.length, 4);
    for (const { vectors, faulty } of records.slice(0, 3)) {
      assert.deepEqual(faulty, [2]);
      assert.equal((vectors as number[][])[0]![2], 99);
    }
    assert.match(readFileSync(svg!, "utf8"), /parrot/);
    const replayed = await cli(["replay", trace!]);
    assert.equal(replayed.code, 0, replayed.err);
    const told = await cli(["emulate", "boards/networks/pump.json", "--traitor", "c=parrot"]);
    assert.match(told.out, /says of every value that it is 99/);
  });

  it("is unknown until it is registered", async () => {
    const { code, err } =
      await cli(["emulate", "boards/networks/pump.json", "--traitor", "c=parrot"]);
    assert.equal(code, 2);
    assert.match(err, /"parrot" is unknown, there are: silent, .*copies/);
  });
});

describe("the registry", () => {
  it("lists every file of the folders of faults, each under its own name", () => {
    const files = readAll("host/faults", ".ts").flatMap(({ path }) => {
      const [, , where, name] = path.split("/");
      return name === undefined || name === "ends.ts" ? [] : [`${where!} ${name.slice(0, -3)}`];
    });
    const listed = [...ALL.map(({ on, name }) => `${on} ${name}`),
      ...SYNCHRONY_FAULTS.map(({ name }: SynchronyKind) => `window ${name}`)];
    assert.deepEqual(files.toSorted(), [...new Set(listed)].toSorted());
  });

  it("is the only one to know them by name", () => {
    const names = [...ALL, ...SYNCHRONY_FAULTS].map(({ name }) => name).join("|");
    const compared = new RegExp(`name [!=]== "(${names})"`);
    for (const { path, text } of readAll("host", ".ts")) {
      assert.doesNotMatch(text, compared, path);
    }
  });
});
