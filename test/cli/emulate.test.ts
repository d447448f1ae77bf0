import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { FAULTS } from "../../host/faults/registry.js";
import { loadNetwork } from "../../host/network/network.js";
import { microsecondsOf, planOf } from "../../host/plan/plan.js";
import { cli, exampleOf, folder, jsonOf, linesOf } from "./harness.js";

const PUMP = exampleOf("pump");
const DESK = exampleOf("desk");
const BROKEN = ["--traitor", "a=split", "--traitor", "c=split"];
const FAST = ["--transport", "memory"];

const bare = (text: string): string => stripVTControlCharacters(text);

describe("tagma emulate --json", () => {
  it("prints a cycle a line, with the promised fields in order, then a summary", async () => {
    const { code, out, err } = await cli(["emulate", PUMP, "--json", "--traitor", "c=equivocate"]);
    const lines = jsonOf(out);
    assert.equal(code, 0);
    assert.equal(err, "");
    assert.equal(lines.length, 11);
    for (const [cycle, line] of lines.slice(0, 10).entries()) {
      assert.deepEqual(Object.keys(line), [
        "cycle",
        "inputs",
        "vectors",
        "orders",
        "faulty",
        "agreement",
        "validity",
        "verdict",
        "frames",
        "bytes",
        "time_us",
      ]);
      assert.equal(line["cycle"], cycle);
      assert.deepEqual(line["faulty"], [2]);
      assert.equal((line["vectors"] as unknown[])[2], null);
      assert.equal((line["orders"] as unknown[])[2], null);
    }
    const { summary, cycles, agreement, validity, verdict } = lines[10]!;
    assert.deepEqual(
      { summary, cycles, agreement, validity, verdict },
      { summary: true, cycles: 10, agreement: 10, validity: 10, verdict: "held" },
    );
  });

  it("is the same for one seed, on every link and engine, and another for another", async () => {
    const run = async (...more: string[]) => {
      const { out } = await cli([
        "emulate",
        DESK,
        "--json",
        "--cycles",
        "5",
        "--traitor",
        "b=random",
        ...more,
      ]);
      return linesOf(out).slice(0, 5).join("\n");
    };
    const first = await run("--transport", "memory", "--engine", "native");
    for (const [link, engine] of [
      ["mock", "native"],
      ["memory", "bundle"],
      ["mock", "quickjs"],
    ] as const) {
      assert.equal(await run("--transport", link, "--engine", engine), first, `${link} ${engine}`);
    }
    assert.notEqual(await run("--seed", "2"), first);
  });

  it("shows what cannot be read as null", async () => {
    const { out, code } = await cli(["emulate", DESK, "--json", "--readings", "-", ...FAST], {
      input: "d,c,b,a\n4,,2,1\n",
    });
    assert.equal(code, 0);
    assert.deepEqual(jsonOf(out)[0]!["inputs"], [1, 2, null, 4]);
    assert.deepEqual((jsonOf(out)[0]!["vectors"] as unknown[])[0], [1, 2, null, 4]);
  });

  it("has nothing else on standard output where something broke", async () => {
    const { code, out, err } = await cli(["emulate", DESK, "--json", ...BROKEN, ...FAST]);
    assert.equal(code, 1);
    assert.equal(jsonOf(out).at(-1)!["verdict"], "broken");
    assert.match(err, /BROKEN first in cycle 0: /);
    assert.match(err, /^replay: tagma emulate /m);
  });
});

