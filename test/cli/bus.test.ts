import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RESERVED, openCounter } from "../../host/cli/counter.js";
import { cli, contentOf, exampleOf, folder, jsonOf, linesOf, refused } from "./harness.js";

const DESK = exampleOf("desk");
const ports = (names: string) =>
  Array.from(names).flatMap((name) => ["--port", `${name}=port-${name}`]);

describe("tagma bus and tagma board", () => {
  it("refuse on one line what cannot be meant", async () => {
    await refused(["bus", DESK, ...ports("abc")], /--port: none for d$/m);
    await refused(["bus", DESK, ...ports("abcda")], /port-a: a has a port already/);
    await refused(["bus", DESK, ...ports("abc"), "--port", "d=port-a"], /is another board/);
    await refused(["bus", DESK, ...ports("abcx")], /"x" is not in the network/);
    await refused(["bus", DESK, "--port", "a"], /--port: a: must be BOARD=PATH/);
    await refused(["bus", DESK, ...ports("abcd"), "--traitor", "c=silent"], /for tagma emulate/);
    await refused(["bus", DESK, ...ports("abcd"), "--faults", "silent=1"], /"silent" is unknown/);
    await refused(["bus", DESK, ...ports("abcd"), "--first-cycle", "-1"], /whole number/);
    await refused(["bus", DESK, ...ports("abcd"), "--readings", "nowhere.csv"], /no such file/);
    await refused(["bus", DESK, ...ports("abcd"), "--trace", DESK], /is an input already/);
    const signed = exampleOf("three");
    await refused(["bus", signed, ...ports("abc")], /--keys: .* is signed, and public\.json/);
    await refused(["bus", DESK, ...ports("abcd"), "--keys", "."], /there are no keys$/m);
    await refused(["board", signed, "--board", "a", "--port", "p"], /needs keys: make them by/);
    await refused(["board", DESK, "--board", "a", "--port", "p", "--keys", "."], /no keys$/m);
    await refused(["board", DESK, "--board", "a", "--port", "p", "--store", "s"],
      /--store: .* its boards neither sign nor promise/);
    await refused(["board", DESK, "--board", "a", "--port", "p", "--once"],
      /neither sign nor promise/);
    await refused(["board", DESK, "--board", "x", "--port", "p"], /"x" is not in the network/);
    await refused(["board", DESK, "--board", "a", "--port", ""], /--port: a path is needed/);
  });

  it("go on where no port can be opened, and tell so", async (context) => {
    const counter = join(folder(context), "counter");
    const { code, out } = await cli([
      "bus", DESK, ...ports("abcd"), "--cycles", "3", "--counter", counter,
    ]);
    assert.equal(code, 1);
    assert.match(out, /a is away: port-a: cannot be opened: no such port/);
    assert.match(out, /^nothing held and nothing broke; in 3 cycles more than 1 failed, /m);
    assert.match(out, /; nothing was heard: no board answered in any cycle, and 3 are needed$/m);
  });

  it("go on without a trace where the disk is full, and fail in the end", async (context) => {
    const counter = join(folder(context), "counter");
    const { code, out, err } = await cli([
      "bus", DESK, ...ports("abcd"), "--cycles", "400", "--counter", counter,
      "--trace", "/dev/full",
    ]);
    assert.equal(code, 2);
    assert.match(out, /^400 cycles in /m);
    assert.equal(readFileSync(counter, "utf8"), "400\n");
    const why = "tagma: /dev/full: cannot be written: the disk is full";
    assert.deepEqual(linesOf(err), [`${why}: it goes on without a trace`, why]);
  });

  it("tell of ballots what is told of emulated ones", async (context) => {
    const counter = join(folder(context), "counter");
    const words = ["bus", exampleOf("press"), ...ports("abcd"), "--cycles", "3"];
    const { code, out } = await cli([...words, "--counter", counter, "--first-cycle", "1"]);
    assert.equal(code, 1);
    assert.match(out, /LBP, a log of 4, over OM\(1\)/);
    assert.match(out, /cycle 1: not promised\n {2}put in .*\n {2}decided {2}nothing\n/);
    assert.match(out, /^nothing held and nothing broke; nothing was heard: .* 3 are needed$/m);
    const { out: lines } = await cli([...words, "--json", "--counter", counter]);
    const [first, , , summary] = jsonOf(lines);
    assert.deepEqual(first!["decisions"], [[], [], [], []]);
    assert.deepEqual(summary!["ballots"], { cs1: 3, cs2: 3, cs3: 3, cl1: 3, cl2: 3, asked: 0 });
  });

  it("number cycles as nobody has before, whatever ended the run", async (context) => {
    const at = folder(context);
    const counter = join(at, "counter");
    const run = async (...words: string[]) => {
      const { code, out, err } = await cli([
        "bus", DESK, ...ports("abcd"), "--cycles", "3", "--json", "--counter", counter, ...words,
      ]);
      return { code, err, cycles: jsonOf(out).flatMap(({ cycle }) => cycle ?? []) };
    };
    assert.deepEqual((await run()).cycles, [0, 1, 2]);
    assert.deepEqual((await run()).cycles, [3, 4, 5]);
    assert.deepEqual((await run("--first-cycle", "90")).cycles, [90, 91, 92]);
    const refusal = await run("--first-cycle", "92");
    assert.equal(refusal.code, 2);
    assert.match(refusal.err, /--first-cycle: 92 may have been used, the next that was not is 93 /);
    const path = join(at, "run.trace");
    assert.deepEqual((await run("--trace", path)).cycles, [93, 94, 95]);
    const replayed = await cli(["replay", path, "--cycle", "95", "--json"]);
    assert.deepEqual(jsonOf(replayed.out).flatMap(({ cycle }) => cycle ?? []), [95]);
    const none = await cli(["replay", path, "--cycle", "2"]);
    assert.match(none.err, /--cycle: 2 is not in .*, there are 93 to 95/);
    // What a run that was killed leaves is above all that it used.
    const killed = await openCounter(counter);
    for (let cycle = killed.first; cycle < 1000; cycle++) {
      await killed.reserve(cycle);
      assert.ok(Number(readFileSync(counter, "utf8")) > cycle, `cycle ${cycle}`);
    }
    const left = join(at, "left");
    writeFileSync(left, readFileSync(counter));
    await killed.end(1000);
    // Nobody else counts in it meanwhile; and who was killed does not any more.
    const second = await run();
    assert.equal(second.code, 2);
    assert.match(second.err, new RegExp(`process ${process.pid} counts in it already; --counter`));
    killed.release();
    const { first, release } = await openCounter(left);
    release();
    assert.ok(first >= 1000 && first <= 999 + RESERVED, `begins with ${first}`);
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    writeFileSync(`${left}.lock.${dead}.0123456789abcdef`, "");
    (await openCounter(left)).release();
    assert.deepEqual(readdirSync(at).filter((name) => name.includes(".lock.")), []);
    for (const [text, told] of [
      ["x", /is no cycle's number/], ["4294967297", /is no cycle's number/],
      ["4294967296", /all numbers of cycles were used/],
    ] as const) {
      writeFileSync(counter, text);
      const { code, err } = await run();
      assert.equal(code, 2);
      assert.match(err, told);
    }
    writeFileSync(counter, "4294967294");
    assert.deepEqual((await run()).cycles, [4294967294, 4294967295]);
    // A network's cycles begin where its file says.
    const file = join(at, "press.json");
    writeFileSync(file, JSON.stringify({ ...contentOf("press"), first_cycle: 70 }));
    const bus = ["bus", file, ...ports("abcd"), "--cycles", "2", "--json"];
    for (const [words, cycles] of [
      [[], [70, 71]], [["--first-cycle", "73"], [73, 74]], [[], [75, 76]],
    ] as const) {
      const { out } = await cli([...bus, ...words]);
      assert.deepEqual(jsonOf(out).flatMap(({ cycle }) => cycle ?? []), cycles);
    }
    await refused(["bus", file, ...ports("abcd"), "--first-cycle", "69"], /69 may have been used/);
    mkdirSync(join(at, "folder"));
    await refused(["bus", DESK, ...ports("abcd"), "--counter", join(at, "folder")],
      /--counter: .* cannot be written: it is a folder/);
  });

  it("count on once the disk is back, and stop where no number is left", async (context) => {
    const at = folder(context);
    const [there, away] = [join(at, "there"), join(at, "away")];
    mkdirSync(there);
    const path = join(there, "counter");
    const counter = await openCounter(path);
    // A write that nobody waits for fails, and is over some time later.
    const fails = async (cycle: number) => {
      assert.equal(counter.reserve(cycle), undefined);
      await sleep(30);
    };
    renameSync(there, away);
    for (const cycle of [RESERVED - 100, RESERVED - 1]) await fails(cycle);
    await assert.rejects(async () => counter.reserve(RESERVED), /counter: cannot be written: /);
    await assert.rejects(counter.end(RESERVED), /counter: cannot be written: /);
    renameSync(away, there);
    await counter.reserve(RESERVED);
    assert.equal(readFileSync(path, "utf8"), `${2 * RESERVED}\n`);
    renameSync(there, away);
    await fails(2 * RESERVED - 1);
    renameSync(away, there);
    await counter.end(2 * RESERVED);
    assert.equal(readFileSync(path, "utf8"), `${2 * RESERVED}\n`);
    counter.release();
    assert.deepEqual(readdirSync(there), ["counter"]);
  });

  it("end with trace and summary where the counter cannot be written", async (context) => {
    const at = folder(context);
    const [there, trace] = [join(at, "there"), join(at, "run.trace")];
    for (const [asked, ran] of [[3, 3], [400, RESERVED]] as const) {
      mkdirSync(there);
      let looks = 0;
      const { code, out, err } = await cli([
        "bus", DESK, ...ports("abcd"), "--cycles", `${asked}`, "--trace", trace,
        "--counter", join(there, "counter"),
      ], { interruptedWhen: () => {
        if (looks++ === 0) renameSync(there, join(at, `away-${asked}`));
        return false;
      } });
      assert.equal(code, 2);
      assert.match(err, /^tagma: \S+counter: cannot be written: .*; --counter puts it .*\n$/);
      assert.match(out, new RegExp(`^${ran} cycles in `, "m"));
      const replayed = await cli(["replay", trace]);
      assert.equal(replayed.code, 1, replayed.err);
      assert.match(replayed.out, new RegExp(
        `nothing broke; in ${ran} cycles more than 1 failed, .*nothing was heard`));
    }
  });

  it("show an example each", async () => {
    for (const name of ["bus", "board"]) {
      const { code, out } = await cli([name, "--help"]);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Examples?:\\n[^]*tagma ${name} `));
    }
  });
});
