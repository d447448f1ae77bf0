import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { UsageError } from "../../host/base/error.js";
import { FlashError } from "../../host/flash/talk.js";
import {
  LEASE, NEW, OLD, ask, attempt, boardWith, nameOf, promise, put,
} from "./check.js";
import { createBoard } from "./fake.js";
import type { Board, Settings } from "./fake.js";

/** Every so many bytes there is a fault; 1 for a long run. */
const EVERY = Number(process.env["TAGMA_FAULTS"] ?? 307);

/** What a line and a board do wrong; in spite of each the program gets there, whole. */

const arrives = (settings: Settings, text = NEW): { board: Board; sent: number } => {
  const board = boardWith(settings);
  const { sent } = put(board, text).result;
  assert.equal(board.runs, nameOf(text));
  assert.equal(ask(board).state, "whole");
  return { board, sent };
};

describe("a board that is as it should be", () => {
  it("gets its program once, by packets", () => {
    const { board, sent } = arrives({});
    assert.equal(sent, 1);
    // One opens the file, and each of 512 bytes is one.
    assert.equal(board.packets, 1 + Math.ceil(NEW.length / 512));
    assert.equal(board.lost, 0);
  });

  it("gets it by lines, where Espruino is too old for packets", () => {
    for (const version of ["2v00", "2v04", "2v24", "2v24.117"]) {
      const { board, sent } = arrives({ version });
      assert.deepEqual([sent, board.packets, board.lost], [1, 0, 0], version);
    }
  });

  it("is sent nothing where it has it, and starts it anew", () => {
    const board = boardWith({}, NEW);
    const { starts } = board;
    const { result } = put(board, NEW);
    assert.deepEqual([result.sent, result.by, board.packets], [0, "nothing", 0]);
    assert.equal(board.starts, starts + 1);
    assert.equal(board.runs, nameOf(NEW));
  });

  it("gets any text, with what means something to a console or to a line in it", () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 255 })
      .map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 300 });
    for (const version of ["2v29", "2v04"]) {
      fc.assert(fc.property(text, (inside) => {
        const board = createBoard({ version });
        const program = `tagma={n:0};/*${inside.replaceAll("*", "+")}*/tagma.id="any:0"`;
        const { by } = put(board, program).result;
        assert.equal(board.runs, "any:0");
        assert.equal(board.storage.read("tagma0"), program);
        // A byte that breaks in is never in a packet, not even as its length.
        const meant = ["\u0003", "\u0004", "\u0011", "\u0013"].some((one) => inside.includes(one));
        if (meant) assert.equal(by, "lines");
      }), { numRuns: 25, seed: 1 });
    }
  });

  it("gets programs of every length about those of a packet", () => {
    for (const length of [500, 511, 512, 513, 515, 516, 529, 531, 771, 772, 1023, 1024, 1027]) {
      const program = `tagma={id:"x:0"};//${"x".repeat(length - 19)}`;
      const board = createBoard();
      put(board, program);
      assert.equal(board.storage.read("tagma0")?.length, length);
      assert.equal(board.runs, "x:0");
    }
  });
});

describe("the prompt is found", () => {
  const cases: Readonly<Record<string, Settings>> = {
    "where echo is off": { echo: false },
    "where code runs that only a break stops": { busy: true },
    "where code runs on an old board": { busy: true, version: "2v04" },
  };
  for (const [what, settings] of Object.entries(cases)) {
    it(what, () => {
      assert.equal(arrives(settings).sent, 1);
    });
  }

  it("with something in the line, brackets open, or within a packet", () => {
    for (const typed of ["abc", "f({[", 'print("', "\u0010\u0001\u0080\u0020abc", "\u0010\u0001",
      "\u001b", "\u001b[", "\u0010\u0001\u0060"]) {
      const board = boardWith({});
      for (const byte of Buffer.from(typed, "latin1")) board.take(byte, 1);
      put(board, NEW);
      assert.equal(board.runs, nameOf(NEW), JSON.stringify(typed));
    }
  });

  it("without a break, by who only asks", () => {
    const board = boardWith({ busy: true });
    assert.throws(() => ask(board), /no answer/);
    assert.equal(board.runs, nameOf(OLD));
  });
});

