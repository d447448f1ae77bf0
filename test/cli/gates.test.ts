import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmdirSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { cli, contentOf, exampleOf, filesIn, folder, jsonOf, refused } from "./harness.js";

/** What comes from outside: files that are none, and texts that are made to be more than text. */

const PUMP = exampleOf("pump");
/** What loads TypeScript does not start there itself. */
const BUILT = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;

/** What commands a terminal, begins a line, or cannot be seen. */
const EVIL = "a\u001b]0;x\u0007\nb\u009b31m\u202e\u200bc\ud800";
const SHOWN = "a\\u001b]0;x\\u0007\\u000ab\\u009b31m\\u202e\\u200bc\\ud800";
// oxlint-disable-next-line eslint/no-control-regex -- these are what must not be there
const RAW = /[\0-\x09\x0b-\x1f\x7f-\x9f]|\p{Bidi_Control}|\u200b|\p{Surrogate}/u;

const written = (context: TestContext, name: string, content: string | Uint8Array): string => {
  const path = join(folder(context), name);
  writeFileSync(path, content);
  return path;
};

const changed = (context: TestContext, change: object, name = "pump"): string =>
  written(context, "n.json", JSON.stringify({ ...contentOf(name), ...change }));

describe("what is no file", () => {
  const BUS = ["bus", PUMP, ...["a=w", "b=x", "c=y", "d=z"].flatMap((port) => ["--port", port])];
  const commands = (path: string): readonly (readonly string[])[] => [
    ["emulate", path], ["emulate", PUMP, "--readings", path], ["replay", path],
    [...BUS, "--cycles", "1", "--counter", path],
  ];

  it("is refused at once by every command, and not waited for", async (context) => {
    const at = folder(context);
    const [pipe, socket] = [join(at, "pipe"), join(at, "socket")];
    assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
    const server = createServer().listen(socket);
    context.after(() => {
      server.close();
    });
    await new Promise((resolve) => {
      server.on("listening", resolve);
    });
    for (const [path, kind] of [
      [pipe, "a pipe and no file"], [socket, "a socket and no file"],
      ["/dev/zero", "a device and no file"],
    ] as const) {
      for (const argv of commands(path)) {
        await refused(argv, new RegExp(`${path}: cannot be read: it is ${kind}\n$`));
      }
      // Nobody reads the pipe, and nobody waits until somebody does.
      if (kind !== "a device and no file") {
        const argv = ["bundle", PUMP, "--board", "a", "--out", path];
        await refused(argv, /cannot be written: nobody reads it, and it is no file/);
      }
      const keys = ["bundle", exampleOf("three"), "--board", "a", "--keys", path];
      await refused(keys, /public\.json: cannot be read: a part of its path is no folder/);
    }
  });

  it("is refused as a board's store: a pipe, a folder, more than any flash", async (context) => {
    const at = folder(context);
    const file = written(context, "n.json", JSON.stringify({
      ...contentOf("three"),
      signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] },
    }));
    const keys = join(at, "keys");
    assert.equal((await cli(["keys", file, "--out", keys])).code, 0);
    const store = join(at, "store");
    mkdirSync(store);
    const argv = ["board", file, "--board", "a", "--port", "p", "--keys", keys, "--store", store];
    const one = join(store, "tagma.0");
    mkdirSync(one);
    await refused(argv, /tagma\.0: cannot be read: it is a folder/);
    rmdirSync(one);
    writeFileSync(one, "");
    truncateSync(one, 3 * 2 ** 30);
    await refused(argv, /tagma\.0: is longer than 1048576 bytes/);
    truncateSync(one, 0);
    await refused([...argv, "--once"], /tagma\.0: is there, so the board may have signed/);
    assert.deepEqual(filesIn(store), ["tagma.0"]);
  });

  it("is the folder in which it is started, where that is gone", (context) => {
    const at = join(folder(context), "gone");
    mkdirSync(at);
    const { status, stderr } = spawnSync("sh", ["-c",
      'cd "$1" && rmdir "$1" && exec "$2" "$3" --help', "sh", at, process.execPath, BUILT,
    ], { encoding: "utf8" });
    assert.match(stderr, /^tagma: the folder that it is started in is gone: change to another\n$/);
    assert.equal(status, 2);
  });
});

