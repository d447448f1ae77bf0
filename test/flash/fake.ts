import { runInContext } from "node:vm";
import { createEngine, openIn } from "./engine.js";
import { createStorage, PowerLost } from "./storage.js";
import type { Storage } from "./storage.js";

/**
 * An Espruino board as its console shows it, in made-up time: echo and prompt, the quiet line, the
 * break, packets, XON and XOFF, Storage, and what it boots. What a line says is really carried out.
 */

export interface Settings {
  readonly version?: string;
  readonly kind?: string;
  /** Bytes of Storage. */
  readonly size?: number;
  /** What lies in its Storage at first; nothing unless told. */
  readonly content?: Storage;
  /** Bytes of the input buffer, and how many of them it works off a millisecond. */
  readonly buffer?: number;
  readonly speed?: number;
  readonly echo?: boolean;
  /** It is in a loop that only a break ends. */
  readonly busy?: boolean;
  /** The board is reset when it has taken so many bytes. */
  readonly resetAt?: number;
  /** It answers this packet, counted from 1, with NAK, and forgets it. */
  readonly nakAt?: number;
  /** The byte that comes or goes as this one, counted from 1, is another. */
  readonly garbleInAt?: number;
  readonly garbleOutAt?: number;
  /** Its bytes from this one on, counted from 1, are mixed with so much noise. */
  readonly noiseOutAt?: number;
  /** Milliseconds that a checksum takes, by its own clock. */
  readonly work?: number;
}

export interface Board {
  readonly storage: Storage;
  readonly time: number;
  /** Bytes that it has taken, and that were lost because its buffer was full. */
  readonly taken: number;
  readonly lost: number;
  /** How often it asked to wait. */
  readonly held: number;
  readonly packets: number;
  /** What the program that runs calls itself at its end; "half" where it did not get there. */
  readonly runs: string | undefined;
  readonly starts: number;
  /** A byte arrives at the end of `milliseconds` on the line. */
  take(byte: number, milliseconds: number): void;
  /** What it has said since it was last asked. */
  said(): Uint8Array;
  /** Passes time up to the next thing that happens by itself, at most to `until`. */
  pass(until: number): void;
  /** Off and on again. */
  powerCycle(): void;
}

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly act: () => void;
}

type Input = "line" | "dle" | "escape" | "bracket" | "type" | "length" | "data";

const PACKET_MS = 5000;
const FILE_MS = 10_000;
const NOISE = [0xfe, 0x5b, 0x74, 0x00, 0x91, 0x5d, 0x0d];

