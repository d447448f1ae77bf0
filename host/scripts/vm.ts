import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Script, createContext } from "node:vm";
import { Intrinsics, JSException, QuickJS } from "quickjs-wasi";
import type { QuickJSOptions } from "quickjs-wasi";

/**
 * An interpreter of its own, in which nothing of this process can be reached: no host function, no
 * file, no clock, no random numbers. What goes in and comes out is text. It is made at once, as
 * boards in this process are; the package itself makes one only later.
 */

/** What a call came to: a text, or what was thrown. */
export type Result = { readonly text: string } | { readonly thrown: string };

/** What a call may take: so many times the interpreter asks whether to go on, each 10,000 steps. */
const PATIENCE = 100;
/**
 * The interpreter does not ask within one of its own functions, and some go over each index of an
 * array that has no elements. After so many milliseconds such a call is ended, and with it all of
 * the interpreter.
 */
const LONGEST = 2000;
/** Bytes that all of an interpreter may use. */
export const SCRIPT_MEMORY = 2 * 1024 * 1024;
const STACK = 128 * 1024;

/** As much as Espruino has too: no Date, no Map, no Proxy, no promises. */
const INTRINSICS = Intrinsics.EVAL | Intrinsics.JSON | Intrinsics.TYPED_ARRAYS;

/** What Node's types lack of WebAssembly. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
  readonly Instance: new (module: WebAssembly.Module, imports: object) => { exports: Exports };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly ["_initialize"]: () => void;
  qjs_init2(intrinsics: number): number;
}

/** What the package has besides what its types say. */
interface Bare {
  new (module: WebAssembly.Module): { setInstance(instance: { exports: Exports }): void };
  applyLimits(vm: QuickJS, options: Partial<QuickJSOptions>): void;
}

const NO_SUCH_FILE = 8;
const CLOCK_BYTES = 8;

/** Nothing of the world outside: a clock that stands still, and no file. */
const worldOf = (memory: () => Exports["memory"], stop: () => boolean) => ({
  env: {
    host_get_timezone_offset: () => 0,
    host_interrupt: () => (stop() ? 1 : 0),
    host_promise_rejection: () => undefined,
    host_module_normalize: () => 0,
    host_module_load: () => 0,
    host_call: () => 0,
  },
  wasi_snapshot_preview1: {
    clock_time_get(_clock: number, _precision: bigint, at: number) {
      new Uint8Array(memory().buffer, at, CLOCK_BYTES).fill(0);
      return 0;
    },
    fd_close: () => NO_SUCH_FILE,
    fd_fdstat_get: () => NO_SUCH_FILE,
    fd_seek: () => NO_SUCH_FILE,
    fd_write: () => NO_SUCH_FILE,
    random_get(at: number, bytes: number) {
      new Uint8Array(memory().buffer, at, bytes).fill(0);
      return 0;
    },
  },
});

let compiled: WebAssembly.Module | undefined;

const watched: { act: () => void } = { act: () => undefined };
const context = createContext(watched);
const watch = new Script("act()");

/** @returns whether it came to its end in time */
const inTime = (act: () => void): boolean => {
  watched.act = act;
  try {
    watch.runInContext(context, { timeout: LONGEST });
    return true;
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
    return false;
  }
};

const start = (stop: () => boolean): QuickJS => {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly;
  compiled ??= new Module(readFileSync(
    createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm")));
  const bare = QuickJS as unknown as Bare;
  const fresh = new bare(compiled);
  const world = worldOf(() => made.exports.memory, stop);
  const made: { exports: Exports } = new Instance(compiled, world);
  const { exports } = made;
  fresh.setInstance({ exports });
  exports["_initialize"]();
  if (exports.qjs_init2(INTRINSICS) !== 0) throw new Error("there is no memory for scripts");
  const vm = fresh as unknown as QuickJS;
  bare.applyLimits(vm, {
    memoryLimit: SCRIPT_MEMORY, maxStackSize: STACK, interruptHandler: stop,
  });
  return vm;
};

const TOO_LONG = "takes too long";

/** What a person is told of an exception; it is the script's own text. */
const reasonOf = (thrown: unknown, over: boolean): string => {
  if (over) return TOO_LONG;
  const { name, message } = thrown as Error;
  return /out of memory/.test(message) ? "takes too much memory" : `throws ${name}: ${message}`;
};

/** @returns a fresh one, that has run a script */
const begin = (script: string) => {
  let asked = 0;
  const vm = start(() => ++asked > PATIENCE);
  const called = vm.evalCode(script);
  return (name: string, argument: string): Result => {
    asked = 0;
    const given = [vm.newString(name), vm.newString(argument)];
    try {
      const result = vm.callFunction(called, vm.undefined, ...given);
      const text = result.toString();
      result.dispose();
      return { text };
    } catch (thrown) {
      // It is the interpreter's own, and stays there else.
      if (thrown instanceof JSException) thrown.handle.dispose();
      return { thrown: reasonOf(thrown, asked > PATIENCE) };
    } finally {
      for (const handle of given) handle.dispose();
    }
  };
};

/**
 * @param script has a value that is a function of two texts, which gives a text
 * @returns calls that function
 * @throws Error with what the script threw
 */
export const createVm = (script: string): ((name: string, argument: string) => Result) => {
  let run = begin(script);
  return (name, argument) => {
    let result: Result | undefined;
    const ended = inTime(() => {
      result = run(name, argument);
    });
    if (ended) return result!;
    run = begin(script);
    return { thrown: TOO_LONG };
  };
};
