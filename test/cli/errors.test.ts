import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync, chmodSync, closeSync, mkdirSync, openSync, writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadNetwork } from "../../host/network/network.js";
import { planOf } from "../../host/plan/plan.js";
import { cli, contentOf, exampleOf, filesIn, folder, refused } from "./harness.js";

/** Bad usage: one line that says what, where and what would be right, exit 2, nothing written. */

const PUMP = exampleOf("pump");
const MAIN = new URL("../../host/cli/main.ts", import.meta.url).pathname;
/** Bits of a cycle. */
const PERIOD = planOf(loadNetwork(PUMP)).period;

describe("options that are wrong", () => {
  for (const [words, said] of [
    ["--cycles 0", /--cycles .*'0' is invalid.*whole number from 1/],
    ["--cycles=-1", /--cycles .*'-1' is invalid.*whole number from 1/],
    ["--cycles abc", /--cycles .*'abc' is invalid.*whole number from 1/],
    ["--cycles 1.5", /--cycles .*'1\.5' is invalid.*whole number from 1/],
    ["--seed abc", /--seed .*'abc' is invalid.*whole number from 0 to 4294967295/],
    ["--seed 4294967296", /--seed .*whole number from 0 to 4294967295/],
    ["--engine foo", /--engine .*'foo' is invalid.*native, bundle, quickjs/],
    ["--transport foo", /--transport .*'foo' is invalid.*mock, memory/],
    ["--pace fast", /--pace .*'fast' is invalid.*real/],
    ["--traitor", /--traitor .*argument missing/],
    ["--traitor c", /--traitor: "c" must be BOARD=BEHAVIOUR/],
    ["--traitor z=random", /--traitor: board "z" is not in the network, there are: a, b, c, d/],
    ["--traitor c=lie", /--traitor: "lie" is unknown, there are: silent, .*split/],
    ["--traitor c=drop", /--traitor: "drop" is unknown, there are: silent/],
    ["--traitor c=random:3", /--traitor: c=random:3: random takes no parameter/],
    ["--traitor c=crash:3", /--traitor: c=crash:3: crash takes CYCLE\.ROUND/],
    ["--traitor c=crash:.", /--traitor: c=crash:\.: crash takes CYCLE\.ROUND/],
    ["--traitor c=crash:1.3", /--traitor: c=crash:1\.3: round 3 must be 1 to 2/],
    ["--traitor c=crash:99999999999.1",
      /--traitor: c=crash:99999999999\.1: CYCLE 99999999999 must be at most 4294967295/],
    [`--traitor c=late:${PERIOD + 1}`,
      new RegExp(`c=late:${PERIOD + 1}: BITS ${PERIOD + 1} must be at most ${PERIOD}, a cycle's`)],
    ["--traitor c=silent --traitor c=random", /--traitor: board c is given twice/],
    ["--faults drop", /--faults: "drop" must be NAME=PROBABILITY/],
    ["--faults ,", /--faults: "" must be NAME=PROBABILITY/],
    ["--faults drop=0.1,", /--faults: "" must be NAME=PROBABILITY/],
    ["--faults drop=2", /--faults: drop=2: 2 is no probability, it must be from 0 to 1/],
    ["--faults dorp=0.1", /--faults: "dorp" is unknown, there are: drop, delay/],
    ["--faults split=0.1", /--faults: "split" is unknown, there are: drop/],
    ["--faults drop@z=0.1", /--faults: board "z" is not in the network, there are: a, b, c, d/],
    ["--cycels 3",
      /unknown option '--cycels' \(Did you mean --cycles\?\), see tagma emulate --help/],
    ["more", /too many arguments/],
  ] as const) {
    it(words, async () => refused(["emulate", PUMP, ...words.split(" ")], said));
  }

  it("late by a whole cycle is still taken", async () => {
    const late = ["emulate", PUMP, "--traitor", `c=late:${PERIOD}`, "--transport", "memory"];
    assert.equal((await cli(late)).code, 0);
  });

  it("are refused by the other commands too", async () => {
    await refused(["emulat", PUMP], /unknown command 'emulat' \(Did you mean emulate\?\)/);
    await refused(["plan"], /missing required argument 'network', see tagma plan --help/);
    await refused(["plan", PUMP, "--jsn"], /unknown option '--jsn'/);
    await refused(["bundle", PUMP], /required option '--board <name>' not specified/);
    await refused(["bundle", PUMP, "--board", "z"],
      /--board: .*pump\.json: board "z" is not in the network, there are: a, b, c, d/);
    await refused(["boards", "PICO"], /board kind "PICO" is unknown, there are: /);
    await refused(["replay"], /missing required argument 'trace'/);
  });
});

