import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createPrng } from "../../host/base/random.js";
import { verdictText } from "../../host/events/names.js";
import type { Verdicted } from "../../host/events/names.js";
import { QUICK } from "../core/random.js";
import { cli, contentOf, folder, jsonOf } from "../cli/harness.js";

/** Table, JSON, picture and replay say one and the same of a run, whatever went wrong in it. */

const SEED = 20261128;
const RUNS = QUICK ? 6 : 24;
const CYCLES = 4;

type Line = Verdicted & { readonly cycle: number; readonly validity: boolean };
interface Summary {
  readonly verdict: string;
  readonly broken_cycle: number | null;
  readonly broke: object;
}

const NETWORKS = [
  contentOf("pump"), contentOf("desk"), contentOf("press"),
  { ...contentOf("press"), mode: "once", keep: undefined },
  { ...contentOf("press"), leader: "rotating" },
];

const WORDS = {
  "--traitor": ["b=silent", "c=equivocate", "d=random", "a=split", "b=late", "c=relay", "d=stale"],
  "--faults": ["drop=0.1", "drop@b=0.5", "flip=0.05", "duplicate=0.3", "drop=0.4"],
  "--async": [
    "partition=a,b/c,d@1-2", "loss=0.3@1", "behind=b:2@1", "reset=a@2", "oneway=hub:b@1",
    "loss=0.8@0-3",
  ],
} as const;

/** By cycle, the verdict that a person reads. */
const rowsOf = (out: string): Map<number, string> => {
  const found = new Map<number, string>();
  for (const line of out.split("\n")) {
    const wide = /^ *(\d+) \|.*\| *(\S+|) +\| (.+)$/.exec(line);
    const narrow = /^cycle (\d+): (.+?)(?:, order .*|, not in time)?$/.exec(line);
    if (wide) found.set(Number(wide[1]), wide[3]!);
    else if (narrow) found.set(Number(narrow[1]), narrow[2]!);
  }
  return found;
};

const endOf = (out: string) => {
  const text = out.replace(/\s+/g, " ");
  const first = /BROKEN first in cycle (\d+)/.exec(text)?.[1];
  return { verdict: first === undefined ? "held" : "broken",
    broken_cycle: first === undefined ? null : Number(first) };
};

describe("what is said of a run", () => {
  const prng = createPrng(SEED);
  const pick = <Item>(list: readonly Item[]): Item => list[prng.below(list.length)]!;
  for (let number = 0; number < RUNS; number++) {
    const network = NETWORKS[number % NETWORKS.length]!;
    const words = Object.entries(WORDS).flatMap(([option, list]) =>
      (prng.chance(0.6) ? [option, pick<string>(list)] : []));
    const asked = [
      "--cycles", String(CYCLES), "--seed", String(number), "--transport", "memory", ...words,
    ];
    it(`is one: seed ${SEED}, run ${number}, ${words.join(" ")}`, async (context) => {
      const at = folder(context);
      const path = (name: string) => join(at, name);
      writeFileSync(path("n.json"), JSON.stringify({ ...network, $schema: undefined }));
      const emulated = ["emulate", path("n.json"), ...asked];
      const table = await cli([...emulated, "--trace", path("t"), "--svg", path("p.svg")]);
      const json = await cli([...emulated, "--json"]);
      const replay = await cli(["replay", path("t"), "--svg", path("r.svg")]);
      const again = await cli(["replay", path("t"), "--json"]);
      const lines = jsonOf(json.out) as unknown as (Line & Summary)[];
      const summary = lines.pop()!;
      const told = new Map(lines.map((line) => [line.cycle, verdictText(line)]));
      assert.equal(told.size, CYCLES);
      assert.deepEqual(rowsOf(table.out), told, table.out);
      assert.deepEqual(rowsOf(replay.out), told, replay.out);
      const repeated = jsonOf(again.out) as unknown as (Line & Summary)[];
      const judged = repeated.pop()!;
      assert.deepEqual(repeated, lines);
      const { verdict, broken_cycle, broke } = summary;
      assert.deepEqual({ verdict: judged.verdict, first: judged.broken_cycle, broke: judged.broke },
        { verdict, first: broken_cycle, broke });
      for (const { out } of [table, replay]) {
        assert.deepEqual(endOf(out), { verdict, broken_cycle });
      }
      for (const { code } of [table, json, replay, again]) {
        assert.equal(code, verdict === "held" ? 0 : 1);
      }
      assert.equal(readFileSync(path("p.svg"), "utf8"), readFileSync(path("r.svg"), "utf8"));
      for (const line of lines) {
        await cli(["replay", path("t"), "--cycle", String(line.cycle), "--svg", path("c.svg")]);
        const svg = readFileSync(path("c.svg"), "utf8");
        assert.equal(/Verdict: (.*)\.<\/desc>/.exec(svg)?.[1], told.get(line.cycle), svg);
        // Whoever looks sees what is broken, and nothing else.
        const badges = svg.match(/class="badge failed"/g)?.length ?? 0;
        assert.equal(badges > 0, line.verdict === "broken");
        const all = ["agreement", "validity", "termination", "order"].every((name) =>
          !line.broken?.includes(name as never));
        if (line.verdict === "held") assert.ok(all && line.agreement && line.validity);
      }
    });
  }
});
