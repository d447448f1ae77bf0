import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { QuickJS } from "quickjs-wasi";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";

/** The signer in QuickJS, an interpreter, with the SHA-256 that is the firmware's own. */

const ENTRY = `
import { createBoard, freshSlots, shapeOf } from "./test/auth/board.js";
let board;
let cycle = 0;
globalThis.make = (json) => {
  const { trees, key, seed, crown, messageBytes } = JSON.parse(json);
  const bytes = (list) => Uint8Array.from(list);
  board = createBoard(shapeOf(trees, messageBytes, { reserve: 32 }), {
    keys: [bytes(key)], seed: bytes(seed), crown: bytes(crown), slots: freshSlots(bytes(key)),
  });
  board.signer.prepare(-1);
  return "made";
};
globalThis.sign = () => String(board.signer.sign(cycle, board.text, board.at));
globalThis.prepare = () => String(board.signer.prepare(cycle++));
globalThis.verify = () => String(
  board.signer.verify(0, board.text, board.at, board.at + board.layout.signatureBytes));
`;

export interface Keys {
  readonly trees: readonly TreeSet[];
  readonly key: Uint8Array;
  readonly seed: Uint8Array;
  readonly crown: Uint8Array;
  readonly messageBytes: number;
}

/** @returns how many signatures are made and checked in a second there */
export type Timed = (keys: Keys) => Promise<{ made: number; checked: number }>;

const ENOUGH_MS = 500;

export const createTimed = async (): Promise<Timed> => {
  const wasm = await readFile(createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm"));
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: fileURLToPath(new URL("../..", import.meta.url)) },
    bundle: true, write: false, format: "iife", target: "es2020", define: { "process.env": "{}" },
  });
  return async ({ key, seed, crown, ...others }) => {
    const vm = await QuickJS.create({ wasm });
    vm.evalCode(outputFiles[0]!.text).dispose();
    const call = (name: string, argument = ""): string => {
      const callee = vm.global.getProp(name);
      const given = vm.newString(argument);
      const result = vm.callFunction(callee, vm.undefined, given);
      const told = result.toString();
      for (const handle of [callee, given, result]) handle.dispose();
      return told;
    };
    call("make", JSON.stringify({ ...others, key: [...key], seed: [...seed], crown: [...crown] }));
    const rate = (name: string, between?: string) => {
      let [spent, count] = [0, 0];
      while (spent < ENOUGH_MS && count < 16) {
        const began = performance.now();
        const told = call(name);
        spent += performance.now() - began;
        if (told === "0" || told === "false") throw new Error(`${name} in QuickJS: ${told}`);
        if (between !== undefined) call(between);
        count++;
      }
      return (count / spent) * 1e3;
    };
    const made = rate("sign", "prepare");
    const checked = rate("verify");
    vm.dispose();
    return { made, checked };
  };
};
