import { messageOf } from "../base/error.js";

/**
 * A line that may go and come back. It is opened anew, ever less often, for as long as it is away;
 * what is sent meanwhile is lost, as on a wire that is cut. It has no clock: whoever has one calls
 * `tick`.
 */

/** A port that is open. */
export interface OpenLine {
  /** `done` is told "" once the bytes have gone, else why they have not. */
  write(bytes: Uint8Array, done: (why: string) => void): void;
  /** No more bytes are taken in until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** What a port tells whoever opened it. */
export interface LineEvents {
  readonly data: (chunk: Uint8Array) => void;
  /** It is closed, and nothing more comes from it. May be told again. */
  gone(why: string): void;
}

export type OpenPort = (events: LineEvents) => Promise<OpenLine>;

export interface Line {
  /** Whether the port is open. */
  readonly here: boolean;
  /** Why it is not; "" where it is, or before the first try. */
  readonly why: string;
  /** How often the port was opened. */
  readonly opened: number;
  /** @returns whether the bytes, which are only lent until this returns, are on their way. */
  send(bytes: Uint8Array): boolean;
  /** Opens what is away, when it is time, and gives up what takes no bytes. Microseconds. */
  tick(now: number): void;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Microseconds until the first and between the last tries to open a port. */
const FIRST = 100_000;
const LAST = 5_000_000;
/** A port that was open for so long is tried again soon. */
const STEADY = 1_000_000;
/** Bytes are taken within this time, or the port is closed and opened again. */
const WRITING = 2_000_000;

/**
 * @param most bytes that may be on their way at once; what would be more is lost
 * @param hear takes what comes
 */
export const createLine = (
  open: OpenPort, most: number, hear: (chunk: Uint8Array) => void,
): Line => {
  let port: OpenLine | undefined;
  let opening = false;
  let ended = false;
  let [why, opened] = ["", 0];
  // Counts up whenever a port is given up: what an older one still tells is not heard.
  let era = 0;
  let [now, since, retry, backoff] = [0, 0, 0, FIRST];
  // Bytes on their way, and when it was first seen that they are: what is sent is timed from the
  // next tick on, for a round may be longer than a write may take.
  let pending = 0;
  let oldest: number | undefined;

  const drop = (reason: string) => {
    const left = port;
    port = undefined;
    era++;
    pending = 0;
    why = reason;
    if (left && now - since > STEADY) backoff = FIRST;
    retry = now + backoff;
    backoff = Math.min(2 * backoff, LAST);
    return left?.close().catch(() => undefined);
  };

  const start = async () => {
    const mine = ++era;
    let lost = "";
    opening = true;
    try {
      const made = await open({
        data(chunk) {
          if (mine === era) hear(chunk);
        },
        gone(reason) {
          lost ||= reason;
          if (mine === era && port) void drop(reason);
        },
      });
      if (ended || mine !== era) await made.close().catch(() => undefined);
      else {
        port = made;
        since = now;
        why = "";
        opened++;
        if (lost) void drop(lost);
      }
    } catch (thrown) {
      if (mine === era) void drop(messageOf(thrown));
    } finally {
      opening = false;
    }
  };

  return {
    get here() {
      return port !== undefined;
    },
    get why() {
      return why;
    },
    get opened() {
      return opened;
    },
    send(bytes) {
      if (!port || pending + bytes.length > most) return false;
      const mine = era;
      const { length } = bytes;
      if (!pending) oldest = undefined;
      pending += length;
      port.write(bytes.slice(), (reason) => {
        if (mine !== era) return;
        pending -= length;
        oldest = undefined;
        if (reason) void drop(reason);
      });
      return true;
    },
    tick(time) {
      now = time;
      if (ended) return;
      if (pending) oldest ??= now;
      if (port && pending && now - oldest! > WRITING) void drop("it takes no more bytes");
      if (!port && !opening && now >= retry) void start();
    },
    pause() {
      port?.pause();
    },
    resume() {
      port?.resume();
    },
    async close() {
      ended = true;
      await drop("");
    },
  };
};
