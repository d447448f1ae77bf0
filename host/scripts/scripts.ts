import type { Value } from "../base/values.js";
import type { Board, Network } from "../network/network.js";
import { createSandbox } from "./sandbox.js";
import type { Sandbox } from "./sandbox.js";

/** The scripts of a network file, wherever a computer stands in for a board. */

/** As a bundle has them: function expressions, by what they do. */
export interface Sources {
  readonly choose?: string;
  readonly read?: string;
  readonly act?: string;
  readonly retract?: string;
  readonly alarm?: string;
}

/** What a person is told, once for each script. */
interface Watch {
  readonly told: Set<string>;
  tell: (line: string) => void;
}

const watches = new WeakMap<Network, Watch>();

const watchOf = (network: Network): Watch => {
  const watch = watches.get(network) ?? { told: new Set(), tell: () => undefined };
  watches.set(network, watch);
  return watch;
};

/** From now on it is told of each script of the network, once, why that gave nothing. */
export const watchScripts = (network: Network, tell: (line: string) => void): void => {
  watchOf(network).tell = tell;
};

/** What a terminal would take for something else than text. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const REASON_MAX = 200;

const failedIn = (network: Network, field: string, why: string): void => {
  const { told, tell } = watchOf(network);
  if (told.has(field)) return;
  told.add(field);
  const reason = why.slice(0, REASON_MAX).replace(CONTROLS, "?");
  const instead = field === "decision" ? ": the order is the default"
    : field.endsWith("reading") ? ": there is no reading" : "";
  tell(`${field}.script ${reason}${instead}`);
};

/** @returns the decision's script, as a function */
export const chooseSource = (script: string): string =>
  // A copy: a script may sort it, and what the board shows stays as it is.
  `function(vector,fallback){vector=vector.slice();return(${script}\n)}`;

const decisions = new WeakMap<Network, Sandbox>();

/** One for all boards: it depends on the vector and nothing else. */
const decisionOf = (network: Network, script: string): Sandbox => {
  const known = decisions.get(network);
  if (known) return known;
  const made = createSandbox(true, "", { choose: chooseSource(script) }, (_name, why) => {
    failedIn(network, "decision", why);
  });
  decisions.set(network, made);
  return made;
};

/** @returns what a script of the network's makes of a vector; what is no value is not one here */
export const scriptedChoice = (network: Network, script: string) =>
  (vector: readonly (Value | undefined)[], fallback: Value): Value =>
    decisionOf(network, script).call("choose", vector, fallback)!;

/** What a board of a bundle asks of its scripts. */
export interface BoardScripts {
  /** @returns as `Sandbox.callText` */
  callText(name: string, given: string): string;
  /** Lets time go on, in microseconds. @returns when a timer of theirs is due */
  tick(time: number): number;
}

/** Whether the file has a script that runs on this board. */
export const hasScripts = ({ file }: Network, board: Board): boolean =>
  [file.decision, board.file.reading, board.file.order, board.file.alarm].some((field) =>
    typeof field === "object" && "script" in field);

/**
 * @param around what a board's scripts find around them, given all of them as text
 * @param waits whether they wait for a time
 */
export const boardScripts = (
  network: Network, board: Board, sources: Sources, around: (text: string) => string,
  waits: (text: string) => boolean,
): BoardScripts => {
  const { decision } = network.file;
  const { choose: _choose, ...own } = sources;
  const text = Object.values(own).join("\n");
  const timed = waits(text);
  const functions = { ...own, ...(timed ? { tick: "function(time){return hostTick(time)}" } : {}) };
  const sandbox = text === "" ? undefined
    : createSandbox(false, around(text), functions, (name, why) => {
      const field = name === "read" ? "reading" : name === "alarm" ? name : "order";
      failedIn(network, `boards[${board.number}].${field}`, why);
    });
  return {
    callText: (name, given) => (name === "choose"
      ? decisionOf(network, (decision as { script: string }).script) : sandbox!)
      .callText(name, given),
    tick: (time) => (timed ? sandbox!.call("tick", time) as number | undefined : undefined) ??
      Infinity,
  };
};
