import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "../tidy/source.js";
import { MUTANTS } from "./all.js";

test("what mutants change is there, once each", () => {
  for (const { file, from, to, why } of MUTANTS) {
    assert.equal(read(file).text.split(from).length - 1, 1, `${file}: ${why}: ${from}`);
    assert.notEqual(from, to, `${file}: ${why}`);
  }
});
