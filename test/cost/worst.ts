import type { Value } from "../../host/base/values.js";
import { bundle } from "../../host/bundle/bundle.js";
import type { Network, Optimize } from "../../host/network/network.js";
import type { Readings } from "../../host/network/readings.js";
import { createPrng } from "../../host/base/random.js";
import { madeFor } from "../examples.js";
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

/** Every byte of every board's reading is another, from 1 on: each rules out a word as a mask. */
const masking = ({ type, boards }: Network): Readings => () => boards.map(({ number }) => {
  const bytes = Buffer.from(
    Array.from({ length: type.width }, (_, at) => (number * type.width + at + 1) & 127));
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
  const liars = (fault: string) => network.boards.slice(-network.shape.traitors || network.boards.length)
    .map(({ name }) => `${name}=${fault}`);
  if (network.signing) return [{ cycles, seed: 1, traitors: liars("equivocate") }];
  const fault = network.wiring ? "random" : "equivocate";
  return [
    { cycles, seed: 1, traitors: liars(fault) },
    { cycles, seed: 2, traitors: liars("random"), readings: apart(network) },
    { cycles: 1, seed: 3, traitors: [], readings: masking(network) },
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
