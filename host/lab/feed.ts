import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CycleRecord } from "../emulate/emulate.js";
import type { FrameEvent, Header, TraceEvent } from "../events/events.js";
import { buildPage } from "./build.js";
import { serve } from "./server.js";
import type { Answer } from "./server.js";

/**
 * A page of a run on real lines, which server-sent events feed. The run waits for nobody: to a
 * browser that does not take in what it was sent, nothing more is sent until it has.
 */
export interface Page {
  /** Where it is; with a token, where it may stop the run. */
  readonly address: string;
  /** Whether somebody with the token wants the run to stop. */
  readonly stopped: () => boolean;
  readonly begin: (header: Header) => void;
  readonly take: (event: TraceEvent) => void;
  readonly cycle: (record: CycleRecord) => void;
  readonly close: () => Promise<void>;
}

/** As many browsers are served. */
const BROWSERS = 8;
/** Bytes that may wait for one of them. */
const WAITING = 1 << 20;
/** As many frames of a cycle are sent; a picture shows no more of use. */
const FRAMES = 2000;
const TOKEN_BYTES = 16;
const HEADERS = {
  "content-type": "text/event-stream", "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

interface Browser {
  readonly response: ServerResponse;
  /** Cycles that it was not told of. */
  left: number;
}

const message = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

const sentOf = (event: TraceEvent) => (event.e === "frame"
  ? { ...event, bytes: Buffer.from(event.bytes).toString("hex") } : event);

const isStuck = ({ response }: Browser): boolean => response.writableLength > WAITING;

/** Which browsers listen, and what they are told. */
const createBrowsers = () => {
  const browsers = new Set<Browser>();
  let header = "";
  return {
    add(response: ServerResponse) {
      // One that takes nothing in may be a computer that sleeps: it makes room for another.
      const stuck = [...browsers].find(isStuck);
      if (browsers.size >= BROWSERS && stuck) {
        browsers.delete(stuck);
        stuck.response.destroy();
      }
      if (browsers.size >= BROWSERS) {
        response.writeHead(503).end(`${BROWSERS} browsers listen already\n`);
        return;
      }
      const browser = { response, left: 0 };
      browsers.add(browser);
      const drop = () => void browsers.delete(browser);
      response.on("close", drop);
      response.on("error", drop);
      response.writeHead(200, HEADERS);
      response.write(`retry: 1000\n\n${header}`);
    },
    any: () => browsers.size > 0,
    begin(text: string) {
      header = text;
      for (const { response } of browsers) response.write(text);
    },
    tell(textOf: (left: number) => string) {
      for (const browser of browsers) {
        if (isStuck(browser)) browser.left++;
        else browser.response.write(textOf(browser.left));
      }
    },
    /** Resolves once all have been sent the end, or are too slow for it. */
    async end() {
      await Promise.race([
        Promise.all([...browsers].map(async ({ response }) => new Promise<void>((resolve) => {
          response.once("close", resolve).end(message("end", {}), resolve);
        }))),
        new Promise((resolve) => {
          setTimeout(resolve, FAREWELL_MS).unref();
        }),
      ]);
    },
  };
};

const isToken = (request: IncomingMessage, token: string): boolean => {
  const given = Buffer.from(String(request.headers["x-tagma-token"] ?? ""));
  const right = Buffer.from(token);
  return given.length === right.length && timingSafeEqual(given, right);
};

/** The next cycle is opened first: what is told of the last one waits for so many milliseconds. */
const AFTER_MS = 5;
const soon = (act: () => void): void => {
  setTimeout(act, AFTER_MS).unref();
};

/** When the run is over, browsers have so long to take in what they were sent. */
const FAREWELL_MS = 500;

/**
 * @param host whom it listens to
 * @param control whether a browser with the token, which the address has, may stop the run
 * @param later does something when there is time for it
 * @throws UsageError where the port cannot be had
 */
export const openPage = async (
  port: number, host: string, control: boolean, later = soon,
): Promise<Page> => {
  const browsers = createBrowsers();
  const token = control ? randomBytes(TOKEN_BYTES).toString("hex") : "";
  let stopped = false;
  let frames: FrameEvent[] = [];
  let others: TraceEvent[] = [];
  let ends = 0;
  let untold: (() => void) | undefined;

  const stop = (request: IncomingMessage, response: ServerResponse) => {
    if (!control) response.writeHead(403).end("this page may only look\n");
    else if (request.method !== "POST") response.writeHead(405).end("only POST\n");
    else if (!isToken(request, token)) response.writeHead(403).end("the token is not right\n");
    else {
      stopped = true;
      response.writeHead(204).end();
    }
  };
  const answer: Answer = (request, response, path) => {
    if (path === "/events" && request.method === "GET") browsers.add(response);
    else if (path === "/stop") stop(request, response);
    else return false;
    return true;
  };
  const server = await serve(await buildPage("bus"), port, host, answer);

  return {
    address: server.address + (token && `#${token}`),
    stopped: () => stopped,
    begin(header) {
      browsers.begin(message("header", header));
    },
    take(event) {
      if (!browsers.any()) return;
      // That the cycle is over comes as the last of its events, and what is known of it apart.
      if (event.e === "cycle") ends = event.t;
      else if (event.e !== "frame") others.push(event);
      else if (frames.length < FRAMES) frames.push(event);
    },
    cycle(record) {
      if (browsers.any()) {
        const [all, over] = [[...others, ...frames], ends];
        untold?.();
        const tell = () => {
          if (untold !== tell) return;
          untold = undefined;
          const sent = all.map(sentOf).toSorted((one, other) => one.t - other.t);
          browsers.tell((left) => message("cycle", { record, frames: sent, ends: over, left }));
        };
        untold = tell;
        later(tell);
      }
      frames = [];
      others = [];
    },
    async close() {
      untold?.();
      await browsers.end();
      await server.close();
    },
  };
};
