/** What a board says in ballots, and when it says nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { createPaxos } from "../../firmware/core/paxos.js";
import { COUNTERS, createNode, oral, integer, majority } from "../../firmware/index.js";
import { shapeOf } from "../ballots/ballots.js";
import { NAIVE_HUB, naiveEncode, naiveHeader, naiveWord } from "../frame/naive-codec.js";
import { createBallotStar, naiveFirst } from "./ballot-star.js";

const once = shapeOf("paxos", 4, 1);
const always = { cut: Infinity, torn: () => [], away: 0 };

/** In which rounds board 0 said something that is not ⊥ in a cycle. */
const spokeIn = (star: ReturnType<typeof createBallotStar>, cycle: number) => star.said[0]!
  .filter((one) => one.cycle === cycle && one.payload[0]! & 1).map(({ round }) => round);

test("BALLOT.1, BALLOT.3: records, then 2av and 2b, then a decision that stays", () => {
  const star = createBallotStar(once, () => 7, always);
  star.run(0, () => false);
  assert.deepEqual(star.layout.payloads, [3, 1 + 16, 1 + 3 * 16, 2, 2]);
  const [record, , relayed, voted] = star.said[0]!.map(({ payload }) => payload);
  assert.deepEqual(record, [1, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([relayed, voted], [[1, 7], [1, 7]]);
  assert.deepEqual(star.decided, Array.from({ length: 4 }, () => [[0, 7]]));
  star.run(1, () => false);
  const later = star.said[0]!.find(({ cycle }) => cycle === 1)!.payload;
  assert.deepEqual(later.slice(0, 3), [1, 2, 7]);
  assert.deepEqual(star.decided[0], [[0, 7]]);
});

test("BALLOT.2: who was restarted says nothing that binds it, and relays even so", () => {
  const star = createBallotStar(once, () => 7, { ...always, cut: 22 });
  star.run(0, (_, sender) => sender !== NAIVE_HUB);
  star.run(1, (_, sender) => sender !== NAIVE_HUB);
  assert.equal(star.lives, 2);
  assert.deepEqual(spokeIn(star, 1), []);
  star.run(2, () => false);
  assert.deepEqual(spokeIn(star, 2), [2]);
});

test("BALLOT.5: in a cycle whose number has been there before a board is silent", () => {
  for (const again of [4, 3]) {
    const star = createBallotStar(once, () => 7, always);
    star.run(0, (_, sender) => sender !== NAIVE_HUB);
    star.run(4, (_, sender) => sender !== NAIVE_HUB);
    const before = star.said[0]!.length;
    star.run(again, () => false);
    const said = star.said[0]!.slice(before).filter(({ round }) => round !== 2);
    assert.ok(said.every(({ payload }) => !(payload[0]! & 1)), `number ${again}`);
  }
  // Who is new does not care about the number of the first that it hears.
  const first = createBallotStar(once, () => 7, always);
  first.run(6, () => false);
  assert.equal(first.decided[0]!.length, 1);
});

test("BALLOT.2: who missed the opening says nothing that binds it", () => {
  const star = createBallotStar(once, () => 7, always);
  star.run(0, (_, sender) => sender !== NAIVE_HUB);
  star.run(1, (round, sender, to) => sender === NAIVE_HUB && round === 1 && to === 0);
  assert.deepEqual(spokeIn(star, 1), []);
  // It decides as the others do.
  assert.deepEqual(star.decided, Array.from({ length: 4 }, () => [[0, 7]]));
});

test("BALLOT.4: a reading by wire is a value; what is no presence byte decides nothing", () => {
  const layout = ballotLayout(once, 0, true);
  assert.equal(layout.payloads[0], 3 + 2);
  const word = naiveWord({ ...once, width: layout.width });
  for (const [presence, expected, unread] of [[1, 1, 0], [0, 0, 1], [2, 0, 1], [3, 1, 0]]) {
    const sent: number[][] = [];
    const files = new Map([[3, naiveFirst(once)]]);
    const node = createNode<number>(layout, {
      agree: oral(layout), protocol: createPaxos, type: integer("Uint8"),
      choose: majority<number>, fallback: 0,
      places: {
        read: (place) => files.get(place),
        write(place, all) {
          files.set(place, [...all]);
        },
      },
    }, {
      send(bytes) {
        sent.push([...bytes.subarray(0, 3)]);
      },
      read: () => 9, act: () => undefined,
    });
    node.receive(Uint8Array.from(naiveEncode(
      word, naiveHeader(1, NAIVE_HUB), 0, [0, 0, 0, presence!, 5],
    )));
    assert.deepEqual(sent, [[1, expected, 5]], `presence ${presence}`);
    assert.equal(node.counts[COUNTERS.indexOf("unread")], unread);
  }
});
