import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Gone } from "../../host/flash/talk.js";
import type { Port } from "../../host/flash/talk.js";

/** Espruino itself, its Linux build: its console is its standard input and output. */

export interface Interpreter {
  readonly port: Port;
  /** As if its power was cut; its flash is the file `espruino.flash` in its folder. */
  kill(): Promise<void>;
}

/** Pulls the cable when so many bytes have gone to the board. */
export const cutAfter = (port: Port, bytes: number): Port => {
  let left = bytes;
  return {
    ...port,
    async write(chunk) {
      await port.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (left < 0) throw new Gone("the cable is pulled");
    },
  };
};

/** Counts the bytes that go to the board. */
export const counting = (port: Port): { port: Port; readonly sent: number } => {
  let sent = 0;
  return {
    port: {
      ...port,
      async write(chunk) {
        sent += chunk.length;
        await port.write(chunk);
      },
    },
    get sent() {
      return sent;
    },
  };
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
};

/** @param folder where its flash is kept */
export const startEspruino = (path: string, folder: string): Interpreter => {
  const child = spawn(path, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  let chunks: Buffer[] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  child.stdin.on("error", () => undefined);
  child.on("exit", () => {
    ended = true;
    wake();
  });
  return {
    port: {
      async write(bytes) {
        if (ended) throw new Gone("Espruino has ended");
        await new Promise<void>((resolve) => {
          child.stdin.write(bytes, () => {
            resolve();
          });
        });
      },
      async read(milliseconds) {
        if (!chunks.length && !ended && milliseconds > 0) {
          await new Promise<void>((resolve) => {
            const late = setTimeout(resolve, milliseconds);
            wake = () => {
              clearTimeout(late);
              resolve();
            };
          });
        }
        if (!chunks.length && ended) throw new Gone("Espruino has ended");
        const bytes = Buffer.concat(chunks);
        chunks = [];
        return bytes;
      },
      close: async () => Promise.resolve(),
    },
    kill: async () => end(child),
  };
};

/** Espruino behind a pseudo-terminal that socat makes at `link`. */
export const startOnTerminal = async (
  path: string, folder: string, link: string,
): Promise<() => Promise<void>> => {
  // Espruino does not end by a hang-up; whoever is told its number can end it.
  const number = join(folder, "number");
  const start = join(folder, "start.sh");
  rmSync(number, { force: true });
  writeFileSync(start, `echo $$ > ${number}\nexec ${path}\n`);
  const child = spawn("socat", [
    "-d", "-d", `pty,raw,echo=0,link=${link}`, `EXEC:sh ${start},pty,raw,echo=0,stderr`,
  ], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.stderr.on("data", (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes("starting data transfer loop")) resolve();
    });
    child.on("exit", () => {
      reject(new Error(`socat: ${said}`));
    });
  });
  while (!existsSync(number) || !readFileSync(number, "utf8")) await wait(10);
  // Its folder may be gone when it is to be ended.
  const id = Number(readFileSync(number, "utf8"));
  return async () => {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has ended.
    }
    await end(child);
  };
};
