/** What LBP is for: interactive consistency alone disagrees as soon as frames are lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBallots, shapeOf } from "../ballots/ballots.js";
import { createNetwork, honest, put } from "./network.js";
import type { Channel } from "./network.js";

const shape = { boards: 4, traitors: 1, width: 1, commander: -1 };
const majority = (votes: readonly number[]): number =>
  votes.filter((vote) => vote > 0).length > votes.filter((vote) => vote === 0).length ? 1 : 0;

/** The orders of the boards not in `faulty`: the majority of their vectors, or else 0. */
const orders = (inputs: readonly number[], channel: Channel, faulty: number): Set<number> => {
  const network = createNetwork(shape);
  inputs.forEach((input, board) => {
    network.giveByte(board, input);
  });
  network.run(channel);
  const all = [0, 1, 2, 3];
  return new Set(all.filter((board) => !((faulty >> board) & 1))
    .map((board) => majority(all.map((of) => network.entryByte(board, of)))));
};

const FRAMES = [1, 2].flatMap((round) => [0, 1, 2, 3].flatMap((sender) =>
  [0, 1, 2, 3].filter((receiver) => receiver !== sender)
    .map((receiver) => ({ round, sender, receiver }))));

/** All channels on which `count` frames are lost. */
const losing = (count: number): { lost: typeof FRAMES; channel: Channel }[] => {
  let sets: (typeof FRAMES)[] = [[]];
  for (let left = count; left--; ) {
    sets = sets.flatMap((set) => FRAMES.filter((frame) =>
      set.length === 0 || FRAMES.indexOf(frame) > FRAMES.indexOf(set.at(-1)!))
      .map((frame) => [...set, frame]));
  }
  return sets.map((lost) => ({
    lost,
    channel: (round, sender, receiver) => !lost.some((frame) =>
      frame.round === round && frame.sender === sender && frame.receiver === receiver),
  }));
};

const inputs = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].map((at) => (bits >> at) & 1));

test("IC alone, n=4, m=1, all honest: one lost frame is nothing, two can split the orders", (t) => {
  for (const input of inputs) {
    assert.equal(orders(input, honest, 0).size, 1);
    for (const { channel } of losing(1)) assert.equal(orders(input, channel, 0).size, 1);
  }
  const found = inputs.flatMap((input) => losing(2)
    .filter(({ channel }) => orders(input, channel, 0).size > 1)
    .map(({ lost }) => ({ input, lost })));
  assert.ok(found.length > 0);
  const { input, lost } = found[0]!;
  t.diagnostic(`${found.length} cases; the first: inputs ${input.join(", ")}, lost ${
    lost.map(({ round, sender, receiver }) => `${sender} to ${receiver} in round ${round}`)
      .join(", ")}`);

  // LBP on the first of them, with the same frames lost: nobody decides otherwise, and all do in
  // the next ballot.
  const { channel } = losing(2).find((one) =>
    one.lost.every((frame, index) => frame === lost[index]))!;
  const ballots = createBallots(shapeOf("paxos", 4, 1));
  ballots.run(0, input, (round, sender, receiver, arena, at) =>
    channel(round, sender, receiver, arena, at));
  ballots.run(1, input, () => true);
  const values = ballots.boards.map(({ log }) => log.join());
  assert.equal(new Set(values).size, 1);
  assert.notEqual(values[0], "");
});

test("IC alone, n=4, m=1, one liar: one lost frame can split the orders", (t) => {
  // Liar 3 says 1 throughout in its relays of 0, and the truth otherwise.
  const found = inputs.flatMap((input) => losing(1).filter(({ channel }) => {
    const lies: Channel = (round, sender, receiver, arena, at) => {
      if (sender === 3 && round === 2) {
        for (let slot = 0; slot < 3; slot++) put(arena, at, 1, slot, 1);
      }
      return channel(round, sender, receiver, arena, at);
    };
    return orders(input, lies, 8).size > 1;
  }).map(({ lost }) => ({ input, lost })));
  assert.ok(found.length > 0);
  const { input, lost: [frame] } = found[0]!;
  t.diagnostic(`${found.length} cases; the first: inputs ${input.join(", ")}, lost ${
    frame!.sender} to ${frame!.receiver} in round ${frame!.round}`);
});
