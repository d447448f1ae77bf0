import { z } from "zod";
import { VALUE_MAX, shortened } from "../base/text.js";
import { createConsole } from "./console.js";
import { identify } from "./survey.js";
import type { Identity } from "./survey.js";
import { FlashError } from "./talk.js";
import type { Talk } from "./talk.js";

/**
 * How fast a board runs JavaScript: it is given a loop that does what a bundle does with a frame,
 * and says how long that took by its own clock. Nothing on it is changed.
 */

/**
 * One pass: a string grows, is searched, cut and put together again; a checksum; bytes of an array;
 * calls; conditions. ES5, as a bundle is.
 */
export const WORKLOAD = "function(n){" +
  'var u=new Uint8Array(40),t="\\1\\2\\3\\4\\5\\6\\7\\1\\2\\3\\4\\5",x=0,s;' +
  "function f(a,b){return a>b?a:b}" +
  "while(n--){" +
  's=t+String.fromCharCode(n&7);x=s.indexOf("\\7");s=s.slice(2,x);' +
  'if(s.indexOf("\\3")>=0)s=s.split("\\3").join("\\0");' +
  "u.set(E.toUint8Array(s),3);x=E.CRC32(s)>>>8;" +
  "u[0]=u[3];u[1]=u[4]>>1&1?u[5]:0;u[2]=f(u[6],x&255);" +
  "if(u[0]==u[1]&&u[2]>x)x=u[0]|u[1]<<8;else x=f(x,u[2])" +
  "}return x}";

/** A loop of so many passes is tried first. */
const PASSES = 20;
/** Milliseconds that a loop is to take, and passes that none has more of. */
const LONG = 400;
const PASSES_MAX = 1_000_000;
/** A clock that shows no time for so many stands still. */
const NO_TIME = 1000;
const RUNS = 3;
const PATIENCE = 20_000;

export interface Measured extends Identity {
  /** Passes of each run, and what each took, in milliseconds. */
  readonly passes: number;
  readonly runs: readonly number[];
}

const secondsSchema = z.number().min(0).max(PATIENCE);

const timed = (passes: number): string =>
  `(function(){var f=${WORKLOAD},t=getTime();f(${passes});return getTime()-t})()`;

/** @returns milliseconds. @throws FlashError where it says no time */
const run = function* (
  board: ReturnType<typeof createConsole>, passes: number,
): Talk<number> {
  const said = secondsSchema.safeParse(yield* board.call(timed(passes), "", PATIENCE));
  if (said.success) return said.data * 1000;
  throw new FlashError("the board does not tell how long it took, it answers " +
    shortened(JSON.stringify(said.error.issues[0]?.input ?? null), VALUE_MAX));
};

/**
 * @param patience milliseconds to look for a prompt
 * @throws FlashError where nothing answers, or its clock stands still
 */
export const measure = function* (patience: number): Talk<Measured> {
  const board = createConsole();
  yield* board.wake(patience, false);
  const identity = yield* identify(board);
  let passes = PASSES;
  let took = yield* run(board, passes);
  while (took < LONG && passes < (took ? PASSES_MAX : NO_TIME)) {
    passes = Math.min(PASSES_MAX, Math.ceil(passes * Math.min(10, 1.2 * LONG / Math.max(took, 1))));
    took = yield* run(board, passes);
  }
  if (!took) throw new FlashError("the board's clock stands still: getTime() says the same twice");
  const runs = [took];
  while (runs.length < RUNS) runs.push(yield* run(board, passes));
  return { ...identity, passes, runs };
};

/** @returns millions of instructions a second by the slowest run, rounded down to two digits */
export const speedOf = ({ passes, runs }: Measured, instructions: number): number => {
  const exact = (passes * instructions) / (Math.max(...runs) * 1000);
  const unit = 10 ** (Math.floor(Math.log10(exact)) - 1);
  return Number((Math.floor(exact / unit) * unit).toPrecision(2));
};
