import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import type { Traitor } from "../../host/faults/asked.js";
import { judge, lawOf } from "../../host/judge/oracle.js";
import type { LiveRecord, LiveSummary } from "../../host/live/live.js";
import type { Network } from "../../host/network/network.js";
import type { Readings } from "../../host/network/readings.js";

/** A network of processes over kernel pseudo-terminals: boards, the bus, and the cables. */

export const noCables = spawnSync("socat", ["-V"]).error !== undefined && "socat is not there";

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const COPPER = new URL("copper.ts", import.meta.url).pathname;

/** On a shared wire, the end of the bus. */
const BUS = "the-bus";

/** Lines of JSON as they come, each read once: a long run says much, and is asked often. */
const createLines = () => {
  const lines: Record<string, unknown>[] = [];
  let rest = "";
  return {
    lines,
    take(chunk: Buffer) {
      const parts = (rest + chunk.toString()).split("\n");
      rest = parts.pop()!;
      for (const part of parts) lines.push(JSON.parse(part) as Record<string, unknown>);
    },
  };
};

/** How long a correct board may take to say what it decided, before it counts as silent. */
const LAST_WORDS_MS = 30_000;

/** Lays a cable between two pseudo-terminals that are made at these paths; ended, it is pulled. */
export const plugCable = async (hub: string, board: string): Promise<ChildProcess> => {
  const cable = spawn("socat", [`pty,rawer,link=${hub}`, `pty,rawer,link=${board},ignoreeof`],
    { stdio: "ignore" });
  while (cable.exitCode === null && !(existsSync(hub) && existsSync(board))) await wait(20);
  return cable;
};

/** What the same network decides in an emulation, with the same readings and liars. */
export const emulatedOf = async (
  network: Network, readings: Readings, traitors: readonly Traitor[], cycles: number,
): Promise<CycleRecord[]> => {
  const records: CycleRecord[] = [];
  await emulate({
    network, cycles, seed: 1, readings, engine: "native", transport: "memory",
    troubles: { lines: [], traitors },
    onCycle(record) {
      records.push(record);
    },
  });
  return records;
};

/** What a board process says that it decided. */
interface Decision {
  readonly cycle: number;
  readonly vector: readonly (number | null)[];
  readonly order: number;
  /** Of signed messages: whether it can sign, and for how many cycles. */
  readonly signer?: string;
  readonly left?: number;
}

export interface Desk {
  readonly names: readonly string[];
  /** Ends a board's process at once, and another one takes its place after so many milliseconds. */
  readonly reset: (name: string, after: number) => Promise<void>;
  /** Pulls a cable, and plugs it in again after so many milliseconds. */
  readonly unplug: (name: string, after: number) => Promise<void>;
  bus(words: readonly string[]): Running;
  /** Starts the boards' processes, and waits until they listen; else that is done already. */
  readonly begin: () => Promise<void>;
  /** Waits until a board has said that it withdrew its order, and gives the one it put out. */
  withdrawn(name: string): Promise<unknown>;
  /** Ends everything that was begun. */
  close(): void;
}

export interface Running {
  interrupt(): void;
  /** The cycles so far. */
  readonly records: readonly LiveRecord[];
  readonly ended: boolean;
  /** What it has said on stderr. */
  readonly err: string;
  /** Waits until this holds of the cycles so far, or the bus has ended. */
  until(holds: (records: readonly LiveRecord[]) => boolean): Promise<void>;
  end(): Promise<Ran>;
}

export interface Ran {
  readonly code: number | null;
  readonly err: string;
  readonly records: readonly LiveRecord[];
  readonly summary: LiveSummary;
  /** By board and cycle, what the boards' own processes said. */
  readonly decided: readonly ReadonlyMap<number, Decision>[];
}

