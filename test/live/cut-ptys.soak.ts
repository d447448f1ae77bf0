import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { LiveRecord, LiveSummary } from "../../host/live/live.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { contentOf, jsonOf } from "../cli/harness.js";
import { begin } from "./interpreters.js";
import type { Begun, Case, tagma } from "./interpreters.js";
import { judgeRun, noCables } from "./ptys.js";
import type { Ran } from "./ptys.js";

/**
 * Espruino itself on the bus, where ESPRUINO names its Linux build, over cables that cut and join
 * what goes over them, with interpreters that are killed and started again. Real time: when others
 * need the computer an answer comes late, and its board counts as faulty. What is promised is
 * judged, and by what the boards themselves did, which each writes into a file: agreement and truth
 * wherever no more boards failed than are outvoted; of ballots, never two decisions for a slot.
 * TAGMA_SEED makes other cuts, and kills at other moments.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : noCables;
if (skip) process.stderr.write(`NOT RUN: Espruino on the bus in pieces: ${skip}\n`);

/**
 * Cycles in which all must be heard once more when they are back: else the computer is too busy,
 * which is said aloud. What came until then is judged all the same.
 */
const PATIENCE = Number(process.env["TAGMA_CYCLES"] ?? 30);
/** Cycles before, between and after the kills. */
const QUIET = 2;

type Bus = ReturnType<typeof tagma>;

/** What was waited for did not come, as frames were late. */
class Busy extends Error {}

/** @returns how many cycles there were when this held of them; it is asked of a bus that runs */
const until = async (bus: Bus, what: string, holds: (all: readonly LiveRecord[]) => boolean) => {
  const from = bus.records().length;
  for (;;) {
    const all = bus.records();
    if (holds(all)) return all.length;
    if (!bus.running()) assert.fail(`the bus has ended: ${(await bus.ended).err}`);
    if (all.length >= from + PATIENCE) throw new Busy(`not in ${PATIENCE} cycles: ${what}`);
    await wait(20);
  }
};

/** Does what is to be done while the bus runs. @returns why not all of it could be done, or "" */
const unlessBusy = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act();
    return "";
  } catch (thrown) {
    if (thrown instanceof Busy) return thrown.message;
    throw thrown;
  }
};

const sayBusy = (context: TestContext, busy: string): void => {
  process.stderr.write(`NOT SHOWN: Espruino on the bus in pieces: ${busy}\n`);
  context.skip(`the computer is too busy: ${busy}`);
};

/** What the bus says of all of it. */
const finish = async (context: TestContext, { pieces }: Begun, bus: Bus, busy: string) => {
  bus.interrupt();
  const { code, out, err } = await bus.ended;
  const records = bus.records();
  const summary = jsonOf(out).at(-1) as unknown as LiveSummary;
  const full = records.filter(({ faulty }) => !faulty.length);
  const inside = records.filter(({ faulty }) => faulty.length <= 1);
  context.diagnostic(`${replay}: ${full.length} of ${records.length} cycles with all boards, ${
    inside.length} with one missing at most, ${pieces()} pieces${
    summary.ballots ? `, ballots ${JSON.stringify(summary.ballots)}` : ""}`);
  for (const { name, answer, lost, odd } of summary.boards) {
    context.diagnostic(`${name} answers ${answer.mean} us (${answer.max}), ${lost} lost, ${
      odd} odd`);
    assert.equal(odd, 0, `${name} is not as its stand-in`);
  }
  assert.notEqual(summary.verdict, "broken", err);
  if (!busy) assert.deepEqual([summary.verdict, code], ["held", 130], err);
  return { records, summary, err, code };
};

const isFull = ({ faulty }: LiveRecord): boolean => !faulty.length;

/** All boards have been heard, for some cycles, since there were `from`. */
const allHeard = async (bus: Bus, from: number) =>
  until(bus, "all boards are heard", (all) => all.slice(from).filter(isFull).length >= QUIET);

/** Kills one for as long as it takes to be missed. */
const killOne = async (begun: Begun, bus: Bus, name: string) => {
  const { number } = begun.network.boards.find((board) => board.name === name)!;
  const from = bus.records().length;
  await begun.kill([name]);
  const missed = await until(bus, `${name} is missed`, (all) =>
    all.slice(from).some(({ faulty }) => faulty.includes(number)));
  await begun.start([name]);
  return missed;
};

/** Milliseconds in which the boards write down what they heard last. */
const LAST_WORDS_MS = 30_000;

