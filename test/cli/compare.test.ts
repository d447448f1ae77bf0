import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ALGORITHMS } from "../../host/algorithms/registry.js";
import { cli, contentOf, folder, jsonOf } from "./harness.js";

interface Row {
  readonly algorithm: string;
  readonly leader: string | null;
  readonly unfit: string | null;
  readonly bytes_a_decision: number;
  readonly outcomes: readonly {
    readonly trial: string; readonly decided: number; readonly split: number;
    readonly first_cycles: number; readonly first_us: number;
  }[];
}

const DESK = "boards/networks/desk.json";

const rowsOf = async (argv: readonly string[]): Promise<Row[]> => {
  const { code, out, err } = await cli(["compare", ...argv, "--json"]);
  assert.deepEqual([code, err], [0, ""]);
  return jsonOf(out) as unknown as Row[];
};

const rowOf = (rows: readonly Row[], algorithm: string, leader: string | null = null): Row =>
  rows.find((row) => row.algorithm === algorithm && row.leader === leader)!;

const decidedIn = ({ outcomes }: Row) =>
  Object.fromEntries(outcomes.map(({ trial, decided }) => [trial, decided]));

describe("tagma compare", () => {
  it("shows what each algorithm costs, and what a fault costs it", async () => {
    const rows = await rowsOf([DESK]);
    const names = new Set(rows.map(({ algorithm }) => algorithm));
    assert.deepEqual([...names], ALGORITHMS.map(({ name }) => name));
    // Only what needs every message in time holds two things where it does not get them.
    for (const { algorithm, unfit, outcomes } of rows) {
      for (const { trial, split } of unfit === null ? outcomes : []) {
        const may = algorithm === "om" && (trial === "parted" || trial === "late");
        assert.equal(split > 0, may, `${algorithm}, ${trial}`);
      }
    }
    const [virtual, turns] = ["virtual", "rotating"].map((leader) => rowOf(rows, "lbp", leader));
    const pbft = rowOf(rows, "pbft");
    assert.equal(virtual!.bytes_a_decision, 464);
    // Three reviews of 432 bytes, and 21 fast cycles of 130, each of which decides.
    assert.equal(pbft.bytes_a_decision, Math.round((3 * 432 + 21 * 130) / 21));
    // A silent board costs a virtual leader nothing; boards in turn a quarter; PBFT a view.
    assert.deepEqual([virtual!, turns!, pbft].map((row) => decidedIn(row)["silent"]), [24, 18, 14]);
    assert.deepEqual(decidedIn(virtual!),
      { none: 24, silent: 24, lies: 24, restart: 24, parted: 20, late: 20 });
    assert.equal(pbft.outcomes[0]!.first_cycles, 2);
    assert.ok(pbft.outcomes[0]!.first_us > virtual!.outcomes[0]!.first_us);
  });

  it("says in words what it shows, and which algorithm the boards are too few for", async () => {
    const { code, out } = await cli(["compare", DESK, "--cycles", "8"]);
    assert.equal(code, 0);
    assert.match(out, /^algorithm +bytes +ms +memory B +none +silent +lies +restart +parted/m);
    assert.match(out, /^om +84 +9\.5 +63 +8 /m);
    assert.match(out, /^sm: not with this network: signing takes long/m);
    assert.match(out, /^fab: not with this network: boards: 4 cannot outvote 1 /m);
    assert.match(out, /pbft: to decide: messages in time, a correct leader/);
    assert.match(out, /^om: what breaks it: late messages or more than 1 faulty board make two/m);
    assert.match(out, /^lbp, virtual leader: what breaks it: more than 1 faulty board$/m);
  });

  it("takes from the file what an algorithm knows, and no windows on a shared wire", async (t) => {
    const path = join(folder(t), "six.json");
    writeFileSync(path, JSON.stringify({
      ...contentOf("desk"), algorithm: "fab", review: 3, keep: 2, wiring: "wire",
      boards: "a b c d e f".split(" ").map((name) => ({ name, kind: "EMULATED" })),
    }));
    const rows = await rowsOf([path, "--cycles", "9"]);
    const fab = rowOf(rows, "fab");
    const { lies, ...others } = decidedIn(fab);
    assert.deepEqual(others, { none: 6, silent: 4, restart: 6 });
    assert.ok(lies! <= 6);
    assert.deepEqual(rows.flatMap(({ algorithm, unfit }) => unfit === null ? [] : [algorithm]),
      ["sm", "2pc", "3pc", "paxos-commit"]);
  });

  it("draws what it shows, as the README has it: make compare", async (t) => {
    const svg = join(folder(t), "desk.svg");
    const { code } = await cli(["compare", DESK, "--svg", svg]);
    assert.equal(code, 0);
    const drawn = readFileSync(svg, "utf8");
    assert.equal(drawn, readFileSync("boards/networks/compare.svg", "utf8"));
    // OM alone was split, in two of six trials.
    assert.equal(drawn.match(/split 4</g)?.length, 2);
    for (const name of ["om", "lbp, virtual leader", "lbp, rotating leader", "pbft"]) {
      assert.ok(drawn.includes(`>${name}</text>`), name);
    }
    assert.ok(!drawn.includes(">fab</text>"), "which these boards cannot run");
  });

  it("is refused what makes no sense", async () => {
    assert.equal((await cli(["compare", DESK, "--cycles", "2"])).code, 2);
    assert.equal((await cli(["compare", "none.json"])).code, 2);
  });
});
