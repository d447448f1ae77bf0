import { UsageError } from "../base/error.js";
import { findStore, writeStore } from "./birth.js";
import type { Birth, Store } from "./birth.js";
import { BOOT, OTHERS, SLOTS, UNFINISHED, bootCode } from "./boot.js";
import type { Program, Slot } from "./boot.js";
import { createConsole } from "./console.js";
import type { Console } from "./console.js";
import { fileBytes, hasPackets, identify, survey } from "./survey.js";
import type { Survey } from "./survey.js";
import { FlashError } from "./talk.js";
import type { Talk } from "./talk.js";
import { bytesOf, crcOf, quoted } from "./text.js";
import {
  Broken, LEASE_BEGINS, compare, isPlain, must, sendLines, sendPackets, tell,
} from "./transfer.js";

/** What is to be on a board. */
export interface Order {
  /** The program, a character a byte. */
  readonly text: string;
  readonly network: string;
  readonly board: string;
  /** Espruino's id of the board kind that it must be. */
  readonly kind: string;
  /** Its program takes the console's UART, so nobody answers there once it runs. */
  readonly takes: boolean;
  /** Code of somebody else's that boots there may be erased. */
  readonly replace: boolean;
  /** Milliseconds to look for a prompt. */
  readonly patience: number;
  /** Of ballots: what the board is to know of its past. */
  readonly birth?: Birth | undefined;
}

export interface Flashed {
  readonly version: string;
  readonly kind: string;
  readonly bytes: number;
  readonly crc: number;
  readonly by: "packets" | "lines" | "nothing";
  /** How often it was sent. */
  readonly sent: number;
  /** What booted before, where it was ours. */
  readonly before: Program | undefined;
  /** It runs; or it was started without an error, and has the console's UART to itself. */
  readonly now: "runs" | "started";
  /** Of ballots: what the board knows of its past; "none": it will never promise anything. */
  readonly store?: Store;
}

const TRIES = 3;
/** Milliseconds for what erases flash. */
const ERASING = 60_000;
const STARTING = 10_000;
/** What goes wrong at the start is said at once. */
const SAYING = 500;

const STORAGE = 'require("Storage")';
const erasing = (name: string): string => `${STORAGE}.erase(${quoted(name)});1`;

const otherOf = (slot: Slot): Slot => (slot === SLOTS[0] ? SLOTS[1] : SLOTS[0]);

/** What boots there and is not ours, in words; "" where there is nothing. */
const strangers = ({ state, others }: Survey): string =>
  [...(state === "foreign" ? [BOOT] : []), ...others].join(", ");

/** Refuses before anything is changed. @throws UsageError */
const check = (order: Order, found: Survey): void => {
  const { text, replace } = order;
  const strange = strangers(found);
  if (strange && !replace) {
    throw new UsageError(`the board boots what is not of tagma: ${strange}; ` +
      "--replace erases it");
  }
  const needed = fileBytes(text.length) + fileBytes(400);
  if (found.room !== undefined && found.room < needed) {
    throw new UsageError(`the program of ${text.length} bytes needs ${needed
    } of the board's Storage, which has ${found.room} to give`);
  }
};

/** Stops what runs: memory is short, and code in flash must not run while it is moved. */
const stop = function* (board: Console): Talk<void> {
  yield* tell("stop", 0, 0);
  // It is reset when it has nothing else to do, and then has forgotten this.
  yield* board.call("global._r=1;reset();1");
  for (let tries = 0; !(yield* board.call(`global._r?0:(${LEASE_BEGINS})`)); tries++) {
    if (tries > 20) throw new Broken("it does not stop what runs");
    yield* board.rest(100);
  }
};

/** Makes room in the slot that does not boot; where there is too little, in both. */
const prepare = function* (board: Console, slot: Slot, order: Order, found: Survey): Talk<void> {
  const needed = fileBytes(order.text.length) + fileBytes(400);
  const compacted = function* (): Talk<boolean> {
    const free = function* (): Talk<number> {
      const bytes = yield* must(board, `${STORAGE}.getFree()`);
      if (typeof bytes === "number") return bytes;
      throw new Broken("it does not tell how much room there is");
    };
    if ((yield* free()) >= needed) return true;
    yield* must(board, `${STORAGE}.compact();1`, "", ERASING);
    return (yield* free()) >= needed;
  };
  yield* must(board, erasing(slot), "", ERASING);
  if (yield* compacted()) return;
  if (found.room !== undefined) {
    // From here to the end no program of ours boots, and the board is unfinished.
    yield* must(board, `${STORAGE}.write(${quoted(BOOT)},d);1`, UNFINISHED, ERASING);
    for (const name of SLOTS) yield* must(board, erasing(name), "", ERASING);
    if (yield* compacted()) return;
  }
  throw new FlashError(`the board's Storage has no room for ${needed} bytes beside what is there`);
};

