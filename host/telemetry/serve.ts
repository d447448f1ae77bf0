import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { UsageError } from "../base/error.js";
import { reasonOf } from "../base/reason.js";
import type { Metrics } from "./metrics.js";

/** Where scrapers ask. They may be slow, many, or strangers: each has little room and time. */

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Connections at once; more are closed as they come. */
const CONNECTIONS = 16;
/** Milliseconds in which a request has to come, and an answer to be taken. */
const PATIENCE = 5000;
const HEADERS = 8192;
const PATH = "/metrics";
/** Milliseconds until an answer: so who asks all the time cannot keep a processor busy. */
const PAUSE = 50;

export interface Served {
  /** Where it is, as a scraper is told. */
  readonly url: string;
  close(): void;
}

/** What is asked for has no body; one that comes is not read. */
const answer = async (
  metrics: Metrics, { method, url = "" }: IncomingMessage, response: ServerResponse,
): Promise<void> => {
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
  } else if (url.split("?")[0] !== PATH) {
    response.writeHead(404, { "content-type": "text/plain" }).end(`see ${PATH}\n`);
  } else {
    const text = await metrics.text();
    response.writeHead(200, { "content-type": metrics.type }).end(text);
  }
};

/** @throws UsageError naming the port and why nobody can listen there */
export const serveMetrics = async (metrics: Metrics, { host, port }: Address): Promise<Served> => {
  const asking = new WeakSet<Socket>();
  const server = createServer({
    maxHeaderSize: HEADERS, requestTimeout: PATIENCE, headersTimeout: PATIENCE,
    keepAliveTimeout: PATIENCE, connectionsCheckingInterval: PATIENCE / 5,
  }, (request, response) => {
    const { socket } = request;
    // No scraper asks again before it has its answer.
    if (asking.has(socket)) {
      socket.destroy();
      return;
    }
    asking.add(socket);
    const late = setTimeout(() => {
      socket.destroy();
    }, PATIENCE);
    response.once("close", () => {
      asking.delete(socket);
      clearTimeout(late);
    });
    setTimeout(() => void answer(metrics, request, response), PAUSE);
  });
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(new UsageError(`${host}:${port}: nobody can listen there: ${reasonOf(error)}`));
    });
    server.listen(port, host, resolve);
  });
  server.on("error", () => undefined);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}${PATH}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
};
