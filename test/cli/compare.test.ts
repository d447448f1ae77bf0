import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ALGORITHMS } from "../../host/algorithms/registry.js";
import { cli, contentOf, folder, jsonOf } from "./harness.js";

interface Row {
  readonly algorithm: string;
  readonly leader: string | null;
  readonly leases: string | null;
  readonly unfit: string | null;
  readonly bytes_a_decision: number | null;
  readonly us_a_decision: number | null;
  readonly outcomes: readonly {
    readonly trial: string; readonly decided: number; readonly split: number;
    readonly first_cycles: number; readonly first_us: number;
    readonly blocked: number | null; readonly committed: number | null;
    readonly promised: boolean;
  }[];
}

const DESK = "boards/networks/desk.json";

/** Those for boards that never lie. */
const CRASHES = ["paxos", "2pc", "3pc", "paxos-commit"];

const rowsOf = async (argv: readonly string[]): Promise<Row[]> => {
  const { code, out, err } = await cli(["compare", ...argv, "--json"]);
  assert.deepEqual([code, err], [0, ""]);
  return jsonOf(out) as unknown as Row[];
};

const rowOf = (
  rows: readonly Row[], algorithm: string, leader: string | null = null,
  leases: string | null = null,
): Row => rows.find((row) =>
  row.algorithm === algorithm && row.leader === leader && row.leases === leases)!;

const inTrials = (name: "decided" | "split" | "blocked" | "committed", { outcomes }: Row) =>
  Object.fromEntries(outcomes.map((one) => [one.trial, one[name]]));

const decidedIn = (row: Row) => inTrials("decided", row);

