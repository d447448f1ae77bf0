/** A native hash that gives nothing, as Espruino's does where memory is in pieces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import type { BoardState } from "../../host/boards/board.js";
import { contextBoard } from "../../host/boards/context.js";
import { nativesOf } from "../../host/boards/natives.js";
import { bundle } from "../../host/bundle/bundle.js";
import type { Network } from "../../host/network/network.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { record } from "../espruino/drive.js";
import { networkOf } from "../topology/drive.js";
import { hex } from "./board.js";

/** What a failing native call gives in Espruino, whatever the types say. */
const NOTHING = undefined as unknown as Uint8Array;
/** What it might give on some other machine: `set()` takes it and changes nothing. */
const EMPTY = new Uint8Array();
const SET = { lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" };
/** Bytes of a hash of this set, and of what a step of a chain hashes. */
const BYTES = 24;
const STEP = 23 + BYTES;

/** Hashes one thing; `call` says how often before. */
type Hash = (bytes: Uint8Array, call: number) => Uint8Array;

/** What a board says and holds, cycle by cycle. */
interface Ran {
  readonly said: readonly Uint8Array[];
  readonly states: readonly BoardState[];
  /** How many hashes there were: after its start; by cycle at two beacons; and in the end. */
  readonly started: number;
  readonly opened: readonly (readonly [from: number, to: number])[];
  readonly closed: readonly (readonly [from: number, to: number])[];
  readonly all: number;
}

/** @returns runs one board through `cycles` cycles of a network in which nobody fails */
const createRun = async (network: Network, number: number, cycles: number) => {
  const board = network.boards[number]!;
  const text = await bundle(network, board);
  const recording = await record(network, number, cycles);
  const run = (hash: Hash): Ran => {
    const said: Uint8Array[] = [];
    let calls = 0;
    const sim = contextBoard(network, board, text, (_board, bytes, from, end) => {
      said.push(bytes.slice(from, end));
    }, { ...nativesOf(network, board), hash: (bytes) => hash(bytes, calls++) });
    const started = calls;
    const opened: [number, number][] = [];
    const closed: [number, number][] = [];
    const states = recording.chunks.map((list, cycle) => {
      sim.reading = recording.cycles[cycle]!.inputs[number] as number;
      list.forEach((chunk, at) => {
        const from = calls;
        sim.receive(chunk);
        if (!at) opened.push([from, calls]);
        if (at === list.length - 1) closed.push([from, calls]);
      });
      return sim.state();
    });
    return { said, states, started, opened, closed, all: calls };
  };
  return { recording, run };
};

/** The content of a frame: zeros are where its mask word stands. */
const contentOf = (frame: Uint8Array, word: number): Uint8Array => {
  const content = frame.slice(2 * word);
  for (let at = 0; at + word <= content.length; at++) {
    const mask = frame.subarray(word, 2 * word);
    if (mask.some((byte, place) => content[at + place] !== byte)) continue;
    content.fill(0, at, at + word);
    at += word - 1;
  }
  return content;
};

/** All that could be a hash in what is said. */
const hashesIn = (said: readonly Uint8Array[], word: number): Set<string> =>
  new Set(said.flatMap((frame) => {
    const content = contentOf(frame, word);
    return Array.from({ length: content.length - BYTES + 1 }, (_, at) =>
      hex(content.subarray(at, at + BYTES)));
  }));

const NETWORKS = [
  { boards: 3, traitors: 1, more: {}, cycles: 3 },
  { boards: 4, traitors: 2, more: { commander: "a" }, cycles: 2 },
  { boards: 3, traitors: 1, more: { auth: "mac" }, cycles: 2 },
] as const;

for (const { boards, traitors, more, cycles } of NETWORKS) {
  const self = 1;
  const network = networkOf(boards, traitors, {
    algorithm: "sm", signatures: { trees: [SET], reserve: 8 }, ...more,
  });
  const { word } = network.boards[self]!.layout;
  const name = `${boards} boards, ${traitors} traitors, ${JSON.stringify(more)}`;

  test(`AUTH.9, NODE.11: a hash that fails is counted, and all it was for is ⊥: ${name}; ${replay}`,
    async (t) => {
      const { recording, run } = await createRun(network, self, cycles);
      // Whatever steps of chains begin with or lead to, and nobody is told.
      const secret = new Set<string>();
      const whole = run((bytes) => {
        const digest = sha256(bytes);
        if (bytes.length === STEP) {
          secret.add(hex(bytes.subarray(23))).add(hex(digest.subarray(0, BYTES)));
        }
        return digest;
      });
      const expected = recording.answers.flat();
      assert.deepEqual(whole.said.map(hex), expected.map(hex));
      assert.equal(whole.states.at(-1)!.counts["failed"], 0);
      for (const told of hashesIn(whole.said, word)) secret.delete(told);
      assert.ok(secret.size > 1000);

      const others = ({ said }: Ran): Uint8Array[] =>
        said.filter((frame, at) => hex(frame) !== hex(expected[at]!));
      const leaks = (ran: Ran): number =>
        [...hashesIn(others(ran), word)].filter((told) => secret.has(told)).length;
      const random = createRandom(SEED);
      let [changed, leaked] = [0, 0];
      for (let turn = 0; turn < runs(t, 9, 6); turn++) {
        // While it starts, while a cycle opens, which is when it signs, or at any time after.
        const opening = whole.opened[random() % cycles]!;
        const [from, to] = [[0, whole.started], opening, [whole.started, whole.all]][turn % 3]!;
        if (from === to) continue;
        const failing = from + random() % (to - from);
        const many = turn & 1 ? 1 : 60;
        const broken = (nothing: Uint8Array) => run((bytes, call) =>
          (call >= failing && call < failing + many ? nothing : sha256(bytes)));
        const ran = broken(NOTHING);
        const where = `${many} from call ${failing}`;
        const failed = ran.states.at(-1)!.counts["failed"]!;
        assert.ok(failed > 0 && failed <= many, where);
        assert.equal(ran.said.length, expected.length, where);
        assert.equal(leaks(ran), 0, where);
        changed += others(ran).length;
        ran.states.forEach(({ cycle, vector }, at) => {
          assert.equal(cycle, at, where);
          const right = recording.cycles[at]!.vectors[self]!;
          vector.forEach((value, of) => {
            assert.ok(value === undefined || value === right[of], `${where}: ${String(value)}`);
          });
        });
        // Just outside: were it not noticed, the secret of a chain would be told.
        if (turn % 3) {
          leaked += leaks(broken(EMPTY));
        }
      }
      t.diagnostic(`${changed} frames said less; unnoticed, it would tell ${leaked} secrets`);
      assert.ok(changed && leaked);
    });
}

test(`AUTH.9: where a tile fails to be made, the next cycle makes it; ${replay}`, async (t) => {
  // With two trees of height 5 the lower one changes after cycle 31.
  const network = networkOf(3, 1, { algorithm: "sm", signatures: { trees: [SET, SET] } });
  const { recording, run } = await createRun(network, 1, 34);
  const { closed } = run((bytes) => sha256(bytes));
  const [from, to] = closed[31]!;
  const expected = recording.answers.flat();
  const random = createRandom(SEED);
  for (let turn = 0; turn < runs(t, 5, 3); turn++) {
    // The first and the last hash of all, and some between.
    const failing = [from, to - 1][turn] ?? from + random() % (to - from);
    const { states, said } = run((bytes, call) => (call === failing ? NOTHING : sha256(bytes)));
    const differs = said.map((frame, at) => (hex(frame) === hex(expected[at]!) ? -1 : at))
      .filter((at) => at >= 0);
    assert.deepEqual(differs, [64], `call ${failing} of ${from}..${to - 1}`);
    assert.equal(states[32]!.vector[1], undefined);
    assert.deepEqual(states[33]!.vector, recording.cycles[33]!.vectors[1]);
  }
});
