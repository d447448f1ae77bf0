import { createRequire } from "node:module";
import { connect } from "node:net";
import { readdirSync, statSync } from "node:fs";
import { UsageError, messageOf } from "../base/error.js";
import { createInbox } from "../flash/inbox.js";
import { Gone } from "../flash/talk.js";
import type { Port } from "../flash/talk.js";
import type { LineEvents, OpenLine } from "./line.js";

/**
 * Real ports: a serial device, or `tcp://host:port` where ser2net or a bridge has one. A cable that
 * is pulled leaves writes without an answer, so each has a time-out of its own.
 */

export interface PortInfo {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/** What a command has to do with ports; a test puts its own in place of it. */
export interface Ports {
  /** @throws UsageError naming the port and why it cannot be opened */
  open(path: string, baud: number): Promise<Port>;
  /** See `openLine`. */
  line(path: string, baud: number, events: LineEvents, patience?: number): Promise<OpenLine>;
  list(): Promise<readonly PortInfo[]>;
}

/** As much of a stream as is used here, of serial ports and of sockets. */
interface Stream {
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "error" | "close", listener: (error?: Error | null) => void): unknown;
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
  pause(): unknown;
  resume(): unknown;
  /** Waits until the bytes are on the line; a socket cannot tell. */
  drain?: (done: (error?: Error | null) => void) => void;
  /** Forgets what has lain in the port; a socket has none. */
  flush?: (done: (error?: Error | null) => void) => void;
}

interface SerialStream extends Stream {
  readonly isOpen: boolean;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
}

interface Binding {
  list(): Promise<PortInfo[]>;
}

/** Longer than any write of ours takes on a slow line. */
const WRITING = 10_000;
const CONNECTING = 5000;

const require = createRequire(import.meta.url);

/** Native code, which is loaded when a port is wanted and only then. @throws UsageError */
const binding = (): Binding => {
  try {
    return (require("@serialport/bindings-cpp") as { autoDetect(): Binding }).autoDetect();
  } catch (thrown) {
    throw new UsageError(`serial ports cannot be used on this computer: ${messageOf(thrown)}`);
  }
};

/** A stream that is open, and what closes it. */
interface Opened {
  readonly stream: Stream;
  readonly end: () => Promise<void>;
}

/** @returns a port over an open stream. */
const portOver = ({ stream, end }: Opened, path: string): Port => {
  const inbox = createInbox(path);
  stream.on("data", inbox.put);
  stream.on("error", inbox.leave);
  stream.on("close", inbox.leave);
  return {
    read: inbox.read,
    async write(bytes) {
      if (inbox.gone) throw inbox.gone;
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Gone(`${path}: takes no more bytes`));
        }, WRITING);
        const ended = (error?: Error | null) => {
          clearTimeout(late);
          if (error) reject(new Gone(`${path}: ${messageOf(error)}`));
          else resolve();
        };
        stream.write(bytes, (error) => {
          // A pseudo-terminal need not know how to drain.
          if (error || !stream.drain) ended(error);
          else {
            stream.drain(() => {
              ended();
            });
          }
        });
      });
    },
    close: end,
  };
};

const why = (message: string): string => {
  if (/no such file|ENOENT|file not found/i.test(message)) {
    return "there is no such port; tagma ports lists them";
  }
  if (/permission|EACCES|access denied/i.test(message)) {
    return "permission is denied; on Linux its user must be in the group of the device, dialout";
  }
  if (/lock|busy|temporarily unavailable/i.test(message)) return "another program has it";
  return message;
};

const serialStream = async (by: unknown, path: string, baudRate: number): Promise<Opened> => {
  const { SerialPortStream } = require("@serialport/stream") as {
    SerialPortStream: new (options: object) => SerialStream;
  };
  const stream = new SerialPortStream({ binding: by, path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    stream.open((error) => {
      if (error) reject(new UsageError(`${path}: cannot be opened: ${why(messageOf(error))}`));
      else resolve();
    });
  });
  const end = async () => new Promise<void>((resolve) => {
    if (!stream.isOpen) resolve();
    else {
      stream.close(() => {
        resolve();
      });
    }
  });
  return { stream, end };
};

/**
 * Opens a serial port by any binding of `@serialport`.
 *
 * @throws UsageError naming the port and why it cannot be opened
 */
export const openSerial = async (by: unknown, path: string, baudRate: number): Promise<Port> =>
  portOver(await serialStream(by, path, baudRate), path);

const PORT_MAX = 65535;

/** @throws UsageError where it is none */
const addressOf = (path: string): { hostname: string; port: number } => {
  const [, hostname, digits] = /^tcp:\/\/([^/:@\s]+|\[[\da-fA-F:]+\]):(\d+)$/.exec(path) ?? [];
  const port = Number(digits);
  if (hostname !== undefined && port >= 1 && port <= PORT_MAX) return { hostname, port };
  throw new UsageError(
    `${path}: is no address, it must be tcp://HOST:PORT, and PORT from 1 to ${PORT_MAX}`);
};

