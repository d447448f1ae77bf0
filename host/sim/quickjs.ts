import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Intrinsics, QuickJS } from "quickjs-wasi";
import type { JSValueHandle } from "quickjs-wasi";
import type { Answer } from "../bus/link.js";
import type { Board, Network } from "../network.js";
import type { Value } from "../values.js";
import { namedCounts } from "./board.js";
import type { SimBoard } from "./board.js";
import { HEX, preludeFor, stateOf, valueSource } from "./espruino.js";

/**
 * Bytes that a board may use in this engine. Most of it is for compiling the bundle, which a board
 * does not do: while it runs, a board of four uses about 76 KB, with the interpreter's own 57 KB.
 */
const MEMORY_LIMIT = 512 * 1024;
/** What Espruino has too: no Map, no Proxy, no Date. */
const intrinsics = Intrinsics.EVAL | Intrinsics.JSON | Intrinsics.TYPED_ARRAYS;

type Make = (network: Network, board: Board, text: string, send: Answer) => Promise<SimBoard>;

/** The emitted bundle in QuickJS, an interpreter of its own, with a limit of memory that holds. */
export const createQuickJs = async (memoryLimit = MEMORY_LIMIT): Promise<Make> => {
  const path = createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm");
  const wasm = await readFile(path);
  return async (network, board, text, send) => {
    const start = async () => {
      const vm = await QuickJS.create({ wasm, memoryLimit, intrinsics });
      const write = vm.newFunction("hostWrite", (hex: JSValueHandle) => {
        const bytes = HEX.parse(hex.toString());
        send(board.number, bytes, 0, bytes.length);
        return vm.undefined;
      });
      vm.setProp(vm.global, "hostWrite", write);
      vm.evalCode(preludeFor(text)).dispose();
      vm.evalCode(text).dispose();
      return vm;
    };
    let vm = await start();
    const spare = await start();
    let next: QuickJS | undefined = spare;
    const call = (name: string, argument: string): string => {
      const callee = vm.global.getProp(name);
      const given = vm.newString(argument);
      const result = vm.callFunction(callee, vm.undefined, given);
      const told = result.toString();
      for (const handle of [callee, given, result]) handle.dispose();
      return told;
    };
    let shown: Value | undefined;
    return {
      get reading() {
        return shown;
      },
      set reading(value) {
        shown = value;
        call("hostReading", valueSource(value));
      },
      receive(chunk) {
        call("hostFeed", HEX.show(chunk));
      },
      state() {
        const state = stateOf(network, call("hostState", ""));
        return { ...state, counts: namedCounts(state.counts) };
      },
      memory() {
        vm.runGC();
        return vm.getMemoryUsage().memoryUsedSize;
      },
      restart() {
        // A fresh one stands by, because starting one takes its time.
        if (!next) return;
        vm.dispose();
        vm = next;
        next = undefined;
      },
      close() {
        vm.dispose();
        next?.dispose();
      },
    };
  };
};
