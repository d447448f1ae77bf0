/**
 * Frames that a person can read, as bytes and back. "-" is ⊥.
 *
 *     open 7               the opening beacon of cycle 7
 *     open 7: 200          the same, with a reading
 *     open 7: odd 200      the same, with a presence byte that is neither 0 nor 1
 *     round 2 of 7         another beacon
 *     close 7              the closing beacon
 *     3 in 2 of 7: 1 - 5   board 3 in round 2 of cycle 7 says 1, nothing, 5
 *
 * Before any of them: "cut 3", without its last 3 bytes; "wrong", with another last byte. Between
 * two of them: "+", in one chunk.
 */
import type { Shape } from "../../firmware/index.js";
import {
  NAIVE_HUB, naiveCount, naiveDecode, naiveEncode, naiveExpected, naiveHeader, naivePack,
  naiveUnpack, naiveWord,
} from "../frame/naive-codec.js";

const littleEndian = (width: number, value: number): number[] =>
  Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** index) % 256);

const valuesOf = (width: number, text: string): (number[] | null)[] =>
  text.trim().split(/\s+/).map((one) => (one === "-" ? null : littleEndian(width, Number(one))));

const frameBytes = (shape: Shape, text: string): number[] => {
  const word = naiveWord(shape);
  const { width } = shape;
  const opening = /^open (\d+)(?:: (odd )?(\S+))?$/.exec(text);
  if (opening) {
    const [low, ...high] = littleEndian(4, Number(opening[1]));
    const reading = opening[3] === undefined ? [] : naivePack(width, valuesOf(width, opening[3]));
    if (opening[2]) reading[0] = 2;
    return naiveEncode(word, naiveHeader(1, NAIVE_HUB), low!, [...high, ...reading]);
  }
  const beacon = /^(?:round (\d+) of|close) (\d+)$/.exec(text);
  if (beacon) {
    const header = naiveHeader(Number(beacon[1] ?? 0), NAIVE_HUB);
    return naiveEncode(word, header, Number(beacon[2]), []);
  }
  const said = /^(\d+) in (\d+) of (\d+): (.*)$/.exec(text);
  if (!said) throw new Error(`no frame: ${text}`);
  const [sender, round, cycle] = said.slice(1, 4).map(Number);
  const payload = naivePack(width, valuesOf(width, said[4]!));
  return naiveEncode(word, naiveHeader(round!, sender!), cycle!, payload);
};

/** @returns the bytes of one chunk */
export const bytesOf = (shape: Shape, text: string): number[] =>
  text.split(" + ").flatMap((each) => {
    const [, cut, wrong, frame] = /^(?:cut (\d+) )?(wrong )?(.*)$/.exec(each)!;
    const bytes = frameBytes(shape, frame!);
    // Neither a start word nor the mask, so that the frame keeps its length and its other bytes.
    if (wrong) bytes[bytes.length - 1] = bytes.at(-1)! > 200 ? 199 : bytes.at(-1)! + 1;
    return bytes.slice(0, bytes.length - Number(cut ?? 0));
  });

const numberOf = (value: number[] | null): string =>
  value ? String(value.reduceRight((sum, byte) => sum * 256 + byte, 0)) : "-";

/** @returns what a board's frame says, as in a script */
export const textOf = (shape: Shape, bytes: readonly number[]): string => {
  const { heard } = naiveDecode(naiveWord(shape), naiveExpected(shape, NAIVE_HUB, false), bytes);
  if (heard.length !== 1) throw new Error(`no frame, or more than one: ${bytes.join()}`);
  const [header, cycle, ...payload] = heard[0]!;
  const round = header! >> 5;
  const values = naiveUnpack(shape.width, naiveCount(shape, round), payload);
  return `${header! & 31} in ${round} of ${cycle!}: ${values.map(numberOf).join(" ")}`;
};
