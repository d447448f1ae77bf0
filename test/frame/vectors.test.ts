/** The golden vectors of test/vectors, against the firmware and against the naive codec. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  COUNTERS, createNode, oral, integer, layoutOf, majority,
} from "../../firmware/index.js";
import type { Shape } from "../../firmware/index.js";
import { createHal, createReceiver, feed } from "../node/hal.js";
import {
  NAIVE_HUB, naiveCount, naiveDecode, naiveEncode, naiveExpected, naiveHeader, naiveUnpack,
  naiveWord,
} from "./naive-codec.js";

interface Frame {
  readonly desc: string;
  readonly network: string;
  readonly wired?: boolean;
  readonly spare?: boolean;
  readonly round: number;
  readonly sender: number;
  readonly cycle: number;
  readonly values?: readonly (string | null)[];
  readonly frame: string;
}
interface Frames {
  readonly frames: readonly Frame[];
  readonly networks: Readonly<Record<string, Shape>>;
}
interface Line {
  readonly desc: string;
  readonly line: string;
  readonly foreign?: number;
  readonly missized?: number;
  readonly garbled?: number;
  readonly heard?: readonly string[];
}
interface Cycle {
  readonly network: Shape;
  readonly readings: readonly (number | null)[];
  readonly beacons: readonly string[];
  readonly rounds: readonly (readonly string[])[];
  readonly vector: readonly (number | null)[];
  readonly order: number;
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const hex = (text: string): number[] => [...Buffer.from(text.replaceAll(" ", ""), "hex")];

const { frames, networks } = load("frames") as Frames;
const lines = load("lines") as Readonly<Record<"four" | "ten", readonly Line[]>>;
const golden = load("cycle") as Cycle;

/** The number and, where it comes by wire, the presence byte of an opening beacon's payload. */
const opening = ({ cycle, values }: Frame): number[] => {
  const bytes = [8, 16, 24].map((shift) => (cycle >>> shift) & 255);
  return values ? [...bytes, values[0] === null ? 0 : 1, ...hex(values[0] ?? "00")] : bytes;
};

for (const vector of frames) {
  test(`FRAME.1 to FRAME.12, as written by hand: ${vector.desc}`, () => {
    const { round, sender, cycle, values, wired, spare } = vector;
    const shape = networks[vector.network]!;
    const word = naiveWord(shape);
    const bytes = hex(vector.frame);
    const self = sender === 2 ? 1 : 2;
    const expected = naiveExpected(shape, self, wired ?? false);
    const receiver = createReceiver(shape, expected, self, true);
    feed(receiver.wire, Uint8Array.from(bytes));
    assert.equal(receiver.heard.length, 1);
    assert.deepEqual(receiver.heard, naiveDecode(word, expected, bytes).heard);
    const [header, low, ...payload] = receiver.heard[0]!;
    assert.equal(header, naiveHeader(round, sender));
    assert.equal(low, cycle % 256);
    assert.deepEqual(naiveEncode(word, header, low, payload), bytes);
    if (sender === NAIVE_HUB) {
      assert.deepEqual(payload, round === 1 ? opening(vector) : []);
    } else {
      const said = values!.map((value) => (value === null ? null : hex(value)));
      assert.deepEqual(naiveUnpack(shape.width, naiveCount(shape, round), payload), said);
      assert.deepEqual(receiver.encode(header, low, payload), bytes);
      assert.equal(spare ?? false, (payload[0]! & 0xf8) !== 0);
    }
  });
}

for (const network of ["four", "ten"] as const) {
  const shape = networks[network]!;
  for (const { desc, line, foreign = 0, missized = 0, garbled = 0, heard = [] } of lines[network]) {
    for (const chunk of [99, 1]) {
      test(`${desc}, ${network}, chunks of ${chunk}`, () => {
        const bytes = hex(line);
        const expected = naiveExpected(shape, 0, false);
        const receiver = createReceiver(shape, expected);
        feed(receiver.wire, Uint8Array.from(bytes), bytes.map(() => chunk));
        const wanted = { heard: heard.map(hex), foreign, missized, garbled };
        assert.deepEqual(naiveDecode(naiveWord(shape), expected, bytes), wanted);
        assert.deepEqual(receiver.heard, wanted.heard);
        assert.deepEqual([...receiver.counts], [foreign, missized, garbled]);
      });
    }
  }
}

const { network, readings, beacons, rounds } = golden;
for (const [self, reading] of readings.entries()) {
  test(`FRAME.8, NODE.5 to NODE.8: a cycle as written by hand, board ${self}`, () => {
    const all = layoutOf(network, self, false);
    const hal = createHal(() => reading ?? undefined);
    const parts = {
      agree: oral(all), type: integer("Uint8"), choose: majority<number>, fallback: 99,
    };
    const node = createNode(all, parts, hal);
    const others = (round: number) => rounds[round]!.filter((_, board) => board !== self);
    for (const [round, beacon] of beacons.entries()) {
      node.receive(Uint8Array.from(hex(beacon)));
      if (round < rounds.length) {
        for (const frame of others(round)) node.receive(Uint8Array.from(hex(frame)));
      }
    }
    // The bytes of a ⊥ may be anything; a board just started has zeros there, as these vectors.
    assert.deepEqual(hal.sent, rounds.map((row) => hex(row[self]!)));
    assert.deepEqual(node.vector.map((value) => value ?? null), golden.vector);
    assert.deepEqual(hal.orders, [golden.order]);
    assert.deepEqual([...node.counts],
      COUNTERS.map((name) => (name === "unread" && reading === null ? 1 : 0)).slice(0, 13));
  });
}
