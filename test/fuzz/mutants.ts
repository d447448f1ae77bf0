import { readFileSync } from "node:fs";
import { encodeItem } from "../../host/base/cbor.js";
import { createRandom } from "../core/random.js";
import { SOUND } from "../flash/saying.js";
import { bytesOf, run } from "../trace/runs.js";
import { TEXTS, mutateBytes, mutateValue, oneOf } from "./mutate.js";
import type { Random } from "./mutate.js";

/** Command lines, files and answers that are nearly right. */

export interface Mutant {
  readonly number: number;
  readonly kind: string;
  readonly argv: readonly string[];
  /** By name, what lies in the folder in which it is run, in hexadecimal digits. */
  readonly files: Readonly<Record<string, string>>;
  /** What stands on standard input. */
  readonly input?: string;
  /** What a board's console answers; then a port is there. */
  readonly answers?: readonly string[];
  /** What comes at each line whenever something is written to it, in hexadecimal digits. */
  readonly lines?: readonly string[];
  /** A person asks to stop when that was looked for so often; never unless told. */
  readonly looks?: number;
}

const NAMES = ["pump", "desk", "kiln", "press", "three", "tank", "valve", "alarm"] as const;
const NETWORKS = NAMES.map((name) =>
  readFileSync(new URL(`../../boards/networks/${name}.json`, import.meta.url), "utf8"));
const TABLE = "a,b,c,d\n1,2,3,4\n5,,7,8\n\"9\",10,11,12\n";

const small = await run({ cycles: 2, traitors: ["c=equivocate"] });
const TRACE = bytesOf(small);

const hex = (content: string | Uint8Array): string => Buffer.from(content).toString("hex");

type Made = Omit<Mutant, "number" | "kind">;

const QUICK = ["--cycles", "2", "--transport", "memory"];

const network = (random: Random): Made => {
  const text = oneOf(random, NETWORKS);
  const content = random() % 4
    ? JSON.stringify(mutateValue(random, JSON.parse(text)))
    : mutateBytes(random, Buffer.from(text));
  const argv = oneOf(random, [
    ["emulate", "n.json", ...QUICK], ["emulate", "n.json", ...QUICK, "--json"],
    ["emulate", "n.json", ...QUICK, "--trace", "out.trace", "--svg", "out.svg"],
    ["plan", "n.json"], ["plan", "n.json", "--json"], ["bundle", "n.json", "--board", "a"],
    ["bundle", "n.json", "--board", "a", "--out", "out.js"],
  ]);
  return { argv, files: { "n.json": hex(content) } };
};

const table = (random: Random): Made => {
  const argv = ["emulate", "n.json", ...QUICK, "--readings", oneOf(random, ["r.csv", "-"])];
  const content = mutateBytes(random, Buffer.from(TABLE));
  return {
    argv, input: Buffer.from(content).toString("utf8"),
    files: { "n.json": hex(NETWORKS[0]!), "r.csv": hex(content) },
  };
};

const trace = (random: Random): Made => {
  let content: Uint8Array = TRACE;
  if (random() % 2) content = mutateBytes(random, TRACE);
  else {
    const items: object[] = [small.header, ...small.events];
    const at = random() % items.length;
    const changed = mutateValue(random, items[at]);
    const whole = items.map((item, index) => (index === at ? changed as object : item));
    content = Buffer.concat(whole.map(encodeItem));
  }
  const argv = oneOf(random, [
    ["replay", "t"], ["replay", "t", "--json"], ["replay", "t", "--cycle", "1"],
    ["replay", "t", "--svg", "out.svg"], ["replay", "t", "--vcd", "out.vcd"],
    ["replay", "t", "--pcapng", "out.pcapng"],
  ]);
  return { argv, files: { t: hex(content) } };
};

/** Whole lines, of which a word is changed. Whatever is taken for a number of cycles is small. */
const LINES: readonly (readonly string[])[] = [
  ["emulate", "n.json", ...QUICK, "--seed", "3", "--engine", "native"],
  ["emulate", "n.json", ...QUICK, "--faults", "drop=0.1,flip@a=0.2", "--traitor", "c=split"],
  ["emulate", "n.json", ...QUICK, "--async", "partition=a,b/c,d@1-2", "--async", "loss=0.2@1"],
  ["emulate", "n.json", ...QUICK, "--trace", "out.trace", "--svg", "out.svg"],
  ["plan", "n.json", "--json"], ["bundle", "n.json", "--board", "b", "--out", "out.js"],
  ["boards", "PICO_R1_3", "--json"], ["replay", "t", "--cycle", "1"], ["schema"], ["help", "plan"],
  ["ports", "--port", "p", "--wait", "1"], ["console", "--port", "p", "--baud", "9600"],
  ["flash", "n.json", "--board", "a", "--port", "p"],
  ["keys", "n.json", "--out", "out.keys"],
  ["replay", "t", "--vcd", "out.vcd", "--pcapng", "out.pcapng", "--cycle", "1"],
];
const WORDS = [
  ...TEXTS.filter((text) => !text.includes("\0") && text !== "\ud800"), "--json", "--cycles=0",
  "--seed=-1", "--readings", "--help", "--", "-", "--trace", "--svg=.", "a=b", "c=late:1", "@", "=",
  "drop=2", "reset=a@1", "stall=2@1", "echo=4@0", "oneway=a:b@1", "--no-ask", "n.json", "t",
];

