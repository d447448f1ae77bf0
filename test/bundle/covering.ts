import { UsageError } from "../../host/base/error.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { fitOf } from "../../host/plan/plan.js";
import { createRandom } from "../core/random.js";

/**
 * Networks in which every two options of a network file occur together that may. An option is a
 * list of what it puts into the file; what the host refuses is no network, and covers nothing.
 */

type Content = Readonly<Record<string, unknown>>;

const TREES = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }];
const BOARDS = (count: number, more: Content = {}) =>
  Array.from({ length: count }, (_, at) => ({ name: "abcdefg"[at], kind: "PICO_R1_3", ...more }));

const RETRACT = "digitalWrite(B3, before > 0)";

const FACTORS: Readonly<Record<string, readonly Content[]>> = {
  algorithm: [
    { algorithm: "om", traitors: 1, size: 4 }, { algorithm: "om", traitors: 2, size: 7 },
    { algorithm: "om", traitors: 0, size: 2 },
    { algorithm: "sm", traitors: 1, size: 3, signatures: { trees: TREES } },
    { algorithm: "lbp", traitors: 1, size: 4 }, { algorithm: "lfab", traitors: 1, size: 6 },
    { algorithm: "pbft", traitors: 1, size: 4 }, { algorithm: "fab", traitors: 1, size: 6 },
    { algorithm: "paxos", traitors: 1, size: 3 },
    { algorithm: "2pc", traitors: 1, size: 3 }, { algorithm: "3pc", traitors: 1, size: 3 },
    { algorithm: "paxos-commit", traitors: 1, size: 3 },
  ],
  value: [
    { value: "bool", default: false }, { value: "u8", default: 1 }, { value: "u16", default: 2 },
    { value: "u32", default: 3 }, { value: "i16", default: -4 }, { value: "i32", default: -5 },
    { value: "f32", default: 0.5 }, { value: { bytes: 9 }, default: "000102030405060708" },
  ],
  decision: [
    { decision: "majority" }, { decision: "median" }, { decision: "midpoint" },
    { decision: "unanimous" }, { decision: { script: "vector[0]" } },
  ],
  wiring: [{}, { wiring: "wire" }, { wiring: "wire", guardian: true }],
  auth: [{}, { auth: "mac" }],
  promises: [{}, { promises: "stored" }],
  mode: [{}, { mode: "once" }, { mode: "log", keep: 3 }],
  leader: [{}, { leader: "rotating" }],
  early: [{}, { early: true }],
  review: [{}, { review: 3 }],
  leases: [{}, { leases: "none" }],
  tentative: [{}, { tentative: true }],
  silence: [{}, { silence_ms: 6_000_000 }],
  meanwhile: [{}, { meanwhile: "hold" }, { meanwhile: "safe" }],
  reading: [
    { reading: undefined }, { reading: "wire" }, { reading: { script: "1" } },
    { reading: { pin: "A0" } },
  ],
  order: [{}, { order: { pin: "B3" } }, { order: { script: "digitalWrite(B3, 1)" } }],
  commander: [{}, { commander: "a" }],
  kind: [{}, { kind: "MICROBIT2" }],
  health: [
    {}, { health: {} }, { health: { stuck: 2, permanent: 2 } },
    { health: { tolerance: 3, range: [-2, 9], stuck: 3, forget: 2 } },
  ],
  suspect: [{}, { suspect_cycles: 2 }],
  alarm: [{}, { alarm: { pin: "B4" } }, { alarm: { script: "digitalWrite(B4, health[0] > 1)" } }],
};

/** How many choices of all options are tried for each pair. */
const TRIES = 120;

const NAMES = Object.keys(FACTORS);

/** @returns a network of these choices, by name the number of each; undefined where it is none */
const networkOf = (choice: readonly number[]): Network | undefined => {
  const all = NAMES.map((name, at) => FACTORS[name]![choice[at]!]);
  const { size, reading, order: told, kind, alarm, ...rest } = Object.assign({}, ...all) as
    Record<string, unknown> & { size: number; order?: Content };
  // What is done on trial a script has to take back.
  const order = rest["tentative"] && told?.["script"] ? { ...told, retract: RETRACT } : told;
  const enable = rest["wiring"] === undefined ? {} : { enable: "B1" };
  const own = Object.fromEntries(Object.entries({ reading, order, kind, alarm, ...enable })
    .filter(([, value]) => value !== undefined));
  try {
    const network =
      parseNetwork({ name: "n", baud: 115200, ...rest, boards: BOARDS(size, own) }, "test");
    return network.boards.every((board) => fitOf(network, board, 0).fits) ? network : undefined;
  } catch (thrown) {
    if (thrown instanceof UsageError) return undefined;
    throw thrown;
  }
};

/** Two choices, the first of the lower option. */
const pairsIn = (choice: readonly number[]): string[] =>
  choice.flatMap((one, at) => choice.slice(at + 1).map((other, index) =>
    [at, one, at + 1 + index, other].join()));

/**
 * @returns networks that cover all pairs which some network has, and how many pairs these are
 */
export const coveringNetworks = (
  seed: number,
): { networks: { network: Network; about: string }[]; pairs: number } => {
  const next = createRandom(seed);
  const random = () => next() / 2 ** 32;
  const covered = new Set<string>();
  const networks: { network: Network; about: string }[] = [];
  const sizes = NAMES.map((name) => FACTORS[name]!.length);
  const pick = (size: number) => Math.floor(random() * size);
  const freshIn = (choice: readonly number[]): number =>
    pairsIn(choice).filter((pair) => !covered.has(pair)).length;
  // Of some networks that have these two choices, the one with the most that is new.
  const cover = (first: number, one: number, second: number, other: number): void => {
    let best: { choice: number[]; network: Network; fresh: number } | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      // The first choice of an option often stands for "not said", which most networks allow.
      const choice = sizes.map((size) => (random() < 0.9 - tries / TRIES ? pick(size) : 0));
      if (first > 0) choice[0] = pick(sizes[0]!);
      choice[first] = one;
      choice[second] = other;
      const fresh = freshIn(choice);
      const network = fresh > (best?.fresh ?? 0) ? networkOf(choice) : undefined;
      if (network) best = { choice, network, fresh };
    }
    if (!best) return;
    for (const pair of pairsIn(best.choice)) covered.add(pair);
    const { choice } = best;
    networks.push({
      network: best.network,
      about: NAMES.map((name, at) => JSON.stringify(FACTORS[name]![choice[at]!]))
        .filter((part) => part !== "{}").join(" "),
    });
  };
  for (let first = 0; first < sizes.length; first++) {
    for (let second = first + 1; second < sizes.length; second++) {
      for (let one = 0; one < sizes[first]!; one++) {
        for (let other = 0; other < sizes[second]!; other++) {
          if (!covered.has([first, one, second, other].join())) cover(first, one, second, other);
        }
      }
    }
  }
  return { networks, pairs: covered.size };
};
