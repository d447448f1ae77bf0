/**
 * Relay paths and sizes by listing everything. Nothing here is clever, and nothing is the
 * product's.
 */
import { NO_BALLOTS } from "../../firmware/base/layout.js";
import { NO_WATCH } from "../../firmware/base/watch.js";
import type { Layout, Shape } from "../../firmware/base/layout.js";

/** All paths of `length` distinct boards that start at a commander, in lexicographic order. */
export const listPaths = (boards: number, commander: number, length: number): number[][] => {
  let paths: number[][] = [[]];
  for (let taken = 0; taken < length; taken++) {
    const longer: number[][] = [];
    for (const path of paths) {
      for (let board = 0; board < boards; board++) {
        const starts = taken > 0 || commander < 0 || board === commander;
        if (starts && !path.includes(board)) longer.push([...path, board]);
      }
    }
    paths = longer;
  }
  return paths;
};

/**
 * The paths that board `self` speaks about in round length+1, in the order of its frame. With one
 * commander, it alone has something to say about the empty path, and nothing about any other.
 */
export const listHeld = (shape: Shape, self: number, length: number): number[][] => {
  const { boards, commander } = shape;
  if (length === 0) return commander < 0 || self === commander ? [[]] : [];
  return listPaths(boards, commander, length).filter((path) => !path.includes(self));
};

/**
 * What `layoutOf()` computes, counted from lists of paths, and without its refusal: tests of what
 * happens outside the bounds are run on this.
 */
export const unguarded = (shape: Shape, self: number, wired: boolean): Layout => {
  const { boards, traitors, width, commander } = shape;
  const bytesOf = (count: number) => Math.ceil(count / 8) + count * width;
  const rounds = Math.max(traitors, 1) + 1;
  const payloads = [wired ? 4 + width : 3];
  const bitmaps = [0];
  const spoken = [0];
  for (let round = 1; round <= rounds; round++) {
    const someone = round === 1 ? Math.max(commander, 0) : (Math.max(commander, 0) + 1) % boards;
    spoken[round] = listHeld(shape, someone, round - 1).length;
    payloads[round] = bytesOf(spoken[round]!);
    bitmaps[round] = Math.ceil(spoken[round]! / 8);
  }
  const counts: number[] = [];
  const levels: number[] = [];
  let held = 0;
  for (let length = 0; length < rounds; length++) {
    counts.push(listHeld(shape, self, length).length);
    levels.push(held);
    held += bytesOf(counts[length]!);
  }
  const routeAt = [0, 0];
  for (let length = 1; length <= traitors + 1; length++) {
    routeAt.push(routeAt[length]! + listHeld(shape, self, length).length);
  }
  const longest = payloads[traitors + 1]!;
  const shift = Math.ceil(Math.log2(spoken[traitors + 1]!));
  // On the wire: start, mask, header, cycle, payload, checksum; start and checksum make four bytes.
  const word = Math.max(longest, 4 + width) + 5 < 255 ? 1 : 2;
  const overhead = word + word + 1 + 1 + (4 - word);
  // What stands before a payload is put down with it: start, mask, header, cycle.
  const margin = word < 2 ? 4 : 0;
  const heard = held + margin;
  const block = longest + margin;
  const transmit = heard + boards * block;
  // All four bytes of the checksum are written, though not all of them are sent.
  const receive = transmit + overhead - (4 - word) + longest + 4;
  const others = Array.from({ length: rounds + 1 }, (_, round) =>
    Array.from({ length: boards }, (__, board) => board).filter((board) => round > 0 &&
      board !== self && listHeld(shape, board, round - 1).length > 0));
  return {
    speakers: others.map((list) => list.reduce((sum, board) => sum + 2 ** board, 0)),
    ...shape, ...NO_BALLOTS, ...NO_WATCH, valueWidth: width, self, wired, word, overhead, shift,
    routeAt, payloads, bitmaps, counts,
    levels, heard,
    rounds: traitors + 1, exchanges: traitors + 1, signature: 0, tag: 0, tags: 0, poll: 0,
    mac: transmit,
    items: payloads.map((_, round) => round && width),
    orders: held, block, margin, receive, transmit, routeBytes: boards * 2 ** shift > 65536 ? 4 : 2,
    memory: receive + overhead + Math.max(longest, payloads[0]!),
    end: receive + overhead + Math.max(longest, payloads[0]!),
  };
};
