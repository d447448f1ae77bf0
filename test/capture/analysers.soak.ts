import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { HUB } from "../../firmware/index.js";
import { spokenIn } from "../../host/trace/payload.js";
import { folder } from "../cli/harness.js";
import { capture, framesIn } from "./captured.js";

/**
 * What sigrok and Wireshark make of our files, by the decoders of the package.
 * `TAGMA_REWRITE=1` writes what they say into the golden files: read it before it is kept.
 */

const REWRITE = process.env["TAGMA_REWRITE"] === "1";
const GOLDEN = new URL("golden/", import.meta.url);
const SIGROK = new URL("../../tools/sigrok", import.meta.url).pathname;
const LUA = new URL("../../tools/wireshark/tagma.lua", import.meta.url).pathname;
const PATIENCE = 60_000;

const without = (program: string) => {
  const skip = spawnSync(program, ["--version"]).error !== undefined && `${program} is not there`;
  if (skip) process.stderr.write(`NOT RUN: what is written for ${program}: ${skip}\n`);
  return skip;
};

const run = (program: string, words: readonly string[]): string => {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: "utf8", timeout: PATIENCE, maxBuffer: 1 << 26,
    env: { ...process.env, SIGROKDECODE_DIR: SIGROK, LC_ALL: "C", TZ: "UTC" },
  });
  assert.equal(status, 0, `${program}: ${error?.message ?? stderr}`);
  // Whoever runs it as root is told so; anything else is wrong.
  assert.equal(stderr.replace(/^Running as user "root".*\n/gm, ""), "");
  return stdout;
};

const isGolden = (name: string, said: string) => {
  const file = new URL(`${name}.txt`, GOLDEN);
  if (REWRITE) writeFileSync(file, said);
  assert.ok(said.length > 100, `it says next to nothing: ${said}`);
  assert.equal(said, readFileSync(file, "utf8"));
};

/** Short frames, long ones, a shared wire with a board that babbles, ballots, lines that fail. */
const PUMP = ["boards/networks/pump.json", "--cycles", "2", "--traitor", "c=equivocate"];
const LONG = ["--cycles", "2", "--traitor", "b=equivocate"];
const WIRE = ["boards/networks/kiln.json", "--cycles", "2", "--traitor", "left=babble"];
const BALLOTS = ["boards/networks/press.json", "--cycles", "2", "--traitor", "c=random"];
const FAILING = [
  "boards/networks/pump.json", "--cycles", "6", "--faults", "flip@c=0.4,truncate@c=0.3",
];

/** Five boards whose values are so long that words have two bytes. */
const longIn = (context: TestContext): string => {
  const path = join(folder(context), "long.json");
  writeFileSync(path, JSON.stringify({
    name: "long", algorithm: "om", traitors: 1, value: { bytes: 64 }, decision: "majority",
    default: "00".repeat(64), baud: 115_200,
    boards: ["a", "b", "c", "d", "e"].map((name) => ({ name, kind: "EMULATED" })),
  }));
  return path;
};

const decoded = (vcd: string, uart: string, options: string, rows = "frame:warning") => run(
  "sigrok-cli", [
    "-I", "vcd", "-i", vcd, "-P", `uart:${uart},tagma:${options}`, "-A", `tagma=${rows}`,
    "--protocol-decoder-samplenum",
  ]);

