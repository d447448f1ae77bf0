/** Whether a board of ballots is new is told when it is flashed, and once in a network's life. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../../host/base/error.js";
import type { Birth } from "../../host/flash/birth.js";
import { shapeOf } from "../ballots/ballots.js";
import { naiveFirst, naiveImage } from "../node/ballot-star.js";
import { NEW, OLD, attempt, boardWith, mends, put } from "./check.js";
import { createBoard } from "./fake.js";

const shape = shapeOf("paxos", 4, 1);
const text = (bytes: readonly number[]): string => String.fromCharCode(...bytes);
const FIRST = text(naiveFirst(shape));
const USED = text(naiveImage(shape, 1, 9));
const FOREIGN = text(naiveImage({ ...shape, mark: shape.mark ^ 2 }, 4, 9));
const LATE = text(naiveImage(shape, 0, 8));
const birth = (how: Birth["how"], image = FIRST) => ({ birth: { image, mark: shape.mark, how } });

describe("flashing a board of ballots", () => {
  it("makes it new when that is said, and only then", () => {
    const board = createBoard();
    assert.equal(put(board, OLD, birth("")).result.store, "none");
    assert.equal(board.storage.read("tagma.3"), undefined);
    assert.equal(put(board, OLD, birth("once")).result.store, "new");
    assert.equal(board.storage.read("tagma.3"), FIRST);
    // As long as it has promised nothing, that may be said again.
    assert.equal(put(board, NEW, birth("once")).result.store, "new");
    assert.equal(put(board, NEW, birth("")).result.store, "new");
  });

  it("leaves one as it is that has been in the network", () => {
    for (const [place, other] of [["tagma.3", "tagma.4"], ["tagma.4", "tagma.3"]] as const) {
      for (const beside of [undefined, FIRST, USED.slice(1), FOREIGN]) {
        const board = boardWith({});
        board.storage.write(place, USED);
        if (beside !== undefined) board.storage.write(other, beside);
        const { steps } = board.storage;
        for (const how of ["once", "after"] as const) {
          assert.throws(() => put(board, NEW, birth(how)), (thrown) =>
            thrown instanceof UsageError && thrown.message.startsWith(`--${how}: `));
        }
        assert.equal(board.storage.steps, steps, "nothing is changed");
        assert.equal(put(board, NEW, birth("")).result.store, "kept");
        assert.equal(board.storage.read(place), USED);
        assert.equal(board.storage.read(other), beside);
      }
    }
  });

  it("takes images of another network, and what is not whole, for nothing", () => {
    for (const there of [FOREIGN, USED.slice(1), `${USED}x`, "x"]) {
      const board = createBoard();
      board.storage.write("tagma.4", there);
      assert.equal(put(board, OLD, birth("once")).result.store, "new");
      assert.equal(board.storage.read("tagma.3"), FIRST);
      assert.equal(board.storage.read("tagma.4"), undefined);
    }
  });

  it("puts one in the place of another that may have promised something", () => {
    const board = createBoard();
    assert.equal(put(board, OLD, birth("after", LATE)).result.store, "new");
    assert.equal(board.storage.read("tagma.3"), LATE);
    // It is not new: whoever says so now is wrong.
    assert.throws(() => put(board, OLD, birth("once")), UsageError);
  });

  it("cut at any write to flash: the same command again makes it new", () => {
    const whole = createBoard();
    put(whole, OLD, birth("once"));
    for (let cut = 1; cut <= whole.storage.steps; cut++) {
      const board = createBoard();
      board.storage.cutAt = cut;
      attempt(() => put(board, OLD, birth("once")));
      board.storage.revive();
      board.powerCycle();
      const left = board.storage.read("tagma.3");
      if (left !== undefined) assert.ok(left === FIRST || left.length === FIRST.length);
      assert.equal(put(board, OLD, birth("once")).result.store, "new", `cut at ${cut}`);
      assert.equal(board.storage.read("tagma.3"), FIRST);
      mends(board, OLD, `cut at ${cut}`);
    }
  });
});
