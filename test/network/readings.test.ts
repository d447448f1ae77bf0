/** Readings, from a table and made up. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { TYPE_NAMES, show } from "../../host/base/values.js";
import type { NetworkFile } from "../../host/network/network.js";
import { madeUp, parseReadings } from "../../host/network/readings.js";
import { networkOf } from "../topology/drive.js";

const FOUR = networkOf(4, 1);
const ofType = (value: NetworkFile["value"], change: Partial<NetworkFile> = {}) => {
  const fallback = value === "bool" ? false : 0;
  return networkOf(4, 1, {
    value, default: typeof value === "object" ? "00".repeat(value.bytes) : fallback, ...change,
  });
};

const tableOf = (text: string, network = FOUR) => {
  const { rows, readings } = parseReadings(network, text, "x.csv");
  return Array.from({ length: rows }, (_, cycle) => readings(cycle).map(show));
};

describe("a table", () => {
  for (const [name, text] of [
    ["in the order of the numbers", "1,2,3,4\n5,6,7,8\n"],
    ["with names", "a,b,c,d\n1,2,3,4\n5,6,7,8\n"],
    ["with names in another order", "d,b,a,c\n4,2,1,3\n8,6,5,7\n"],
    ["with a column that is no board's", "time,a,b,c,d\n0,1,2,3,4\n1,5,6,7,8\n"],
    ["with blanks, empty lines and carriage returns", " 1 , 2,3 ,4\r\n\r\n5,6,7,8\r\n\r\n"],
    ["without a last line end", "1,2,3,4\n5,6,7,8"],
    ["with quotes", '"1","2","3","4"\n"5","6","7","8"\n'],
  ] as const) {
    test(`${name} is read`, () => {
      assert.deepEqual(tableOf(text), [[1, 2, 3, 4], [5, 6, 7, 8]]);
    });
  }

  test("has ⊥ where a field is empty", () => {
    assert.deepEqual(tableOf("1,,3,\n,,,\n"), [[1, null, 3, null], [null, null, null, null]]);
  });

  test("begins anew after its last row", () => {
    const { rows, readings } = parseReadings(FOUR, "1,2,3,4\n5,6,7,8\n9,9,9,9\n", "x.csv");
    assert.equal(rows, 3);
    for (const cycle of [0, 1, 2]) {
      assert.deepEqual(readings(cycle + 3), readings(cycle));
      assert.deepEqual(readings(cycle + 300), readings(cycle));
    }
    assert.notDeepEqual(readings(0), readings(1));
  });

  test("has values of the network's type", () => {
    assert.deepEqual(tableOf("true,0,FALSE,1", ofType("bool")), [[true, false, false, true]]);
    assert.deepEqual(tableOf("-32768,32767,-0,+7", ofType("i16")), [[-32768, 32767, 0, 7]]);
    assert.deepEqual(tableOf("1.5,-2e3,.25,7", ofType("f32")), [[1.5, -2000, 0.25, 7]]);
    assert.deepEqual(tableOf("00ff,FFFF,1234,", ofType({ bytes: 2 })), [
      ["00ff", "ffff", "1234", null],
    ]);
  });

  const refused = (text: string, said: RegExp, network = FOUR): void => {
    assert.throws(() => tableOf(text, network), (thrown) => {
      assert.ok(thrown instanceof UsageError, String(thrown));
      assert.match(thrown.message, said);
      assert.doesNotMatch(thrown.message, /\n/);
      return true;
    });
  };

  test("that is wrong is refused with its name, line, board and what would be right", () => {
    refused("", /^x\.csv: has no readings/);
    refused("a,b,c,d\n", /^x\.csv: has no readings/);
    refused("1,2,3\n", /^x\.csv: line 1: has 3 fields, one for each of 4 boards/);
    refused("1,2,3,4\n1,2\n", /^x\.csv: line 2: has 2 fields/);
    refused("a,b,c\n1,2,3\n", /^x\.csv: line 1: no column for board d/);
    refused("a,b,c,d\n1,2,3,4\n1,2,256,4\n", /line 3: board c: "256" is not a whole number from 0/);
    refused("1,2,3,4\n1,-1,3,4\n", /line 2: board b: "-1" is not/);
    refused("1,2,3,x\n", /line 1: board d: "x" is not/);
    refused("1.5,2,3,4\n", /line 1: board a: "1.5" is not/);
    refused("1,2,0x3,4\n", /line 1: board c: "0x3" is not/);
    refused("1,2,3,NaN\n", /line 1: board d: "NaN" is not/, ofType("f32"));
    refused("1,2,3,1e39\n", /line 1: board d: "1e39" is not/, ofType("f32"));
    refused("1,0,2,1\n", /line 1: board c: "2" is not true or false/, ofType("bool"));
    refused("00,00,00,000\n", /line 1: board d: "000" is not 2 hex/, ofType({ bytes: 1 }));
    refused('1,"2,3,4\n', /^x\.csv: line 1: a quote is opened and not closed/);
  });

  test("that is wrong below an empty line is refused with the line that an editor shows", () => {
    refused("1,2,3,4\n\n\n1,2,3,x\n", /line 4: board d/);
  });

  test("of named columns, one row of which is too short, says how many are there", () => {
    refused("time,a,b,c,d\n0,1,2,3,4\n1,5,6,7\n", /line 3: has 4 fields/);
  });
});

describe("a table", () => {
  const text = 'd,x,c,b,a\r\n4,"a ""b"", c",3,2,1\n\n8,"two\r\nlines",,6,5\r12,,11,"10", 9\r\n';
  const rows = [[1, 2, 3, 4], [5, 6, undefined, 8], [9, 10, 11, 12]];
  const shown = (parts: Iterable<string>) => {
    const { rows: count, readings } = parseReadings(FOUR, parts, "x.csv");
    return Array.from({ length: count }, (_, cycle) => readings(cycle));
  };

  test("is the same however its lines end, and wherever its parts are cut", () => {
    for (let part = 1; part <= text.length; part++) {
      const parts = Array.from({ length: Math.ceil(text.length / part) }, (_, at) =>
        text.slice(at * part, (at + 1) * part));
      assert.deepEqual(shown(parts), rows, `${part}`);
    }
  });

  test("of many rows is kept in few bytes, and none is another's", () => {
    const parts = function* () {
      for (let row = 0; row < 200_000; row++) yield `${row % 256},${row % 7},,${row % 3}\n`;
    };
    const before = process.memoryUsage().rss;
    const { rows: count, readings } = parseReadings(FOUR, parts(), "x.csv");
    const grown = process.memoryUsage().rss - before;
    assert.equal(count, 200_000);
    for (const row of [0, 4095, 4096, 123_456, 199_999]) {
      assert.deepEqual(readings(row + count), [row % 256, row % 7, undefined, row % 3]);
    }
    assert.ok(grown < 60e6, `${grown} bytes more`);
  });

  test("of rows of bytes gives each its own", () => {
    const { readings } = parseReadings(ofType({ bytes: 2 }), "0001,,0002,ffff\n0003,,,\n", "x");
    assert.deepEqual([readings(0), readings(1)], [
      [Uint8Array.of(0, 1), undefined, Uint8Array.of(0, 2), Uint8Array.of(255, 255)],
      [Uint8Array.of(0, 3), undefined, undefined, undefined],
    ]);
  });
});

describe("made-up readings", () => {
  const types = [...TYPE_NAMES, { bytes: 1 }, { bytes: 9 }];
  for (const value of types) {
    const name = typeof value === "string" ? value : `${value.bytes} bytes`;
    const numbers = typeof value === "string" && value !== "bool";
    for (const decision of ["majority", "median", "midpoint"] as const) {
      if (!numbers && decision !== "majority") continue;
      test(`of ${name} for ${decision} are values, the same for the same seed`, () => {
        const network = ofType(value, { decision });
        const [one, again, other] = [madeUp(network, 7), madeUp(network, 7), madeUp(network, 8)];
        const type = network.type.create(4);
        let apart = 0;
        let changed = 0;
        let differ = 0;
        for (let cycle = 0; cycle < 200; cycle++) {
          const shown = one(cycle);
          assert.deepEqual(again(cycle), shown);
          assert.equal(shown.length, 4);
          for (const reading of shown) {
            // What a board stores is what it loads, so it is a value of the type, to the last bit.
            assert.deepEqual(network.type.parse(show(reading)), reading);
            const view = new DataView(new ArrayBuffer(network.type.width));
            assert.equal(type.store(view, 0, reading), true);
            assert.deepEqual(type.load(view, 0, 0), reading);
          }
          if (new Set(shown.map((reading) => String(show(reading)))).size > 1) apart++;
          if (show(shown[0]) !== show(one(cycle + 1)[0])) changed++;
          if (show(shown[0]) !== show(other(cycle)[0])) differ++;
        }
        assert.ok(apart > 20, "the boards always show the same");
        assert.ok(changed > 60, "a board always shows the same");
        assert.ok(differ > 60, "another seed makes the same readings");
      });
    }
  }

  test("do not depend on the order in which they are asked for", () => {
    const forth = madeUp(FOUR, 3);
    const back = madeUp(FOUR, 3);
    const cycles = Array.from({ length: 20 }, (_, cycle) => cycle);
    const backwards = cycles.toReversed().map((cycle) => back(cycle)).toReversed();
    assert.deepEqual(backwards, cycles.map((cycle) => forth(cycle)));
  });

  test("are near each other where the median is taken, but for some", () => {
    const readings = madeUp(ofType("u16", { decision: "median" }), 3);
    let near = 0;
    for (let cycle = 0; cycle < 200; cycle++) {
      const numbers = readings(cycle).map(Number).toSorted((one, other) => one - other);
      if (numbers[2]! - numbers[1]! < 5) near++;
    }
    assert.ok(near > 150, `${near} of 200`);
  });
});
