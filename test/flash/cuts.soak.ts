import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Console } from "../../host/flash/console.js";
import { createConsole } from "../../host/flash/console.js";
import { bootCode } from "../../host/flash/boot.js";
import type { Talk } from "../../host/flash/talk.js";
import { bytesOf, crcOf } from "../../host/flash/text.js";
import {
  LEASE, NEW, OLD, attempt, boardWith, mends, nameOf, programOf, promise, put,
} from "./check.js";
import { createBoard } from "./fake.js";
import type { Board } from "./fake.js";
import { talkTo } from "./line.js";

/** Every so many bytes the cable is pulled; 1 for a long run. */
const EVERY = Number(process.env["TAGMA_CUTS"] ?? 64);
const VERSIONS = ["2v29", "2v04"];

/** What a board may go through when its cable was pulled. */
const AFTERWARDS: Readonly<Record<string, (board: Board) => void>> = {
  "is switched off and on": (board) => {
    board.powerCycle();
  },
  "is left alone": (board) => {
    for (const until = board.time + LEASE; board.time < until;) board.pass(until);
  },
};

describe("a transfer that is cut", () => {
  for (const version of VERSIONS) {
    for (const [what, happens] of Object.entries(AFTERWARDS)) {
      for (const old of what.includes("alone") ? [OLD] : [OLD, ""]) {
        // What an old Espruino does on its own differs in nothing.
        if (version === "2v04" && what.includes("alone")) continue;
        const on = old ? "old program" : "empty board";
        it(`every ${EVERY} bytes: Espruino ${version}, ${on}, ${what}`, (context) => {
          const { sent } = put(boardWith({ version }, old), NEW);
          const mendEvery = version === "2v29" && old && what.includes("on") ? 1 : 8;
          const states: Record<string, number> = {};
          let stopped = 0;
          for (let after = 0; after < sent; after += EVERY) {
            const board = boardWith({ version }, old);
            const where = `cut after ${after} of ${sent} bytes`;
            assert.ok(attempt(() => put(board, NEW, {}, { after })), where);
            happens(board);
            const { state, program, runs } = promise(board, [old || NEW, NEW], where);
            const key = `${state} ${program ? board.runs! : ""}${runs ? "" : " stopped"}`;
            states[key] = (states[key] ?? 0) + 1;
            // There is room for both, so an old program boots until the new one does.
            if (old) assert.ok(board.runs, where);
            if (old && !runs) stopped++;
            if (after % (EVERY * mendEvery) === 0) mends(board, NEW, where);
          }
          context.diagnostic(JSON.stringify(states));
          // Only a cut in the line behind a reset leaves a board stopped until it is switched on.
          assert.ok(stopped * EVERY <= 512, `${stopped} times`);
          assert.ok(sent > 4096, "a short transfer");
          if (old) assert.ok(states[`whole ${nameOf(old)}`]! * EVERY > 2048);
          else assert.ok(states["unfinished  stopped"]! * EVERY > 1500);
        });
      }
    }
  }

  it("where there is no room for both programs: the board is unfinished until the end", () => {
    const settings = { size: 2500 };
    const { sent } = put(boardWith(settings), NEW);
    let none = 0;
    for (let after = 0; after < sent; after += EVERY) {
      const board = boardWith(settings);
      const where = `cut after ${after} of ${sent} bytes`;
      assert.ok(attempt(() => put(board, NEW, {}, { after })), where);
      board.powerCycle();
      const { state } = promise(board, [OLD, NEW], where);
      if (board.runs === undefined) {
        none++;
        assert.equal(state, "unfinished", where);
      }
      if (after % (EVERY * 8) === 0) mends(board, NEW, where);
    }
    assert.ok(none * EVERY > 1500, `${none}`);
  });
});

describe("power that is lost in a write to flash", () => {
  for (const version of VERSIONS) {
    for (const size of [65_536, 2500]) {
      // Too old to tell how much room there is, so it is refused: see the refusals.
      if (version === "2v04" && size === 2500) continue;
      it(`each one: Espruino ${version}, ${size} bytes of Storage`, (context) => {
        const whole = boardWith({ version, size });
        const before = whole.storage.steps;
        put(whole, NEW);
        const steps = whole.storage.steps - before;
        const seen: string[] = [];
        for (let step = 1; step <= steps; step++) {
          const board = boardWith({ version, size });
          const where = `write ${step} of ${steps}`;
          board.storage.cutAt = board.storage.steps + step;
          assert.ok(attempt(() => put(board, NEW, { patience: 1000 })), where);
          board.powerCycle();
          const { state } = promise(board, [OLD, NEW], where);
          seen.push(`${state} ${board.runs ?? ""}`);
          assert.ok(state === "whole" || state === "unfinished", `${where}: ${state}`);
          mends(board, NEW, where);
        }
        context.diagnostic(seen.join(", "));
        assert.ok(seen.some((one) => one === "unfinished "), "the boot code is never half written");
      });
    }
  }
});

/** What the promise is not kept by: uploaders that do without what this one does. */
describe("a board that is cut", () => {
  const naive = function* (text: string, into: (board: Console) => Talk<void>): Talk<void> {
    const board = createConsole();
    yield* board.wake(1000);
    yield* into(board);
    for (let from = 0; from < text.length; from += 256) {
      yield* board.call(
        `require("Storage").write("${text === NEW ? "tagma1" : ".bootcde"}",d,${from},${
          text.length})`, text.slice(from, from + 256),
      );
    }
    yield* board.call("load();1");
  };

  const broken = (talk: () => Talk<void>): string[] => {
    const wrong: string[] = [];
    const { sent } = talkTo(boardWith({}), talk());
    for (let after = 0; after < sent; after += 4 * EVERY) {
      const board = boardWith({});
      attempt(() => talkTo(board, talk(), { after }));
      board.powerCycle();
      try {
        promise(board, [OLD, NEW], "");
      } catch (thrown) {
        wrong.push((thrown as Error).message);
      }
    }
    return wrong;
  };

  it("boots half a program that is written to where it boots", () => {
    const text = programOf("bare", 1500);
    const wrong = broken(() => naive(text, function* () {}));
    assert.ok(wrong.some((one) => one.includes("half runs")), wrong[0] ?? "nothing is wrong");
  });

  it("boots nothing, where the boot code is written first", () => {
    const program = {
      slot: "tagma1" as const, crc: crcOf(bytesOf(NEW)), bytes: NEW.length, network: "pump",
      board: "a", waits: false,
    };
    const board = createBoard();
    const talk = naive(NEW, function* (console) {
      yield* console.call('require("Storage").write(".bootcde",d)', bootCode(program));
    });
    attempt(() => talkTo(board, talk, { after: 1500 }));
    board.powerCycle();
    assert.equal(board.runs, undefined);
    assert.equal(promise(board, [NEW], "").state, "unfinished");
  });
});
