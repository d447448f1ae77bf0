import { createContext, runInContext } from "node:vm";
import type { Context } from "node:vm";
import { crc32 } from "node:zlib";
import type { Storage } from "./storage.js";

/** The JavaScript of a made-up board: what a line and a program find there. */

export interface Does {
  readonly say: (text: string) => void;
  readonly after: (milliseconds: number, act: () => void) => number;
  readonly cancel: (id: number | undefined) => void;
  /** When the line is over: restart, with what boots or without. */
  readonly later: (what: "load" | "reset") => void;
  /** The board's clock, in seconds. */
  readonly clock: () => number;
  /** A checksum is worked out: time passes. */
  readonly worked: () => void;
}

/** Brackets that are open, as the console counts them to know whether a line is whole. */
export const openIn = (line: string): number => {
  let open = 0;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (quote) {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if ("([{".includes(character)) open++;
    else if (")]}".includes(character)) open--;
  }
  return open;
};

export const createEngine = (
  storage: Storage, version: string, kind: string,
  { say, after, cancel, later, clock, worked }: Does,
): Context => {
  const context = createContext({
    print: (text: string) => {
      say(`${text}\r\n`);
    },
    require: () => storage,
    // As much hardware as a bundle starts on.
    USB: { setConsole: () => undefined },
    Serial1: { setup: () => undefined, on: () => undefined },
    A0: 0, B3: 1, B6: 2, B7: 3,
    process: { env: { VERSION: version, BOARD: kind } },
    E: {
      CRC32: (text: unknown) => {
        worked();
        return typeof text === "string" ? crc32(Buffer.from(text, "latin1")) : null;
      },
      toUint8Array: (text: string) => new Uint8Array(Buffer.from(text, "latin1")),
    },
    getTime: clock,
    setTimeout: (act: () => void, milliseconds: number) => after(milliseconds, act),
    clearTimeout: cancel,
    load: () => {
      later("load");
    },
    reset: () => {
      later("reset");
    },
  });
  runInContext("var global=this", context);
  return context;
};