describe("names that are more than text", () => {
  it("are shown escaped, by every command", async (context) => {
    const file = changed(context, { name: EVIL });
    for (const argv of [
      ["emulate", file, "--transport", "memory"], ["plan", file], ["plan", file, "--json"],
      ["emulate", file, "--transport", "memory", "--json"],
    ]) {
      for (const columns of [undefined, 120]) {
        const around = { env: { NO_COLOR: "1" }, ...(columns === undefined ? {} : { columns }) };
        const { code, out, err } = await cli(argv, around);
        assert.equal(code, 0, err);
        assert.doesNotMatch(out + err, RAW);
        if (argv.includes("--json")) jsonOf(out);
        else assert.ok(out.includes(SHOWN.slice(0, 20)), out.slice(0, 200));
      }
    }
    const [told] = jsonOf((await cli(["plan", file, "--json"])).out);
    assert.equal(told!["network"], EVIL);
  });

  it("are shown escaped in pictures, and in the trace's replay", async (context) => {
    const at = folder(context);
    // A trace is Unicode.
    const file = changed(context, { name: EVIL.slice(0, -1) });
    const [svg, trace] = [join(at, "s.svg"), join(at, "t")];
    const argv = ["emulate", file, "--cycles", "1", "--transport", "memory"];
    assert.equal((await cli([...argv, "--svg", svg, "--trace", trace])).code, 0);
    assert.doesNotMatch(readFileSync(svg, "utf8"), RAW);
    assert.doesNotMatch((await cli(["replay", trace])).out, RAW);
  });

  it("are shown escaped and cut where something is wrong", async (context) => {
    const evil = `${EVIL.slice(0, -1)}/x`;
    for (const argv of [
      ["emulate", evil], ["plan", PUMP, `--${evil}`], [evil], ["help", evil],
      ["emulate", PUMP, "--readings", evil], ["emulate", PUMP, "--traitor", evil],
      ["boards", evil], ["bundle", PUMP, "--board", evil], ["console", "--port", evil],
    ]) {
      const { code, out, err } = await cli(argv);
      assert.equal(code, 2);
      assert.doesNotMatch(out + err, RAW);
      assert.match(err, /^tagma: [^\n]*\n$/);
    }
    const long = "x".repeat(100_000);
    for (const argv of [
      ["emulate", long], ["emulate", PUMP, "--traitor", `${long}=split`], ["boards", long],
      ["plan", changed(context, { name: long })], ["plan", changed(context, { decision: long })],
      ["emulate", PUMP, "--readings", written(context, "r.csv", `1,2,3,${long.slice(0, 60_000)}`)],
    ]) {
      const { code, err } = await cli(argv);
      assert.equal(code, 2);
      assert.ok(err.length < 1200, `${err.length}: ${err.slice(0, 100)}`);
    }
  });

  it("can be pasted with the command that shows a run again", async (context) => {
    const name = join(folder(context), "a'\u202e\u001bb.json");
    const content = { ...contentOf("pump"), decision: { script: "Math.floor(3*vector[0])" } };
    writeFileSync(name, JSON.stringify(content));
    const { out } = await cli(["emulate", name, "--traitor", "a=split", "--traitor", "c=split"]);
    const [, word] = /tagma emulate (\$'.*?[^\\]') /.exec(out) ?? [];
    assert.ok(word, out);
    const { stdout } = spawnSync("bash", ["-c", `printf %s ${word}`],
      { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
    assert.equal(stdout, name);
  });
});

describe("JSON from outside", () => {
  for (const [what, content, said] of [
    ["too deep", "[".repeat(5000), /is nested deeper than 64 levels/],
    ["twice the same key", JSON.stringify(contentOf("pump")).replace("{", '{"name":"x",'),
      /line 1: "name" is there twice/],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), /is UTF-16, and must be UTF-8/],
    ["UTF-16 without a mark", Buffer.from('{"a":1}', "utf16le"), /is UTF-16, and must be UTF-8/],
    ["Latin-1", Buffer.from('{"name":"é"}', "latin1"), /is not UTF-8, as it must be/],
  ] as const) {
    it(`is refused: ${what}`, async (context) => {
      await refused(["plan", written(context, "n.json", content)], said);
    });
  }

  it("may begin with a mark of its order of bytes", async (context) => {
    const file = written(context, "n.json", `\ufeff${JSON.stringify(contentOf("pump"))}`);
    assert.equal((await cli(["plan", file])).code, 0);
  });
});

describe("numbers of a network file", () => {
  const BEYOND: Readonly<Record<string, number>> = {
    release_us: 2 ** 31, guard_us: 2 ** 53 - 1, period_ms: 1e300, silence_ms: 2 ** 40,
    traitors: 2 ** 53 - 1, tag_bytes: 1e9, baud: 1e300,
  };
  for (const [field, value] of Object.entries(BEYOND)) {
    it(`are refused beyond what any network needs: ${field}`, async (context) => {
      const file = changed(context, { auth: "mac", [field]: value }, "kiln");
      await refused(["plan", file], new RegExp(`n\\.json: ${field}: .* must be at most \\d+`));
    });
  }

  it("are summed up where all of them are as large as may be, or refused", async (context) => {
    const boards = contentOf("kiln").boards.map((one) => ({ ...one, compute_us: 3_600_000_000 }));
    const most = { release_us: 1_000_000, guard_us: 60_000_000, boards };
    const slow = await cli(["plan", changed(context, { ...most, baud: 300 }, "kiln"), "--json"]);
    assert.equal(slow.code, 0, slow.err);
    assert.doesNotMatch(slow.out, /e\+/);
    assert.match(slow.out, /"cycle_us":\d{11},/);
    await refused(["plan", changed(context, { ...most, baud: 4_000_000 }, "kiln")],
      /n\.json: poll: a beacon's payload of \d+ bytes, must be 1 to \d+/);
  });
});

it("an address without such a port is refused before anything runs", async () => {
  const said = /tcp:\/\/127\.0\.0\.1:99999: is no address, .* and PORT from 1 to 65535/;
  const bad = "tcp://127.0.0.1:99999";
  const others = ["b=x", "c=y", "d=z"].flatMap((port) => ["--port", port]);
  await refused(["bus", PUMP, "--port", `a=${bad}`, ...others], said);
  await refused(["board", PUMP, "--board", "a", "--port", bad], said);
});
