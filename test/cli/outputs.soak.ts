import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { cli, contentOf, exampleOf, folder, linesOf } from "./harness.js";

/** What becomes of a command whose output goes nowhere. */

const MAIN = fileURLToPath(new URL("../../host/cli/main.ts", import.meta.url));
const DESK = exampleOf("desk");
const PORTS = Array.from("abcd").flatMap((name) => ["--port", `${name}=/dev/nothing-${name}`]);
const skip = existsSync("/dev/full") ? false : "there is no /dev/full here";

const into = (device: string, ...argv: string[]) => {
  const out = openSync(device, "w");
  try {
    return spawnSync(process.execPath, ["--import", "tsx", MAIN, ...argv], {
      stdio: ["ignore", out, "pipe"], encoding: "utf8",
    });
  } finally {
    closeSync(out);
  }
};

describe("output that cannot be written", { skip }, () => {
  it("is nothing to a bus, which says so once", (context) => {
    const at = folder(context);
    for (const more of [[], ["--json"]]) {
      const counter = join(at, `counter${more.length}`);
      const { stderr, status } = into(
        "/dev/full", "bus", DESK, ...PORTS, "--cycles", "30", "--counter", counter, ...more,
      );
      assert.equal(readFileSync(counter, "utf8"), "30\n");
      assert.match(stderr, /^tagma: the output cannot be written: .*: the network goes on\n$/);
      assert.notEqual(status, 0);
    }
  });

  it("ends with a line what only prints", (context) => {
    const at = folder(context);
    const trace = join(at, "a.trace");
    const emulated = ["emulate", DESK, "--cycles", "5"];
    assert.equal(into("/dev/null", ...emulated, "--trace", trace).status, 0);
    for (const words of [emulated, [...emulated, "--json"], ["replay", trace], ["boards"]]) {
      const { stderr, status } = into("/dev/full", ...words);
      assert.equal(status, 2, words.join(" "));
      assert.match(stderr, /^tagma: the output cannot be written: [^\n]*\n$/);
    }
    assert.deepEqual(readdirSync(at), ["a.trace"]);
  });
});

it("a reader who has gone is nothing to a bus, and no fault of what only prints", async (t) => {
  const counter = join(folder(t), "counter");
  const { code, err } = await cli(
    ["bus", DESK, ...PORTS, "--cycles", "9", "--counter", counter], { readsUntil: 2 },
  );
  assert.equal(readFileSync(counter, "utf8"), "9\n");
  assert.deepEqual(linesOf(err), ["tagma: nobody reads the output any more: the network goes on"]);
  assert.notEqual(code, 0);
  const printed = await cli(["emulate", DESK, "--cycles", "5"], { readsUntil: 2 });
  assert.deepEqual([printed.code, printed.err], [141, ""]);
});

describe("a board's program that throws", () => {
  const pump = (changes: object) => {
    const { $schema: _, ...content } = contentOf("pump");
    const [first, ...others] = content.boards;
    return { ...content, boards: [{ ...first, ...changes }, ...others] };
  };

  for (const engine of ["bundle", "quickjs"]) {
    for (const link of ["mock", "memory"]) {
      it(`is a line that names it: ${engine}, ${link}`, (context) => {
        const at = folder(context);
        const [path, trace] = [join(at, "n.json"), join(at, "n.trace")];
        writeFileSync(path, JSON.stringify(pump({ tx: "Q7" })));
        const { stdout, stderr, status } = spawnSync(process.execPath, [
          "--import", "tsx", MAIN, "emulate", path, "--engine", engine, "--transport", link,
          "--cycles", "2", "--trace", trace,
        ], { encoding: "utf8" });
        assert.equal(status, 2);
        assert.match(stderr, /^tagma: board \w+: its program stops with .*Q7.*\n$/);
        assert.ok(!`${stdout}${stderr}`.includes("function"), "the bundle's text is there");
        assert.deepEqual(readdirSync(at), ["n.json"]);
      });
    }
  }

  it("lamps and buttons are pins, where a kind has them", async (context) => {
    const path = join(folder(context), "n.json");
    for (const [pin, engine] of [["LED1", "bundle"], ["BTN1", "quickjs"], ["LED2", "native"]]) {
      writeFileSync(path, JSON.stringify(pump({ order: { pin } })));
      const { code, err } = await cli(["emulate", path, "--engine", engine!, "--cycles", "2"]);
      assert.deepEqual([code, err], [0, ""], `${pin}, ${engine}`);
    }
    writeFileSync(path, JSON.stringify(pump({ order: { pin: "LED4" } })));
    const { code, err } = await cli(["plan", path]);
    assert.equal(code, 2);
    assert.match(err, /boards\[0\]\.order\.pin: PICO_R1_3 has no LED4, there are: LED1, /);
  });
});

it("the last number of a cycle is legal, and the next is not, in windows too", async (t) => {
  const path = join(folder(t), "n.json");
  writeFileSync(path, JSON.stringify({
    ...contentOf("press"), $schema: undefined, first_cycle: 2 ** 32 - 2,
  }));
  for (const more of [[], ["--async", "stall=1@0"]]) {
    const two = await cli(["emulate", path, "--cycles", "2", ...more]);
    assert.equal(two.code, 0, two.out + two.err);
    const three = await cli(["emulate", path, "--cycles", "3", ...more]);
    assert.equal(three.code, 2);
    assert.match(three.err, /the last one has the number 4294967296, .* at most 4294967295$/m);
  }
});