describe("tagma emulate, where something broke", () => {
  it("names the first cycle, and the command that replays it exactly", async (context) => {
    const path = folder(context);
    const table = join(path, "it's.csv");
    writeFileSync(table, "1,1,1,1\n2,2,2,2\n3,3,3,3\n9,9,9,200\n5,5,5,5\n");
    const words = [
      "--readings",
      table,
      "--seed",
      "7",
      "--faults",
      "flip@a=0.5",
      "--traitor",
      "c=crash:3.2",
    ];
    const { code, out } = await cli(["emulate", DESK, ...words, ...FAST]);
    assert.equal(code, 1, out);
    const first = Number(/BROKEN first in cycle (\d+)/.exec(out)![1]);
    const replay = /^replay: tagma (.*)$/m.exec(out)![1]!;
    assert.ok(replay.includes(`--cycles ${first + 1} `), replay);
    // A shell takes the words apart, as it would for a person.
    const shell = spawnSync("sh", ["-c", `printf '%s\\n' ${replay}`], { encoding: "utf8" });
    const again = await cli(shell.stdout.trimEnd().split("\n"));
    assert.equal(again.code, 1);
    assert.match(again.out, new RegExp(`BROKEN first in cycle ${first}: `));
    const row = (text: string) => text.slice(text.indexOf(`\n      ${first} |`)).split("\n")[1];
    assert.equal(row(again.out), row(out));
  });

  it("shows who holds what, and marks what no correct board put in", async () => {
    const { out } = await cli(["emulate", DESK, "--cycles", "1", ...BROKEN, ...FAST]);
    assert.match(out, /they differ .* BROKEN: agreement, validity/);
    assert.match(out, /holds b$/m);
    assert.match(out, /holds d$/m);
    assert.match(out, /\d!/);
    assert.match(out, /\d\*/);
  });

  it("says on standard error what is outside of the guarantee, and runs it", async () => {
    const one = await cli(["emulate", DESK, "--traitor", "a=silent", ...FAST]);
    assert.equal(one.err, "");
    const two = await cli([
      "emulate",
      DESK,
      "--traitor",
      "a=silent",
      "--traitor",
      "b=silent",
      ...FAST,
    ]);
    assert.match(
      two.err,
      /outside of what is guaranteed: 2 boards are faulty, and this network outvotes 1\n/,
    );
    assert.match(two.out, /cycle/);
    const lines = await cli(["emulate", DESK, "--faults", "drop=0.5", ...FAST]);
    assert.match(lines.err, /outside of what is guaranteed: faults on all links/);
    assert.equal(lines.code, 1);
    const own = await cli(["emulate", DESK, "--faults", "drop@a=0.5,flip@a=0.5", ...FAST]);
    assert.equal(own.err, "");
    assert.equal(own.code, 0);
  });
});

describe("tagma emulate, for people", () => {
  it("runs as many cycles as readings have rows, unless told", async () => {
    const input = "1,2,3,4\n".repeat(4);
    const rows = await cli(["emulate", DESK, "--readings", "-", ...FAST], { input });
    assert.match(rows.out, /in all 4 cycles/);
    const told = await cli(["emulate", DESK, "--readings", "-", "--cycles", "6", ...FAST], {
      input,
    });
    assert.match(told.out, /in all 6 cycles/);
  });

  it("marks the faulty with more than a colour, and colours on a terminal only", async () => {
    const argv = ["emulate", DESK, "--cycles", "2", "--traitor", "c=equivocate", ...FAST];
    const piped = await cli(argv);
    assert.ok(!piped.out.includes("\u001b"));
    assert.match(piped.out, /^\* c: tells every other receiver the contrary \(equivocate\)$/m);
    assert.match(piped.out, /\d\* /);
    const terminal = await cli(argv, { columns: 100 });
    assert.ok(terminal.out.includes("\u001b[31m"));
    assert.equal(bare(terminal.out), piped.out);
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      assert.equal((await cli(argv, { columns: 100, env })).out, piped.out);
    }
  });

  it("fits a narrow terminal", async () => {
    for (const columns of [40, 60, 80]) {
      const { out } = await cli(
        ["emulate", exampleOf("oven"), "--cycles", "2", "--traitor", "top=stale", ...FAST],
        { columns },
      );
      const text = bare(out);
      const rows = text.slice(text.indexOf("cycle 0: held"), text.indexOf("held: in all"));
      for (const line of rows.split("\n")) assert.ok(Array.from(line).length <= columns, line);
      assert.match(rows, /top=[-\d.]+\*/);
      assert.match(rows, /top=⊥\*/);
    }
  });

  it("shows a long run's first rows, then only those that broke", async () => {
    const held = await cli(["emulate", DESK, "--cycles", "500", ...FAST]);
    assert.ok(linesOf(held.out).length < 25);
    assert.match(held.out, /^… and 490 cycles more, which held$/m);
    const broken = await cli([
      "emulate",
      DESK,
      "--cycles",
      "500",
      "--traitor",
      "a=silent",
      "--traitor",
      "b=crash:400.1",
      ...FAST,
    ]);
    assert.equal(broken.code, 1);
    assert.match(broken.out, /^… and 490 cycles more, 100 of them broken, the first 10:$/m);
    assert.match(broken.out, /^ +400 \|/m);
    assert.ok(linesOf(broken.out).length < 60);
  });

  it("shows progress on a terminal only, and takes it away in the end", async () => {
    const argv = ["emulate", DESK, "--cycles", "1000", ...FAST];
    const terminal = await cli(argv, { columns: 100 });
    assert.ok(terminal.progress.length > 1);
    assert.equal(terminal.progress.at(-1), -1);
    assert.ok(terminal.progress.slice(0, -1).every((part) => part > 0 && part <= 1));
    assert.deepEqual((await cli(argv)).progress, []);
    assert.deepEqual(
      (await cli(["emulate", DESK, "--cycles", "20", ...FAST], { columns: 100 })).progress,
      [],
    );
  });

  it("tells frames, bytes, time, memory, verdict, and what the boards did not use", async () => {
    const { out } = await cli(["emulate", DESK, "--cycles", "3", ...FAST]);
    // Beacons: 4 * 3 of 10, 7, 7 bytes. Frames: 4 up and 12 down of 9 bytes, then of 11.
    const network = loadNetwork(DESK);
    const time = microsecondsOf(network, planOf(network).needed) / 1000;
    assert.ok(
      out.includes(`${3 * 44} frames, ${3 * (4 * 24 + 16 * 9 + 16 * 11)} bytes, ${time} ms of`),
      out,
    );
    assert.match(out, / \d+ bytes of memory a\s+board/);
    assert.match(out, /^held: in all 3 cycles /m);
    assert.doesNotMatch(out, /not used/);
    const late = await cli(["emulate", DESK, "--faults", "flip@a=0.5", ...FAST]);
    assert.match(late.out, /^not used by the boards: \d+ /m);
  });

  it("--pace real takes as long as the boards would", async () => {
    const quick = await cli(["emulate", exampleOf("tank"), "--cycles", "5", ...FAST]);
    assert.ok(quick.waited < 1);
    const { waited } = await cli([
      "emulate",
      exampleOf("tank"),
      "--cycles",
      "5",
      "--pace",
      "real",
      ...FAST,
    ]);
    // Of five cycles, the last need not wait for its next; what computing took is not waited.
    assert.ok(waited > 350 && waited <= 500, String(waited));
  });

  it("--help has the whole menu, a line each", async () => {
    const { out } = await cli(["emulate", "--help"]);
    for (const { name, help } of FAULTS) {
      assert.equal(
        linesOf(out).filter((line) => line.trimStart().startsWith(name) && line.includes(help))
          .length,
        1,
        name,
      );
    }
  });
});

