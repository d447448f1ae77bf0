import { readFileSync, writeFileSync } from "node:fs";
import { openTrace } from "../../host/trace/file.js";
import { cli } from "../cli/harness.js";
import { storyOf } from "./story.js";

/**
 * A scenario is a text: paragraphs with an empty line between them. `#` begins words for people.
 * `file NAME` begins a file, which is written. Everything else is a command, then `----`, then what
 * it says: `tagma …` is the command line, `story TRACE CYCLE …` tells a trace in words.
 */

export interface Command {
  readonly words: readonly string[];
  /** Its lines as they stand, `----` included. */
  readonly asked: readonly string[];
  readonly expected: readonly string[];
  /** The line of the text that `expected` begins at, from 1. */
  readonly line: number;
}

/** A paragraph that is run, is written to a file, or stands as it is. */
export type Paragraph = readonly string[] | Command;

const RULE = "----";

/** @throws Error where a command has no `----` */
export const parse = (text: string, name: string): Paragraph[] => {
  let line = 1;
  return text.trimEnd().split("\n\n").map((paragraph) => {
    const lines = paragraph.split("\n");
    const from = line;
    line += lines.length + 1;
    if (/^(?:#|file )/.test(paragraph)) return lines;
    const rule = lines.indexOf(RULE);
    if (rule < 0) throw new Error(`${name}:${from}: a command wants ${RULE} behind it`);
    const words = lines.slice(0, rule).join(" ").replaceAll("\\ ", " ").split(/\s+/);
    return {
      words, asked: lines.slice(0, rule + 1), expected: lines.slice(rule + 1),
      line: from + rule + 1,
    };
  });
};

export const isCommand = (paragraph: Paragraph): paragraph is Command => "words" in paragraph;

/**
 * Left out: the command that would replay a run, for it names each option, and the paragraph of
 * what a run costs, which other tests hold.
 */
const LEFT_OUT = /^replay: .*\n|^\d+ frames?, [^]*?seed \d+\n/gm;

/** In the folder in which this process is. @returns what a command says, without empty lines */
const answerTo = async ([program = "", ...words]: readonly string[]): Promise<string> => {
  if (program === "story") {
    const [trace = "", ...cycles] = words;
    return storyOf(openTrace(trace), cycles.map(Number));
  }
  if (program !== "tagma") return `${program} is no command here`;
  const { code, out, err } = await cli(words);
  return `${err}${out.replace(LEFT_OUT, "")}${code ? `exit code ${code}` : ""}`;
};

const linesIn = (text: string): string[] =>
  text.split("\n").map((line) => line.trimEnd()).filter(Boolean);

/** Writes the files and runs the commands. @returns what each command said */
export const play = async (paragraphs: readonly Paragraph[]): Promise<Map<Command, string[]>> => {
  const said = new Map<Command, string[]>();
  for (const paragraph of paragraphs) {
    if (isCommand(paragraph)) said.set(paragraph, linesIn(await answerTo(paragraph.words)));
    else if (paragraph[0]!.startsWith("file ")) {
      writeFileSync(paragraph[0]!.slice("file ".length), `${paragraph.slice(1).join("\n")}\n`);
    }
  }
  return said;
};

/** @returns the text again, with what was said in place of what was expected */
export const rewritten = (
  paragraphs: readonly Paragraph[], said: ReadonlyMap<Command, readonly string[]>,
): string => paragraphs.map((paragraph) => (isCommand(paragraph)
  ? [...paragraph.asked, ...said.get(paragraph)!] : paragraph).join("\n")).join("\n\n") + "\n";

/** @returns where what was said is not what was expected, with file and line; "" where it is */
export const differences = (
  name: string, said: ReadonlyMap<Command, readonly string[]>,
): string => [...said].map(([{ expected, line, words }, is]) => {
  const from = is.findIndex((text, at) => text !== expected[at]);
  const same = from < 0 ? is.length : from;
  if (same === is.length && same === expected.length) return "";
  let tail = 0;
  while (tail < Math.min(is.length, expected.length) - same &&
    is.at(-1 - tail) === expected.at(-1 - tail)) tail++;
  return [
    `${name}:${line + same}: ${words.join(" ")}`,
    ...expected.slice(same, expected.length - tail).map((text) => `- ${text}`),
    ...is.slice(same, is.length - tail).map((text) => `+ ${text}`), "",
  ].join("\n");
}).join("");

/** The algorithm of a network file. */
export const algorithmIn = (path: string): string =>
  (JSON.parse(readFileSync(path, "utf8")) as { algorithm: string }).algorithm;
