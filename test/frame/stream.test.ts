/** Many frames and what is none, in any chunks: against the naive decoder, and resynchronising. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape } from "../../firmware/index.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { SHAPES, createReceiver, feed, nameOf } from "../node/hal.js";
import {
  NAIVE_START, naiveCrc, naiveDecode, naiveExpected, naiveReplace, naiveWord,
} from "./naive-codec.js";
import { randomCuts, randomFrame, randomPayload, randomPiece } from "./random.js";
import type { Random } from "./random.js";

const FOUR: Shape = { boards: 4, traitors: 1, width: 1, commander: -1 };
const TEN: Shape = { boards: 10, traitors: 3, width: 2, commander: -1 };

/** Hears `stream`, cut like this, with a fresh receiver and says what a naive one would. */
const listen = (shape: Shape, stream: readonly number[], lengths: readonly number[]) => {
  const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
  feed(receiver.wire, Uint8Array.from(stream), lengths);
  const [foreign, missized, garbled] = receiver.counts;
  return { heard: receiver.heard, foreign, missized, garbled };
};

const naively = (shape: Shape, stream: readonly number[]) =>
  naiveDecode(naiveWord(shape), naiveExpected(shape, 0, false), stream);

const ordered: [string, Shape, number][] = [
  ["1-byte words", FOUR, 6], ["2-byte words", { ...TEN, boards: 10, traitors: 1, width: 30 }, 3],
];
for (const [name, shape, frames] of ordered) {
  test(`FRAME.18: a stream cut at each byte, at two near ones, at every byte, ${name}`, () => {
    const random = createRandom(SEED);
    const S = NAIVE_START;
    const stream: number[] = [S, S, S, 9, S];
    for (let count = 0; count < frames; count++) {
      const frame = randomFrame(random, shape, 0).bytes;
      stream.push(...frame);
      // Heard alike however it is cut only if no byte is looked at twice: part of a frame, starts.
      stream.push(...frame.slice(0, random() % frame.length), ...(count & 1 ? [S, S, S] : [S]));
    }
    stream.push(...randomFrame(random, shape, 0).bytes);
    const whole = naively(shape, stream);
    assert.ok(whole.heard.length > frames / 2 && whole.missized > 0);
    assert.deepEqual(listen(shape, stream, []), whole);
    assert.deepEqual(listen(shape, stream, stream.map(() => 1)), whole);
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(listen(shape, stream, [at]), whole, `cut at ${at}, ${replay}`);
      for (let more = 1; more < 4; more++) {
        assert.deepEqual(listen(shape, stream, [at, more]), whole, `cut at ${at}, ${at + more}`);
      }
    }
  });
}

