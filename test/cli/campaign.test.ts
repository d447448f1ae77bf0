import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cli } from "./harness.js";

/** What a person sees of `tagma campaign` and `tagma worker`. */

const PUMP = "boards/networks/pump.json";
const campaign = async (...words: string[]) => cli(["campaign", PUMP, "--threads", "1", ...words]);

test("a campaign that held says so in a line, and how fast it was on another screen", async () => {
  const { code, out, err } = await campaign(
    "--runs", "30", "--cycles", "5", "--traitor", "c=split");
  assert.equal(code, 0);
  assert.match(out, /^pump: 4 boards.*\nheld: in all 30 runs of 5 cycles everything held that is/);
  assert.match(err, /^tagma: 150 cycles in [\d.]+ s/);
});

test("runs that broke are shown, each with a command that shows it again", async () => {
  const lies = ["--traitor", "a=relay", "--traitor", "c=random"];
  const { code, out, err } = await campaign(
    "--runs", "40", "--cycles", "2", "--seed", "7", ...lies);
  assert.equal(code, 1);
  assert.match(err, /outside of what is guaranteed: 2 boards are faulty/);
  const [, failed] = /^BROKEN in (\d+) of 40 runs$/m.exec(out)!;
  assert.ok(Number(failed) > 0);
  const replays = [...out.matchAll(/^seed (\d+), first in cycle (\d): (.+)\n {2}replay: (.+)$/gm)];
  assert.equal(replays.length, Math.min(10, Number(failed)));
  for (const [, , cycle, broke, command] of replays) {
    const [, ...words] = command!.split(" ");
    const again = await cli(words);
    assert.equal(again.code, 1);
    assert.ok(again.out.includes(`BROKEN first in cycle ${cycle}: `), broke);
  }
  const json = JSON.parse((await campaign(
    "--runs", "40", "--cycles", "2", "--seed", "7", ...lies, "--json")).out) as {
    failed: number; verdict: string; failures: { replay: string }[];
  };
  assert.equal(json.failed, Number(failed));
  assert.equal(json.verdict, "broken");
  assert.equal(json.failures[0]!.replay, replays[0]![4]);
});

describe("a campaign is refused", () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["without runs", [], /--runs/],
    ["with more seeds than there are", ["--runs", "10", "--seed", "4294967290"],
      /--runs: from seed 4294967290 on there are only 6 seeds, 10 are too many/],
    ["with an unknown liar", ["--runs", "1", "--traitor", "c=liar"], /liar/],
    ["where all are faulty", ["--runs", "1", ...["a", "b", "c", "d"].flatMap((board) =>
      ["--traitor", `${board}=silent`])], /faulty/],
    ["where its progress is the network", ["--runs", "1", "--progress", PUMP],
      /--progress: .*input/],
  ];
  for (const [what, words, says] of refused) {
    test(what, async () => {
      const { code, out, err } = await campaign(...words);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, says);
      assert.equal(err.trim().split("\n").length, 1);
    });
  }
});

describe("a Redis is refused", () => {
  for (const [url, says] of [
    ["http://127.0.0.1", /--redis: must be redis:\/\/HOST:PORT/],
    ["127.0.0.1:6379", /--redis: must be redis:\/\/HOST:PORT/],
    // Nothing listens there.
    ["redis://name:secret@127.0.0.1:1", /--redis: 127\.0\.0\.1:1: no Redis can be reached: /],
  ] as const) {
    for (const words of [["worker"], ["campaign", PUMP, "--runs", "1"]]) {
      test(`${words[0]!}: ${url}`, async () => {
        const { code, err } = await cli([...words, "--redis", url]);
        assert.equal(code, 2);
        assert.match(err, says);
        assert.doesNotMatch(err, /secret/);
      });
    }
  }
});
