/** What those give who made a node, where that is no value, or they throw. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COUNTERS, createNode, oral, layoutOf } from "../../firmware/index.js";
import type { Hal } from "../../firmware/index.js";
import { hostType } from "../../host/base/values.js";
import type { TypeName, Value } from "../../host/base/values.js";
import { bytesOf } from "./script.js";

const CYCLE = ["open 7", "round 2 of 7", "close 7"];
const fail = (): never => {
  throw new Error("the driver failed");
};

/** A cycle of a board that hears nobody. */
const cycleOf = (
  name: TypeName, fallback: Value, own: Partial<Hal<Value>>, order?: () => unknown,
) => {
  const type = hostType(name, 2);
  const shape = { boards: 4, traitors: 1, width: type.width, commander: -1 };
  const sizes = layoutOf(shape, 0, false);
  const orders: Value[] = [];
  const node = createNode<Value>(sizes, {
    agree: oral(sizes), type: type.create(4), fallback,
    choose: (vector) => (order ? order() : vector[0]) as Value,
  }, {
    send: () => undefined, read: () => fallback, act: (value) => void orders.push(value), ...own,
  });
  for (const line of CYCLE) node.receive(Uint8Array.from(bytesOf(shape, line)));
  const counted = (counter: (typeof COUNTERS)[number]) => node.counts[COUNTERS.indexOf(counter)];
  return { node, orders, unfit: counted("unfit"), unread: counted("unread") };
};

/** No value of any type. */
const NEVER = [
  undefined, null, Number.NaN, Infinity, -Infinity, "5", "ab", "", {}, [], [1], [1, 300],
];
const TYPES: [TypeName, Value, unknown[]][] = [
  ["u8", 9, [1.5, -1, 256, true, false]], ["i16", 9, [0.1, 32768, -32769, true]],
  ["u32", 9, [0.1, -1, 2 ** 32, true]], ["bool", true, [0, 1]],
  ["f32", 9, [1e39, true, false]],
  ["bytes", Uint8Array.of(9, 9),
    [1, true, new Uint8Array(1), new Uint8Array(3), [1, -1], [1, 0.5]]],
];

for (const [name, fallback, others] of TYPES) {
  test(`CHOOSE.4, NODE.8: ${name}: what is no value becomes the default order`, () => {
    for (const value of [...NEVER, ...others]) {
      const { orders, unfit, node } = cycleOf(name, fallback, {}, () => value);
      assert.deepEqual([orders, unfit, node.cycle], [[fallback], 1, 7], String(value));
    }
    assert.deepEqual(cycleOf(name, fallback, {}, fail).orders, [fallback]);
    assert.equal(cycleOf(name, fallback, {}, fail).unfit, 1);
    assert.equal(cycleOf(name, fallback, {}).unfit, 0);
  });

  test(`NODE.5: ${name}: what is no value is no reading, and is counted`, () => {
    for (const value of [...NEVER, ...others]) {
      const { node, unread } = cycleOf(name, fallback, { read: () => value as Value });
      assert.deepEqual([node.vector[0], unread], [undefined, 1], String(value));
    }
  });
}

test("CHOOSE.4: an order is as its type rounds it, and bytes are bytes", () => {
  assert.deepEqual(cycleOf("f32", 9, {}, () => 0.1).orders, [Math.fround(0.1)]);
  assert.deepEqual(cycleOf("bytes", Uint8Array.of(9, 9), {}, () => [1, 2]).orders,
    [Uint8Array.of(1, 2)]);
});

test("NODE.5: a reading that throws is none, and the board speaks all the same", () => {
  let sent = 0;
  const { node, unread } = cycleOf("u8", 9, { read: fail, send: () => void sent++ });
  assert.deepEqual([node.vector[0], unread, sent, node.cycle], [undefined, 1, 2, 7]);
});

test("NODE.8: what carries an order out may throw, and the cycle is closed", () => {
  const { node } = cycleOf("u8", 9, { act: fail });
  assert.deepEqual([node.cycle, node.order], [7, 9]);
});
