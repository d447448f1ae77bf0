import { JsonError, parseJson } from "../base/json.js";
import { shortened } from "../base/text.js";
import { FlashError } from "./talk.js";
import type { Talk } from "./talk.js";
import { bytesOf, crcOf, quoted, textOf } from "./text.js";

/**
 * Espruino's console. A person types there; so does this, a line at a time, and makes sure that
 * neither what it says nor what it hears was changed on the way: each line carries the checksum of
 * what it asks for, and does nothing where that is wrong; each answer carries its own.
 */

const XON = "\x11";
const XOFF = "\x13";
/** At the start of a line: it is not echoed. */
const QUIET = "\x10";
const BREAK = "\x03";
/** Erases what stands in the line, and does nothing to what runs. */
const ERASE = "\x1b[2H";

/** Few enough to stop in time: a board asks to wait with a quarter of its buffer left. */
const SLICE = 16;
/**
 * Milliseconds between slices, one step further each time that something was lost: an adapter may
 * pass on late that the board asks to wait.
 */
const PACES = [0, 5, 20] as const;
/** A board that asks to wait and is then reset never says that it may go on. */
const HELD_MAX = 5000;
/** A second break on an empty line within 5 s ends Espruino on Linux. */
const BREAK_EVERY = 6000;
const PROBE = 300;
const ANSWER = 3000;
const TRIES = 3;
/** Of what was heard so much is kept; more than any answer. */
const KEPT = 16384;

/** As much is shown of what a board says. */
const SAID_MAX = 200;

/** What a board says of a line that it could not carry out. */
export class Refused extends FlashError {
}

export interface Console {
  /** Sends bytes as fast as the board lets it. */
  send(bytes: Uint8Array): Talk<void>;
  /** Waits until `find` finds something in what was heard since the last `forget`. */
  until<Found>(find: (heard: string) => Found | undefined, patience: number):
  Talk<Found | undefined>;
  forget(): void;
  /** What was heard since the last `forget`. */
  readonly heard: string;
  /** Something was lost: from now on it is sent more slowly. */
  slowDown(): void;
  /** Waits for nothing but time. */
  rest(milliseconds: number): Talk<void>;
  /**
   * Finds the prompt, and clears its line.
   *
   * @param breaks whether running code is stopped for it, as it is unless told
   * @throws FlashError if there is none
   */
  wake(patience: number, breaks?: boolean): Talk<void>;
  /**
   * Has the board evaluate `code`, in which `d` is `data`.
   *
   * @param again whether it may be asked twice, should the answer be lost
   * @throws FlashError if no answer comes, Refused if it throws there
   */
  call(code: string, data?: string, patience?: number): Talk<unknown>;
}

const answerIn = (heard: string, number: number): string | undefined => {
  const match = new RegExp(`\\[t${number} (-?\\d+) (\\d+) `).exec(heard);
  if (!match) return undefined;
  const from = match.index + match[0].length;
  const text = heard.slice(from, from + Number(match[2]));
  if (!heard.startsWith(" t]", from + text.length)) return undefined;
  return crcOf(bytesOf(text)) === Number(match[1]) >>> 0 ? text : undefined;
};

/** @throws FlashError where the board says, under a right checksum, what is no answer */
const valueIn = (text: string): { readonly value: unknown; readonly error?: string } => {
  let wrong = "";
  try {
    const answer = parseJson(text);
    if (Array.isArray(answer) && answer.length === 1) return { value: answer[0] as unknown };
    const [value, error] = Array.isArray(answer) ? answer as unknown[] : [];
    if (typeof error === "string") return { value, error };
  } catch (thrown) {
    if (!(thrown instanceof JsonError)) throw thrown;
    wrong = ` ${thrown.message}:`;
  }
  throw new FlashError(
    `what the board answers is no answer:${wrong} ${JSON.stringify(shortened(text, SAID_MAX))}`);
};

/**
 * A line that asks. All that it means is in two texts under one checksum; of the few words around
 * them none can be changed into others so that something else is done.
 */