describe("readings that are wrong", () => {
  for (const [what, text, said] of [
    ["a row too short", "1,2,3,4\n1,2,3\n", /line 2: has 3 fields, .* 4 boards/],
    ["a value out of range", "1,2,3,4\n1,2,300,4\n",
      /line 2: board c: "300" is not a whole number from 0 to 255/],
    ["a value that is no number", "a,b,c,d\n1,2,x,4\n",
      /line 2: board c: "x" is not a whole number/],
    ["a column missing", "a,b,c\n1,2,3\n", /line 1: no column for board d/],
    ["empty", "", /has no readings, one row a cycle is needed/],
    ["a column twice", "a,b,c,d,d\n1,2,3,4,5\n", /line 1: two columns are named d/],
    ["semicolons", "\ufeffa;b;c;d\n1;2;3;4\n", /line 1: fields are separated by ";", and must be/],
    ["semicolons and decimal commas", "1,5;2,5;3,5;4,5\n", /line 1: fields are separated by ";"/],
    ["tabs", "a\tb\tc\td\n", /line 1: fields are separated by tabs, and must be by ","/],
    ["a first row alone", "a,b,c,d\r\n", /has no readings, one row a cycle is needed/],
    ["blank lines alone", "\n \r\n\n", /has no readings/],
    ["a NUL byte", "1,2,3,4\n1,2\0,3,4\n", /line 2: has a NUL byte/],
    ["too many columns", "1,2,3,4,5\n", /line 1: has 5 fields, one for each of 4 boards/],
    ["far too many columns", `a,b,c,d${",x".repeat(2000)}\n`, /line 1: has 2004 fields, 1024 are/],
    ["more behind a quote", '1,2,3,4\n1,"2"x,3,4\n', /line 2: more stands behind a quote that is/],
    ["a quote that swallows the rest", `1,"2,3,4\n${"1,2,3,4\n".repeat(20_000)}`,
      /line 1: a quote is opened and not closed/],
    ["a line without an end", `1,2,3,4\n${"1".repeat(200_000)}`, /line 2: is longer than/],
    ["a quote left open", "1,2,3,4\n1,\"2,3,4\n", /line 2: a quote is opened and not closed/],
  ] as const) {
    it(what, async (context) => {
      const name = join(folder(context), "r.csv");
      writeFileSync(name, text);
      await refused(["emulate", PUMP, "--readings", name], new RegExp(`^tagma: ${name}: `));
      await refused(["emulate", PUMP, "--readings", name], said);
      await refused(["emulate", PUMP, "--readings", "-"], said, text);
    });
  }

  it("without an end", async (context) => {
    const argv = ["emulate", PUMP, "--readings"];
    const said = /^tagma: [^:]+: is longer than 64 MiB, which is the most\n$/;
    for (const words of [[...argv, "/dev/zero"], ["emulate", "/dev/zero"]]) {
      await refused(words, /\/dev\/zero: cannot be read: it is a device and no file\n$/);
    }
    const zero = openSync("/dev/zero", "r");
    context.after(() => {
      closeSync(zero);
    });
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", MAIN, ...argv, "-"],
      { stdio: [zero, "ignore", "pipe"], encoding: "utf8", timeout: 60_000 });
    assert.match(stderr, said);
    assert.equal(status, 2);
  });

  it("longer than may be, by one byte", async (context) => {
    const name = join(folder(context), "long.json");
    writeFileSync(name, JSON.stringify(contentOf("pump")).padEnd(64 * 2 ** 20));
    const argv = ["emulate", name, "--transport", "memory"];
    assert.equal((await cli(argv)).code, 0);
    appendFileSync(name, " ");
    await refused(argv, /long\.json: is longer than 64 MiB/);
  });

  it("missing, or a folder", async (context) => {
    const argv = ["emulate", PUMP, "--readings"];
    await refused([...argv, "no.csv"], /no\.csv: cannot be read: there is no such/);
    await refused([...argv, folder(context)], /cannot be read: it is a folder/);
  });
});

