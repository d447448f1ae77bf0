/** LFAB.2 and LFAB.3 under a leader who may name anything: a board follows where it may. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFab } from "../../firmware/core/fab.js";

test("LFAB.2, LFAB.3: a value that must be proposed is followed, and no other", () => {
  const arena = new Uint8Array(64);
  const records = [10, 12, 14, 16, 18, 20];
  for (const at of records) arena.set([1, 7], at);
  arena.set([7, 9], 30);
  let spoken = 0;
  const votes: number[] = [];
  const ledger = {
    records, votes,
    gather: () => records.length,
    elect: (accepted: number, least: number) => (accepted >= least ? votes[0]! : 0),
    vote(message: number) {
      spoken = message;
    },
  };
  const layout = {
    traitors: 1, self: 0, heard: 40, block: 2, body: 0, quorum: 5, levels: [50], valueWidth: 1,
  };
  const view = new DataView(arena.buffer);
  const fab = createFab(layout as never, arena, view, ledger as never, () => -1);
  fab.gather();
  fab.onProposal(31);
  assert.equal(spoken, -1);
  fab.onProposal(30);
  assert.equal(spoken, 30);
});