/** What the boards did is what they must, and what their stand-ins did. */
const judgeActs = async (
  { network, readings, acts }: Begun, ran: Omit<Ran, "decided">, killed: number,
) => {
  const told = () => acts().map((list) => new Map((list as [number, number, (number | null)[]][])
    .map(([cycle, order, vector]) => [cycle, { cycle, order, vector }])));
  const last = ran.records.at(-1)!;
  const due = () => network.boards.every(({ number }) =>
    last.faulty.includes(number) || told()[number]!.has(last.cycle));
  for (let left = LAST_WORDS_MS; left > 0 && !due(); left -= 50) await wait(50);
  const { inside, broken } = judgeRun(network, readings, { ...ran, decided: told() }, killed);
  assert.deepEqual(broken, []);
  return inside;
};

const B = 1;

const tryCycles = async (context: TestContext, one: Case, times: number) => {
  const begun = await begin(context, path!, one);
  const bus = begun.bus();
  const busy = await unlessBusy(async () => {
    await allHeard(bus, 0);
    for (let kills = 0; kills < times; kills++) {
      await allHeard(bus, await killOne(begun, bus, "b"));
    }
  });
  const ran = await finish(context, begun, bus, busy);
  const inside = await judgeActs(begun, ran, B);
  context.diagnostic(`${inside} cycles judged by what the boards did`);
  if (busy) sayBusy(context, busy);
  else assert.ok(inside > 0);
};

/** Milliseconds in which a moment lies that the seed chooses. */
const MOMENT_MS = 2000;

type Decided = readonly [slot: number, value: unknown];

/** Never two decisions for a slot, whoever made them and when; and no board acts twice. */
const judgeSlots = (records: readonly LiveRecord[], acts: readonly (readonly Decided[])[]) => {
  const decided = new Map<number, unknown>();
  const add = ([slot, value]: Decided) => {
    if (!decided.has(slot)) decided.set(slot, value);
    assert.equal(value, decided.get(slot), `slot ${slot} has two decisions`);
  };
  for (const { decisions } of records) {
    for (const { slot, value } of decisions?.flat() ?? []) add([slot, value]);
  }
  for (const [board, list] of acts.entries()) {
    list.forEach(add);
    list.slice(1).forEach(([slot], at) => {
      assert.ok(slot > list[at]![0], `board ${board} acts for slot ${slot} after ${list[at]![0]}`);
    });
  }
  return decided.size;
};

const tryBallots = async (context: TestContext, one: Case) => {
  const begun = await begin(context, path!, one);
  const random = createRandom(SEED);
  const bus = begun.bus();
  // What holds meanwhile has no slot.
  const acts = () => (begun.acts() as unknown as (readonly [number | null, unknown])[][])
    .map((list) => list.filter((act): act is Decided => act[0] !== null));
  const highest = () => Math.max(-1, ...acts().flat().map(([slot]) => slot));
  let [before, counts] = [-1, [0]];
  const busy = await unlessBusy(async () => {
    await allHeard(bus, 0);
    await allHeard(bus, await killOne(begun, bus, "b"));
    await until(bus, "a slot is decided", () => highest() >= 0);
    // Somewhere in a ballot all lose their power: what they promised is in their flash only.
    await wait(random() % MOMENT_MS);
    await begun.kill(one.names);
    [before, counts] = [highest(), acts().map(({ length }) => length)];
    await wait(random() % MOMENT_MS);
    await begun.start(one.names);
    await until(bus, "all go on", () =>
      acts().every(({ length }, board) => length > counts[board]!));
  });
  const { records } = await finish(context, begun, bus, busy);
  const slots = judgeSlots(records, acts());
  context.diagnostic(`${slots} slots; all were killed when ${before} was the last`);
  if (busy) sayBusy(context, busy);
  else assert.ok(highest() > before);
};

const three = ["a", "b", "c"];
const four = [...three, "d"];

/**
 * Answers come in that time: the program runs from flash, which is a file there that is opened for
 * every few characters, seven times as slow as from memory.
 */
const COMPUTING_US = 60_000;
const SIGNING_US = 400_000;

describe("Espruino on the bus, in pieces", { skip, timeout: 1_800_000 }, () => {
  it("oral messages: are as promised, over a board that is killed and comes back", async (t) => {
    await tryCycles(t, { content: contentOf("desk"), names: four, computeUs: COMPUTING_US }, 2);
  });

  it("signed messages: are as promised, over a board that is killed and signs again", async (t) => {
    const content = {
      ...contentOf("three"),
      signatures: { ...contentOf("three")["signatures"] as object, reserve: 2 },
    };
    await tryCycles(t, { content, names: three, computeUs: SIGNING_US }, 2);
  });

  it("stored promises: outlive a board that is killed, and all of them", async (t) => {
    const content = { ...contentOf("press"), promises: "stored" };
    await tryBallots(t, { content, names: four, computeUs: COMPUTING_US });
  });
});