for (const shape of SHAPES.filter(({ boards }) => boards !== 13)) {
  test(`FRAME.13 to FRAME.18: mixed traffic in random chunks, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    let heard = 0;
    let counted = 0;
    const count = runs(t, 400, 40);
    for (let run = 0; run < count; run++) {
      const stream = Array.from({ length: 1 + random() % 8 }, () =>
        randomPiece(random, shape)).flat();
      const whole = naively(shape, stream);
      const where = `run ${run}, ${replay}, ${stream.join()}`;
      assert.deepEqual(listen(shape, stream, []), whole, where);
      assert.deepEqual(listen(shape, stream, randomCuts(random, stream.length)), whole, where);
      assert.deepEqual(listen(shape, stream, stream.map(() => 1)), whole, where);
      heard += whole.heard.length;
      counted += whole.foreign + whole.missized + whole.garbled;
    }
    assert.ok(heard > count / 2 && counted > count / 2, `${heard} heard, ${counted} counted`);
  });
}

/** The next good frame after `before` is heard, whatever that is. */
const heardAfter = (shape: Shape, before: readonly number[], random: Random, where: string) => {
  const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
  feed(receiver.wire, Uint8Array.from(before), randomCuts(random, before.length));
  const { header, cycle, payload, bytes } = randomFrame(random, shape, 0);
  feed(receiver.wire, Uint8Array.from(bytes));
  assert.deepEqual(
    receiver.heard.at(-1), [header, cycle, ...payload],
    `${where}: ${bytes.join()} was not heard behind ${before.join()}`,
  );
};

const S = NAIVE_START;
const RESYNCHRONISED: readonly Shape[] = [
  FOUR, { boards: 7, traitors: 2, width: 1, commander: -1 }, { ...TEN, traitors: 1, width: 30 },
];
for (const shape of RESYNCHRONISED) {
  test(`FRAME.18: the next good frame is heard behind a damaged one, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const count = runs(t, shape.width > 1 ? 8 : 30, 3);
    for (let run = 0; run < count; run++) {
      // Without a last byte that the next frame's first one might stand in for.
      let { bytes } = randomFrame(random, shape, 0);
      while (bytes.at(-1) === S) ({ bytes } = randomFrame(random, shape, 0));
      for (let at = 0; at < bytes.length; at++) {
        const head = bytes.slice(0, at);
        const tail = bytes.slice(at + 1);
        const where = `run ${run}, byte ${at}, ${replay}`;
        heardAfter(shape, head, random, `cut short, ${where}`);
        heardAfter(shape, [...head, ...tail], random, `one byte lost, ${where}`);
        heardAfter(shape, tail, random, `beginning lost, ${where}`);
        heardAfter(shape, [...head, random() & 255, ...tail], random, `one byte wrong, ${where}`);
        heardAfter(shape, [...head, S, ...tail], random, `one byte a start, ${where}`);
        heardAfter(shape, [...head, S, ...bytes.slice(at)], random, `a start more, ${where}`);
        heardAfter(shape, [...bytes, ...head, ...bytes.slice(0, at)], random, `twice, ${where}`);
      }
    }
  });

  test(`FRAME.18: the next good frame is heard behind noise, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const count = runs(t, 8000, 2000);
    for (let run = 0; run < count; run++) {
      const noise = randomPayload(random, random() % 200);
      if (run & 1) {
        // Noise that passes for a frame that goes on for long.
        const { bytes } = randomFrame(random, shape, 0, undefined, shape.traitors + 1);
        const more = randomPayload(random, random() % bytes.length);
        noise.push(...bytes.slice(0, random() % 8), ...more);
      }
      heardAfter(shape, noise, random, `run ${run}, ${replay}`);
    }
  });
}

test("FRAME.17: no byte of a frame that was heard is looked at again, in whatever chunks", () => {
  const shape: Shape = { ...TEN, traitors: 1, width: 30 };
  const random = createRandom(SEED);
  let frame = randomFrame(random, shape, 0, 1, 1).bytes;
  while (frame.at(-1) !== S) frame = randomFrame(random, shape, 0, 1, 1).bytes;
  // Only with the last byte of the frame before would there be a start word.
  const stream = [...frame, ...randomFrame(random, shape, 0, 2, 1).bytes.slice(1)];
  const whole = naively(shape, stream);
  assert.equal(whole.heard.length, 1);
  for (let at = 0; at <= stream.length; at++) assert.deepEqual(listen(shape, stream, [at]), whole);
});

test("FRAME.6, FRAME.14: a header that is masked is judged as what it stands for", () => {
  const frameOf = (mask: readonly number[], header: readonly number[], payload: number) => {
    const content = [...header, ...Array.from({ length: payload }, () => 7)];
    const sum = naiveCrc(content);
    for (let at = 0; at < 4 - mask.length; at++) content.push((sum >>> (8 * at)) & 255);
    const start = mask.map(() => S);
    return [...start, ...mask, ...naiveReplace(content, start, mask)];
  };
  for (const shape of [FOUR, { ...TEN, traitors: 1, width: 30 }]) {
    const expected = naiveExpected(shape, 0, false);
    const word = naiveWord(shape);
    for (let said = 1; said < 256; said++) {
      if (expected(said) < 0) continue;
      // Header 16 of round 0 and board 22, which no frame has, and that cycle in words of 2 bytes.
      const mask = word === 1 ? [said] : [said, said === 9 ? 8 : 9];
      const stream = frameOf(mask, [S, word === 1 ? 5 : S], expected(said));
      const whole = naively(shape, stream);
      const where = `header ${said}, ${nameOf(shape)}`;
      assert.deepEqual([whole.heard, whole.foreign > 0], [[], true], where);
      assert.deepEqual(listen(shape, stream, []), whole, where);
      assert.deepEqual(listen(shape, stream, stream.map(() => 1)), whole, where);
      if (word < 2) continue;
      // Half a mask word stands for itself, whatever came before it.
      const plain = [...frameOf([3, 4], [said, mask[1]!], expected(said)),
        ...frameOf(mask, [said, 5], expected(said))];
      assert.deepEqual(naively(shape, plain).heard.map(([header]) => header), [said, said], where);
      for (const cuts of [[], plain.map(() => 1)]) {
        assert.deepEqual(listen(shape, plain, cuts), naively(shape, plain), where);
      }
    }
  }
  // As a closing beacon of cycle 1, of which the checksum is that of header 16.
  const sum = naiveCrc([S, 1]);
  const { heard, foreign } = listen(
    FOUR, [S, 0x1f, 0x1f, 1, sum & 255, (sum >> 8) & 255, (sum >> 16) & 255], []);
  assert.deepEqual([heard, foreign], [[], 1]);
});
