/** FD.1, FD.2, BULLY.1 on boards: complete, and not accurate where frames are late. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nativeBoard } from "../../host/boards/board.js";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import type { NetworkFile } from "../../host/network/network.js";
import { networkOf, run } from "../topology/drive.js";

const SUSPECTS: Partial<NetworkFile> = { suspect_cycles: 3 };

/** @returns by cycle, what each board says: who is suspected, and who leads */
const opinions = async (
  change: Partial<NetworkFile>,
  { traitors = [], windows = [], cycles = 8 }: {
    readonly traitors?: readonly string[]; readonly windows?: readonly string[];
    readonly cycles?: number;
  },
) => {
  const network = networkOf(change.algorithm === "fab" ? 6 : 4, 1, { ...SUSPECTS, ...change });
  const done = await run({
    network, cycles, traitors: parseTraitors(network, traitors),
    windows: parseWindows(network, windows),
  });
  return { ...done, said: done.cycles.map(({ detected }) => detected!.map((one) =>
    (one === null ? "-" : `${one.suspects.join("")}:${one.leader}`)).join(" ")) };
};

test("FD.1 is complete: who is silent is suspected by all, for ever", async () => {
  const { said, summary } = await opinions({}, { traitors: ["d=silent"] });
  assert.deepEqual(said, [
    ...Array.from({ length: 2 }, () => ":3 :3 :3 -"),
    ...Array.from({ length: 6 }, () => "3:2 3:2 3:2 -"),
  ]);
  assert.equal(summary.verdict, "held");
});

test("FD.1, BULLY.1: before the first cycle nobody is suspected", () => {
  const network = networkOf(4, 1, SUSPECTS);
  const board = nativeBoard(network, network.boards[1]!, () => undefined);
  const { suspects, leader } = board.state();
  assert.deepEqual([Array.from(suspects!), leader], [[0, 0, 0, 0], 3]);
});

test("FD.1: who lies and is heard is not suspected: it sees no lies", async () => {
  const { said } = await opinions({}, { traitors: ["d=random"] });
  assert.deepEqual([...new Set(said)], [":3 :3 :3 -"]);
});

test("FD.1 is not accurate: where frames are late, correct boards are suspected", async () => {
  const { said, summary } = await opinions({}, { windows: ["partition=a,b/c,d@2-6"], cycles: 9 });
  assert.equal(said[3], ":3 :3 :3 :3");
  // Two boards name different leaders, and all that is promised holds.
  assert.equal(said[4], "23:1 23:1 01:3 01:3");
  assert.equal(said[6], said[4]);
  // It ends when they hear each other again.
  assert.equal(said[7], ":3 :3 :3 :3");
  assert.equal(summary.verdict, "held");
});

describe("BULLY.1: nothing that is decided rests on it", () => {
  for (const algorithm of ["om", "lbp", "pbft", "fab"]) {
    test(`${algorithm}: the same is decided, and sent, with a detector and without`, async () => {
      const trouble = { windows: ["partition=a,b/c,d@1-6", "late=0.2@7-9"], cycles: 16 };
      const more = algorithm === "fab" ? { windows: ["partition=a,b,c/d,e,f@1-6"] } : {};
      const one = await opinions({ algorithm }, { ...trouble, ...more });
      const apart = one.cycles.filter(({ detected }) =>
        new Set(detected!.map((held) => held!.leader)).size > 1);
      assert.ok(apart.length > 2, `leaders differ in ${apart.length} cycles`);
      assert.equal(one.summary.verdict, "held");
      const { suspect_cycles: _, ...none } = { ...SUSPECTS, algorithm };
      const network = networkOf(algorithm === "fab" ? 6 : 4, 1, none);
      const other = await run({
        network, cycles: 16, windows: parseWindows(network, more.windows ?? trouble.windows),
      });
      const bytes = (frames: typeof one.frames) =>
        frames.map((frame) => Buffer.from(frame.bytes).toString("hex")).join();
      assert.equal(bytes(one.frames), bytes(other.frames));
      // Suspecting takes a moment of each board's time.
      const rest = ({ cycles }: Pick<typeof one, "cycles">) =>
        cycles.map((cycle) => ({ ...cycle, detected: 0, t: 0, time_us: 0 }));
      assert.deepEqual(rest(one), rest(other));
    });
  }
});

test("FD.2: who is ⊥ in the agreed vector is so for all, where opinions differ", async () => {
  // What d says to a is lost: a alone suspects it, and the others pass on what d says.
  const { said, cycles } = await opinions({}, { windows: ["oneway=d:a@1-7"] });
  assert.equal(said[5], "3:2 :3 :3 :3");
  for (const { vectors } of cycles) {
    const absent = vectors.map((vector) => vector!.map((entry) => entry === null).join());
    assert.deepEqual([...new Set(absent)], ["false,false,false,false"]);
  }
  const silent = await opinions({}, { traitors: ["d=silent"] });
  for (const { vectors } of silent.cycles) {
    assert.deepEqual(vectors.slice(0, 3).map((vector) => vector!.map((entry) => entry === null)),
      Array.from({ length: 3 }, () => [false, false, false, true]));
  }
});

test("FD.1: a frame with a wrong tag is of nobody", async () => {
  const network = networkOf(4, 1, { ...SUSPECTS, auth: "mac" });
  const { cycles } = await run({ network, cycles: 6, lines: parseFaults(network, ["invent@d=1"]) });
  assert.deepEqual(cycles.at(-1)!.detected!.slice(0, 3),
    Array.from({ length: 3 }, () => ({ suspects: [3], leader: 2 })));
});
