/** FRAME.10: what is a value of a type, and the bytes that it has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bool, byte as u8, bytes, float, integer } from "../../firmware/index.js";
import type { Integer, ValueType } from "../../firmware/index.js";

/** Not at an even address, and not alone: what lies around must stay. */
const AT = 3;
const AROUND = 0xa5;

const stored = <Value>(type: ValueType<Value>, value: unknown, width: number) => {
  const memory = new Uint8Array(AT + width + 3).fill(AROUND);
  const view = new DataView(memory.buffer);
  const good = type.store(view, AT, value as Value);
  const around = [...memory.subarray(0, AT), ...memory.subarray(AT + width)];
  assert.ok(around.every((byte) => byte === AROUND), "wrote beside the value");
  const row = [...memory.subarray(AT, AT + width)];
  return { good, bytes: row, loaded: () => type.load(view, AT, 0) };
};

const show = (value: unknown): string => `${typeof value} ${JSON.stringify(value)}`;

const loaded = <Value>(type: ValueType<Value>, ...row: number[]): Value | undefined =>
  type.load(new DataView(Uint8Array.from([9, 9, ...row, 9]).buffer), 2, 0);

const INTEGERS: readonly [Integer, string, number, number, number][] = [
  ["Uint8", "u8", 1, 0, 255],
  ["Uint16", "u16", 2, 0, 65_535],
  ["Uint32", "u32", 4, 0, 4_294_967_295],
  ["Int16", "i16", 2, -32_768, 32_767],
  ["Int32", "i32", 4, -2_147_483_648, 2_147_483_647],
];

for (const [name, spoken, width, low, high] of INTEGERS) {
  const type = integer(name);

  test(`FRAME.10: ${spoken}: from ${low} to ${high}, lowest byte first`, () => {
    const middle = Math.floor((low + high) / 3);
    for (const value of [low, low + 1, 0, 1, 2, middle, high - 1, high]) {
      const { good, bytes: row, loaded: again } = stored(type, value, width);
      assert.equal(good, true, `${value}`);
      assert.equal(again(), value);
      const number = value < 0 ? value + 256 ** width : value;
      const expected = Array.from(
        { length: width }, (_, at) => Math.floor(number / 256 ** at) % 256,
      );
      assert.deepEqual(row, expected, `${value}`);
      assert.equal(loaded(type, ...expected), value);
    }
  });

  test(`FRAME.10: ${spoken}: what is out of range or no whole number is no value`, () => {
    const wrong = [
      low - 1, high + 1, low - 256 ** width, high + 256 ** width, 2 ** 53, -(2 ** 53), 0.5, -0.5,
      1e-9, high + 0.5, Number.NaN, Infinity, -Infinity, undefined, null, true, false,
      "", "1", "x", [], [1], {},
    ];
    for (const value of wrong) assert.equal(stored(type, value, width).good, false, show(value));
  });

  test(`FRAME.10: ${spoken}: -0 is 0`, () => {
    const { good, bytes: row, loaded: again } = stored(type, -0, width);
    assert.equal(good, true);
    assert.ok(row.every((byte) => byte === 0));
    assert.ok(Object.is(again(), 0));
  });

  test(`FRAME.10: ${spoken}: all bytes are values`, () => {
    for (let byte = 0; byte < 256; byte++) {
      const value = loaded(type, ...Array.from({ length: width }, () => byte));
      assert.ok(value !== undefined && value >= low && value <= high && value % 1 === 0);
    }
  });
}

test("FRAME.10: f32: IEEE 754 binary32, lowest byte first", () => {
  const known: [number, number[]][] = [
    [0, [0, 0, 0, 0]],
    [-0, [0, 0, 0, 0x80]],
    [1, [0, 0, 0x80, 0x3f]],
    [1.5, [0, 0, 0xc0, 0x3f]],
    [-2, [0, 0, 0, 0xc0]],
    // The greatest, the least that is normal, and the least.
    [(2 - 2 ** -23) * 2 ** 127, [0xff, 0xff, 0x7f, 0x7f]],
    [2 ** -126, [0, 0, 0x80, 0]],
    [2 ** -149, [1, 0, 0, 0]],
  ];
  for (const [value, row] of known) {
    const { good, bytes: found, loaded: again } = stored(float, value, 4);
    assert.equal(good, true, `${value}`);
    assert.deepEqual(found, row, `${value}`);
    assert.ok(Object.is(again(), value), `${value}`);
    assert.ok(Object.is(loaded(float, ...row), value), `${value}`);
  }
});

