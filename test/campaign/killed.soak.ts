import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Campaigns of real processes, of which one is killed half-way: the campaign itself, a worker, the
 * Redis with and without what it held. What is said in the end is what is said without.
 */

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const PUMP = "boards/networks/pump.json";
/** In these runs two of four lie, and many break: the failing seeds are compared as well. */
const WORDS = [
  "campaign", PUMP, "--runs", "3000", "--traitor", "c=random", "--traitor", "a=relay", "--json",
];
const PATIENCE = 120_000;

const start = (words: readonly string[]) => {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, out, err });
    });
  });
  return { child, ended, err: () => err };
};

const until = async (holds: () => boolean, what: string): Promise<void> => {
  const began = performance.now();
  while (!holds()) {
    await sleep(20);
    assert.ok(performance.now() - began < PATIENCE, `${what} did not happen`);
  }
};

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), "tagma-killed-"));
  t.after(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
};

/** How many runs a campaign has in its file. */
const runsIn = (path: string): number => {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { sum: { runs: number } }).sum.runs;
  } catch {
    return 0;
  }
};

const whole = start(WORDS).ended;

test("a campaign that is killed goes on where it was, and says the same", async (t) => {
  const path = join(folder(t), "run");
  const expected = await whole;
  assert.equal(expected.code, 1);
  const words = [...WORDS, "--progress", path];
  for (const at of [0, 800, 1900]) {
    const { child, ended } = start(words);
    await until(() => runsIn(path) > at, `run ${at}`);
    child.kill("SIGKILL");
    await ended;
    assert.ok(runsIn(path) < 3000, "it was over before it was killed");
  }
  const { code, out } = await start(words).ended;
  assert.equal(code, 1);
  assert.equal(out, expected.out);
});

test("a campaign that is stopped ends at once, and goes on", async (t) => {
  const path = join(folder(t), "run");
  const words = [...WORDS, "--progress", path];
  const { child, ended } = start(words);
  await until(() => runsIn(path) > 0, "a batch");
  child.kill("SIGINT");
  assert.equal((await ended).code, 130);
  const before = runsIn(path);
  assert.ok(before > 0 && before < 3000);
  assert.equal((await start(words).ended).out, (await whole).out);
});

const server = (() => {
  try {
    return execFileSync("which", ["redis-server"], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
})();

const freePort = async (): Promise<number> => new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address() as AddressInfo;
    probe.close(() => {
      resolve(port);
    });
  });
});

/** A Redis of this test's own. `kept`: it writes down what it is told before it answers. */
const redis = async (t: TestContext, kept: boolean) => {
  const port = await freePort();
  const dir = folder(t);
  let child: ChildProcess;
  const begin = () => {
    child = spawn(server, [
      "--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "",
      "--appendonly", kept ? "yes" : "no", "--appendfsync", "always",
    ], { stdio: "ignore" });
  };
  begin();
  t.after(() => child.kill("SIGKILL"));
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      child.kill("SIGKILL");
      await new Promise<void>((resolve) => {
        child.once("close", () => {
          resolve();
        });
      });
    },
    begin,
  };
};

const worker = async (t: TestContext, url: string) => {
  for (;;) {
    const { child, ended, err } = start(["worker", "--redis", url, "--threads", "1"]);
    t.after(() => child.kill("SIGKILL"));
    const here = until(() => err().includes("waiting for"), "a worker");
    const left = await Promise.race([ended, here]);
    if (!left) return { child, ended };
    // The Redis has not begun yet.
    assert.match(left.err, /no Redis can be reached/);
  }
};

for (const kept of [true, false]) {
  const what = kept ? "keeps" : "forgets";
  test(`a worker is killed, and a Redis that ${what} all: each batch counts once`, async (t) => {
    if (!server) {
      t.skip("there is no redis-server: apt-get install redis-server");
      return;
    }
    const { url, ...held } = await redis(t, kept);
    const first = await worker(t, url);
    const path = join(folder(t), "run");
    const { ended, err } = start([...WORDS, "--redis", url, "--progress", path]);
    const second = await worker(t, url);
    await until(() => runsIn(path) > 500, "the first batches");
    first.child.kill("SIGKILL");
    await until(() => runsIn(path) > 1000, "more batches, by one worker");
    await held.kill();
    await until(() => err().includes("the Redis is away"), "a Redis that is away");
    held.begin();
    const { code, out } = await ended;
    assert.equal(code, 1);
    assert.equal(out, (await whole).out);
    assert.match(err(), /the Redis is back/);
    second.child.kill("SIGINT");
    const last = await second.ended;
    assert.equal(last.code, 0);
    assert.match(last.err, /batches run/);
  });
}