const lineOf = (number: number, code: string, data: string): string => {
  const does = `var r;try{r=[eval(${quoted(code)})]}catch(e){r=[0,""+e]}r=JSON.stringify(r);` +
    `print("[t"+${number}+" "+E.CRC32(r)+" "+r.length+" "+r+" t]")`;
  const sum = crcOf(bytesOf(does + data));
  return `${QUIET}(function(q,d){if(E.CRC32(q+d)==${sum})eval(q)})(${quoted(does)},${
    quoted(data)})\n`;
};

const silence = (heard: string): string => {
  if (heard.includes("password>")) return "its console wants a password: E.setPassword() undoes it";
  const [said] = heard.replace(/[^ -~]+/g, " ").trim().match(/.{0,60}$/) ?? [];
  return said
    ? `no prompt of Espruino's, it says ${JSON.stringify(said)}`
    : "no answer: is it the right port and speed, is the board powered?";
};

export const createConsole = (): Console => {
  let heard = "";
  let held = false;
  let now = 0;
  let questions = 0;
  let broken = -Infinity;
  let slow = 0;

  const hear = function* (milliseconds: number): Talk<void> {
    // Of less than one millisecond a clock might not move on.
    const given = yield { want: "hear", milliseconds: Math.ceil(milliseconds) };
    now = given.at;
    const text = textOf(given.bytes);
    const last = Math.max(text.lastIndexOf(XON), text.lastIndexOf(XOFF));
    if (last >= 0) held = text[last] === XOFF;
    heard = (heard + text.replaceAll(XON, "").replaceAll(XOFF, "")).slice(-KEPT);
  };

  const rest = function* (milliseconds: number): Talk<void> {
    yield* hear(0);
    for (const until = now + milliseconds; now < until;) yield* hear(until - now);
  };

  const slowDown = () => {
    slow = Math.min(slow + 1, PACES.length - 1);
  };

  const send = function* (bytes: Uint8Array): Talk<void> {
    for (let from = 0; from < bytes.length; from += SLICE) {
      yield* from ? rest(PACES[slow]!) : hear(0);
      for (const since = now; held && now - since < HELD_MAX;) yield* hear(HELD_MAX - now + since);
      held = false;
      yield { want: "send", bytes: bytes.subarray(from, from + SLICE) };
    }
  };

  const until = function* <Found>(
    find: (text: string) => Found | undefined, patience: number,
  ): Talk<Found | undefined> {
    yield* hear(0);
    for (const since = now; ;) {
      const found = find(heard);
      if (found !== undefined || now - since >= patience) return found;
      yield* hear(patience - now + since);
    }
  };

  const probe = function* (tries: number, breaks: boolean): Talk<boolean> {
    const number = ++questions;
    if (breaks && tries % 2 && now - broken >= BREAK_EVERY) {
      broken = now;
      yield* send(bytesOf(BREAK));
      yield* rest(PROBE / 2);
    }
    const clear = heard.endsWith("debug>") ? "quit\n" : tries % 2 ? "" : ERASE;
    yield* send(bytesOf(`${clear}${QUIET}print("[t"+${number}+"]")\n`));
    return (yield* until((text) => text.includes(`[t${number}]`) || undefined, PROBE)) ?? false;
  };

  const wake = function* (patience: number, breaks = true): Talk<void> {
    yield* hear(0);
    heard = "";
    const since = now;
    for (let tries = 0; !(yield* probe(tries, breaks)); tries++) {
      if (now - since >= patience) throw new FlashError(silence(heard));
    }
  };

  const call = function* (code: string, data = "", patience = ANSWER): Talk<unknown> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries) {
        slowDown();
        yield* wake(2 * BREAK_EVERY);
      }
      const number = ++questions;
      heard = "";
      yield* send(bytesOf(lineOf(number, code, data)));
      const text = yield* until((said) => answerIn(said, number), patience);
      if (text === undefined) continue;
      const { value, error } = valueIn(text);
      if (error !== undefined) throw new Refused(shortened(error, SAID_MAX));
      return value;
    }
    throw new FlashError(`the board has a prompt and does not answer a question: ${
      JSON.stringify(heard.replace(/[^ -~]+/g, " ").trim().slice(0, 80))}`);
  };

  return {
    send, until, wake, call, rest, slowDown,
    forget() {
      heard = "";
    },
    get heard() {
      return heard;
    },
  };
};
