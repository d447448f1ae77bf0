import assert from "node:assert/strict";
import { test } from "node:test";
import { edgesOf, mapOf, reduced } from "./map.js";
import { LAYERS } from "./tidy/layers.js";
import { read } from "./tidy/source.js";

test("the picture of the folders is that of the sources: `make map` draws it anew", () => {
  assert.equal(read("docs/map.svg").text, mapOf());
});

test("every arrow in it goes down", () => {
  for (const half of ["firmware", "host"] as const) {
    const layers: readonly string[] = LAYERS[half];
    const edges = edgesOf(half);
    assert.ok(edges.length > layers.length);
    for (const { from, to } of edges) {
      assert.ok(layers.indexOf(from) > layers.indexOf(to), `${half}: ${from} > ${to}`);
    }
  }
});

test("an arrow that follows from others is left out", () => {
  const [ab, bc, ac] = [["a", "b"], ["b", "c"], ["a", "c"]].map(([from, to]) =>
    ({ from: from!, to: to! }));
  assert.deepEqual(reduced([ab!, bc!, ac!]), [ab, bc]);
  assert.deepEqual(reduced([ac!, bc!]), [ac, bc]);
});
