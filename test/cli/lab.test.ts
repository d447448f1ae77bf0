/** The page, as the command line makes it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { storyIn } from "../../host/lab/page/story.js";
import { cli, contentOf, exampleOf, filesIn, folder, refused } from "./harness.js";

test("tagma lab --out writes the page whole, and again, and says where it begins", async (t) => {
  const out = join(folder(t), "lab");
  for (let times = 0; times < 2; times++) {
    const { code, out: said } =
      await cli(["lab", exampleOf("boiler"), "--seed", "9", "--out", out]);
    assert.equal(code, 0);
    assert.deepEqual(filesIn(out), ["index.html", "lab.css", "lab.js", "licences.txt"]);
    const { seed, network } = storyIn(said.trim().replace(/^.*#/, ""));
    assert.deepEqual([seed, (network as { name: string }).name], [9, "boiler"]);
  }
  const notices = readFileSync(join(out, "licences.txt"), "utf8");
  for (const name of ["tagma", "preact", "htm", "uplot", "zod", "buffer", "ieee754",
    "@codemirror/view", "@lezer/common", "@noble/hashes"]) {
    const line = new RegExp(`^${name} [\\d.]+, (?:MIT|Apache-2.0|BSD-3-Clause)$`, "m");
    assert.match(notices, line, name);
  }
  const page = readFileSync(join(out, "index.html"), "utf8");
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; script-src 'self'/);
  assert.doesNotMatch(page + readFileSync(join(out, "lab.css"), "utf8"), /https?:\/\//);
});

test("tagma lab serves the page on loopback until it is stopped", async () => {
  let looks = 0;
  const { code, out } = await cli(["lab", "--port", "0"], { interruptedWhen: () => looks++ > 3 });
  assert.equal(code, 0);
  assert.match(out, /^http:\/\/127\.0\.0\.1:\d+\/\n$/);
});

test("what no page can show is refused", async (t) => {
  const out = join(folder(t), "lab");
  const scripted = join(folder(t), "scripted.json");
  writeFileSync(scripted, JSON.stringify({
    ...contentOf("pump"), $schema: undefined, decision: { script: "vector[0]" },
  }));
  await refused(["lab", scripted, "--out", out], /decision: a script does not run in the page/);
  await refused(["lab", exampleOf("nothing"), "--out", out], /cannot be read/);
  await refused(["lab", "--port", "65536"], /65536/);
  await refused(["bus", exampleOf("desk"), "--port", "a=w", "--port", "b=x", "--port", "c=y",
    "--port", "d=z", "--control"], /--control: .*only with --page/);
  assert.deepEqual(filesIn(join(out, "..")), []);
});
