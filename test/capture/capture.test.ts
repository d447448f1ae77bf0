import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { HUB } from "../../firmware/index.js";
import { cli, folder } from "../cli/harness.js";
import { capture, framesIn, heardOn, readVcd } from "./captured.js";

const PUMP = ["boards/networks/pump.json", "--cycles", "3"];
const RUNS: Readonly<Record<string, readonly string[]>> = {
  "a liar": [...PUMP, "--traitor", "c=equivocate"],
  "lines that fail": [...PUMP, "--faults", "drop=0.1,flip=0.2,delay=0.2,noise=0.2", "--seed", "5"],
  "two rounds more": ["boards/networks/press.json", "--cycles", "3", "--traitor", "a=random"],
  "frames of 16-bit words": ["boards/networks/three.json", "--cycles", "1"],
  "a shared wire": ["boards/networks/kiln.json", "--cycles", "2", "--traitor", "left=silent"],
};

describe("the levels of all lines", () => {
  for (const [name, words] of Object.entries(RUNS)) {
    it(`are heard as they were: ${name}`, async (context) => {
      const { network, events, vcd } = await capture(context, words);
      const { unit, waves, times } = readVcd(vcd);
      const unitsABit = 1 / network.file.baud / unit;
      assert.ok(unitsABit >= 8);
      for (let at = 1; at < times.length; at++) assert.ok(times[at]! > times[at - 1]!);
      const names = network.boards.map(({ name: board }) => board);
      const said = new Map<string, number[]>();
      for (const { from, to, fate, bytes } of framesIn(events).toSorted((a, b) => a.t - b.t)) {
        if (fate === "lost" || (network.wiring && fate === "refused")) continue;
        const up = network.wiring ? "hub_rx" : `${names[from]}_tx`;
        const line = to === HUB ? up : `${names[to]}_rx`;
        said.set(line, [...said.get(line) ?? [], ...bytes]);
      }
      assert.ok(said.size >= names.length);
      for (const [line, bytes] of said) {
        assert.deepEqual(heardOn(waves.get(line)!, unitsABit), bytes, line);
      }
      const lines = network.wiring ? names.length + 1 : 2 * names.length;
      assert.equal(waves.size, lines + 3);
      assert.ok(waves.get("cycle")!.length > 2 && waves.get("odd_round")!.length > 2);
    });
  }

  it("say where a cycle broke, and nowhere else", async (context) => {
    const well = await capture(context, PUMP);
    const levels = (vcd: string) => readVcd(vcd).waves.get("broken")!.map(({ level }) => level);
    assert.ok(levels(well.vcd).every((level) => level === 0));
    const broken = await capture(context,
      [...PUMP, "--traitor", "a=equivocate", "--traitor", "c=collude", "--seed", "2"]);
    const verdicts = broken.events.flatMap((event) =>
      (event.e === "cycle" ? [Number(event.verdict === "broken")] : []));
    assert.ok(verdicts.includes(1));
    assert.deepEqual(levels(broken.vcd).slice(1), verdicts);
  });
});

/** Blocks of a pcapng file, by its specification. */
const blocksOf = (path: string) => {
  const file = readFileSync(path);
  const blocks: { type: number; body: Buffer }[] = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at + 4);
    assert.equal(length % 4, 0);
    assert.equal(file.readUInt32LE(at + length - 4), length);
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
};

describe("packets", () => {
  for (const [name, words] of Object.entries(RUNS)) {
    it(`are the frames, lost ones too, in the order of time: ${name}`, async (context) => {
      const { network, events, pcapng } = await capture(context, words);
      const [section, ...rest] = blocksOf(pcapng);
      assert.equal(section!.type, 0x0a0d0d0a);
      const packets = rest.filter(({ type }) => type === 6).map(({ body }) => body);
      assert.equal(rest.length - packets.length, rest.filter(({ type }) => type === 1).length);
      const frames = framesIn(events);
      assert.equal(packets.length, frames.length);
      let before = 0n;
      const found = packets.map((body) => {
        const time = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8));
        assert.ok(time >= before);
        before = time;
        const data = body.subarray(20, 20 + body.readUInt32LE(12));
        return JSON.stringify([
          Math.round(Number(time) / 1e9 * network.file.baud), data[2], data[3], data[6],
          data.readUInt32BE(16), data.subarray(20).toString("hex"),
        ]);
      });
      const wanted = frames.map(({ t, from, to, round, cycle, bytes }) =>
        JSON.stringify([t, from, to, round, cycle, Buffer.from(bytes).toString("hex")]));
      assert.deepEqual(found.toSorted(), wanted.toSorted());
    });
  }
});

describe("tagma replay", () => {
  it("writes one cycle alone, where it is asked for one", async (context) => {
    const { events, pcapng } = await capture(context, PUMP, ["--cycle", "1"]);
    const packets = blocksOf(pcapng).filter(({ type }) => type === 6);
    assert.equal(packets.length, framesIn(events).filter(({ cycle }) => cycle === 1).length);
  });

  it("writes the same bytes again, and writes over no trace", async (context) => {
    const [one, other] = [await capture(context, PUMP), await capture(context, PUMP)];
    assert.deepEqual(readFileSync(one.vcd), readFileSync(other.vcd));
    assert.deepEqual(readFileSync(one.pcapng), readFileSync(other.pcapng));
    const at = folder(context);
    const trace = join(at, "a.trace");
    await cli(["emulate", ...PUMP, "--trace", trace]);
    for (const option of ["--vcd", "--pcapng"]) {
      const { code, err } = await cli(["replay", trace, option, trace]);
      assert.equal(code, 2);
      assert.match(err, new RegExp(`^tagma: ${option}: .* is an input already`));
      const nowhere = await cli(["replay", trace, option, join(at, "no", "file")]);
      assert.equal(nowhere.code, 2);
      assert.match(nowhere.err, new RegExp(`^tagma: ${option}: `));
    }
    assert.ok(existsSync(trace));
  });
});
