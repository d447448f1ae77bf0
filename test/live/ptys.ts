import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { judge, lawOf } from "../../host/sim/oracle.js";
import type { Network } from "../../host/network.js";
import type { LiveRecord, LiveSummary } from "../../host/live/live.js";
import type { Readings } from "../../host/sim/readings.js";
import { jsonOf } from "../cli/harness.js";

/** A network of processes over kernel pseudo-terminals: boards, the bus, and the cables. */

export const noCables = spawnSync("socat", ["-V"]).error !== undefined && "socat is not there";

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const COPPER = new URL("copper.ts", import.meta.url).pathname;

/** On a shared wire, the end of the bus. */
const BUS = "the-bus";

/** How long a correct board may take to say what it decided, before it counts as silent. */
const LAST_WORDS_MS = 30_000;

/** What a board process says that it decided. */
interface Decision {
  readonly cycle: number;
  readonly vector: readonly (number | null)[];
  readonly order: number;
}

export interface Desk {
  readonly names: readonly string[];
  /** Ends a board's process at once, and another one takes its place after so many milliseconds. */
  readonly reset: (name: string, after: number) => Promise<void>;
  /** Pulls a cable, and plugs it in again after so many milliseconds. */
  readonly unplug: (name: string, after: number) => Promise<void>;
  bus(words: readonly string[]): Running;
  /** Ends everything that was begun. */
  close(): void;
}

export interface Running {
  interrupt(): void;
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
 */
export const createDesk = async (
  at: string, file: string, table: string, names: readonly string[], wire?: number, absent = "",
): Promise<Desk> => {
  const cables = new Map<string, ChildProcess>();
  const boards = new Map<string, ChildProcess>();
  const said = new Map<string, string>(names.map((name) => [name, ""]));
  const listening = new Set<string>();
  const end = (name: string) => join(at, name);
  let closed = false;
  const until = async (holds: () => boolean) => {
    while (!holds() && !closed) await wait(20);
  };
  const plug = async (name: string) => {
    if (closed) return;
    const hub = wire === undefined ? `hub-${name}` : `board-${name}`;
    cables.set(name, spawn("socat", [
      wire === undefined ? `pty,rawer,link=${end(hub)}` : `tcp:127.0.0.1:${wire},nodelay`,
      `pty,rawer,link=${end(`board-${name}`)}${name === BUS ? "" : ",ignoreeof"}`,
    ], { stdio: "ignore" }));
    await until(() => existsSync(end(`board-${name}`)) && existsSync(end(hub)));
  };
  const start = (name: string) => {
    if (closed) return;
    const child = spawn(process.execPath, [
      MAIN, "board", file, "--board", name, "--port", end(`board-${name}`),
      "--readings", table, "--json",
    ], { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (chunk: Buffer) => {
      if (/ listens at /.test(chunk.toString())) listening.add(name);
    });
    child.stdout.on("data", (chunk: Buffer) => {
      said.set(name, said.get(name)! + chunk.toString());
    });
    boards.set(name, child);
  };
  const decisions = (name: string) => {
    const whole = said.get(name)!.replace(/[^\n]*$/, "");
    // A board that was reset may find old beacons in its terminal, and decide once more.
    return new Map((jsonOf(whole) as unknown as Decision[]).toReversed()
      .map((one) => [one.cycle, one]));
  };
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
  here.forEach(start);
  await until(() => listening.size === here.length);
  return {
    names,
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
    bus(words) {
      for (const name of names) said.set(name, "");
      const child = spawn(process.execPath, [
        MAIN, "bus", file, "--readings", table, "--json",
        ...(wire === undefined
          ? names.flatMap((name) => ["--port", `${name}=${end(`hub-${name}`)}`])
          : ["--port", end(`board-${BUS}`)]),
        ...words,
      ], { stdio: ["ignore", "pipe", "pipe"] });
      let [out, err] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString();
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
      const records = () => jsonOf(out.replace(/[^\n]*$/, ""))
        .filter(({ summary }) => !summary) as unknown as LiveRecord[];
      return {
        interrupt() {
          child.kill("SIGINT");
        },
        async until(holds) {
          while (!ended && !holds(records())) await wait(50);
        },
        async end() {
          const status = await code;
          await lastWords(records());
          const summary = jsonOf(out).find((line) => line["summary"]) as unknown as LiveSummary;
          return { code: status, err, records: records(), summary, decided: names.map(decisions) };
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

/** Judges what the processes decided; the bus's stand-ins must have held the same. */
export const judgeRun = (network: Network, readings: Readings, ran: Ran): Judged => {
  const broken: string[] = [];
  let inside = 0;
  for (const { cycle, faulty, vectors } of ran.records) {
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

/** The measured times, for people. */
export const figuresOf = ({ summary }: Ran): string => {
  const { boards, beacon_late: late, cycles, outside } = summary;
  const answers = boards.map(({ name, answer, lost, late_max_us: by, opened }) =>
    `${name} answers ${answer.mean} us (${answer.min} to ${answer.max}, jitter ${
      answer.deviation}), ${lost} lost, at most ${by} us late, opened ${opened} times`);
  return [`${cycles} cycles, ${outside} with too many faulty; beacons ${late.mean} us late, ${
    late.max} at most, jitter ${late.deviation}`, ...answers].join("\n");
};