describe("a board that asks to wait", () => {
  it("loses nothing, however small its buffer and slow it is", () => {
    for (const [buffer, speed] of [[64, 2], [128, 1], [256, 4]] as const) {
      const { board, sent } = arrives({ buffer, speed });
      assert.ok(board.held > 10, `${board.held}`);
      assert.deepEqual([board.lost, sent], [0, 1]);
    }
  });

  it("loses bytes if it is not heard, and never claims to be whole when it is not", () => {
    const board = boardWith({ buffer: 64, speed: 2 });
    attempt(() => put(board, NEW, { patience: 1000 }, { deafTo: 19 }));
    assert.ok(board.lost > 0);
    board.powerCycle();
    promise(board, [OLD, NEW], "deaf");
  });

  it("and then never says to go on: it goes on", () => {
    const board = boardWith({ buffer: 64, speed: 2 });
    put(board, NEW, {}, { deafTo: 17 });
    assert.equal(board.runs, nameOf(NEW));
  });
});

/** How a board writes its flash, before a test puts something else in place of it. */
const writerOf = (board: Board): Board["storage"]["write"] => {
  const { storage } = board;
  return storage.write.bind(storage);
};

/** @returns how many bytes a transfer has to the board, so that a fault can be put anywhere. */
const lengthOf = (version: string): number => put(boardWith({ version }), NEW).sent;

describe("a fault in the middle", () => {
  it("a packet that is refused: it is sent again", () => {
    for (let nakAt = 1; nakAt <= 4; nakAt++) {
      const { board, sent } = arrives({ nakAt });
      assert.equal(sent, 2, `packet ${nakAt}`);
      assert.ok(board.packets > 4);
    }
  });

  for (const version of ["2v29", "2v04"]) {
    const total = lengthOf(version);
    const faults: Readonly<Record<string, (at: number) => Settings>> = {
      "a byte to the board is another": (at) => ({ version, garbleInAt: at }),
      "the board is reset": (at) => ({ version, resetAt: at }),
      "a byte of the board's is another": (at) => ({ version, garbleOutAt: at >> 1 }),
      "the board says something else": (at) => ({ version, noiseOutAt: at >> 1 }),
    };
    for (const [what, faulty] of Object.entries(faults)) {
      it(`${what}: Espruino ${version}`, () => {
        let gaveUp = 0;
        for (let at = 1; at < total; at += EVERY) {
          const board = boardWith(faulty(at));
          const error = attempt(() => put(board, NEW));
          if (error) gaveUp++;
          board.powerCycle();
          promise(board, [OLD, NEW], `${what} at ${at}: ${error?.message}`);
          if (!error) assert.equal(board.runs, nameOf(NEW), `at ${at}`);
        }
        assert.equal(gaveUp, 0, "times that a single fault was too much");
      });
    }
  }

  it("each packet is refused: it gives up, and the old program runs", () => {
    const board = boardWith({});
    const write = writerOf(board);
    board.storage.write = (name, data, offset, size) =>
      name !== "tagma1" && write(name, data, offset, size);
    assert.throws(() => put(board, NEW), (thrown) =>
      thrown instanceof FlashError && /failed 3 times: it took a packet/.test(thrown.message));
    assert.equal(board.runs, nameOf(OLD));
  });

  it("flash keeps another byte: it is noticed, and the old program runs", () => {
    for (const version of ["2v29", "2v04"]) {
      const board = boardWith({ version });
      const write = writerOf(board);
      board.storage.write = (name, data, offset, size) =>
        write(name, name === "tagma1" ? data.replace("tagma.n++;", "tagma.m++;") : data, offset,
          size);
      assert.throws(() => put(board, NEW), (thrown) =>
        thrown instanceof FlashError && /failed 3 times/.test(thrown.message));
      assert.equal(board.runs, nameOf(OLD));
      promise(board, [OLD, NEW], version);
    }
  });

  it("flash loses a byte later: nothing boots, and the board says so", () => {
    const board = boardWith({});
    const text = board.storage.read("tagma0")!;
    board.storage.erase("tagma0");
    board.storage.write("tagma0", text.replace("++", "--"));
    board.powerCycle();
    assert.equal(board.runs, undefined);
    assert.equal(ask(board).state, "unfinished");
  });

  it("a host that is gone: within a minute the board is back at what it boots", () => {
    const { sent } = put(boardWith({}), NEW);
    const board = boardWith({});
    attempt(() => put(board, NEW, {}, { after: sent >> 1 }));
    assert.equal(board.runs, undefined);
    for (const until = board.time + LEASE; board.time < until;) board.pass(until);
    assert.equal(board.runs, nameOf(OLD));
  });
});

