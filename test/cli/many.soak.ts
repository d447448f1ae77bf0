import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { table } from "../../host/cli/table.js";
import { bytesOf, run } from "../trace/runs.js";
import { cli, folder } from "./harness.js";

/** Far more than a person would look at. */

it("a table may have more rows than a function takes arguments", () => {
  const rows = Array.from({ length: 200_000 }, (_, row) => [row]);
  assert.ok(table([{ title: "row" }], rows).endsWith("199999\n"));
});

it("a cycle with megabytes of frames is shown, and its picture has some", async (context) => {
  const one = await run({ cycles: 1 });
  const [beacon, frame] = one.events;
  const rest = one.events.slice(2);
  const frames = Array.from({ length: 60_000 }, () => frame!);
  const at = folder(context);
  const [trace, svg] = [join(at, "t"), join(at, "s.svg")];
  writeFileSync(trace, bytesOf({ ...one, events: [beacon!, ...frames, ...rest] }));
  const { code, out, err } = await cli(["replay", trace, "--cycle", "0", "--svg", svg]);
  assert.equal(err, "");
  // It is not what happens when it is run again.
  assert.equal(code, 1);
  assert.ok(out.split("\n").length > 60_000);
  assert.ok(readFileSync(svg).length < 20e6);
});
