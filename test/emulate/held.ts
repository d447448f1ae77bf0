/** Everything that goes wrong, and that what is promised holds nevertheless. */
import assert from "node:assert/strict";
import { FAULTS } from "../../host/faults/registry.js";
import type { Traitor } from "../../host/faults/asked.js";
import type { Run } from "../topology/drive.js";

export const LINES = FAULTS.filter(({ on }) => on === "line");
export const BEHAVIOURS = FAULTS.filter(({ on }) => on !== "line" && on !== "hub");

export const traitor = (name: string, board: number): Traitor => {
  const { parameter } = BEHAVIOURS.find((kind) => kind.name === name)!;
  return { name, board, parameter: parameter?.fallback ?? [] };
};

/** Everything that is promised, in every cycle; and the trace says what the summary says. */
export const holds = ({ summary, cycles }: Run, label: string): void => {
  const { agreement, validity, truth, termination, order, verdict, broken_cycle: broken } = summary;
  const all = summary.cycles;
  assert.deepEqual(
    { agreement, validity, truth, termination, order, verdict, broken },
    {
      agreement: all, validity: all, truth: all, termination: all, order: all, verdict: "held",
      broken: null,
    },
    label,
  );
  assert.equal(cycles.length, all);
  for (const { agreement: same, validity: valid, faulty, vectors, orders } of cycles) {
    assert.equal(same && valid, true);
    const correct = vectors.map((_, board) => board).filter((board) => !faulty.includes(board));
    // The trace itself, without asking the judge.
    for (const board of correct) {
      assert.deepEqual(vectors[board], vectors[correct[0]!], label);
      assert.deepEqual(orders[board], orders[correct[0]!], label);
      assert.notEqual(vectors[board], null, label);
    }
  }
};

/** The entries of correct boards are what they put in, as the trace shows it. */
export const valid = ({ cycles }: Run, label: string): void => {
  for (const { inputs, vectors, faulty } of cycles) {
    for (const [board, vector] of vectors.entries()) {
      if (faulty.includes(board)) continue;
      inputs.forEach((input, commander) => {
        if (!faulty.includes(commander)) assert.equal(vector![commander], input, label);
      });
    }
  }
};
