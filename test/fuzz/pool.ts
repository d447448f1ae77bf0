import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Ran } from "./child.js";
import { mutantOf } from "./mutants.js";
import type { Mutant } from "./mutants.js";

/** Runs mutants in processes of their own, and judges what came of each. */

const CHILD = new URL("child.ts", import.meta.url).pathname;
/** Far more than any of them takes, in milliseconds; then so long until it heeds Ctrl-C. */
const PATIENCE = 120_000;
const LEAVING = 10_000;
/** By Ctrl-C. */
const STOPPED = 130;
/** More than any message has. */
const LINE_MAX = 2000;

export interface Complaint {
  readonly mutant: Mutant;
  readonly what: string;
}

/** @returns what is wrong with how a command ended, or "" */
export const wrongIn = (
  { argv, files, looks }: Mutant, { code, out, err, left }: Ran,
): string => {
  const allowed = [0, 1, 2, ...(looks === undefined ? [] : [STOPPED])];
  if (!allowed.includes(code)) return `exit code ${code}: ${err}`;
  if (/^ {4}at /m.test(out + err)) return `a stack: ${err}`;
  // oxlint-disable-next-line eslint/no-control-regex -- these are what must not be there
  if (/[\0-\x08\x0b-\x1f\x7f-\x9f]|\p{Bidi_Control}|\p{Surrogate}/u.test(out + err)) {
    return `what commands a terminal: ${JSON.stringify(out + err)}`;
  }
  const said = err.split("\n").find((line) => line.length > LINE_MAX);
  if (said !== undefined) return `a line of ${said.length} characters: ${said.slice(0, 200)}`;
  if (code === 2 && !/^tagma: /m.test(err)) return `nothing is said: ${out}${err}`;
  const whole = left.filter((name) => !(name in files));
  const strange = whole.find((name) => name.endsWith(".part") ||
    (code === 2 && /^out\.(?!keys)/.test(name)) || !argv.some((word) => word.includes(name) ||
      (name.startsWith("out.keys") && argv[0] === "keys") || word.length > 1));
  return strange === undefined ? "" : `it leaves ${strange}: ${err}`;
};

/** @returns what came of it; a text where it never ended, or its process did */
const runIn = async (child: ChildProcess, mutant: Mutant): Promise<Ran | string> =>
  new Promise((resolve) => {
    let late = false;
    const interrupt = setTimeout(() => {
      late = true;
      child.kill("SIGINT");
    }, PATIENCE);
    const kill = setTimeout(() => {
      child.kill("SIGKILL");
    }, PATIENCE + LEAVING);
    const end = (came: Ran | string) => {
      clearTimeout(interrupt);
      clearTimeout(kill);
      child.removeAllListeners();
      resolve(late ? `no end within ${PATIENCE} ms` : came);
    };
    child.on("message", (ran: Ran) => {
      end(ran);
    });
    child.on("exit", (code, signal) => {
      end(`its process ended by ${signal ?? `exit code ${code}`}`);
    });
    child.send(mutant);
  });

const begin = async (): Promise<ChildProcess> => new Promise((resolve) => {
  const child = fork(CHILD, [], {
    execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.once("message", () => {
    resolve(child);
  });
});

/**
 * @param first number of the first mutant
 * @param told is called after each
 * @returns what is wrong with any of them
 */
export const runMutants = async (
  seed: number, first: number, count: number, processes: number, told?: (done: number) => void,
): Promise<Complaint[]> => {
  const complaints: Complaint[] = [];
  let [next, done] = [first, 0];
  await Promise.all(Array.from({ length: processes }, async () => {
    let child = await begin();
    while (next < first + count) {
      const mutant = mutantOf(seed, next++);
      const came = await runIn(child, mutant);
      const what = typeof came === "string" ? came : wrongIn(mutant, came);
      if (what) complaints.push({ mutant, what });
      if (typeof came === "string") {
        child.kill("SIGKILL");
        child = await begin();
      }
      told?.(++done);
    }
    child.kill("SIGKILL");
  }));
  return complaints;
};
