import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import {
  SLOTS, UNFINISHED, bootCode, isCut, programIn, shortName,
} from "../../host/flash/boot.js";
import { hasPackets } from "../../host/flash/survey.js";
import { bytesOf, crcOf, quoted, textOf } from "../../host/flash/text.js";

const programs = fc.record({
  slot: fc.constantFrom(...SLOTS), crc: fc.integer({ min: 0, max: 0xffffffff }),
  bytes: fc.integer({ min: 1, max: 1e6 }), network: fc.string({ unit: "grapheme" }),
  board: fc.stringMatching(/^[A-Za-z][\w-]*$/), waits: fc.boolean(),
});

describe("boot code", () => {
  it("is read back as it was made, and fits in a line", () => {
    fc.assert(fc.property(programs, (program) => {
      const code = bootCode(program);
      assert.match(code, /^[ -~]+$/);
      assert.ok(code.length < 400);
      const { network, board, ...rest } = program;
      assert.deepEqual(programIn(code),
        { ...rest, network: shortName(network), board: shortName(board) });
      assert.ok(!isCut(code));
    }), { seed: 1 });
  });

  it("that is cut anywhere, the rest erased, is known as cut, and starts nothing wrong", () => {
    const text = "started=true";
    for (const waits of [false, true]) {
      const code = bootCode({
        slot: "tagma1", crc: crcOf(bytesOf(text)), bytes: text.length, network: "p", board: "a",
        waits,
      });
      let started = 0;
      for (let written = 0; written < code.length; written++) {
        const flash = code.slice(0, written).padEnd(code.length, "\u00ff");
        assert.ok(isCut(flash), `${written} written`);
        assert.equal(programIn(flash), undefined);
        const run = (content: string | undefined) => {
          const context = {
            require: () => ({ read: () => content }), setTimeout: (act: () => void) => {
              act();
            },
            E: { CRC32: (of?: string) => of !== undefined && crc32(of) }, started: false,
          };
          try {
            runInNewContext(flash, context);
          } catch {
            // Half a text need not be a program.
          }
          return context.started;
        };
        // Where enough is there to start the program, it starts no other.
        if (run(text)) started++;
        if (written % 8 === 0) {
          assert.ok(!run("started=1+1"));
          assert.ok(!run(undefined));
        }
      }
      assert.ok(started > 0);
    }
    assert.ok(isCut(UNFINISHED));
    assert.ok(isCut(`${UNFINISHED.slice(0, 9)}\u00ff\u00ff`));
  });

  it("of others is not taken for ours", () => {
    for (const code of ["", "LED1.set()", "setTimeout(blink,500)", "if(E.getBattery()<1)load()",
      "//tagma", "if(1)eval(2);//tagma [1,\"a\",\"b\"]"]) {
      assert.equal(programIn(code), undefined, code);
      assert.ok(!isCut(code), code);
    }
    assert.ok(!isCut("LED1.set()\u00ff"));
  });
});

describe("text for a console", () => {
  it("any text is a literal of printable characters that is that text", () => {
    const bytes = fc.uint8Array({ maxLength: 100 });
    fc.assert(fc.property(bytes, (some) => {
      const literal = quoted(textOf(some));
      assert.match(literal, /^"[ -~]*"$/);
      assert.deepEqual(bytesOf(runInNewContext(literal) as string), some);
      assert.equal(crcOf(some), crc32(some));
    }), { seed: 1 });
  });

  it("packets are there from 2v25 on", () => {
    const versions: Readonly<Record<string, boolean>> = {
      "1v99": false, "2v00": false, "2v9": false, "2v24": false, "2v24.300": false, "2v25": true,
      "2v25.1": true, "2v29": true, "3v00": true, "10v1": true, "": false, "x": false,
    };
    for (const [version, has] of Object.entries(versions)) {
      assert.equal(hasPackets(version), has, version);
    }
  });
});
