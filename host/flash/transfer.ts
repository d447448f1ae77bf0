import type { Slot } from "./boot.js";
import type { Console } from "./console.js";
import { Refused } from "./console.js";
import { FlashError } from "./talk.js";
import type { Progress, Talk } from "./talk.js";
import { bytesOf, quoted } from "./text.js";

/** The ways of a program to a board and back. */

/** Bytes of a program in a packet, in a line, and in an answer. */
const PACKET = 512;
const LINE = 256;
const ANSWER = 512;

/** Types of packets, in the upper three bits of the first byte of the length. */
const FILE_SEND = 0x60;
const DATA = 0x80;
const ACK = "\x06";
const NAK = "\x15";
/** Espruino gives up on a packet after 5 s at most. */
const PACKET_PATIENCE = 6000;

/**
 * A board that loses its host goes back to what it boots, in so many milliseconds since it last
 * heard of it. A board that was reset meanwhile has forgotten that, and says so.
 */
const LEASE = 60_000;
export const LEASED = `if(!global._t)throw"restarted";clearTimeout(_t);_t=setTimeout(load,${
  LEASE});`;
export const LEASE_BEGINS = `global._t=setTimeout(load,${LEASE}),1`;

/** The board was reset, or took what was sent for something else: begin anew. */
export class Broken extends FlashError {}

/** `call`, of which a refusal means that something went wrong on the way. */
export const must = function* (
  board: Console, code: string, data?: string, patience?: number,
): Talk<unknown> {
  try {
    return yield* board.call(LEASED + code, data, patience);
  } catch (thrown) {
    if (thrown instanceof Refused) throw new Broken(thrown.message);
    throw thrown;
  }
};

export const tell = function* (stage: Progress["stage"], done: number, total: number): Talk<void> {
  yield { want: "tell", progress: { stage, done, total } };
};

/** Bytes that mean something to a console or to the line even inside of a packet. */
const MEANT = [3, 4, 17, 19];
const isMeant = (byte: number): boolean => MEANT.includes(byte & 255);

const packet = function* (board: Console, type: number, data: string): Talk<void> {
  board.forget();
  const head = String.fromCharCode(16, 1, type + (data.length >> 8), data.length & 255);
  yield* board.send(bytesOf(head + data));
  const reply = yield* board.until(
    (heard) => [ACK, NAK].find((sign) => heard.includes(sign)), PACKET_PATIENCE,
  );
  if (reply !== ACK) {
    throw new Broken(reply === NAK ? "it took a packet for damaged" : "no answer to a packet");
  }
};

/** Whether a text can be sent in packets: without bytes that break in. */
export const isPlain = (text: string): boolean =>
  !MEANT.some((byte) => text.includes(String.fromCharCode(byte)));

/** Sends a file in packets (Espruino 2v25 on). @throws Broken */
export const sendPackets = function* (board: Console, slot: Slot, text: string): Talk<void> {
  yield* must(board, "1");
  let file = JSON.stringify({ fn: slot, s: text.length });
  while (isMeant(file.length)) file += " ";
  yield* packet(board, FILE_SEND, file);
  for (let from = 0; from < text.length;) {
    let end = Math.min(from + PACKET, text.length);
    while (isMeant(end - from)) end--;
    yield* packet(board, DATA, text.slice(from, end));
    from = end;
    yield* tell("write", from, text.length);
  }
};

/** Sends a file in pieces, each in a line of its own. @throws Broken */
export const sendLines = function* (board: Console, slot: Slot, text: string): Talk<void> {
  for (let from = 0; from < text.length; from += LINE) {
    const piece = text.slice(from, from + LINE);
    // It may be asked twice, should an answer be lost; what is there cannot be written again.
    const done = yield* must(board,
      `var s=require("Storage");s.read(${quoted(slot)},${from},${piece.length})==d||` +
      `s.write(${quoted(slot)},d,${from},${text.length})`, piece);
    if (done !== true) throw new Broken("its Storage does not take the program");
    yield* tell("write", from + piece.length, text.length);
  }
};

/** Reads a file back and compares each byte. @returns whether it is `text`. @throws Broken */
export const compare = function* (board: Console, slot: Slot, text: string): Talk<boolean> {
  const length = yield* must(board,
    `var c=require("Storage").read(${quoted(slot)});c?c.length:0`);
  if (length !== text.length) return false;
  for (let from = 0; from < text.length; from += ANSWER) {
    const end = Math.min(from + ANSWER, text.length);
    const piece = yield* must(board,
      `require("Storage").read(${quoted(slot)},${from},${end - from})`);
    if (piece !== text.slice(from, end)) return false;
    yield* tell("compare", end, text.length);
  }
  return true;
};