/** @returns the TCP port of a wire that all share, which is a process of its own */
export const startWire = async (context: TestContext): Promise<number> => {
  const child = spawn(process.execPath, ["--import", "tsx", COPPER],
    { stdio: ["ignore", "pipe", "inherit"] });
  context.after(() => child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return Number(line.toString());
};

/**
 * @param wire the TCP port of a wire that all share; else each board has a cable of its own
 * @param absent who has no process here
 * @param keys of a network that signs or tags: the folder of the boards' keys. Each board is
 *   provisioned when it is begun for the first time.
 * @param later whether to start no process before `begin`
 */
export const createDesk = async (
  at: string, file: string, table: string, names: readonly string[], wire?: number, absent = "",
  keys?: string, later = false,
): Promise<Desk> => {
  const begun = new Set<string>();
  const cables = new Map<string, ChildProcess>();
  const boards = new Map<string, ChildProcess>();
  const said = new Map(names.map((name) => [name, createLines()]));
  const listening = new Set<string>();
  const end = (name: string) => join(at, name);
  let closed = false;
  const until = async (holds: () => boolean) => {
    while (!holds() && !closed) await wait(20);
  };
  const plug = async (name: string) => {
    if (closed) return;
    const board = end(`board-${name}`);
    if (wire === undefined) {
      cables.set(name, await plugCable(end(`hub-${name}`), board));
      return;
    }
    cables.set(name, spawn("socat", [
      `tcp:127.0.0.1:${wire},nodelay`,
      `pty,rawer,link=${board}${name === BUS ? "" : ",ignoreeof"}`,
    ], { stdio: "ignore" }));
    await until(() => existsSync(board));
  };
  const start = (name: string) => {
    if (closed) return;
    const first = begun.has(name) ? [] : ["--once"];
    begun.add(name);
    const child = spawn(process.execPath, [
      MAIN, "board", file, "--board", name, "--port", end(`board-${name}`),
      "--readings", table, "--json", ...(keys === undefined ? [] : ["--keys", keys, ...first]),
    ], { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (chunk: Buffer) => {
      if (/ listens at /.test(chunk.toString())) listening.add(name);
    });
    child.stdout.on("data", (chunk: Buffer) => {
      if (boards.get(name) === child) said.get(name)!.take(chunk);
    });
    boards.set(name, child);
  };
  const heardOf = (name: string) => said.get(name)!.lines;
  // A board that was reset may find old beacons in its terminal, and decide once more.
  const decisions = (name: string) =>
    new Map((heardOf(name) as unknown as Decision[]).toReversed()
      .filter(({ vector }) => Array.isArray(vector)).map((one) => [one.cycle, one]));
  // What the boards hear last they say a moment later: the busier the computer, the later.
  const lastWords = async (records: readonly LiveRecord[]) => {
    const last = records[records.length - 1];
    if (!last) return;
    const due = names.filter((_, board) => !last.faulty.includes(board));
    const told = () => due.every((name) => decisions(name).has(last.cycle));
    for (let left = LAST_WORDS_MS; left > 0 && !told(); left -= 50) await wait(50);
  };
  const here = names.filter((name) => name !== absent);
  await Promise.all([...here, ...(wire === undefined ? [] : [BUS])].map(plug));
  const begin = async () => {
    here.forEach(start);
    await until(() => listening.size === here.length);
  };
  if (!later) await begin();
  return {
    names, begin,
    async reset(name, after) {
      boards.get(name)!.kill("SIGKILL");
      await wait(after);
      start(name);
    },
    async unplug(name, after) {
      cables.get(name)!.kill("SIGKILL");
      await wait(after);
      await plug(name);
    },
    async withdrawn(name) {
      const found = () => heardOf(name).findLast(({ silences }) => silences);
      await until(() => found() !== undefined);
      return found()?.["order"];
    },
    bus(words) {
      for (const name of names) heardOf(name).length = 0;
      const child = spawn(process.execPath, [
        MAIN, "bus", file, "--readings", table, "--json",
        ...(wire === undefined
          ? names.flatMap((name) => ["--port", `${name}=${end(`hub-${name}`)}`])
          : ["--port", end(`board-${BUS}`)]),
        ...words,
      ], { stdio: ["ignore", "pipe", "pipe"] });
      let err = "";
      const heard = createLines();
      const { lines } = heard;
      const records: LiveRecord[] = [];
      child.stdout.on("data", (chunk: Buffer) => {
        const before = lines.length;
        heard.take(chunk);
        records.push(...lines.slice(before)
          .filter(({ summary }) => !summary) as unknown as LiveRecord[]);
      });
      child.stderr.on("data", (chunk: Buffer) => {
        err += chunk.toString();
      });
      let ended = false;
      const code = new Promise<number | null>((resolve) => {
        child.on("close", (status) => {
          ended = true;
          resolve(status);
        });
      });
      return {
        records,
        get ended() {
          return ended;
        },
        get err() {
          return err;
        },
        interrupt() {
          child.kill("SIGINT");
        },
        async until(holds) {
          while (!ended && !holds(records)) await wait(20);
        },
        async end() {
          const status = await code;
          await lastWords(records);
          const summary = lines.find((line) => line["summary"]) as unknown as LiveSummary;
          return { code: status, err, records, summary, decided: names.map(decisions) };
        },
      };
    },
    close() {
      closed = true;
      for (const child of [...boards.values(), ...cables.values()]) child.kill("SIGKILL");
    },
  };
};

/** How a run went by what the boards' own processes said. */
export interface Judged {
  /** Cycles in which no more boards failed than are outvoted, by the bus's own account. */
  readonly inside: number;
  /** What broke in these, in words. */
  readonly broken: readonly string[];
}

/**
 * Judges what the processes decided; the bus's stand-ins must have held the same.
 *
 * @param ended a board whose process was ended, perhaps after its last word of a cycle and before
 *   it could tell what it decided: it is faulty in that cycle, and away in the next
 */
export const judgeRun = (
  network: Network, readings: Readings, ran: Ran, ended = -1,
): Judged => {
  const broken: string[] = [];
  let inside = 0;
  for (const [at, { cycle, faulty: found, vectors }] of ran.records.entries()) {
    const cut = ended >= 0 && !ran.decided[ended]!.has(cycle) && !found.includes(ended) &&
      ran.records[at + 1]?.faulty.includes(ended);
    const faulty = cut ? [...found, ended] : found;
    if (faulty.length > network.shape.traitors) continue;
    inside++;
    const outcomes = network.boards.map((_, board) => {
      const one = ran.decided[board]!.get(cycle);
      return {
        cycle: one ? cycle : -1, rounds: network.rounds, acts: undefined, order: one?.order ?? -1,
        vector: (one?.vector ?? []).map((value) => value ?? undefined),
      };
    });
    const law = lawOf(network);
    const missing = new Set(faulty);
    const judged = judge(law, cycle, readings(cycle), outcomes, missing);
    for (const [name, holds] of Object.entries(judged)) {
      if (!holds) broken.push(`cycle ${cycle}: ${name}: ${JSON.stringify(outcomes)}`);
    }
    vectors.forEach((vector, board) => {
      const own = ran.decided[board]!.get(cycle)?.vector;
      if (!missing.has(board) && JSON.stringify(vector) !== JSON.stringify(own)) {
        broken.push(`cycle ${cycle}: board ${board} is not as its stand-in`);
      }
    });
  }
  return { inside, broken };
};

/**
 * Compares what the processes decided with an emulation, in the cycles in which every frame came in
 * time: where one did not, there is something to be ⊥ that was not emulated.
 */
export const differencesOf = (ran: Ran, emulated: readonly CycleRecord[]) => {
  const differences: string[] = [];
  let compared = 0;
  for (const { cycle, faulty, live } of ran.records) {
    const there = emulated[cycle]!;
    const late = live.boards.some(({ lost }) => lost) || String(faulty) !== String(there.faulty);
    if (late) continue;
    compared++;
    ran.decided.forEach((decided, board) => {
      if (faulty.includes(board)) return;
      const { vector, order } = decided.get(cycle) ?? {};
      const is = JSON.stringify([vector, order]);
      const was = JSON.stringify([there.vectors[board], there.orders[board]]);
      if (is !== was) differences.push(`cycle ${cycle}, board ${board}: ${is}, emulated ${was}`);
    });
  }
  return { compared, differences };
};

/** The measured times, for people. */
export const figuresOf = ({ summary }: Ran): string => {
  const { boards, beacon_late: late, cycles, outside, agreement, validity } = summary;
  const answers = boards.map(({ name, answer, lost, late_max_us: by, opened }) =>
    `${name} answers ${answer.mean} us (${answer.min} to ${answer.max}, jitter ${
      answer.deviation}), ${lost} lost, at most ${by} us late, opened ${opened} times`);
  const went = `agreement in ${agreement}, validity in ${validity}`;
  const beacons = `beacons ${late.mean} us late, ${late.max} at most, jitter ${late.deviation}`;
  const told = `${cycles} cycles, ${outside} with too many faulty, ${went}; ${beacons}`;
  return [told, ...answers].join("\n");
};

