import { createContext, runInContext } from "node:vm";
import type { Value } from "../base/values.js";
import type { Board, Network } from "../network/network.js";
import type { BoardScripts } from "../scripts/scripts.js";
import type { Answer } from "../topology/transport.js";
import { namedCounts } from "./board.js";
import type { SimBoard } from "./board.js";
import { scriptsFor } from "./boxed.js";
import { HEX, preludeFor, usesNatives, stateOf, valueSource, waits } from "./dialect-setup.js";
import { nativesOf } from "./natives.js";
import type { Natives } from "./natives.js";
import { inProgram } from "./program.js";

/**
 * The emitted bundle in a context of its own, with what it needs of Espruino's globals. That is no
 * place for anybody's script: scripts run in a sandbox, which the bundle calls.
 *
 * @param text what `bundle` gives, boxed where there are scripts
 * @param natives what a board that signs has of Espruino; it works unless told
 */
export const contextBoard = (
  network: Network, board: Board, text: string, send: Answer,
  natives: Natives = nativesOf(network, board),
): SimBoard => {
  const { number, layout } = board;
  let context: Record<string, (argument: string) => string> = {};
  const call = (name: string, argument: string): string =>
    inProgram(board, () => context[name]!(argument));
  const timed = waits(text);
  let now = 0;
  const tick = (time: number) => {
    now = time;
    const due = timed ? Number(call("hostTick", String(time))) : Infinity;
    return Math.min(due, scripts?.tick(time) ?? Infinity);
  };
  let scripts: BoardScripts | undefined;
  const make = () => {
    scripts = scriptsFor(network, board, text);
    const fresh = {
      hostScript: (name: string, given: string) => scripts!.callText(name, given),
      hostWrite(hex: string) {
        const bytes = HEX.parse(hex);
        send(number, bytes, 0, bytes.length);
      },
      ...(usesNatives(text) ? {
        nativeHash: natives.hash, nativeDecode: natives.decode,
        nativeRead: (file: string) => natives.read(file).slice(), nativeWrite: natives.write,
      } : {}),
    };
    createContext(fresh);
    runInContext(preludeFor(text), fresh);
    context = fresh as unknown as typeof context;
    tick(now);
    inProgram(board, () => {
      // Else Node keeps the whole line that threw, which is the bundle, to print it.
      runInContext(text, fresh, { displayErrors: false });
    });
  };
  make();
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
    tick,
    state() {
      const state = stateOf(network, call("hostState", ""));
      return { ...state, counts: namedCounts(state.counts) };
    },
    memory: () => layout.memory,
    restart() {
      make();
      return undefined;
    },
    close: () => undefined,
  };
};
