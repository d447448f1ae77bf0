/** Nodes together: each frame of each round lost; no growth; each frame used or counted once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createNode, oral, integer, layoutOf, majority } from "../../firmware/index.js";
import type { Shape } from "../../firmware/index.js";
import { GROWTH_MAX, growthOf } from "../core/growth.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { naivePaths, naiveSpeaks } from "../frame/naive-codec.js";
import { createHal, nameOf } from "./hal.js";
import { naiveNode } from "./naive-node.js";
import { bytesOf, textOf } from "./script.js";
import { DEFAULT_ORDER, createStar } from "./star.js";

const NETWORKS: readonly Shape[] = [
  { boards: 4, traitors: 1, width: 1, commander: -1 },
  { boards: 4, traitors: 1, width: 1, commander: 2 },
  { boards: 7, traitors: 2, width: 1, commander: -1 },
];
const readingsOf = ({ boards }: Shape) => Array.from({ length: boards }, (_, board) => board + 10);
const truth = (shape: Shape) => readingsOf(shape)
  .map((reading, board) => ([-1, board].includes(shape.commander) ? reading : undefined));

for (const shape of NETWORKS) {
  const { boards, traitors, commander } = shape;
  const everyone = Array.from({ length: boards }, (_, board) => board);

  test(`NODE.6, NODE.8: nothing lost, ${nameOf(shape)}`, () => {
    const { nodes, hals, run } = createStar(shape, readingsOf(shape));
    run(7, () => false);
    for (const [board, node] of nodes.entries()) {
      assert.deepEqual(node.vector, truth(shape));
      assert.ok(node.counts.every((count) => count === 0));
      assert.deepEqual(hals[board]!.orders, [commander < 0 ? DEFAULT_ORDER : commander + 10]);
    }
  });

  test(`NODE.6: each frame lost to one is relayed as ⊥ and made good, ${nameOf(shape)}`, () => {
    for (let round = 1; round <= traitors + 1; round++) {
      for (const sender of everyone.filter((board) => naiveSpeaks(shape, board, round))) {
        for (const receiver of everyone.filter((board) => board !== sender)) {
          const { nodes, hals, run } = createStar(shape, readingsOf(shape));
          const where = `round ${round}, from ${sender} to ${receiver}`;
          run(7, (...one) => one.join() === [round, sender, receiver].join());
          for (const node of nodes) assert.deepEqual(node.vector, truth(shape), where);
          if (round > traitors || !naiveSpeaks(shape, receiver, round + 1)) continue;
          const said = textOf(shape, hals[receiver]!.sent.at(commander < 0 ? round : round - 1)!);
          const paths = naivePaths(shape, receiver, round + 1);
          assert.equal(
            said,
            `${receiver} in ${round + 1} of 7: ${paths
              .map((path) => (path.at(-1) === sender ? "-" : path[0]! + 10)).join(" ")}`,
            where,
          );
        }
      }
    }
  });

  test(`NODE.6, NODE.8: each frame lost to all, ${nameOf(shape)}`, () => {
    for (let round = 1; round <= traitors + 1; round++) {
      for (const sender of everyone.filter((board) => naiveSpeaks(shape, board, round))) {
        const { nodes, run } = createStar(shape, readingsOf(shape));
        run(7, (...one) => one.slice(0, 2).join() === [round, sender].join());
        for (const [board, node] of nodes.entries()) {
          const expected = truth(shape);
          // What nobody heard nobody else knows. Who says nothing later is made good by the others.
          if (round === 1 && board !== sender) expected[sender] = undefined;
          assert.deepEqual(node.vector, expected, `round ${round}, from ${sender}, at ${board}`);
        }
      }
    }
  });
}

test("NODE.8: what no one heard in any round is ⊥, and the default order stands in", () => {
  const none = Array.from({ length: 4 }, () => undefined);
  const { nodes, hals, run } = createStar(NETWORKS[0]!, none);
  run(7, () => true);
  for (const [board, node] of nodes.entries()) {
    assert.deepEqual(node.vector, none);
    assert.deepEqual(hals[board]!.orders, [DEFAULT_ORDER]);
  }
});

for (const shape of NETWORKS) {
  test(`NODE.1 to NODE.5, NODE.9: random frames, used or counted once, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const { boards, traitors } = shape;
    const count = runs(t, 400, 40);
    for (let run = 0; run < count; run++) {
      const self = random() % boards;
      const all = layoutOf(shape, self, false);
      const hal = createHal(() => 5);
      const parts = {
        agree: oral(all), type: integer("Uint8"), choose: majority<number>, fallback: 0,
      };
      const node = createNode(all, parts, hal);
      const model = naiveNode(shape, self);
      const lines: string[] = [];
      let cycle = random() % 3 ? random() % 600 : random() % 256 * 0x1000000 + random() % 600;
      for (let step = 0; step < 60; step++) {
        if (random() % 12 === 0) cycle = Math.max(0, cycle + random() % 5 - 1);
        const near = (cycle + (random() % 6 ? 0 : random() % 7 - 3) + 256) % 256;
        const round = random() % (traitors + 2);
        const sender = random() % boards;
        const later = round ? `round ${round} of ${near}` : `close ${near}`;
        const beacon = round === 1 ? `open ${cycle}` : later;
        const values = naivePaths(shape, sender, round).map(() => 3).join(" ");
        const speaks = round > 0 && naiveSpeaks(shape, sender, round);
        const said = `${sender} in ${round} of ${near}: ${values}`;
        const line = random() % 4 && speaks ? said : beacon;
        lines.push(line);
        model.receive(line);
        node.receive(Uint8Array.from(bytesOf(shape, line)));
        assert.deepEqual(
          {
            counts: [...node.counts].slice(3, 9), foreign: node.counts[0], cycle: node.cycle,
            sent: hal.sent.map((bytes) => textOf(shape, bytes).split(":")[0]),
            orders: hal.orders.length,
          },
          model.state(),
          `board ${self}, ${replay}:\n${lines.join("\n")}`,
        );
      }
    }
  });
}

test("NODE.7, NODE.8: after start, nothing is kept that was not there before", (t) => {
  const shape = NETWORKS[0]!;
  const { nodes, hals, run } = createStar(shape, readingsOf(shape));
  const kept = nodes.map(({ vector, counts }) => ({ vector, counts }));
  const cycles = runs(t, 20_000, 2000);
  let cycle = 0;
  const grown = growthOf(() => {
    for (let left = cycles / 2; left > 0; left--) {
      run(cycle++, () => false);
      for (const { sent, orders } of hals) sent.length = orders.length = 0;
    }
  });
  t.diagnostic(`${grown} bytes more in ${cycles / 2} cycles`);
  // Four nodes that keep one small thing in each of 10,000 cycles would need more.
  assert.ok(grown < GROWTH_MAX, `${grown} bytes`);
  for (const [board, { vector, counts }] of kept.entries()) {
    assert.equal(nodes[board]!.vector, vector);
    assert.equal(nodes[board]!.counts, counts);
  }
});

test("NODE.7, NODE.8: after start, no list, view or buffer is made but of the chunk", () => {
  const { nodes, hals, run } = createStar(NETWORKS[2]!, readingsOf(NETWORKS[2]!));
  run(1, () => false);
  // The frames of a cycle, kept to be heard again while constructors are watched.
  const chunks: Uint8Array[] = [];
  for (const line of ["open 2", "round 2 of 2", "round 3 of 2", "close 2"]) {
    chunks.push(Uint8Array.from(bytesOf(NETWORKS[2]!, line)));
  }
  const made: string[] = [];
  const names = [
    "Array", "Uint8Array", "Uint16Array", "Uint32Array", "DataView", "ArrayBuffer",
  ] as const;
  const saved = names.map((name) => globalThis[name]);
  const watch = (name: (typeof names)[number]) =>
    new Proxy(globalThis[name], {
      construct(target, args, fresh) {
        made.push(name);
        return Reflect.construct(target, args, fresh) as object;
      },
    });
  const [hal] = hals;
  try {
    for (const name of names) Object.assign(globalThis, { [name]: watch(name) });
    for (const chunk of chunks) nodes[0]!.receive(chunk);
    assert.deepEqual(made, []);
    assert.equal(new Uint8Array(1).length, 1);
    assert.deepEqual(made, ["Uint8Array"], "the watch sees what is made");
  } finally {
    for (const [at, name] of names.entries()) Object.assign(globalThis, { [name]: saved[at] });
  }
  assert.equal(hal!.orders.length, 2);
});
