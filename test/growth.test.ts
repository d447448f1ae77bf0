/** How networks grow, as the documents have it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, measured, sizeOf, sizes, tableOf } from "./growth.js";
import { read } from "./tidy/source.js";

/** Larger ones are measured by make growth only. */
const BYTES_MAX = 20_000;

const all = sizes();
const document = read("docs/growth.md").text;

test("small networks grow as planned, and as the documents say", async () => {
  let count = 0;
  for (const size of all) {
    if (!size.network || size.planned!.bytes * size.boards > BYTES_MAX) continue;
    const found = await measured(size.network);
    assert.equal(found.bytes, size.planned!.bytes);
    assert.equal(found.memory, size.planned!.memory);
    assert.ok(Math.abs(found.ms - size.planned!.ms) < 0.01);
    assert.ok(document.includes(`\n${lineOf(size, found)}\n`), lineOf(size, found));
    count++;
  }
  assert.ok(count > 20);
});

test("all others stand in the documents as they are planned, with what bounds them", () => {
  for (const line of tableOf(all.map((size) => [size, size.planned])).split("\n")) {
    assert.ok(document.includes(`\n${line}\n`), `${line}: make growth`);
  }
});

test("where nobody lies, all is alike however many may crash", () => {
  for (const name of ["paxos", "2pc", "3pc", "paxos-commit"]) {
    const one = sizeOf(name, 13, 1)!.planned!;
    for (const crashes of [2, 6]) {
      assert.deepEqual(sizeOf(name, 13, crashes)?.planned ?? one, one, `${name} ${crashes}`);
    }
  }
  assert.notDeepEqual(sizeOf("om", 13, 2)!.planned, sizeOf("om", 13, 1)!.planned);
});