const line = (random: Random): Made => {
  const words = [...oneOf(random, LINES)];
  for (let times = 1 + (random() % 2); times; times--) {
    const at = random() % words.length;
    const what = random() % 4;
    if (what === 0 && words.length > 1) words.splice(at, 1);
    else if (what === 1) words.splice(at, 0, oneOf(random, WORDS));
    else if (what === 2) words[at] = oneOf(random, WORDS);
    else {
      const changed = Buffer.from(mutateBytes(random, Buffer.from(words[at]!.slice(0, 200))));
      words[at] = changed.toString("utf8").replaceAll("\0", "0");
    }
  }
  // A changed number may mean hours, and a path may lead anywhere.
  const long = words.some((word) => /^\d{3,}$|cycles=\d{2}/.test(word));
  const argv = (long ? words.map((word) => word.replace(/\d{3,}/, "7")) : words)
    .map((word) => word.replace(/^(--\w+=)?\/$|\.\.\//, "$1x"));
  return { argv, input: "1\n", files: { "n.json": hex(NETWORKS[0]!), t: hex(TRACE) } };
};

const answers = (random: Random): Made => {
  const whole = SOUND.map((text) => (random() % 3 ? text : random() % 2
    ? JSON.stringify(mutateValue(random, JSON.parse(text)))
    : Buffer.from(mutateBytes(random, Buffer.from(text))).toString("latin1")));
  const more = Array.from({ length: random() % 4 }, () =>
    JSON.stringify(mutateValue(random, [[1, "a"]])));
  const argv = oneOf(random, [
    ["ports", "--port", "p"], ["ports", "--port", "p", "--json"], ["console", "--port", "p"],
    ["flash", "n.json", "--board", "a", "--port", "p"],
  ]);
  return {
    argv, answers: [...whole, ...more], input: "1\n2\n3\n", files: { "n.json": hex(NETWORKS[0]!) },
  };
};

/** What is said at lines: a frame with some of it changed, or nothing. */
const spoken = (random: Random): string[] => Array.from({ length: 4 }, () => (random() % 3
  ? hex(mutateBytes(random, Buffer.from("0001200001050a0b0c", "hex"))) : ""));

const OPTIONS = [
  ["--json"], ["--seed", "7"], ["--faults", "drop=0.3"], ["--faults", "flip@a=0.5"],
  ["--traitor", "c=equivocate"], ["--readings", "r.csv"], ["--trace", "out.trace"],
  ["--svg", "out.svg"], ["--metrics", "x"], ["--first-cycle", "9"],
  ["--counter", "out.count"], ["--keys", "."],
] as const;

/** A command at lines: some of its options, and now and then a word that is wrong. */
const live = (random: Random, words: readonly string[]): Made => {
  const argv = [...words, ...OPTIONS.filter(() => random() % 8 === 0).flat()];
  if (random() % 3 === 0) argv[1 + (random() % (argv.length - 1))] = oneOf(random, WORDS);
  const text = oneOf(random, NETWORKS);
  const shown = random() % 2 ? TABLE : mutateBytes(random, Buffer.from(TABLE));
  return {
    argv, looks: 20 + (random() % 100), files: { "n.json": hex(text), "r.csv": hex(shown) },
    ...(random() % 4 ? { lines: spoken(random) } : {}),
  };
};

const bus = (random: Random): Made => live(random, ["bus", "n.json", "--cycles", "2", ...(
  random() % 4 ? ["a=w", "b=x", "c=y", "d=z"].slice(random() % 2) : ["w"])
  .flatMap((port) => ["--port", port])]);

const board = (random: Random): Made => live(random, ["board", "n.json", "--board",
  oneOf(random, ["a", "b", "x"]), "--port", "w", ...(random() % 2 ? ["--once"] : [])]);

const KINDS: readonly (readonly [string, (random: Random) => Made])[] = [
  ["network", network], ["readings", table], ["trace", trace], ["line", line],
  ["answers", answers], ["bus", bus], ["board", board],
];

/** @returns always the same for the same seed and number */
export const mutantOf = (seed: number, number: number): Mutant => {
  const random = createRandom((seed ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0);
  const [kind, make] = KINDS[number % KINDS.length]!;
  return { number, kind, ...make(random) };
};