/** The root user may write everywhere, so the test is somebody else meanwhile. */
const asSomebody = async (act: () => Promise<void>): Promise<void> => {
  const user = process.geteuid!();
  if (!user) process.seteuid!(65534);
  try {
    await act();
  } finally {
    if (!user) process.seteuid!(user);
  }
};

describe("outputs that cannot be written", () => {
  const COMMANDS = [
    ["emulate", PUMP, "--trace"], ["emulate", PUMP, "--svg"],
    ["bundle", PUMP, "--board", "a", "--out"],
  ];

  for (const argv of COMMANDS) {
    const option = argv[argv.length - 1]!;

    it(`${option}: no such folder`, async (context) => {
      const path = folder(context);
      await refused([...argv, join(path, "no", "x")],
        new RegExp(`^tagma: ${option}: .*no/x: cannot be written: there is no such file or`));
      assert.deepEqual(filesIn(path), []);
    });

    it(`${option}: a folder, or nothing`, async (context) => {
      const path = folder(context);
      await refused([...argv, path],
        new RegExp(`^tagma: ${option}: .*cannot be written: it is a folder`));
      await refused([...argv, ""], new RegExp(`^tagma: ${option}: a file's name is needed`));
      assert.deepEqual(filesIn(path), []);
    });

    it(`${option}: read-only`, async (context) => {
      const path = folder(context);
      chmodSync(path, 0o755);
      const name = join(path, "x");
      writeFileSync(name, "mine", { mode: 0o444 });
      // What is loaded once is not read again by somebody who perhaps may not.
      await cli(["boards", "PICO_R1_3"]);
      const network = join(path, "pump.json");
      writeFileSync(network, JSON.stringify(contentOf("pump")));
      mkdirSync(join(path, "shut"), { mode: 0o555 });
      const own = argv.map((word) => (word === PUMP ? network : word));
      await asSomebody(async () => {
        await refused([...own, name],
          new RegExp(`${option}: .*x: cannot be written: it is read-only`));
        await refused([...own, join(path, "shut", "x")],
          new RegExp(`${option}: .*shut/x: cannot be written: permission is denied`));
      });
      assert.deepEqual(filesIn(path), ["pump.json", "shut", "x"]);
    });
  }

  it("are an input, or another output", async (context) => {
    const path = folder(context);
    const name = join(path, "pump.json");
    writeFileSync(name, JSON.stringify(contentOf("pump")));
    const table = join(path, "r.csv");
    writeFileSync(table, "1,2,3,4\n");
    await refused(["emulate", name, "--trace", name], /--trace: .*pump\.json: is an input already/);
    await refused(["emulate", name, "--readings", table, "--svg", table],
      /--svg: .*r\.csv: is an input already/);
    await refused(["bundle", name, "--board", "a", "--out", name],
      /--out: .*pump\.json: is an input already/);
    await refused(["emulate", name, "--trace", join(path, "x"), "--svg", join(path, "x")],
      /--svg: .*x: is what --trace writes already/);
    assert.deepEqual(filesIn(path), ["pump.json", "r.csv"]);
  });

  it("replay --svg", async (context) => {
    const path = folder(context);
    const trace = join(path, "t");
    await cli(["emulate", PUMP, "--cycles", "1", "--trace", trace]);
    await refused(["replay", trace, "--svg", join(path, "no", "x")],
      /--svg: .*cannot be written: there is no such file or folder/);
    await refused(["replay", trace, "--svg", trace], /--svg: .*t: is an input already/);
    await refused(["replay", trace, "--cycle", "1"], /--cycle: 1 is not in .*t, there are 0 to 0/);
    await refused(["replay", trace, "--cycle", "x"], /--cycle .*'x' is invalid/);
    assert.deepEqual(filesIn(path), ["t"]);
  });
});

describe("a trace that is none", () => {
  for (const [what, content, said] of [
    ["text", "hello, world", /byte 0: /], ["empty", "", /is empty/],
    ["another map", "\xa1\x61e\x61x", /byte 0: is no trace/],
  ] as const) {
    it(what, async (context) => {
      const name = join(folder(context), "t");
      writeFileSync(name, content, "latin1");
      await refused(["replay", name], said);
    });
  }

  it("standard input", async () => {
    await refused(["replay", "-"],
      /tagma: -: a trace is read more than once, from a file and not from standard input/);
  });

  it("missing, or a folder", async (context) => {
    await refused(["replay", "no.trace"], /no\.trace: cannot be read: there is no such/);
    await refused(["replay", folder(context)], /cannot be read: it is a folder/);
  });
});
