import { PLAIN, START } from "../../firmware/index.js";
import type { Value } from "../../host/base/values.js";
import { bundle } from "../../host/bundle/bundle.js";
import type { Network, Optimize } from "../../host/network/network.js";
import type { Readings } from "../../host/network/readings.js";
import { createPrng } from "../../host/base/random.js";
import { contentBytes, maskWork } from "../../host/plan/work.js";
import { madeFor } from "../examples.js";
import { MASKS_ONLY } from "./sample.js";
import { countedIn } from "./events.js";
import type { Counted, Scenario } from "./events.js";

/** The worst of what a network's first board is made to execute, by liars and by readings. */

/** Every board's sensor shows something else. */
const apart = ({ type, boards }: Network): Readings => (cycle) => {
  const prng = createPrng(cycle + 7);
  const seen = new Set<Value>();
  return boards.map(() => {
    let value = type.random(prng);
    for (let tries = 0; tries < 20 && seen.has(value); tries++) value = type.random(prng);
    seen.add(value);
    return value;
  });
};

/**
 * Every byte of every board's reading is another: a start first, and then each rules out a word as
 * a mask. Words of two bytes are tried from 01 17 on, the low byte first: every other byte is 17,
 * and 18 after that.
 * The second board has the first of them, as the first one relays no value of its own.
 */
export const maskingOf = ({ type, boards }: Network): Readings => () =>
  boards.map(({ number, layout }) => {
    const bytes = Buffer.from(Array.from({ length: type.width }, (_, at) => {
      const count = ((number + boards.length - 1) % boards.length) * type.width + at;
      if (layout.word < 2) return count & 127 ? PLAIN + (count & 127) : START;
      return count < 2 ? START : count % 2 ? PLAIN + (count >> 9) : count >> 1;
    }));
    const shown = type.name === "bytes" ? bytes.toString("hex")
      : type.name === "bool" ? true
        : type.name === "f32" ? bytes.readFloatLE() : bytes.readUIntLE(0, type.width);
    return type.parse(shown) ?? undefined;
  });

/** With ballots, so many cycles that there is one of each kind, and each of four boards leads. */
const cyclesOf = ({ ballots, signing, boards }: Network): number => {
  const { review } = boards[0]!.layout;
  return signing ? 2 : review ? review + 1 : ballots ? 3 : 2;
};

export const scenariosOf = (network: Network): Scenario[] => {
  const cycles = cyclesOf(network);
  const { boards, shape } = network;
  const liars = (fault: string) => boards.slice(-shape.traitors || boards.length)
    .map(({ name }) => `${name}=${fault}`);
  if (network.signing) return [{ cycles, seed: 1, traitors: liars("equivocate") }];
  const fault = network.wiring ? "random" : "equivocate";
  return [
    { cycles, seed: 1, traitors: liars(fault) },
    { cycles, seed: 2, traitors: liars("random"), readings: apart(network) },
    { cycles: 2, seed: 3, traitors: [], readings: maskingOf(network), cut: true },
  ];
};

/** Of what is the same kind of thing: the dearest, and the dearest but for its mask. */
const TRY_ABOUT = 100_000;

export const dearest = (all: readonly Counted[]): Counted[] => {
  const kept = new Map<string, Counted>();
  for (const one of all) {
    for (const each of [0, TRY_ABOUT]) {
      const key = [one.kind, one.round, one.closes, each].join();
      const known = kept.get(key);
      if (!known || one.cost - each * one.tries > known.cost - each * known.tries) {
        kept.set(key, one);
      }
    }
  }
  return [...new Set(kept.values())];
};

/** @returns the dearest beacons and frames of a network at a setting */
export const worstOf = async (
  espruino: string, network: Network, optimize: Optimize, number = 0,
): Promise<{ bytes: number; rows: Counted[] }> => {
  const made = madeFor(optimize, network);
  const board = made.boards[number]!;
  const text = await bundle(made, board);
  const all: Counted[] = [];
  for (const scenario of scenariosOf(made)) {
    all.push(...await countedIn(espruino, made, board, text, scenario));
  }
  return { bytes: Buffer.byteLength(text), rows: dearest(all) };
};

/** No byte of any reading rules out a mask. */
const filled = ({ type, boards }: Network): Readings => () =>
  boards.map(() => type.parse("fe".repeat(type.width)) ?? undefined);

/** @returns instructions for all words that are tried as a mask, and what they are sought in */
const triedCost = async (
  espruino: string, network: Network, optimize: Optimize,
): Promise<{ readonly cost: number; readonly tries: number; readonly content: number }> => {
  const made = madeFor(optimize, network);
  const board = made.boards[0]!;
  const text = await bundle(made, board);
  const relayed = async (readings: Readings): Promise<Counted> => {
    const all = await countedIn(
      espruino, made, board, text, { cycles: 2, seed: 3, traitors: [], readings });
    return all.findLast(({ kind, round }) => kind === "beacon" && round === 2)!;
  };
  const [many, few] = [await relayed(maskingOf(made)), await relayed(filled(made))];
  if (many.tries < few.tries + 10) throw new Error(`${many.tries} masks were tried`);
  return {
    cost: many.cost - few.cost, tries: many.tries - few.tries,
    content: contentBytes(board, board.layout.payloads[2]!),
  };
};

/**
 * What masks cost: the same beacons with few tries and with many.
 *
 * @param networks of rows of bytes, which are most of a frame: of few bytes, of many, and of so
 *   many that words have two bytes; and of more words than differ in one byte only
 * @returns instructions for a try, and for each byte that is searched
 */
export const maskPrices = async (
  espruino: string, networks: ReadonlyMap<string, Network>, optimize: Optimize,
): Promise<{ try: number; step: number; try2: number; step2: number }> => {
  const tried = async (name: string) => triedCost(espruino, networks.get(name)!, optimize);
  const [short, wide] = [await tried("om-rows"), await tried("om-wide")];
  const one = short.cost / short.tries;
  const step = Math.max(0,
    (wide.cost / wide.tries - one) / (wide.content - short.content));
  const together = await tried("om-wide-2");
  const try2 = together.cost / together.tries;
  const { cost, tries, content } = await tried(MASKS_ONLY);
  const { try2: few, step2 } = maskWork(tries, content, 2);
  const searched = (cost - try2 * few!) / step2!;
  if (searched < 0) throw new Error("words that are searched alone cost less than all together");
  return {
    try: Math.ceil(one - step * short.content), step: Math.ceil(step),
    try2: Math.ceil(try2), step2: Math.ceil(searched),
  };
};
