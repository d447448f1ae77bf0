import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { createMetrics } from "../../host/telemetry/metrics.js";
import { serveMetrics } from "../../host/telemetry/serve.js";
import type { Served } from "../../host/telemetry/serve.js";
import { NETWORK, factsOf, valueOf } from "./facts.js";

const begin = async (context: TestContext): Promise<Served> => {
  const metrics = createMetrics(NETWORK);
  metrics.take(factsOf(7));
  const served = await serveMetrics(metrics, { host: "127.0.0.1", port: 0 });
  context.after(() => {
    served.close();
  });
  return served;
};

const askRaw = async (url: string, request: string): Promise<string> => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(request);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  await once(socket, "close");
  return answer;
};

describe("metrics over HTTP", () => {
  it("are text of the right type, at one path and by two methods", async (context) => {
    const { url } = await begin(context);
    const got = await fetch(url);
    assert.match(got.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
    assert.equal(valueOf(await got.text(), "tagma_cycle"), 7);
    const head = await fetch(url, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    assert.equal((await fetch(`${url}?a=1`)).status, 200);
    assert.equal((await fetch(new URL("/", url))).status, 404);
    assert.equal((await fetch(url, { method: "POST", body: "x" })).status, 405);
  });

  it("are for who asks one question at a time, in a few bytes", async (context) => {
    const { url } = await begin(context);
    const one = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    assert.equal(await askRaw(url, one.repeat(3)), "");
    assert.match(await askRaw(url, `GET /metrics HTTP/1.1\r\nX: ${"y".repeat(20_000)}\r\n\r\n`),
      /^HTTP\/1\.1 431 /);
    assert.match(await askRaw(url, "\0\0\0\0\r\n\r\n"), /^HTTP\/1\.1 400 /);
    assert.equal((await fetch(url)).status, 200);
  });

  it("say who has the port already", async (context) => {
    const { url } = await begin(context);
    const port = Number(new URL(url).port);
    await assert.rejects(serveMetrics(createMetrics(NETWORK), { host: "127.0.0.1", port }),
      (thrown) => thrown instanceof UsageError && thrown.message.includes(`127.0.0.1:${port}: `));
  });
});
