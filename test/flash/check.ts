import assert from "node:assert/strict";
import { flash, look } from "../../host/flash/flash.js";
import type { Flashed, Order } from "../../host/flash/flash.js";
import type { Survey } from "../../host/flash/survey.js";
import { FlashError, Gone } from "../../host/flash/talk.js";
import { crcOf, bytesOf } from "../../host/flash/text.js";
import { createBoard } from "./fake.js";
import type { Board, Settings } from "./fake.js";
import { talkTo } from "./line.js";
import type { Cut, Held } from "./line.js";

/** A program of about so many bytes, which has its name at its very end, and not before. */
export const programOf = (name: string, bytes: number): string => {
  const end = `tagma.id="${name}:"+tagma.n`;
  const times = Math.ceil((bytes - end.length - 12) / 10);
  return `tagma={n:0};${"tagma.n++;".repeat(times)}${end}`;
};

export const OLD = programOf("old", 600);
export const NEW = programOf("new", 1500);

/** What a program calls itself when all of it has run. */
export const nameOf = (text: string): string =>
  `${/"(\w+):"/.exec(text)![1]}:${text.match(/n\+\+/g)!.length}`;

export const orderOf = (text: string, more: Partial<Order> = {}): Order => ({
  text, network: "pump", board: "a", kind: "PICO_R1_3", takes: false, replace: false,
  patience: 10_000, ...more,
});

export const put = (
  board: Board, text: string, more: Partial<Order> = {}, cut: Cut = {},
): Held<Flashed> => talkTo(board, flash(orderOf(text, more)), cut);

const flashed = new Map<string, Board>();

/** A board on which a program was flashed, the old one unless told; "": none. */
export const boardWith = (settings: Settings, text: string = OLD): Board => {
  if (!text) return createBoard(settings);
  let model = flashed.get(text);
  if (!model) {
    model = createBoard();
    put(model, text);
    flashed.set(text, model);
  }
  const board = createBoard({ ...settings, content: model.storage });
  assert.equal(board.runs, nameOf(text));
  return board;
};

/** What a board says of itself. */
export const ask = (board: Board): Survey => talkTo(board, look(12_000)).result;

/** What a conversation ends with that is cut off, or fails; anything else is a defect. */
export const attempt = (act: () => unknown): Error | undefined => {
  try {
    act();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Gone || thrown instanceof FlashError) return thrown;
    throw thrown;
  }
};

/** After so long without its host a board is back at what it boots. */
export const LEASE = 61_000;

/**
 * What is promised of a board, whatever happened: it boots one of these programs, all of it, or
 * none; and it says so.
 */
export const promise = (board: Board, texts: readonly string[], where: string): Survey => {
  let said = ask(board);
  if (board.runs === undefined && said.state === "whole") {
    // It was stopped, and its host was gone before it could tell it to go on by itself.
    assert.equal(said.runs, false, where);
    board.powerCycle();
    said = { ...ask(board), runs: false };
  }
  const { runs } = board;
  const claimed = said.program && texts.find((text) => crcOf(bytesOf(text)) === said.program!.crc);
  if (runs === undefined) assert.notEqual(said.state, "whole", `${where}: nothing runs`);
  else {
    assert.ok(texts.some((text) => nameOf(text) === runs), `${where}: ${runs} runs`);
    assert.equal(said.state, "whole", `${where}: ${runs} runs`);
    assert.ok(claimed, `${where}: claims what was never sent`);
    assert.equal(nameOf(claimed), runs, where);
  }
  return said;
};

/** The next run mends it. */
export const mends = (board: Board, text: string, where: string): void => {
  put(board, text);
  assert.equal(board.runs, nameOf(text), where);
  board.powerCycle();
  assert.equal(board.runs, nameOf(text), `${where}: after power was off`);
  const { state, remains } = ask(board);
  assert.deepEqual({ state, remains }, { state: "whole", remains: false }, where);
};
