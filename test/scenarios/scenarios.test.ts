/** Runs of a few boards as texts that a person reads: what happened, and what had to. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ALGORITHMS } from "../../host/algorithms/registry.js";
import { FAULTS, SYNCHRONY_FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { folder } from "../cli/harness.js";
import { root } from "../tidy/source.js";
import { algorithmIn, differences, isCommand, parse, play, rewritten } from "./scenario.js";
import type { Command } from "./scenario.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FILES = readdirSync(HERE).filter((name) => name.endsWith(".txt")).toSorted();
const LINES_MAX = 90;

/** The names of all that can be asked for: as the command line reads them. */
const PRODUCT = [
  ...ALGORITHMS.map(({ name }) => name),
  ...[...FAULTS, ...WIRE_FAULTS, ...SYNCHRONY_FAULTS].map(({ name }) => name),
];

/** What the scenarios ran, of the above. */
const shown = new Set<string>();

const note = ({ words }: Command, said: readonly string[]): void => {
  const [program, verb, path] = words;
  if (program !== "tagma" || verb !== "emulate" || said.at(-1) === "exit code 2") return;
  shown.add(algorithmIn(path!));
  words.forEach((word, at) => {
    const option = words[at - 1];
    if (option === "--traitor") shown.add(/=(\w+)/.exec(word)![1]!);
    if (option === "--async") shown.add(/^\w+/.exec(word)![0]);
    if (option === "--faults") for (const one of word.split(",")) shown.add(/^\w+/.exec(one)![0]);
  });
};

/** Files have short names here, and the examples those that they have everywhere. */
const within = async <Result>(here: string, work: () => Promise<Result>): Promise<Result> => {
  const back = process.cwd();
  symlinkSync(join(root, "boards"), join(here, "boards"));
  process.chdir(here);
  try {
    return await work();
  } finally {
    process.chdir(back);
  }
};

const MEND = "If that is meant, this rewrites the files, to be read again:\n" +
  "TAGMA_REWRITE=1 node --import tsx --test test/scenarios/scenarios.test.ts";

describe("scenarios", () => {
  for (const file of FILES) {
    test(file.replace(".txt", ""), async (t) => {
      const name = `test/scenarios/${file}`;
      const text = readFileSync(join(HERE, file), "utf8");
      const paragraphs = parse(text, name);
      assert.match(text, /^# /, "a scenario begins with what happens, in plain words");
      assert.ok(text.split("\n").length <= LINES_MAX, `${name}: is longer than is read`);
      const said = await within(folder(t), async () => {
        const all = await play(paragraphs);
        for (const [command, lines] of all) note(command, lines);
        return all;
      });
      if (process.env["TAGMA_REWRITE"] === "1") {
        writeFileSync(join(HERE, file), rewritten(paragraphs, said));
        return;
      }
      const wrong = differences(name, said);
      if (wrong) assert.fail(`what is said is not what is written\n${wrong}\n${MEND}`);
      assert.equal(rewritten(paragraphs, said), text, `${name}: has empty lines too many`);
    });
  }

  test("have every algorithm, every fault, liar and window that there is", () => {
    assert.deepEqual(PRODUCT.filter((name) => !shown.has(name)), [], "in no scenario");
  });
});

describe("a scenario that is wrong", () => {
  const TEXT = "# Words.\n\ntagma a\n----\none\ntwo\nthree\n";

  test("is told by file and line, with what was expected and what was said", () => {
    const [, command] = parse(TEXT, "x.txt");
    assert.ok(command && isCommand(command));
    assert.equal(differences("x.txt", new Map([[command, ["one", "2", "three"]]])),
      "x.txt:6: tagma a\n- two\n+ 2\n");
    assert.equal(differences("x.txt", new Map([[command, ["one", "two", "three"]]])), "");
    assert.equal(differences("x.txt", new Map([[command, ["one", "two"]]])),
      "x.txt:7: tagma a\n- three\n");
  });

  test("is rewritten to what was said, and nothing else of it", () => {
    const paragraphs = parse(TEXT, "x.txt");
    const said = new Map(paragraphs.filter(isCommand).map((command) => [command, ["four"]]));
    assert.equal(rewritten(paragraphs, said), "# Words.\n\ntagma a\n----\nfour\n");
  });

  test("is refused where a command has no rule behind it", () => {
    assert.throws(() => parse("# Words.\n\ntagma a\n", "x.txt"), /^Error: x\.txt:3: a command /);
  });
});