export const createBoard = (settings: Settings = {}): Board => {
  const {
    version = "2v29", kind = "PICO_R1_3", size = 65_536, buffer = 256, speed = 12, echo = true,
  } = settings;
  const packetsKnown = Number(/^2v(\d+)/.exec(version)?.[1]) >= 25;
  const tellsStats = Number(/^2v(\d+)/.exec(version)?.[1]) >= 12;
  const storage = createStorage(size, tellsStats, settings.content);
  let [time, credit, spoken, ids, head, packetTimer, fileTimer] = [0, 0, 0, 0, 0, 0, 0];
  let out: number[] = [];
  let queue: number[] = [];
  let [taken, lost, held, packets, starts, worked] = [0, 0, 0, 0, 0, 0];
  let off = false;
  let timers: Timer[] = [];
  let [todo, line] = ["", ""];
  let quiet = false;
  let input: Input = "line";
  let busy = settings.busy ?? false;
  let data = "";
  let file: { fn: string; s: number; at: number } | undefined;

  const say = (text: string) => {
    for (const byte of Buffer.from(text, "latin1")) {
      spoken++;
      if (settings.noiseOutAt !== undefined && spoken === settings.noiseOutAt) out.push(...NOISE);
      out.push(spoken === settings.garbleOutAt ? byte ^ 0x15 : byte);
    }
  };
  const show = (text: string) => {
    if (echo && !quiet) say(text);
  };
  const after = (milliseconds: number, act: () => void): number => {
    timers.push({ id: ++ids, at: time + milliseconds, act });
    return ids;
  };
  const cancel = (id: number | undefined) => {
    timers = timers.filter((timer) => id !== undefined && timer.id !== id);
  };

  const evaluate = (text: string, prompts: boolean) => {
    try {
      const value: unknown = runInContext(text, context);
      if (prompts && echo && !quiet) say(`=${String(value)}\r\n`);
    } catch (thrown) {
      if (!(thrown instanceof PowerLost)) say(`Uncaught ${String(thrown)}\r\n at line 1\r\n`);
    }
  };
  const forget = () => {
    timers = [];
    [line, quiet, input, file, todo] = ["", false, "line", undefined, ""];
    // All that anything sets there; a context is dear to make.
    runInContext("tagma=_t=_r=undefined", context);
  };
  const context = createEngine(storage, version, kind, {
    say, after, cancel,
    later(what) {
      todo = what;
    },
    clock: () => (time + worked) / 1000,
    worked() {
      worked += settings.work ?? 0;
    },
  });
  const boot = () => {
    forget();
    starts++;
    const code = storage.read(".bootrst") ?? storage.read(".bootcde");
    if (code !== undefined) evaluate(code, false);
    say("\r\n>");
  };
  /** What a line asked for is done when the line is over. */
  const idle = () => {
    if (todo === "load") boot();
    else if (todo === "reset") {
      forget();
      say("\r\n ESPRUINO \r\n>");
    }
    todo = "";
  };

  const endPacket = () => {
    input = "line";
    cancel(packetTimer);
  };
  const dataPacket = (): boolean => {
    if (!file) return false;
    const { fn, s, at } = file;
    file.at += data.length;
    if (file.at >= s) file = undefined;
    cancel(fileTimer);
    fileTimer = after(FILE_MS, () => {
      file = undefined;
    });
    try {
      return storage.write(fn, data, at, s);
    } catch (thrown) {
      if (thrown instanceof PowerLost) return false;
      say(`Uncaught ${String(thrown)}\r\n`);
      // As Espruino has it: what Storage does not take is acknowledged even so.
      return true;
    }
  };
  const endOfPacket = () => {
    endPacket();
    const type = head & 0xe000;
    if (++packets === settings.nakAt) say("\x15");
    else if (type === 0x6000) {
      try {
        const asked = JSON.parse(data) as { fn: string; s: number };
        file = { ...asked, at: 0 };
        say("\x06");
      } catch {
        say("\x15");
      }
    } else say(type === 0x8000 && dataPacket() ? "\x06" : "\x15");
  };

  const endLine = () => {
    if (openIn(line) > 0) {
      line += "\n";
      show("\r\n:");
      return;
    }
    show("\r\n");
    const whole = line;
    line = "";
    if (whole) evaluate(whole, true);
    const prompts = !quiet || whole.includes("print");
    quiet = false;
    if (prompts && echo) say(">");
    idle();
  };

  const inLine = (byte: number) => {
    const before = input;
    input = "line";
    if (byte === 1 && before === "dle" && packetsKnown) {
      [input, data] = ["type", ""];
      quiet = false;
      packetTimer = after(PACKET_MS, () => {
        say("\x15");
        endPacket();
      });
    } else if (byte === 16) {
      if (!line) quiet = true;
      input = "dle";
    } else if (byte === 27) input = "escape";
    else if (before === "escape" && byte === 0x5b) [input, head] = ["bracket", 0];
    else if (before === "bracket" && byte === 0x32) [input, head] = ["bracket", 2];
    else if (before === "bracket") {
      if (byte === 0x48 && head === 2) [line, quiet] = ["", false];
    } else if (byte === 5 && !line) say(`Espruino ${version} ${kind}\r\n`);
    else if (byte === 10 || byte === 13) endLine();
    else if (byte >= 32) {
      line += String.fromCharCode(byte);
      show(String.fromCharCode(byte));
    }
  };

  const work = (byte: number) => {
    if (input === "type") [head, input] = [byte << 8, "length"];
    else if (input === "length") {
      head |= byte;
      input = "data";
      if (!(head & 0x1fff)) endOfPacket();
    } else if (input === "data") {
      data += String.fromCharCode(byte);
      if (data.length >= (head & 0x1fff)) endOfPacket();
    } else inLine(byte);
  };

  let waiting = false;
  const workOff = (count: number) => {
    for (let left = count; left > 0 && queue.length && !busy; left--) work(queue.shift()!);
    if (waiting && queue.length < buffer * 0.375) {
      waiting = false;
      out.push(17);
    }
  };
  const to = (moment: number) => {
    credit += (moment - time) * speed;
    time = moment;
    workOff(Math.floor(credit));
    credit = queue.length ? credit % 1 : 0;
  };
  const restart = () => {
    storage.revive();
    [queue, credit, waiting, busy] = [[], 0, false, false];
    boot();
  };
  const pushed = (byte: number) => {
    if (byte === 3 && !["type", "length", "data"].includes(input)) {
      if (busy) say("Execution Interrupted\r\n>");
      [busy, line, quiet] = [false, "", false];
      return;
    }
    if (queue.length >= buffer) {
      lost++;
      return;
    }
    queue.push(byte);
    if (!waiting && queue.length > buffer * 0.75) {
      waiting = true;
      held++;
      out.push(19);
    }
  };

  boot();
  return {
    storage,
    get time() {
      return time;
    },
    get taken() {
      return taken;
    },
    get lost() {
      return lost;
    },
    get held() {
      return held;
    },
    get packets() {
      return packets;
    },
    get runs() {
      const asked = 'global.tagma&&(tagma.id||"half")';
      return off ? undefined : runInContext(asked, context) as string | undefined;
    },
    get starts() {
      return starts;
    },
    take(byte, milliseconds) {
      to(time + milliseconds);
      taken++;
      if (off) return;
      pushed(taken === settings.garbleInAt ? byte ^ 0x15 : byte);
      if (taken === settings.resetAt) restart();
      off = storage.cutAt > 0 && storage.steps >= storage.cutAt;
    },
    said() {
      const bytes = Uint8Array.from(off ? [] : out);
      out = [];
      return bytes;
    },
    pass(until) {
      const next = timers.reduce((least, { at }) => Math.min(least, at), Infinity);
      const done = queue.length && !busy ? time + 1 : Infinity;
      to(Math.min(until, Math.max(time, Math.min(next, done))));
      const due = timers.filter(({ at }) => at <= time);
      timers = timers.filter(({ at }) => at > time);
      if (off) return;
      for (const { act } of due) act();
      idle();
      off = storage.cutAt > 0 && storage.steps >= storage.cutAt;
    },
    powerCycle() {
      storage.cutAt = 0;
      [off, out] = [false, []];
      restart();
    },
  };
};