describe("tagma emulate, its files", () => {
  it("writes a trace, and a picture of the first cycle that broke", async (context) => {
    const path = folder(context);
    const trace = join(path, "t");
    const svg = join(path, "s.svg");
    const { code } = await cli([
      "emulate",
      DESK,
      "--traitor",
      "a=silent",
      "--traitor",
      "b=crash:4.1",
      "--trace",
      trace,
      "--svg",
      svg,
      ...FAST,
    ]);
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(path).toSorted(), ["s.svg", "t"]);
    assert.match(readFileSync(svg, "utf8"), /<title>desk, cycle 4<\/title>/);
    assert.equal((await cli(["replay", trace])).code, 1);
  });

  it("leaves nothing behind where it is stopped, or nobody reads it any more", async (context) => {
    const path = folder(context);
    const argv = [
      "emulate",
      DESK,
      "--json",
      "--cycles",
      "1000",
      "--trace",
      join(path, "t"),
      "--svg",
      join(path, "s"),
      ...FAST,
    ];
    const closed = await cli(argv, { readsUntil: 5 });
    assert.deepEqual([closed.code, closed.err, linesOf(closed.out).length], [141, "", 5]);
    const stopped = await cli(argv, { stopsAfter: 5 });
    assert.deepEqual([stopped.code, stopped.err], [130, ""]);
    assert.deepEqual(readdirSync(path), []);
  });
});

describe("a defect", () => {
  it("is one line, and where it is only when asked", async () => {
    const argv = ["emulate", DESK, "--readings", "-"];
    const thrown = new TypeError("x is\nnot a function");
    const { code, out, err } = await cli(argv, { thrown });
    assert.deepEqual(
      [code, out, err],
      [70, "", "tagma: x is not a function: this is a defect of tagma, please report it\n"],
    );
    const asked = await cli(argv, { thrown, env: { TAGMA_DEBUG: "1" } });
    assert.match(asked.err, /^\s+at /m);
  });
});
