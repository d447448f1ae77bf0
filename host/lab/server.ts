import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { UsageError } from "../base/error.js";
import { reasonOf } from "../base/reason.js";
import type { PageFile } from "./build.js";

/** Serves the page to a browser on this computer, unless told to more. */
export interface Server {
  /** Where it is. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** What answers beside the files. @returns whether it does */
export type Answer = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/** Whether a browser asks for this very server: another page's name may lead here too. */
const isMeant = (host: string, request: IncomingMessage): boolean => {
  if (!LOOPBACK.includes(host)) return true;
  const asked = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return LOOPBACK.includes(asked);
};

const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/**
 * @param host whom it listens to, loopback unless told
 * @param port 0: any that is free
 * @throws UsageError where it cannot be had
 */
export const serve = async (
  files: readonly PageFile[], port: number, host: string, answer: Answer = () => false,
): Promise<Server> => {
  const packed = new Map(files.map(({ name, type, text }) =>
    [`/${name === "index.html" ? "" : name}`, { type, bytes: gzipSync(text) }]));
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").replace(/[?#].*$/, "");
    if (!isMeant(host, request)) {
      response.writeHead(421, HEADERS).end("this name is not that of the page\n");
      return;
    }
    if (answer(request, response, path)) return;
    const found = request.method === "GET" ? packed.get(path) : undefined;
    if (!found) {
      response.writeHead(404, HEADERS).end("there is nothing here\n");
      return;
    }
    const { type, bytes } = found;
    response.writeHead(200, { ...HEADERS, "content-type": type, "content-encoding": "gzip" })
      .end(bytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (thrown) => {
      reject(new UsageError(`the page: port ${port} of ${host} cannot be had: ${
        reasonOf(thrown)}`));
    });
    server.listen(port, host, resolve);
  });
  // What comes later is of one connection, and is its own.
  server.on("error", () => undefined);
  const { port: had } = server.address() as AddressInfo;
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${had}/`,
    close: async () => new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    }),
  };
};
