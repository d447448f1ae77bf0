import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { takeLock } from "../../host/base/lock.js";
import { folder, jsonOf } from "./harness.js";

const LOCK = new URL("../../host/base/lock.ts", import.meta.url).href;
const ID = "0123456789abcdef";

const refusal = ({ pid }: { readonly pid: number }) => new Error(`${pid} has it`);

/** Takes a lock again and again for a while; what is alone within it finds no file of another. */
const CONTENDER = `
  import { once } from "node:events";
  import { rmSync, writeFileSync } from "node:fs";
  const { takeLock } = await import(process.argv[1]);
  const [, , path, dead] = process.argv;
  const counts = { taken: 0, refused: 0, shared: 0 };
  process.stdout.write("ready\\n");
  await once(process.stdin, "data");
  const end = Date.now() + 700;
  for (let round = 0; Date.now() < end; round++) {
    const left = process.pid.toString(16).padStart(8, "0") + round.toString(16).padStart(8, "0");
    writeFileSync(path + "." + dead + "." + left, "");
    try {
      const release = await takeLock(path, () => new Error("refused"));
      counts.taken++;
      try {
        writeFileSync(path + "-inside", "", { flag: "wx" });
        await new Promise((resolve) => setTimeout(resolve, round % 3));
        rmSync(path + "-inside");
      } catch {
        counts.shared++;
      }
      release();
    } catch (thrown) {
      if (thrown.message !== "refused") throw thrown;
      counts.refused++;
    }
    await new Promise((resolve) => setTimeout(resolve, round % 2));
  }
  process.stdout.write(JSON.stringify(counts) + "\\n");
  process.stdin.destroy();
`;

describe("a lock", () => {
  it("is one process's at a time, whatever those that were killed left behind", async (context) => {
    const at = folder(context);
    const dead = `${spawnSync(process.execPath, ["--version"]).pid}`;
    const children = Array.from({ length: 3 }, () => spawn(process.execPath, [
      "--import", "tsx", "--input-type=module", "-e", CONTENDER, LOCK, join(at, "lock"), dead,
    ], { stdio: ["pipe", "pipe", "inherit"] }));
    const texts = children.map((child) => {
      const said = { text: "" };
      child.stdout.on("data", (chunk: Buffer) => {
        said.text += chunk.toString();
      });
      return said;
    });
    await Promise.all(children.map(async ({ stdout }) => once(stdout, "data")));
    for (const { stdin } of children) stdin.write("go");
    await Promise.all(children.map(async (child) => once(child, "close")));
    const counts = texts.map(({ text }) => jsonOf(text.replace("ready\n", ""))[0]!);
    const sum = (name: string) => counts.reduce((all, one) => all + Number(one[name]), 0);
    const told = JSON.stringify(counts);
    assert.equal(sum("shared"), 0, told);
    assert.ok(sum("taken") >= 10 && sum("refused") > 0, told);
    (await takeLock(join(at, "lock"), refusal))();
    assert.deepEqual(readdirSync(at), []);
  });

  it("is refused where its holder lives, and given back by nobody else", async (context) => {
    const at = folder(context);
    const path = join(at, "lock");
    const release = await takeLock(path, refusal);
    const [own] = readdirSync(at);
    await assert.rejects(takeLock(path, refusal), new RegExp(`^Error: ${process.pid} has it$`));
    assert.deepEqual(readdirSync(at), [own]);
    (await takeLock(join(at, "loc"), refusal))();
    (await takeLock(join(at, "lock.1"), refusal))();
    release();
    // The test's parent lives; and another of its names is no lock.
    for (const name of [`lock.${process.ppid}.${ID}`, "lock", "lock.1", `lock.x.${ID}`]) {
      writeFileSync(join(at, name), "");
    }
    release();
    await assert.rejects(takeLock(path, refusal), new RegExp(`^Error: ${process.ppid} has it$`));
    assert.equal(readdirSync(at).length, 4);
  });

  it("is free where the number of its holder is nobody's, or by now one's own", async (context) => {
    const at = folder(context);
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    for (const pid of [dead, process.pid]) {
      writeFileSync(join(at, `lock.${pid}.${ID}`), "");
      (await takeLock(join(at, "lock"), refusal))();
      assert.deepEqual(readdirSync(at), []);
    }
  });

  it("is got by one of those that ask in the same moment", async (context) => {
    const path = join(folder(context), "lock");
    for (let round = 0; round < 3; round++) {
      const asked = await Promise.allSettled(
        Array.from({ length: 4 }, async () => takeLock(path, refusal)));
      const got = asked.filter((one) => one.status === "fulfilled");
      assert.equal(got.length, 1);
      for (const { value } of got) value();
    }
  });
});
