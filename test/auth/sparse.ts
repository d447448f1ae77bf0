import { createLms } from "../../firmware/auth/lms/lms.js";
import {
  TILE_HEIGHT, TILE_LEAVES, signatureLayout,
} from "../../firmware/auth/lms/sets.js";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";
import type { BoardKeys } from "../../host/keys/keys.js";
import { randomBytes, shapeOf } from "./board.js";

/**
 * A key whose tree is high, in the time of a few tiles: what is above these is truly hashed, and
 * the rest of the crown is drawn by lot. Nobody can tell from signatures of those tiles, for a path
 * to the root shows nodes beside it as they are.
 *
 * @param tiles by number, those whose leaves can sign
 */
export const sparseKeys = (
  set: TreeSet, random: () => number, tiles: readonly number[],
): BoardKeys => {
  const layout = signatureLayout(shapeOf([set]), 0, 0);
  const { hashBytes: n, keys, seeds, tiles: places, leaves } = layout;
  const arena = new Uint8Array(layout.signatureEnd);
  const lms = createLms(layout, arena, new DataView(arena.buffer));
  const [name, seed] = [randomBytes(random, 16), randomBytes(random, n)];
  arena.set(name, keys);
  arena.set(seed, seeds);
  const count = leaves >> TILE_HEIGHT;
  const crown = randomBytes(random, 2 * count * n);
  const children = places[0]!;
  const made = children + 2 * n;
  const join = (node: number, pair: Uint8Array) => {
    lms.use(keys, 0, 0);
    arena.set(pair, children);
    lms.unite(node, children, made);
    return arena.slice(made, made + n);
  };
  const joinAll = (first: number, row: readonly Uint8Array[]) =>
    Array.from({ length: row.length / 2 }, (_, at) =>
      join(first + at, Buffer.concat([row[2 * at]!, row[2 * at + 1]!])));
  for (const tile of tiles) {
    let first = leaves + tile * TILE_LEAVES;
    let row = Array.from({ length: TILE_LEAVES }, (_, leaf) => {
      lms.use(keys, tile * TILE_LEAVES + leaf, 0);
      lms.leaf(made);
      return arena.slice(made, made + n);
    });
    while (row.length > 1) {
      first >>= 1;
      row = joinAll(first, row);
    }
    crown.set(row[0]!, first * n);
  }
  const dirty = new Set(tiles.map((tile) => (count + tile) >> 1));
  for (const node of dirty) {
    if (!node) continue;
    crown.set(join(node, crown.slice(2 * node * n, (2 * node + 2) * n)), node * n);
    dirty.add(node >> 1);
  }
  return { key: Buffer.concat([name, crown.subarray(n, 2 * n)]), crown, seed };
};
