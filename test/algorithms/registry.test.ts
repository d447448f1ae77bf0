/** A new algorithm is its core, its descriptor and a line in the registry: nothing else changes. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import {
  ALGORITHMS, algorithmNamed, algorithmsOf, ballotNames, signerNames, viewNames,
} from "../../host/algorithms/registry.js";
import { OWN_ENGINES } from "../../host/boards/board.js";
import { cli, contentOf, folder, jsonOf } from "../cli/harness.js";
import { compiled } from "../tidy/names.js";
import { read, readAll } from "../tidy/source.js";
import { direct } from "./direct.js";

const interpreter = process.env["ESPRUINO"] ?? "";
const espruino = interpreter ? ["espruino"] : [];
if (!interpreter) {
  process.stderr.write("NOT RUN: a new algorithm on Espruino: ESPRUINO is not set\n");
}

/** Registers it for one test, and leaves its network file in a folder. */
const registered = (context: TestContext) => {
  const at = folder(context);
  const module = join(at, "direct.js");
  const core = read("test/algorithms/direct-core.ts");
  const text = core.text.replaceAll("../../firmware/", "./");
  writeFileSync(module, compiled({ ...core, text }).text);
  ALGORITHMS.push(direct(module));
  context.after(() => ALGORITHMS.pop());
  const file = join(at, "n.json");
  writeFileSync(file, JSON.stringify({ ...contentOf("pump"), algorithm: "direct" }));
  return { at, file };
};

const LIAR = ["--traitor", "c=equivocate"] as const;

const run = async (argv: readonly string[]) => {
  const { code, out, err } = await cli(argv, { env: { ESPRUINO: interpreter } });
  assert.ok(code === 0 || code === 1, err);
  return { code, out };
};

describe("an algorithm of two files and a line", () => {
  it("is refused before it is registered, and taken then", async (context) => {
    const { file } = registered(context);
    const algorithm = ALGORITHMS.pop()!;
    const { code, err } = await cli(["plan", file]);
    assert.equal(code, 2);
    assert.match(err, /algorithm: .*"om".*"lfab"/);
    ALGORITHMS.push(algorithm);
    assert.equal((await run(["plan", file])).code, 0);
  });

  it("has a plan: one round, of one value", async (context) => {
    const { file } = registered(context);
    const { out } = await run(["plan", file]);
    assert.match(out, /direct hearing/);
    const [plan] = jsonOf((await run(["plan", file, "--json"])).out);
    assert.equal((plan!["rounds"] as unknown[]).length, 1);
  });

  for (const engine of [...OWN_ENGINES, ...espruino]) {
    it(`holds without liars, and is broken by one, on ${engine}`, async (context) => {
      const { at, file } = registered(context);
      const traces = [engine, "native"].map((name) => join(at, `${name}.trace`));
      for (const [liar, verdict] of [[[], "held"], [LIAR, "broken"]] as const) {
        const words = ["emulate", file, "--cycles", "5", ...liar, "--json"];
        const { out } = await run([...words, "--engine", engine, "--trace", traces[0]!]);
        assert.equal(jsonOf(out).at(-1)!["verdict"], verdict);
        await run([...words, "--trace", traces[1]!]);
        assert.deepEqual(readFileSync(traces[0]!), readFileSync(traces[1]!));
      }
    });
  }

  it("has a trace that is judged again, and a picture", async (context) => {
    const { at, file } = registered(context);
    const [trace, picture] = [join(at, "t"), join(at, "p.svg")];
    const argv = ["emulate", file, "--cycles", "3", ...LIAR];
    await run([...argv, "--trace", trace, "--svg", picture]);
    assert.match(readFileSync(picture, "utf8"), /<svg[^]*broken/i);
    const { out } = await run(["replay", trace, "--json"]);
    assert.equal(jsonOf(out).at(-1)!["verdict"], "broken");
  });
});

describe("the registry", () => {
  it("names what it has", () => {
    assert.equal(ballotNames(),
      '"lbp", "lfab", "pbft", "fab", "paxos", "2pc", "3pc" and "paxos-commit"');
    assert.equal(viewNames(), '"pbft", "fab" and "paxos"');
    assert.equal(signerNames(), '"sm"');
    assert.equal(algorithmNamed("om").name, "om");
    // Ballots go over whatever agreement the network signs, or does not sign, by.
    for (const signed of [false, true]) {
      const { agreement, ballots } = algorithmsOf("lbp", signed);
      assert.deepEqual([agreement.name, ballots?.name], [signed ? "sm" : "om", "lbp"]);
    }
    assert.throws(() => algorithmNamed("none"), /none is no algorithm/);
  });

  it("is the only place that knows an algorithm by its name", () => {
    const names = ALGORITHMS.map(({ name }) => name).join("|");
    const named = `"(?:${names})"`;
    const compared = new RegExp(`[!=]==? ${named}|${named} [!=]==?|case ${named}`);
    for (const { path, text } of readAll("host", ".ts")) {
      if (!path.startsWith("host/algorithms/")) assert.doesNotMatch(text, compared, path);
    }
  });
});
