import assert from "node:assert/strict";
import { it } from "node:test";
import { csvRows } from "../../host/base/csv.js";

it("a table's rows and their lines are the same wherever its parts are cut, at two places", () => {
  const text = 'a,b\r\n1,2\r\r\n"x\r\ny",3\r\n\r\n4,"5\r"\n6,7\r';
  const rows = [
    { fields: ["a", "b"], line: 1 }, { fields: ["1", "2"], line: 2 },
    { fields: ["x\r\ny", "3"], line: 4 }, { fields: ["4", "5\r"], line: 7 },
    { fields: ["6", "7"], line: 9 },
  ];
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const parts = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      assert.deepEqual([...csvRows(parts, "x")], rows, JSON.stringify(parts));
    }
  }
});