describe("sigrok's decoder", { skip: without("sigrok-cli") }, () => {
  it("shows all parts of all frames", async (context) => {
    const { vcd } = await capture(context, PUMP);
    const rows = "start:header:cycle:payload:checksum:frame:warning";
    isGolden("pump-sigrok",
      decoded(vcd, "rx=d_tx:tx=d_rx:baudrate=115200", "boards=a+b+c+d", rows));
  });

  it("shows frames whose words have two bytes", async (context) => {
    const { vcd, events } = await capture(context, [longIn(context), ...LONG]);
    assert.match(readFileSync(vcd, "latin1"), /115200 baud, 8N1, words of 2, boards a\+b\+c\+d\+e/);
    const said = decoded(vcd, "rx=a_tx:tx=a_rx:baudrate=115200", "word=2:boards=a+b+c+d+e");
    isGolden("long-sigrok", said.replaceAll(/((?: [0-9a-f]{2}){8})(?: [0-9a-f]{2})+/g, "$1 …"));
    const whole = framesIn(events).filter(({ from, to, fate }) =>
      (to === 0 || (from === 0 && to === HUB)) && fate === "heard").length;
    assert.equal(said.trim().split("\n").length, whole);
  });

  it("shows what is on a shared wire, and that it is no frame where two speak", async (context) => {
    const { vcd, network } = await capture(context, WIRE);
    const { file: { baud }, boards } = network;
    isGolden("kiln-sigrok", decoded(vcd, `rx=hub_rx:tx=${boards[0]!.name}_rx:baudrate=${baud}`,
      `boards=${boards.map(({ name }) => name).join("+")}`));
  });

  it("shows each board's frame that is whole, and warns of what is none", async (context) => {
    const { vcd, events, network } = await capture(context, FAILING);
    const lines = decoded(vcd, "rx=c_rx:baudrate=115200", "word=1").trim().split("\n");
    const mine = framesIn(events).filter(({ from, to, fate }) =>
      from !== HUB && to === 2 && fate !== "lost");
    const whole = mine.filter(({ bytes }) => spokenIn(network, bytes));
    assert.ok(whole.length > 5 && mine.length > whole.length + 5);
    assert.equal(lines.filter((line) => /: board \d+: round \d/.test(line)).length, whole.length);
    const warned = lines.filter((line) => /No whole frame|Outside of a frame/.test(line));
    assert.ok(warned.length >= mine.filter(({ bytes }) => bytes.length).length - whole.length);
  });
});

const FIELDS = [
  "frame.time_relative", "tagma.from", "tagma.to", "tagma.fate", "tagma.lie", "tagma.cycle",
  "tagma.sender", "tagma.said_round", "tagma.item", "tagma.checksum_ok",
];

const dissected = (pcapng: string, ...words: string[]): string =>
  run("tshark", ["-X", `lua_script:${LUA}`, "-r", pcapng, ...words]);

describe("Wireshark's dissector", { skip: without("tshark") }, () => {
  const runs = {
    pump: PUMP, kiln: WIRE, press: BALLOTS,
    three: ["boards/networks/three.json", "--cycles", "1", "--traitor", "b=equivocate"],
  };
  for (const [name, words] of Object.entries(runs)) {
    it(`says in a line what each frame says: ${name}`, async (context) => {
      const { pcapng, events } = await capture(context, words);
      const said = dissected(pcapng);
      isGolden(`${name}-tshark`, said);
      assert.equal(said.trim().split("\n").length, framesIn(events).length);
      assert.equal(dissected(pcapng, "-Y", "_ws.malformed or _ws.lua.error"), "");
    });
  }

  it("has fields to filter by", async (context) => {
    const { pcapng, events } = await capture(context, PUMP);
    const lies = framesIn(events).filter(({ lie }) => lie);
    const found = dissected(pcapng, "-Y", "tagma.lie != 0", "-T", "fields",
      ...FIELDS.flatMap((field) => ["-e", field]));
    isGolden("pump-fields", found);
    assert.ok(lies.length > 0);
    assert.equal(found.trim().split("\n").length, lies.length);
  });

  it("finds each board's frame that is none, and no other", async (context) => {
    const { pcapng, events, network } = await capture(context, FAILING);
    const none = framesIn(events).filter(({ from, bytes }) =>
      from !== HUB && bytes.length > 0 && !spokenIn(network, bytes));
    const bad = dissected(pcapng, "-Y", "tagma.bad and tagma.from != 31").trim().split("\n");
    assert.ok(none.length > 5);
    assert.equal(bad.length, none.length);
    assert.ok(bad.every((line) => line.includes("no whole frame") || line.includes("too short")));
  });
});
