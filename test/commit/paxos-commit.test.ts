/** PC.1 to PC.5, line by line: board a of three, by what it has heard the others say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecisionLog } from "../../firmware/ballots/decision-log.js";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import type { Algorithm } from "../../firmware/base/algorithm.js";
import { PAXOS_COMMIT, createPaxosCommit } from "../../firmware/core/paxos-commit.js";
import { shapeOf } from "../ballots/ballots.js";

/** What a record says: by default a board that is ready, names nobody and has accepted nothing. */
interface Said {
  readonly vote?: number;
  readonly named?: number;
  readonly ballot?: number;
  readonly bits?: number;
}

const READY = 1;
const ALL = 0b111;
/** Bits of a record's first byte: it leads, and proposes to commit. */
const [LEADS, COMMITS] = [4, 8];
const [A, B, C] = [0, 1, 2];

const createBoard = (isKept = true) => {
  const layout = ballotLayout({ ...shapeOf("paxos-commit", 3, 1, 2), stored: true }, A, false);
  const { levels, heard, block, body, end } = layout;
  const arena = new Uint8Array(end);
  const view = new DataView(arena.buffer);
  const at = [levels[0]! + 1, heard + block + 1, heard + 2 * block + 1];
  const decided: boolean[] = [];
  const present = new Set<number>();
  const log = {
    ballot: 0, done: () => 0, hold: () => isKept,
    decide: (value: number) => decided.push(arena[value] === READY),
  };
  const phases = createPaxosCommit(layout, arena, view, log as unknown as DecisionLog, () => -1,
    { entry: (of: number) => (present.has(of) ? at[of]! : -1) } as unknown as Algorithm);
  arena[levels[0]!] = 1;
  return {
    decided, log,
    /** What the boards are heard to say, itself included; `undefined`: it leaves that as it is. */
    hear(said: Readonly<Record<number, Said | undefined>>) {
      present.clear();
      for (const [board, one] of Object.entries(said)) {
        const record = at[Number(board)]!;
        present.add(Number(board));
        if (!one) continue;
        arena.set([one.vote ?? 1, READY], record);
        arena[record + body + 1] = one.named ?? 0;
        view.setUint32(record + body + 2, one.ballot ?? 0, true);
        arena[record + body + 6] = one.bits ?? 0;
      }
    },
    close(round: number, ballot: number) {
      log.ballot = ballot;
      phases.close(round);
    },
    /** @returns what it says of leading when a ballot opens */
    open(ballot: number) {
      log.ballot = ballot;
      arena[at[A]!] = 1;
      phases.open!();
      return arena[at[A]!]! & (LEADS | COMMITS);
    },
    own: () => ({
      takesPart: arena[levels[0]!], named: arena[at[A]! + body + 1],
      ballot: view.getUint32(at[A]! + body + 2, true), bits: arena[at[A]! + body + 6],
    }),
  };
};

test("PC.1: more than half of all boards is a quorum", () => {
  assert.deepEqual([3, 4, 5, 6].map(PAXOS_COMMIT.quorum), [2, 3, 3, 4]);
});

test("PC.2: accepts no vote any more once it has named a board", () => {
  const board = createBoard();
  board.hear({ [A]: {}, [B]: {} });
  board.close(1, 5);
  assert.equal(board.own().bits, 0b011);
  assert.notEqual(board.own().named, 0);
  board.hear({ [A]: undefined, [B]: {}, [C]: {} });
  board.close(1, 7);
  assert.equal(board.own().bits, 0b011);
});

test("PC.3: what one accepted in a later ballot is not settled, and what two did is", () => {
  const board = createBoard();
  board.hear({ [A]: {}, [B]: { ballot: 4, bits: ALL }, [C]: {} });
  board.close(2, 6);
  assert.deepEqual(board.decided, []);
  board.hear({ [A]: {}, [B]: { ballot: 4, bits: ALL }, [C]: { ballot: 4, bits: ALL } });
  board.close(2, 6);
  assert.deepEqual(board.decided, [true]);
});

test("PC.4: leads in the ballot after it was named, and in no other", () => {
  for (const [ballot, leads] of [[6, LEADS | COMMITS], [7, 0], [8, 0]] as const) {
    const board = createBoard();
    board.hear({ [A]: { named: A + 1, bits: ALL }, [B]: { named: A + 1 } });
    board.close(2, 5);
    assert.equal(board.open(ballot), leads, `ballot ${ballot}`);
  }
});

test("PC.4: does not lead where only half or fewer named it", () => {
  const board = createBoard();
  board.hear({ [A]: { named: A + 1, bits: ALL }, [B]: { named: C + 1, bits: ALL } });
  board.close(2, 5);
  assert.equal(board.open(6), 0);
});

test("PC.4: proposes what was accepted last", () => {
  for (const [first, last, says] of [[ALL, 0, LEADS], [0, ALL, LEADS | COMMITS]] as const) {
    for (const [one, other] of [[A, B], [B, A]] as const) {
      const board = createBoard();
      board.hear({
        [one]: { named: A + 1, ballot: 3, bits: first },
        [other]: { named: A + 1, ballot: 4, bits: last },
      });
      board.close(2, 5);
      assert.equal(board.open(6), says);
    }
  }
});

test("PC.5: accepts from the board that it named in the ballot before, and never later", () => {
  for (const [ballot, accepted] of [[6, 6], [7, 0]] as const) {
    const board = createBoard();
    board.hear({ [A]: {}, [B]: {} });
    board.close(1, 5);
    const leader = board.own().named! - 1;
    assert.equal(leader, B);
    board.hear({ [A]: undefined, [B]: { vote: 1 | LEADS } });
    board.close(1, ballot);
    assert.equal(board.own().ballot, accepted, `ballot ${ballot}`);
  }
});

test("COMMIT.1: says nothing more where it could not keep what it accepted", () => {
  for (const isKept of [true, false]) {
    const board = createBoard(isKept);
    board.hear({ [A]: {}, [B]: {} });
    board.close(1, 5);
    assert.deepEqual([board.log.ballot, board.own().takesPart], isKept ? [5, 1] : [0, 0]);
  }
});
