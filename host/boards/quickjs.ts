import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Intrinsics, QuickJS } from "quickjs-wasi";
import type { JSValueHandle } from "quickjs-wasi";
import type { Value } from "../base/values.js";
import type { Board, Network } from "../network/network.js";
import type { Answer } from "../topology/transport.js";
import { namedCounts } from "./board.js";
import type { SimBoard } from "./board.js";
import { scriptsFor } from "./boxed.js";
import { HEX, preludeFor, usesNatives, stateOf, valueSource, waits } from "./dialect-setup.js";
import { nativesOf } from "./natives.js";
import type { Natives } from "./natives.js";
import { inProgram } from "./program.js";

/**
 * Bytes that a board may use in this engine. Most of it is for compiling the bundle, which a board
 * does not do: while it runs, a board of four uses about 76 KB, with the interpreter's own 57 KB.
 */
const MEMORY_LIMIT = 512 * 1024;
/** And where it signs and tags, whose bundle is three times as long. */
const SIGNED_LIMIT = 1024 * 1024;
/** What Espruino has too: no Map, no Proxy, no Date. */
const intrinsics = Intrinsics.EVAL | Intrinsics.JSON | Intrinsics.TYPED_ARRAYS;

/** Puts the host's functions for a bundle that signs among an interpreter's globals. */
const addNatives = (vm: QuickJS, { hash, decode, read, write }: Natives): void => {
  // What a function gives is the host's to dispose of, which it may not do before it has returned.
  let given = vm.undefined;
  const give = (bytes: Uint8Array) => {
    given.dispose();
    given = vm.newUint8Array(bytes);
    return given;
  };
  const functions: Record<string, (...given: JSValueHandle[]) => JSValueHandle> = {
    nativeHash: (bytes) => give(hash(bytes.toUint8Array())),
    nativeDecode: (text) => give(decode(text.toString())),
    nativeRead: (file) => give(read(file.toString())),
    nativeWrite(file, bytes) {
      write(file.toString(), bytes.toUint8Array());
      return vm.undefined;
    },
  };
  for (const [name, act] of Object.entries(functions)) {
    vm.setProp(vm.global, name, vm.newFunction(name, act));
  }
};

type Make = (network: Network, board: Board, text: string, send: Answer) => Promise<SimBoard>;

/** The emitted bundle in QuickJS, an interpreter of its own, with a limit of memory that holds. */
export const createQuickJs = async (limit?: number): Promise<Make> => {
  const path = createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm");
  const wasm = await readFile(path);
  return async (network, board, text, send) => {
    const natives = nativesOf(network, board);
    const memoryLimit = limit ?? (network.signing ? SIGNED_LIMIT : MEMORY_LIMIT);
    let scripts = scriptsFor(network, board, text);
    const create = async () => {
      const vm = await QuickJS.create({ wasm, memoryLimit, intrinsics });
      const write = vm.newFunction("hostWrite", (hex: JSValueHandle) => {
        const bytes = HEX.parse(hex.toString());
        send(board.number, bytes, 0, bytes.length);
        return vm.undefined;
      });
      vm.setProp(vm.global, "hostWrite", write);
      const script = vm.newFunction("hostScript", (name: JSValueHandle, given: JSValueHandle) =>
        vm.newString(scripts!.callText(name.toString(), given.toString())));
      vm.setProp(vm.global, "hostScript", script);
      if (usesNatives(text)) addNatives(vm, natives);
      vm.evalCode(preludeFor(text)).dispose();
      return vm;
    };
    let vm = await create();
    const start = () => {
      inProgram(board, () => {
        vm.evalCode(text).dispose();
      });
    };
    start();
    // A fresh one stands by. What it finds stored is what there is when it starts.
    let next = await create();
    const call = (name: string, argument: string): string => {
      const callee = vm.global.getProp(name);
      const given = vm.newString(argument);
      const result = inProgram(board, () => vm.callFunction(callee, vm.undefined, given));
      const told = result.toString();
      for (const handle of [callee, given, result]) handle.dispose();
      return told;
    };
    const timed = waits(text);
    let now = 0;
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
      tick(time) {
        now = time;
        const due = timed ? Number(call("hostTick", String(time))) : Infinity;
        return Math.min(due, scripts?.tick(time) ?? Infinity);
      },
      state() {
        const state = stateOf(network, call("hostState", ""));
        return { ...state, counts: namedCounts(state.counts) };
      },
      memory() {
        vm.runGC();
        return vm.getMemoryUsage().memoryUsedSize;
      },
      async restart() {
        vm.dispose();
        vm = next;
        scripts = scriptsFor(network, board, text);
        if (timed) call("hostTick", String(now));
        start();
        next = await create();
      },
      close() {
        vm.dispose();
        next.dispose();
      },
    };
  };
};
