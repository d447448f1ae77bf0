/** SM.1 to SM.5: agreement with signatures, and what lies just outside of it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { choices } from "./choices.js";
import { SEED, createRandom, pick, replay, runs } from "./random.js";
import {
  NOTHING, broken, createNaiveSigned, createSigned, signaturesIn, signedShape,
} from "./signed.js";
import type { Item, Lie } from "./signed.js";

const setOf = (bits: number, boards: number): Set<number> =>
  new Set(Array.from({ length: boards }, (_, board) => board).filter((at) => (bits >> at) & 1));

describe("SM.1 to SM.5: three boards, one traitor", () => {
  // In round 1 it signs nothing, 0 or 1, or sends what nobody signed; in round 2 it shows of each
  // other board nothing, what that has signed, or what it has not.
  const first = (choice: number, of: number): Item[] | undefined => {
    if (!choice) return undefined;
    return [{ of, value: choice & 1, ids: [], genuine: [choice < 3] }];
  };

  for (const commander of [-1, 0]) {
    const shape = signedShape(3, 1, commander);
    const run = createSigned(shape);
    const naive = createNaiveSigned(shape);
    const title = commander < 0 ? "all command" : "one commands";
    test(`nothing that it can do breaks IC1 or IC2: ${title}`, (t) => {
      let count = 0;
      for (let liar = 0; liar < 3; liar++) {
        const others = [0, 1, 2].filter((board) => board !== liar);
        for (const inputs of choices([3, 3, 3])) {
          const given = inputs.map((input) => input - 1);
          for (const chosen of choices([4, 4, 3, 3, 3, 3])) {
            const lie: Lie = (round, sender, receiver) => {
              const at = others.indexOf(receiver);
              if (round === 1) return first(chosen[at]!, sender);
              return others.flatMap((of, which) => {
                const choice = chosen[2 + 2 * at + which]!;
                const speaks = commander < 0 || commander === of;
                if (!choice || !speaks) return [];
                const truth = given[of]!;
                const genuine = choice === 1 && truth >= 0;
                return [{ of, value: genuine ? truth : 1 - Math.abs(truth), ids: [],
                  genuine: [genuine] }];
              });
            };
            const liars = new Set([liar]);
            const held = run(given, liars, lie);
            count++;
            const wrong = broken(shape, given, held);
            if (wrong) assert.fail(`${given.join()}, liar ${liar}: ${chosen.join()}: ${wrong}`);
            if (count % 7 === 0) assert.deepEqual(held, naive(given, liars, lie));
          }
        }
      }
      t.diagnostic(`${count} runs, none of them broken`);
      assert.equal(count, 3 * 27 * 16 * 81);
    });
  }

  test("just outside: two traitors of four, where one is foreseen, part the correct boards", () => {
    const shape = signedShape(4, 1);
    const run = createSigned(shape);
    const lie: Lie = (round, sender, receiver) => {
      // Board 2 signs 0 and 1; board 3 shows one of them in the last round, to one receiver.
      if (sender === 2 && round === 1) return [{ of: 2, value: 0, ids: [], genuine: [true] }];
      if (sender === 3 && round === 2 && receiver === 0) {
        return [{ of: 2, value: 1, ids: [], genuine: [true] }];
      }
      return undefined;
    };
    assert.match(broken(shape, [5, 6, 0, 0], run([5, 6, 0, 0], new Set([2, 3]), lie)), /agreement/);
  });
});

describe("a board that cannot sign", () => {
  const shape = signedShape(4, 2);
  const honest: Lie = () => undefined;
  const inputs = [5, 6, 7, 8];

  test("SM.1: commands ⊥, and holds that itself", () => {
    const run = createSigned(shape, (board) => board !== 1);
    for (const vector of run(inputs, new Set(), honest).vectors) {
      assert.deepEqual(vector, [5, NOTHING, 7, 8]);
    }
  });

  test("SM.3: relays nothing before the last round, and agrees nevertheless", () => {
    // Board 3 signs for board 0 alone, which cannot sign and so does not pass it on in round 2.
    const lie: Lie = (round, sender, receiver) =>
      (round === 1 && receiver === 0 ? [{ of: sender, value: 9, ids: [], genuine: [true] }] : []);
    const able = createSigned(shape)(inputs, new Set([3]), lie);
    assert.deepEqual(able.vectors.slice(0, 3).map((vector) => vector![3]), [9, 9, 9]);
    const mute = createSigned(shape, (board) => board !== 0)(inputs, new Set([3]), lie);
    assert.deepEqual(mute.vectors.slice(0, 3).map((vector) => vector![3]), [9, NOTHING, NOTHING]);
  });
});

test("SM.2: a board that was restarted does not count what it has signed itself before", () => {
  // Board 0 heard nothing in this life; boards 2 and 3 show what it signed in the one before.
  const shape = signedShape(4, 2);
  const lie: Lie = (round, sender, receiver) => (round === 3 && sender === 2 && receiver === 0
    ? [{ of: 3, value: 9, ids: [0], genuine: [true, true] }] : undefined);
  const { vectors } = createSigned(shape)([5, 6, 7, 8], new Set([2, 3]), lie);
  assert.deepEqual(vectors[0], [5, 6, NOTHING, NOTHING]);
});

/** Liars that share their keys and all that they hear; what they do is drawn by lot, and kept. */
const createGang = (
  random: () => number, boards: number, traitors: number, liars: ReadonlySet<number>,
) => {
  const known = new Set<string>();
  const kept = new Map<string, Item[] | undefined>();
  const shape = signedShape(boards, traitors);
  // Whether they hold everything back until the last round.
  const late = random() % 3 === 0;
  const chance = (of: number) => random() % of === 0;
  const holds = (signer: number, of: number, value: number) =>
    liars.has(signer) || signer >= boards || known.has(`${signer}: ${of} ${value}`);

  const item = (round: number, sender: number, of: number): Item => {
    const all = Array.from({ length: boards }, (_, board) => board);
    const friends = all.filter((board) => liars.has(board) && board !== sender && board !== of);
    const ids: number[] = [];
    while (ids.length < round - 2) {
      const from = friends.length && !chance(3) ? friends : all;
      // Anybody may sign for a board that there is not.
      const one = chance(32) ? boards : from[random() % from.length]!;
      if (!ids.includes(one) || chance(4)) ids.push(one);
    }
    const values = all.filter((value) => holds(of, of, value));
    const value = values.length && !chance(8) ? values[random() % values.length]! : random() % 3;
    const chain = round === 1 ? [of] : [of, ...ids, sender];
    const genuine = Array.from({ length: signaturesIn(shape, round) }, (_, place) =>
      holds(chain[place]!, of, value) && !chance(16));
    return { of, value, ids, genuine };
  };

  const draw = (round: number, sender: number, receiver: number): Item[] | undefined => {
    if (chance(6) || (late && round > 1 && round <= traitors)) return undefined;
    if (round === 1) return [item(round, sender, sender)];
    const items: Item[] = [];
    for (let of = 0; of < boards; of++) {
      if (of === sender || (of === receiver && !chance(4))) continue;
      const most = late || chance(2) ? 2 : 1;
      for (let nth = 0; nth < (round < 3 ? 1 : most); nth++) {
        if (!chance(3)) items.push(item(round, sender, of));
      }
    }
    return items;
  };

  const lie: Lie = (round, sender, receiver) => {
    const key = `${round} ${sender} ${receiver}`;
    if (!kept.has(key)) kept.set(key, draw(round, sender, receiver));
    return kept.get(key);
  };
  const overhear = (round: number, sender: number, items: readonly Item[]) => {
    for (const { of, value, ids } of items) {
      const chain = round === 1 ? [of] : [of, ...ids, sender];
      for (const signer of chain.slice(0, signaturesIn(shape, round))) {
        known.add(`${signer}: ${of} ${value}`);
      }
    }
  };
  return { lie, overhear };
};