/** @throws UsageError where a path is an address, and none that can be */
export const checkAddress = (path: string): void => {
  if (path.startsWith("tcp:")) addressOf(path);
};

const socketStream = async (path: string): Promise<Opened> => {
  const { hostname, port } = addressOf(path);
  const socket = connect({ host: hostname.replaceAll(/^\[|\]$/g, ""), port });
  await new Promise<void>((resolve, reject) => {
    const refuse = (reason: string) => {
      socket.destroy();
      reject(new UsageError(`${path}: cannot be opened: ${reason}`));
    };
    socket.setTimeout(CONNECTING, () => {
      refuse(`no answer within ${CONNECTING / 1000} s`);
    });
    socket.once("error", (error) => {
      refuse(messageOf(error));
    });
    socket.once("connect", resolve);
  });
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const end = async () => new Promise<void>((resolve) => {
    socket.end(resolve);
    socket.destroy();
  });
  return { stream: socket, end };
};

const streamOf = async (path: string, baud: number): Promise<Opened> =>
  (path.startsWith("tcp:") ? socketStream(path) : serialStream(binding(), path, baud));

/** @throws UsageError naming the port and why it cannot be opened */
export const openPort = async (path: string, baud: number): Promise<Port> =>
  portOver(await streamOf(path, baud), path);

/** Between two looks at whether a device is still there, in milliseconds. */
const LOOKING = 500;

/** Which device a path leads to; undefined: none. */
const deviceAt = (path: string): number | undefined => {
  try {
    return statSync(path).rdev;
  } catch {
    return undefined;
  }
};

/**
 * A device that is pulled while it is being read gives no bytes for ever after, and no error: so it
 * is looked for by its path.
 *
 * @returns what ends it
 */
const watchDevice = (path: string, gone: (why: string) => void): (() => void) => {
  const device = path.startsWith("tcp:") ? undefined : deviceAt(path);
  if (device === undefined) return () => undefined;
  const timer = setInterval(() => {
    if (deviceAt(path) !== device) gone("it was unplugged");
  }, LOOKING);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
};

/**
 * A connection whose other end lost its power, or its network, takes bytes for a quarter of an hour
 * and says nothing: so one from which nothing comes while it is written to is given up.
 *
 * @returns what is called when it was written to, and what ends it
 */
const watchSilence = (
  stream: Stream, patience: number, gone: (why: string) => void,
): { wrote: () => void; end: () => void } => {
  let late: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(late);
    late = undefined;
  };
  stream.on("data", end);
  return {
    wrote() {
      late ??= setTimeout(() => {
        gone(`nothing has come from it for ${Math.round(patience / 1000)} s`);
      }, patience);
    },
    end,
  };
};

/**
 * Opens a port for whoever cannot wait for it: bytes are told as they come.
 *
 * @param patience of a connection: milliseconds from a write until something has to come
 * @throws UsageError naming the port and why it cannot be opened
 */
export const openLine = async (
  path: string, baud: number, events: LineEvents, patience = Infinity,
): Promise<OpenLine> => {
  const { stream, end } = await streamOf(path, baud);
  // What came before anybody listened is of another time. Some ports cannot do it.
  await new Promise<void>((resolve) => {
    if (stream.flush) {
      stream.flush(() => {
        resolve();
      });
    } else resolve();
  });
  const unwatch = watchDevice(path, (reason) => {
    events.gone(reason);
  });
  const silence = path.startsWith("tcp:") && patience < Infinity
    ? watchSilence(stream, patience, (reason) => {
      events.gone(reason);
    }) : undefined;
  stream.on("data", events.data);
  stream.on("error", (error) => {
    events.gone(error ? messageOf(error) : "an error");
  });
  stream.on("close", (error) => {
    // A socket says here only whether there was an error before.
    events.gone(error instanceof Error ? messageOf(error) : "it was closed at the other end");
  });
  return {
    write(bytes, done) {
      silence?.wrote();
      stream.write(bytes, (error) => {
        done(error ? messageOf(error) : "");
      });
    },
    pause() {
      stream.pause();
    },
    resume() {
      stream.resume();
    },
    async close() {
      unwatch();
      silence?.end();
      await end();
    },
  };
};

/** Devices that look like serial ports, where no udev tells more. */
const devices = (): PortInfo[] =>
  readdirSync("/dev").filter((name) => /^(?:tty(?:ACM|USB|AMA)\d+|cu\.usb.*)$/.test(name))
    .toSorted().map((name) => ({ path: `/dev/${name}` }));

/** @returns what is attached, built-in ports to which nothing was ever connected left out. */
export const listPorts = async (): Promise<readonly PortInfo[]> => {
  const by = binding();
  try {
    return (await by.list()).filter(({ path, vendorId }) =>
      vendorId !== undefined || !/\/ttyS\d+$/.test(path));
  } catch {
    return devices();
  }
};
