/** What boards do before it is decided, and take back, in a picture (TENT.1, TENT.3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagram } from "../../host/picture/diagram.js";
import { run } from "../trace/runs.js";
import { networksOf } from "../views/drive.js";
import { readXml, textOf, within } from "./xml.js";

const network = networksOf("fab", "a b c d e f")({ tentative: true, keep: 2, mode: "log" });

/** @returns what each board's row says of what it tried, by cycle */
const shownIn = async (order: object, cycles: number): Promise<string[][]> => {
  const { header, events } = await run({ network, cycles, ...order });
  return Array.from({ length: cycles }, (_, cycle) => {
    const root = readXml(diagram(header, events, { cycle }));
    return within(root)
      .filter(({ attributes }) => (attributes["class"] ?? "").split(" ").includes("tried"))
      .map(textOf);
  });
};

test("a picture says what each board does tentatively, and nothing where none does", async () => {
  const shown = await shownIn({}, 4);
  // Cycle 0 is a review.
  assert.deepEqual(shown[0], []);
  for (const cycle of [1, 2, 3]) {
    assert.equal(shown[cycle]!.length, 6);
    for (const words of shown[cycle]!) assert.match(words, /^tentative \d+$/);
  }
});

test("and what it takes back", async () => {
  const shown = await shownIn({ traitors: ["a=equivocate"], seed: 3 }, 24);
  const all = shown.flat();
  assert.ok(all.some((words) => /^tentative \d+$/.test(words)), all.join());
  assert.ok(all.some((words) => /retracted \d+/.test(words)), all.join());
});