const campaign = (
  t: TestContext, boards: number, traitors: number, count: number, lossy: boolean,
): void => {
  const random = createRandom(SEED ^ (boards * 64 + traitors * 2 + Number(lossy)));
  const shape = signedShape(boards, traitors);
  const run = createSigned(shape);
  let parted = 0;
  for (let at = 0; at < count; at++) {
    const liars = setOf(pick(random, boards, random() % (traitors + 1)), boards);
    const inputs = Array.from({ length: boards }, () => (random() % 4) - 1);
    const { lie, overhear } = createGang(random, boards, traitors, liars);
    const gone = random();
    const lost = lossy
      ? (round: number, sender: number, receiver: number) =>
        createRandom(gone ^ (round * 1024 + sender * 32 + receiver))() % 8 === 0
      : undefined;
    const expected = createNaiveSigned(shape, overhear)(inputs, liars, lie, lost);
    const held = run(inputs, liars, lie, lost);
    assert.deepEqual(held, expected, `run ${at}`);
    const wrong = broken(shape, inputs, held);
    if (wrong && !lossy) assert.fail(`run ${at}: ${wrong}`);
    if (wrong) parted++;
    // Truth or nothing, whatever was lost.
    for (const vector of held.vectors) {
      for (const [of, entry] of vector?.entries() ?? []) {
        if (!liars.has(of)) assert.ok(entry === NOTHING || entry === inputs[of], `run ${at}`);
      }
    }
  }
  if (lossy && boards < 7) assert.ok(parted > 0, "nothing that was lost made a difference");
  t.diagnostic(`${count} runs${lossy ? `, ${parted} of them parted by losses` : ""}`);
};

const FULL = Number(process.env["TAGMA_SIGNED_RUNS"] ?? 6000);

for (const [boards, traitors] of [[3, 1], [4, 1], [4, 2], [5, 3], [6, 4], [10, 2]] as const) {
  const share = boards > 6 ? 8 : boards > 4 ? 2 : 1;
  describe(`SM.2 to SM.5: ${boards} boards, ${traitors} colluding traitors; ${replay}`, () => {
    test("all correct boards hold the same, and what the naive ones hold", (t) => {
      campaign(t, boards, traitors, runs(t, Math.ceil(FULL / share), 400), false);
    });

    test("where frames are lost, each entry of a correct board is the truth or nothing", (t) => {
      campaign(t, boards, traitors, runs(t, Math.ceil(FULL / share / 4), 100), true);
    });
  });
}
