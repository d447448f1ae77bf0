import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "../tidy/source.js";
import { AGREEMENT } from "./agreement.js";
import { BALLOTS } from "./ballots.js";
import { BOARD } from "./board.js";

test("what mutants change is there, once each", () => {
  for (const { file, from, to, why } of [...AGREEMENT, ...BALLOTS, ...BOARD]) {
    assert.equal(read(file).text.split(from).length - 1, 1, `${file}: ${why}: ${from}`);
    assert.notEqual(from, to, `${file}: ${why}`);
  }
});