test("FRAME.10: f32: rounded to the nearest, of two as near to the even one", () => {
  const rounded: [number, number][] = [
    [0.1, 0.10000000149011612], [16_777_217, 16_777_216], [16_777_219, 16_777_220],
    [1 + 2 ** -24, 1], [1 + 3 * 2 ** -24, 1 + 2 ** -22], [2 ** -150, 0], [-(2 ** -151), -0],
  ];
  for (const [value, nearest] of rounded) {
    const { good, loaded: again } = stored(float, value, 4);
    assert.equal(good, true, `${value}`);
    assert.ok(Object.is(again(), nearest), `${value}: ${again()}`);
  }
});

test("FRAME.10: f32: what is not finite, or would not be, is no value", () => {
  const over = [(2 - 2 ** -24) * 2 ** 127, 1e39, -1e39, Number.MAX_VALUE];
  for (const value of [Number.NaN, Infinity, -Infinity, ...over, undefined, "x", {}]) {
    assert.equal(stored(float, value, 4).good, false, show(value));
  }
  const rows = [
    [0, 0, 0x80, 0x7f], [0, 0, 0x80, 0xff], [0, 0, 0xc0, 0x7f], [1, 0, 0x80, 0x7f],
    [255, 255, 255, 255],
  ];
  for (const row of rows) assert.equal(loaded(float, ...row), undefined, row.join());
});

test("FRAME.10: f32: what is no number is no value", () => {
  for (const value of [null, true, false, "", "1", [], [1]]) {
    assert.equal(stored(float, value, 4).good, false, show(value));
  }
});

test("FRAME.10: bool: 00 and 01, and no other byte", () => {
  assert.deepEqual([stored(bool, false, 1).good, stored(bool, false, 1).bytes], [true, [0]]);
  assert.deepEqual([stored(bool, true, 1).good, stored(bool, true, 1).bytes], [true, [1]]);
  assert.equal(loaded(bool, 0), false);
  assert.equal(loaded(bool, 1), true);
  for (let byte = 2; byte < 256; byte++) assert.equal(loaded(bool, byte), undefined);
  for (const value of [undefined, null, 0, 1, Number.NaN, "", "true", [], {}]) {
    assert.equal(stored(bool, value, 1).good, false, show(value));
  }
});

for (const width of [1, 2, 7, 64]) {
  test(`FRAME.10: bytes: exactly ${width} of them, as they are`, () => {
    const type = bytes(width, 1);
    for (const first of [0, 1, 200]) {
      const value = Uint8Array.from({ length: width }, (_, at) => (first + at) & 255);
      const { good, bytes: row, loaded: again } = stored(type, value, width);
      assert.equal(good, true);
      assert.deepEqual(row, [...value]);
      assert.deepEqual(again(), value);
    }
    for (const length of [0, width - 1, width + 1, 2 * width]) {
      assert.equal(stored(type, new Uint8Array(length), width).good, length === width);
    }
    assert.equal(stored(type, undefined, width).good, false);
    assert.equal(stored(type, null, width).good, false);
  });
}

test("FRAME.10: bytes: each commander's array is its own, and the same one each time", () => {
  const type = bytes(2, 3);
  const view = new DataView(Uint8Array.from([1, 2, 3, 4, 5, 6]).buffer);
  const first = [0, 1, 2].map((slot) => type.load(view, 2 * slot, slot));
  assert.deepEqual(first, [[1, 2], [3, 4], [5, 6]].map((row) => Uint8Array.from(row)));
  assert.equal(new Set(first).size, 3);
  view.setUint8(2, 9);
  assert.equal(type.load(view, 2, 1), first[1]);
  assert.deepEqual(first[1], Uint8Array.from([9, 4]));
  assert.deepEqual(first[0], Uint8Array.from([1, 2]));
});

test("FRAME.10: u8: a byte that is what it was, and nothing else", () => {
  const view = new DataView(new ArrayBuffer(2));
  for (const value of [0, 1, 255]) {
    assert.equal(u8.store(view, 1, value), true);
    assert.equal(u8.load(view, 1, 0), value);
  }
  for (const value of [-1, 256, 1.5, Number.NaN, undefined]) {
    assert.equal(u8.store(view, 1, value), false);
  }
});
