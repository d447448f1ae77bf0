import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { abandonAll, startWriting, writeTogether, writeWhole } from "../../host/base/file.js";
import { cli, contentOf, exampleOf, filesIn, folder, refused } from "./harness.js";

/** What is written: whole or not at all, beside its place, and secrets for their owner alone. */

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** With everything allowed, or nothing. */
const within = async (mask: number, act: () => Promise<void>): Promise<void> => {
  const before = process.umask(mask);
  try {
    await act();
  } finally {
    process.umask(before);
  }
};

const keyed = (context: TestContext): string => {
  const file = join(folder(context), "n.json");
  writeFileSync(file, JSON.stringify({ ...contentOf("pump"), auth: "mac" }));
  return file;
};

describe("files that hold secrets", () => {
  it("are their owner's alone, whatever the umask, as is their folder", async (context) => {
    const file = keyed(context);
    const at = folder(context);
    for (const mask of [0, 0o777]) {
      const keys = join(at, `keys${mask}`);
      const out = join(at, `a${mask}.js`);
      await within(mask, async () => {
        assert.equal((await cli(["keys", file, "--out", keys])).code, 0);
        chmodSync(join(keys, "public.json"), 0o644);
        const argv = ["bundle", file, "--board", "a", "--keys", keys, "--out", out];
        assert.equal((await cli(argv)).code, 0);
      });
      assert.equal(modeOf(keys), 0o700);
      assert.equal(modeOf(join(keys, "a.secret.json")), 0o600);
      assert.equal(modeOf(out), 0o600);
      assert.ok(readdirSync(keys).every((name) => /^(\w\.secret|public)\.json$/.test(name)));
    }
  });

  it("go to no pipe, nor to what a link that waits leads to", async (context) => {
    const file = keyed(context);
    const at = folder(context);
    const keys = join(at, "keys");
    await cli(["keys", file, "--out", keys]);
    const pipe = join(at, "pipe");
    spawnSync("mkfifo", [pipe]);
    const bundle = ["bundle", file, "--board", "a", "--keys", keys, "--out"];
    const argv = [...bundle, pipe];
    await refused([...argv], /pipe: cannot be written: it is no file, and this is a secret/);
    // Where such a file used to be written beside.
    const [out, other] = [join(at, "a.js"), join(at, "other")];
    writeFileSync(other, "mine");
    symlinkSync(other, `${out}.${process.pid}.part`);
    symlinkSync(other, out);
    assert.equal((await cli([...bundle, out])).code, 0);
    assert.equal(readFileSync(other, "utf8"), "mine");
    assert.ok(readFileSync(out).length > 1000);
  });

  it("are all there, or none", (context) => {
    const at = folder(context);
    const part = (name: string) => ({ name, content: "x", secret: true });
    const parts = [part("a"), part("no/such"), part("b")];
    assert.throws(() => {
      writeTogether(join(at, "new"), parts);
    }, /cannot be written: there is no such file or folder/);
    assert.deepEqual(readdirSync(at), []);
    const old = join(at, "old");
    mkdirSync(old);
    writeFileSync(join(old, "b"), "mine");
    assert.throws(() => {
      writeTogether(old, [part("a"), part("b"), part("c")]);
    }, /cannot be written/);
    assert.deepEqual(filesIn(old), ["b"]);
    assert.equal(readFileSync(join(old, "b"), "utf8"), "mine");
  });

  it("are not made where a link stands that leads nowhere", async (context) => {
    const at = folder(context);
    symlinkSync(join(at, "elsewhere"), join(at, "public.json"));
    await refused(["keys", keyed(context), "--out", at], /public\.json: is there, and keys are/);
    assert.deepEqual(readdirSync(at), ["public.json"]);
  });
});

describe("a file that is written", () => {
  it("lies beside under another name each time, and is gone where it is given up", (context) => {
    const at = folder(context);
    const seen = new Set<string>();
    for (let times = 0; times < 3; times++) {
      startWriting(join(at, "x"));
      for (const name of readdirSync(at)) seen.add(name);
      assert.equal(readdirSync(at).length, 1);
      // As when a second signal comes.
      abandonAll();
      assert.deepEqual(readdirSync(at), []);
    }
    assert.equal(seen.size, 3);
  });

  it("may have the longest name that there is", (context) => {
    const path = join(folder(context), "x".repeat(255));
    writeWhole(path, "x");
    assert.equal(readFileSync(path, "utf8"), "x");
  });

  it("reaches a pipe that somebody reads", (context) => {
    const at = folder(context);
    const out = join(at, "copy");
    const main = new URL("../../host/cli/main.ts", import.meta.url).pathname;
    const { status, stderr } = spawnSync("bash", ["-c",
      '"$1" --import "$2" "$3" bundle "$4" --board a --out >(cat > "$5"); sleep 0.5', "bash",
      process.execPath, import.meta.resolve("tsx"), main, exampleOf("pump"), out],
    { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^a: \d+ bytes/);
    assert.ok(existsSync(out) && statSync(out).size > 2000);
  });
});
