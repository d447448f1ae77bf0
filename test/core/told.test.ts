/** OM.6: what spares counting, against counting; and with one board fewer, which is not enough. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "../../firmware/base/layout.js";
import type { Layout } from "../../firmware/base/layout.js";
import { createOm } from "../../firmware/core/om.js";
import { findRoutes } from "../../firmware/core/paths.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

/** What a board has of a commander: null is ⊥. */
type Said = number | null;
interface Heard {
  /** By number of the path: what the commander told it, and what others say that he told them. */
  readonly direct: (commander: number) => Said;
  readonly held: (commander: number, by: number) => Said;
  /** What `by` says that `path` said about the commander. */
  readonly relayed: (commander: number, path: number, by: number) => Said;
}

const layoutFor = (boards: number, width: number, self: number): Layout =>
  layoutOf({ boards, traitors: 2, width, commander: -1 }, self, false);

/**
 * @param empty the place from which on values are ⊥ in what is held and in each frame; -1: none
 * @param which of those, as bits
 * @returns the entry of each board; null is ⊥
 */
const entries = (layout: Layout, heard: Heard, empty = -1, which = 1): Said[] => {
  const { boards, self, width, levels, bitmaps, block } = layout;
  const arena = new Uint8Array(layout.end);
  const put = (at: number, skip: number, index: number, value: Said) => {
    if (value === null) return;
    arena[at + (index >> 3)]! |= 1 << (index & 7);
    // All bytes but the last are alike, so that no byte may be left out.
    for (let byte = 0; byte < width; byte++) {
      arena[at + skip + index * width + byte] = byte < width - 1 ? 7 : value;
    }
  };
  const others = (...but: number[]) =>
    [...Array(boards).keys()].filter((one) => !but.includes(one));
  let path = 0;
  for (const [index, commander] of others(self).entries()) {
    put(levels[1]!, bitmaps[2]!, index, heard.direct(commander));
    for (const by of others(self, commander)) {
      put(levels[2]!, bitmaps[3]!, path++, heard.held(commander, by));
    }
  }
  for (const by of others(self)) {
    let index = 0;
    for (const commander of others(by)) {
      for (const through of others(by, commander)) {
        const value = commander === self ? 0 : heard.relayed(commander, through, by);
        put(layout.heard + by * block, bitmaps[3]!, index++, value);
      }
    }
  }
  for (let bit = 0; empty >= 0 && which >> bit; bit++) {
    if (!((which >> bit) & 1)) continue;
    const [byte, mask] = [(empty + bit) >> 3, ~(1 << ((empty + bit) & 7))];
    arena[levels[2]! + byte]! &= mask;
    for (const by of others(self)) arena[layout.heard + by * block + byte]! &= mask;
  }
  const om = createOm(layout, findRoutes(layout), arena);
  om.close(3, (1 << boards) - 1);
  return others().map((of) => {
    const at = om.entry(of);
    return of === self || at < 0 ? null : arena[at + width - 1]!;
  });
};

/** The same by counting alone, as where frames are long. */
const counted = (layout: Layout, heard: Heard) => entries({ ...layout, word: 2 }, heard);

const V = 5;
const OTHER: readonly Said[] = [V, 9, null];

for (const [boards, width] of [[7, 1], [7, 4], [8, 2], [9, 1]] as const) {
  test(`OM.6: any boards that say otherwise of all, n=${boards}, ${width} bytes`, () => {
    for (const self of [0, 3, boards - 1]) {
      const layout = layoutFor(boards, width, self);
      assert.equal(layout.word, 1);
      for (let apart = 0; apart < 1 << boards; apart += width > 1 || boards > 7 ? 3 : 1) {
        for (const other of OTHER.slice(1)) {
          const relayed = (_: number, __: number, by: number) => ((apart >> by) & 1 ? other : V);
          for (const direct of OTHER) {
            const heard = { direct: () => direct, held: () => V, relayed };
            assert.deepEqual(entries(layout, heard), counted(layout, heard), `${apart}`);
          }
          // One of those to whom a commander spoke says otherwise.
          const held = (_: number, by: number) => (by === (self + 1) % boards ? other : V);
          const heard = { direct: () => V, held, relayed };
          assert.deepEqual(entries(layout, heard), counted(layout, heard), `${apart}`);
        }
      }
    }
  });

  test(`OM.6: of one commander they say otherwise, n=${boards}, ${width} bytes`, () => {
    for (const self of [0, 3, boards - 1]) {
      const layout = layoutFor(boards, width, self);
      for (let of = 0; of < boards; of++) {
        for (const by of [of, (of + 1) % boards, -1]) {
          const relayed = (commander: number, _: number, one: number) =>
            (commander === of && one !== by ? 9 : V);
          const heard = { direct: () => V, held: () => V, relayed };
          assert.deepEqual(entries(layout, heard), counted(layout, heard), `${of}, ${by}`);
        }
      }
    }
  });

  test(`OM.6: one place is empty in all that came, n=${boards}, ${width} bytes`, () => {
    const heard = { direct: () => V, held: () => V, relayed: () => V };
    for (const self of [0, boards - 1]) {
      const layout = layoutFor(boards, width, self);
      for (let bit = 0; bit < (boards - 1) * (boards - 2); bit++) {
        assert.deepEqual(
          entries(layout, heard, bit), entries({ ...layout, word: 2 }, heard, bit), `${bit}`);
      }
      const many = (1 << (boards - 2)) - 1;
      assert.deepEqual(
        entries(layout, heard, 0, many), entries({ ...layout, word: 2 }, heard, 0, many));
      // Its paths have the first places everywhere: nobody has passed on what board 0 said.
      if (self) assert.equal(entries(layout, heard, 0, many)[0], null);
    }
  });

  test(`OM.6: whatever was heard, n=${boards}, ${width} bytes; ${replay}`, (t) => {
    const random = createRandom(SEED);
    let spared = 0;
    for (let run = 0; run < runs(t, 4000, 300); run++) {
      const layout = layoutFor(boards, width, random() % boards);
      const seldom = 2 + random() % 60;
      const said = new Map<string, Said>();
      const say = (...of: number[]) => {
        const key = of.join();
        if (!said.has(key)) {
          said.set(key, random() % seldom ? of[0]! : [V, 9, null][random() % 3]!);
        }
        return said.get(key)!;
      };
      const heard = { direct: say, held: say, relayed: say };
      const found = entries(layout, heard);
      assert.deepEqual(found, counted(layout, heard), replay);
      if (found.some((one) => one === null)) spared++;
    }
    assert.ok(spared > 0);
  });
}

test("OM.6: just outside, with one board fewer, it is not elected", () => {
  for (const [boards, width] of [[7, 4], [8, 2], [9, 1]] as const) {
    const layout = layoutFor(boards, width, 0);
    const enough = (boards >> 1) - 1;
    const sayers = (count: number) => (_: number, __: number, by: number) =>
      (by > 0 && by <= count ? V : 9);
    const of = boards - 1;
    const by = (count: number) =>
      counted(layout, { direct: () => V, held: () => V, relayed: sayers(count) })[of];
    assert.equal(by(enough), V, `n=${boards}`);
    assert.notEqual(by(enough - 1), V, `n=${boards}`);
  }
});