describe("tagma compare", () => {
  it("shows what each algorithm costs, and what a fault costs it", async () => {
    const rows = await rowsOf([DESK]);
    const names = new Set(rows.map(({ algorithm }) => algorithm));
    assert.deepEqual([...names], ALGORITHMS.map(({ name }) => name));
    // Only what needs every message in time holds two things where it does not get them; a lie
    // does that too where none may be.
    for (const { algorithm, unfit, outcomes } of rows) {
      for (const { trial, split, promised } of unfit === null ? outcomes : []) {
        const may = algorithm === "om" ? trial === "parted" || trial === "late"
          : algorithm === "3pc" && (trial === "silent" || trial === "late");
        if (promised) assert.equal(split > 0, may, `${algorithm}, ${trial}`);
        assert.equal(promised, trial !== "lies" || !CRASHES.includes(algorithm));
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

  it("asks commits whether all are ready, and counts the cycles in which one waits", async () => {
    const rows = await rowsOf([DESK]);
    const [two, three, paxos] = ["2pc", "3pc", "paxos-commit"].map((name) => rowOf(rows, name));
    for (const row of [two!, three!, paxos!]) {
      assert.deepEqual([inTrials("committed", row)["none"], inTrials("blocked", row)["none"]],
        [24, 0]);
    }
    // Its coordinator is not heard: all others wait in every cycle.
    assert.deepEqual([decidedIn(two!)["silent"], inTrials("blocked", two!)["silent"]], [0, 24]);
    // Nobody waits, and the coordinator alone commits.
    assert.deepEqual([inTrials("split", three!)["silent"], inTrials("blocked", three!)["silent"]],
      [24, 0]);
    // It takes two cycles to abort what one board was never heard to be ready for.
    assert.deepEqual([decidedIn(paxos!)["silent"], inTrials("committed", paxos!)["silent"]],
      [12, 0]);
    // Two of four are no more than half: nobody decides until they hear each other again.
    assert.ok(inTrials("blocked", paxos!)["parted"]! >= 4);
    assert.deepEqual([...new Set(rows.filter(({ algorithm, unfit }) =>
      unfit === null && !["2pc", "3pc", "paxos-commit"].includes(algorithm))
      .flatMap(({ outcomes }) => outcomes.map(({ blocked }) => blocked)))], [null]);
  });

  it("shows that proposers without leases decide nothing where messages are in time", async () => {
    const rows = await rowsOf([DESK]);
    const none = rowOf(rows, "paxos", null, "none");
    assert.equal(decidedIn(none)["none"], 0);
    assert.equal(none.bytes_a_decision, null);
    assert.equal(decidedIn(rowOf(rows, "paxos"))["none"], 21);
  });

  it("says in words what it shows, and which algorithm the boards are too few for", async () => {
    const { code, out } = await cli(["compare", DESK, "--cycles", "8"]);
    assert.equal(code, 0);
    assert.match(out, /^algorithm +bytes +ms +memory B +none +silent +lies +restart +parted/m);
    assert.match(out, /^om +84 +9\.4 +83 +8 /m);
    assert.match(out, /^sm: not with this network: signing takes long/m);
    assert.match(out, /^fab: not with this network: boards: 4 cannot outvote 1 /m);
    assert.match(out, /pbft: to decide: messages in time, a correct leader/);
    assert.match(out, /^om: what breaks it: late messages or more than 1 faulty board make two/m);
    assert.match(out, /^lbp, virtual leader: what breaks it: more than 1 faulty board$/m);
    assert.match(out, /^algorithm .* late +blocked$/m);
    assert.match(out, /^om .* -$/m);
    assert.match(out, /^2pc +\d+ .* \(8, split 8\) .* \d+$/m);
    assert.match(out, /^paxos, no leases +- +- /m);
    assert.match(out, /^paxos-commit: what breaks it: .*; more than 1\s+down: all wait/m);
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
      ["sm"]);
  });

  it("draws what it shows, as the README has it: make compare", async (t) => {
    const svg = join(folder(t), "desk.svg");
    const { code } = await cli(["compare", DESK, "--svg", svg]);
    assert.equal(code, 0);
    const drawn = readFileSync(svg, "utf8");
    assert.equal(drawn, readFileSync("boards/networks/compare.svg", "utf8"));
    // OM was split in two of six trials, and so was 3PC.
    assert.equal(drawn.match(/split 4</g)?.length, 2);
    assert.equal(drawn.match(/split (24|2)</g)?.length, 2);
    assert.equal(drawn.match(/>not promised</g)?.length, 5);
    for (const name of ["om", "lbp, virtual leader", "lbp, rotating leader", "pbft",
      "paxos, no leases", "2pc", "3pc", "paxos-commit", "blocked"]) {
      assert.ok(drawn.includes(`>${name}</text>`), name);
    }
    assert.ok(!drawn.includes(">fab</text>"), "which these boards cannot run");
  });

  it("is in the README's table as it is", async () => {
    const rows = await rowsOf([DESK]);
    const table = readFileSync("README.md", "utf8").split("\n| 24 cycles |")[1]!.split("\n\n")[0]!;
    const lines = table.split("\n").slice(2);
    assert.equal(lines.length, rows.filter(({ unfit }) => unfit === null).length);
    for (const line of lines) {
      const [, title = "", cost, ...cells] = line.split("|").map((cell) => cell.trim());
      const [name = "", kind] = title.replaceAll("`", "").split(", ");
      const row = rowOf(rows, name,
        { "virtual leader": "virtual", "boards in turn": "rotating" }[kind!] ?? null,
        kind === "no leases" ? "none" : null);
      assert.equal(cost, row.bytes_a_decision === null ? "never"
        : `${row.bytes_a_decision}, ${(row.us_a_decision! / 1000).toFixed(1)}`, title);
      const told = row.outcomes.map(({ decided, split, promised }) =>
        (!promised ? "not promised" : split ? `${decided}, **split ${split}**` : String(decided)));
      const waited = row.outcomes[0]!.blocked === null ? ""
        : String(row.outcomes.reduce((sum, { blocked, promised }) =>
          sum + (promised ? blocked! : 0), 0));
      assert.deepEqual(cells, [...told, waited, ""], title);
    }
  });

  it("is refused what makes no sense", async () => {
    assert.equal((await cli(["compare", DESK, "--cycles", "2"])).code, 2);
    assert.equal((await cli(["compare", "none.json"])).code, 2);
  });
});