describe("refused before anything is changed", () => {
  const refuses = (settings: Settings, said: RegExp, prepare?: (board: Board) => void) => {
    const board = boardWith(settings);
    prepare?.(board);
    const { steps } = board.storage;
    const { starts } = board;
    assert.throws(() => put(board, NEW), (thrown) =>
      thrown instanceof UsageError && said.test(thrown.message));
    assert.deepEqual([board.storage.steps, board.starts], [steps, starts]);
    assert.equal(board.runs, nameOf(OLD));
    return board;
  };

  it("another kind of board", () => {
    refuses({ kind: "PUCKJS" },
      /^the board there is PUCKJS \(Espruino 2v29\), and a of pump must be PICO_R1_3$/);
  });

  it("a program that its Storage has no room for", () => {
    refuses({ size: 1600 },
      /^the program of 15\d\d bytes needs \d+ of .* has 1\d\d\d to give$/);
  });

  it("code of somebody else's that boots, unless that may go", () => {
    const said = /boots what is not of tagma: \.bootrst; --replace erases it/;
    const board = refuses({}, said, (one) => {
      one.storage.write(".bootrst", "print(1)");
    });
    put(board, NEW, { replace: true });
    assert.equal(board.storage.read(".bootrst"), undefined);
    board.powerCycle();
    assert.equal(board.runs, nameOf(NEW));
    const other = createBoard();
    other.storage.write(".bootcde", "LED1.set()");
    assert.equal(ask(other).state, "foreign");
    assert.throws(() => put(other, NEW), /not of tagma: \.bootcde/);
    assert.equal(other.storage.read(".bootcde"), "LED1.set()");
    put(other, NEW, { replace: true });
    assert.equal(other.runs, nameOf(NEW));
  });

  it("where the board is too old to tell its room, and has none: the old program stays", () => {
    const board = boardWith({ version: "2v04", size: 2500 });
    assert.throws(() => put(board, NEW), /Storage has no room for \d+ bytes beside/);
    for (const until = board.time + LEASE; board.time < until;) board.pass(until);
    assert.equal(board.runs, nameOf(OLD));
    assert.equal(promise(board, [OLD], "").remains, false);
  });
});

describe("the end is told", () => {
  it("a program that does not run is on the board and said not to run", () => {
    const board = createBoard();
    assert.throws(() => put(board, 'throw new Error("no such pin")'), (thrown) =>
      thrown instanceof FlashError && /whole on the board and does not run there: .*no such pin/
        .test(thrown.message));
    const { state, runs } = ask(board);
    assert.deepEqual({ state, runs }, { state: "whole", runs: false });
  });

  it("a program that takes the console's UART starts at once, and can be replaced", () => {
    const board = createBoard();
    assert.equal(put(board, OLD, { takes: true }).result.now, "started");
    assert.equal(board.runs, nameOf(OLD));
    assert.doesNotMatch(board.storage.read(".bootcde")!, /setTimeout/);
    assert.equal(put(board, NEW, { takes: true }).result.sent, 1);
    assert.equal(board.storage.read("tagma1"), NEW);
  });

  it("stages come in their order, and bytes up to the last", () => {
    const stages: string[] = [];
    let last = 0;
    put(boardWith({}), NEW, {}, {
      told({ stage, done, total }) {
        if (stages.at(-1) !== stage) [last] = [0, stages.push(stage)];
        assert.ok(done >= last && done <= total);
        last = done;
        if (total) assert.equal(total, NEW.length);
      },
    });
    assert.deepEqual(stages, ["find", "stop", "write", "compare", "start"]);
  });
});