/** Makes the program in a slot the one that boots; the only step that cannot be taken half. */
const commit = function* (board: Console, program: Program, replace: boolean): Talk<void> {
  const { slot, bytes, crc } = program;
  const also = replace
    ? `${JSON.stringify(OTHERS)}.forEach(function(n){s.read(n)===undefined||s.erase(n)});` : "";
  yield* must(board, `var s=${STORAGE},c=s.read(${quoted(slot)});` +
    `if(!c||c.length!=${bytes}||E.CRC32(c)!=${crc})throw"damaged";` +
    `if(!s.write(${quoted(BOOT)},d))throw"unwritten";${also}1`, bootCode(program), ERASING);
  const { state, program: there, version } = yield* survey(board);
  if (state !== "whole" || there?.crc !== crc || there.slot !== slot) {
    throw new Broken(`Espruino ${version} did not keep the boot code`);
  }
};

/** @returns how often the program was sent: 0 where it was there. */
const put = function* (
  board: Console, order: Order, found: Survey, packets: boolean,
): Talk<number> {
  const { text, network, board: name, replace } = order;
  const program = (slot: Slot): Program => ({
    slot, crc: crcOf(bytesOf(text)), bytes: text.length, network, board: name, waits: false,
  });
  const old = found.program;
  const same = old && bootCode(old) === bootCode(program(old.slot));
  let wrong = "";
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      if (tries) {
        board.slowDown();
        yield* board.wake(order.patience);
      }
      yield* stop(board);
      if (same && !tries && (yield* compare(board, old.slot, text))) {
        if (found.others.length) yield* commit(board, old, replace);
        if (found.remains) yield* must(board, erasing(otherOf(old.slot)), "", ERASING);
        return 0;
      }
      const slot = old ? otherOf(old.slot) : SLOTS[0];
      yield* prepare(board, slot, order, found);
      yield* (packets ? sendPackets : sendLines)(board, slot, text);
      if (!(yield* compare(board, slot, text))) throw new Broken("it is not there as it was sent");
      yield* commit(board, program(slot), replace);
      yield* must(board, erasing(otherOf(slot)), "", ERASING);
      return tries + 1;
    } catch (thrown) {
      if (!(thrown instanceof Broken)) throw thrown;
      wrong = thrown.message;
    }
  }
  yield* board.wake(order.patience);
  yield* board.call("load();1");
  throw new FlashError(`the transfer failed ${TRIES} times: ${wrong}`);
};

/** Has the board start as it does when it gets power, and looks whether it runs. */
const start = function* (board: Console, { takes }: Order): Talk<Flashed["now"]> {
  yield* tell("start", 0, 0);
  yield* board.call("load();1");
  const error = yield* board.until(
    (heard) => /Uncaught ([^\r\n]+)[\r\n]/.exec(heard)?.[1], SAYING,
  );
  const failed = (why: string) =>
    new FlashError(`the program is whole on the board and does not run there: ${why}`);
  if (error !== undefined) throw failed(error);
  if (takes) return "started";
  yield* board.wake(STARTING);
  if (!(yield* board.call('typeof tagma=="object"'))) throw failed("it has ended");
  return "runs";
};

/**
 * Puts a program on a board so that it boots, and starts it.
 *
 * @throws UsageError before anything is changed, where it is the wrong board, has no room, or
 * boots what is not ours; FlashError where it fails later, and the board boots what it booted
 * before, or `survey` tells that it is unfinished
 */
export const flash = function* (order: Order): Talk<Flashed> {
  const board = createConsole();
  yield* tell("find", 0, 0);
  yield* board.wake(order.patience);
  const who = yield* identify(board);
  if (who.kind !== order.kind) {
    throw new UsageError(`the board there is ${who.kind} (Espruino ${who.version
    }), and ${order.board} of ${order.network} must be ${order.kind}`);
  }
  const found = yield* survey(board, who);
  check(order, found);
  const { version, kind, program: before } = found;
  const packets = hasPackets(version) && isPlain(order.text);
  const past = order.birth && (yield* findStore(board, order.birth));
  const sent = yield* put(board, order, found, packets);
  const store = order.birth && (yield* writeStore(board, order.birth, past!));
  const now = yield* start(board, order);
  return {
    version, kind, bytes: order.text.length, crc: crcOf(bytesOf(order.text)), before, sent, now,
    by: sent ? (packets ? "packets" : "lines") : "nothing", ...(store && { store }),
  };
};

/** Asks a board what it is and what lies on it; changes nothing. */
export const look = function* (patience: number): Talk<Survey> {
  const board = createConsole();
  yield* board.wake(patience, false);
  return yield* survey(board);
};

/** Has a board go back to what it boots, after a transfer that somebody stopped. */
export const restart = function* (patience: number): Talk<void> {
  const board = createConsole();
  yield* board.wake(patience);
  yield* board.call("load();1");
};
