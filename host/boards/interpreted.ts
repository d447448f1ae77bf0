import { parseJson } from "../base/json.js";
import type { Value } from "../base/values.js";
import { madeUpProvision } from "../keys/provision.js";
import type { Board, Network } from "../network/network.js";
import type { Answer } from "../topology/transport.js";
import { namedCounts } from "./board.js";
import type { BoardState, Decision, SimBoard } from "./board.js";
import { scriptsFor } from "./boxed.js";
import { BOXED, TIMED, isBoxed, pinsIn, valueOf, valueSource, waits } from "./dialect-setup.js";
import type { Plain, PlainState } from "./dialect-setup.js";
import { PROGRAM, ACT, BYTES, HELD, READING, SENT, START, STATE, TIME, TRIED, driverFor }
  from "./espruino/driver.js";
import { LAST } from "./espruino/parts.js";
import type { Part } from "./espruino/parts.js";
import { startInterpreter } from "./espruino/process.js";
import { createTrials } from "./tried.js";

/**
 * The emitted bundle on Espruino itself, each board a process. Boards compute side by side; what
 * they answer is taken in the order in which they were given something, so a run depends on its
 * seed and on no clock.
 */

/** Requests that were not answered yet, of all boards that were made together. */
interface Queue {
  readonly waiting: (() => Promise<void>)[];
}

/** What the driver tells besides what is counted here. */
type Told = Omit<PlainState, "acts" | "decisions" | "output" | "trials" | "tried"> &
  { readonly due: number | null };

/** Espruino prints twelve digits, of which single precision has fewer. */
const rounded = ({ type }: Network, value: Value | undefined): Value | undefined =>
  (type.name === "f32" && typeof value === "number" ? Math.fround(value) : value);

/** What a board holds, by what the driver tells of it. */
const createHeld = (network: Network, number: number, send: Answer) => {
  let [acts, decidedIn, silences, memory, due] = [0, -1, 0, 0, Infinity];
  let decisions: Decision[] = [];
  const trials = createTrials();
  let output: Value | undefined;
  let state: BoardState | undefined;
  const value = (plain: Plain) => rounded(network, valueOf(plain));
  const takes: Record<string, (bytes: Buffer) => void> = {
    [SENT](bytes) {
      send(number, bytes, 0, bytes.length);
    },
    [ACT](bytes) {
      const [cycle, order, slot] = parseJson(bytes.toString()) as [number, Plain, number | null];
      acts++;
      output = value(order);
      if (typeof slot !== "number" || decidedIn !== cycle) decisions = [];
      decidedIn = cycle;
      if (typeof slot === "number") decisions.push({ slot, value: output! });
    },
    [TRIED](bytes) {
      const [slot, order, back, put] =
        parseJson(bytes.toString()) as [number, Plain, boolean, Plain];
      output = value(put);
      trials.note({ slot, value: value(order)!, back });
    },
    [HELD](bytes) {
      const told = parseJson(bytes.toString()) as Told;
      due = told.due ?? Infinity;
      ({ silences } = told);
      state = {
        cycle: told.cycle, vector: told.vector.map(value),
        order: value(told.order) ?? network.fallback, decisions, output, silences,
        // What a silence brought about is no cycle's order.
        acts: acts - silences, counts: namedCounts(told.counts), signer: told.signer,
        health: told.health, signs: told.signs, alarms: told.alarms,
        suspects: told.suspects, leader: told.leader, blocked: told.blocked,
        trials: trials.count(), tried: trials.last(),
      };
    },
    [LAST](bytes) {
      memory = Number(bytes.toString());
    },
  };
  return {
    take(parts: readonly Part[]) {
      for (const { kind, bytes } of parts) takes[kind]!(bytes);
    },
    forget() {
      acts = 0;
      decidedIn = -1;
      decisions = [];
      output = undefined;
      trials.forget();
    },
    state: () => state!,
    memory: () => memory,
    due: () => due,
  };
};

/** @param ask runs a script of the network file, given its name and what it gets */
const begin = (
  network: Network, board: Board, text: string, path: string,
  ask: (name: string, given: string) => string,
) => startInterpreter(path, board.name, {
  "run.js": driverFor(
    pinsIn(text) + (waits(text) ? TIMED : "") + (isBoxed(text) ? BOXED : ""),
    madeUpProvision(network, board), board.layout.tentative),
  [PROGRAM]: text,
}, (question) => {
  const [name, given] = parseJson(question) as [string, string];
  return ask(name, given);
});

const drain = async ({ waiting }: Queue): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await next();
};

const createBoard = async (
  network: Network, board: Board, text: string, send: Answer, path: string, queue: Queue,
): Promise<SimBoard> => {
  const timed = waits(text);
  const held = createHeld(network, board.number, send);
  let scripts = scriptsFor(network, board, text);
  const interpreter = begin(network, board, text, path, (name, given) =>
    scripts!.callText(name, given));
  const { ask } = interpreter;
  let [now, toldTime] = [0, -1];
  let toldReading = "";
  const told = () => {
    if (timed && now !== toldTime) ask(TIME, String(now));
    toldTime = now;
  };
  const wait = () => {
    ask(STATE);
    const answer = interpreter.answer();
    // Whoever waits for it is told; nobody may wait any more.
    answer.catch(() => undefined);
    queue.waiting.push(async () => {
      held.take(await answer);
    });
  };
  const settled = async () => drain(queue);
  const boot = async () => {
    told();
    ask(START);
    wait();
    await settled();
  };
  await boot().catch((thrown: unknown) => {
    interpreter.close();
    throw thrown;
  });
  const self: SimBoard = {
    reading: undefined,
    receive(chunk) {
      told();
      const source = valueSource(self.reading);
      if (source !== toldReading) ask(READING, source);
      toldReading = source;
      ask(BYTES, chunk);
      wait();
    },
    tick(time) {
      now = time;
      if (time >= held.due()) {
        told();
        wait();
      }
      return Math.min(held.due(), scripts?.tick(time) ?? Infinity);
    },
    settled,
    state: held.state,
    memory: held.memory,
    async restart() {
      await interpreter.restart();
      held.forget();
      scripts = scriptsFor(network, board, text);
      toldTime = -1;
      toldReading = "";
      await boot();
    },
    close: interpreter.close,
  };
  return self;
};

/** @param path of the interpreter */
export const createInterpreted = async (
  network: Network, boards: readonly Board[], texts: readonly string[], send: Answer, path: string,
): Promise<SimBoard[]> => {
  const queue: Queue = { waiting: [] };
  const results = await Promise.allSettled(boards.map(async (board, at) =>
    createBoard(network, board, texts[at]!, send, path, queue)));
  const failed = results.find(({ status }) => status === "rejected");
  const whole = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (!failed) return whole;
  for (const board of whole) board.close();
  throw (failed as PromiseRejectedResult).reason;
};
