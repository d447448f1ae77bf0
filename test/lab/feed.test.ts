/** The page of a real run: who may look, who may stop it, and that nobody holds it up. */
import assert from "node:assert/strict";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import type { Header, TraceEvent } from "../../host/events/events.js";
import { openPage } from "../../host/lab/feed.js";
import type { Page } from "../../host/lab/feed.js";

const HEADER = { e: "tagma", seed: 1 } as Header;
const recordOf = (cycle: number) => ({ cycle } as CycleRecord);

const atOnce = (act: () => void) => {
  act();
};
const opened = async (t: TestContext, control = false, later = atOnce): Promise<Page> => {
  const page = await openPage(0, "127.0.0.1", control, later);
  t.after(async () => page.close());
  return page;
};

/** @returns the answer, as soon as it begins */
const ask = async (
  page: Page, path: string, method = "GET", headers: Record<string, string> = {},
): Promise<IncomingMessage> => new Promise((resolve, reject) => {
  const asked = request(new URL(path, page.address), { method, headers }, resolve);
  asked.on("error", reject);
  asked.end();
});

const statusOf = async (...asked: Parameters<typeof ask>): Promise<number> => {
  const answer = await ask(...asked);
  answer.resume();
  return answer.statusCode!;
};

/** Reads until a text is there. */
const readUntil = async (answer: IncomingMessage, text: string): Promise<string> => {
  let all = "";
  for await (const chunk of answer.iterator({ destroyOnReturn: false })) {
    all += String(chunk);
    if (all.includes(text)) return all;
  }
  return all;
};

describe("the page of a bus", () => {
  test("has its files, and tells what happens", async (t) => {
    const page = await opened(t);
    page.begin(HEADER);
    const index = await ask(page, "/");
    assert.equal(index.headers["content-type"], "text/html; charset=utf-8");
    index.resume();
    assert.equal(await statusOf(page, "/lab.js"), 200);
    assert.equal(await statusOf(page, "/../package.json"), 404);
    assert.equal(await statusOf(page, "/", "POST"), 404);
    const events = await ask(page, "/events");
    assert.match(await readUntil(events, "header"), /event: header\ndata: {"e":"tagma","seed":1}/);
    page.take({
      e: "frame", t: 7, cycle: 3, round: 1, from: 0, to: 31, bytes: Uint8Array.of(1, 255),
      fate: "heard", lie: false,
    });
    page.take({ e: "beacon", t: 5, cycle: 3, round: 1 });
    page.take({ e: "cycle", t: 9 } as TraceEvent);
    page.cycle(recordOf(3));
    const told = await readUntil(events, "cycle\ndata");
    const { record, frames, ends, left } = JSON.parse(/data: (.*)\n/.exec(told)![1]!) as
      { record: unknown; frames: { t: number; bytes?: string }[]; ends: number; left: number };
    assert.deepEqual([record, frames.map((one) => one.t), frames[1]!.bytes, ends, left],
      [{ cycle: 3 }, [5, 7], "01ff", 9, 0]);
    events.destroy();
  });

  test("tells all, in order, though there was no time for it before the end", async (t) => {
    const late: (() => void)[] = [];
    const page = await opened(t, false, (act) => {
      late.push(act);
    });
    page.begin(HEADER);
    const events = await ask(page, "/events");
    await readUntil(events, "header");
    for (const cycle of [3, 4]) page.cycle(recordOf(cycle));
    const told = readUntil(events, "event: end");
    await page.close();
    for (const act of late) act();
    const [, ...cycles] = (await told).split("event: cycle");
    assert.deepEqual(cycles.map((text) => /"cycle":(\d)/.exec(text)![1]), ["3", "4"]);
    assert.match(cycles[1]!, /event: end\n/);
  });

  test("does not wait long for a browser that takes nothing in", { timeout: 30_000 }, async (t) => {
    const page = await opened(t);
    page.begin(HEADER);
    const slow = connect(Number(new URL(page.address).port), "127.0.0.1");
    slow.write("GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    await new Promise<void>((resolve) => {
      slow.once("readable", resolve);
    });
    const large = { cycle: 0, inputs: "x".repeat(1 << 22) } as unknown as CycleRecord;
    for (let cycle = 0; cycle < 3; cycle++) page.cycle(large);
    await page.close();
    slow.destroy();
  });

  test("listens on loopback, and to nobody who calls it by another name", async (t) => {
    const page = await opened(t);
    assert.equal(new URL(page.address).hostname, "127.0.0.1");
    assert.equal(await statusOf(page, "/events", "GET", { host: "evil.example" }), 421);
    assert.equal(await statusOf(page, "/", "GET", { host: "localhost:1" }), 200);
  });

  test("may look only, unless it is asked for more", async (t) => {
    const page = await opened(t);
    assert.ok(!page.address.includes("#"));
    assert.equal(await statusOf(page, "/stop", "POST"), 403);
    assert.equal(page.stopped(), false);
  });

  test("stops the run by its token, and by nothing else", async (t) => {
    const page = await opened(t, true);
    const token = new URL(page.address).hash.slice(1);
    assert.match(token, /^[0-9a-f]{32}$/);
    const wrong = [{}, { "x-tagma-token": "" }, { "x-tagma-token": `${token}0` },
      { "x-tagma-token": token.replace(/./, (sign) => (sign === "0" ? "1" : "0")) }];
    for (const headers of wrong) {
      assert.equal(await statusOf(page, "/stop", "POST", headers as Record<string, string>), 403);
    }
    assert.equal(await statusOf(page, "/stop", "GET", { "x-tagma-token": token }), 405);
    assert.equal(page.stopped(), false);
    assert.equal(await statusOf(page, "/stop", "POST", { "x-tagma-token": token }), 204);
    assert.equal(page.stopped(), true);
  });

  test("waits for no browser: what one does not take in is left out, and counted", async (t) => {
    const page = await opened(t);
    page.begin(HEADER);
    const { port } = new URL(page.address);
    const slow = connect(Number(port), "127.0.0.1");
    slow.write("GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    await new Promise<void>((resolve) => {
      slow.once("readable", resolve);
    });
    // It reads no more. Each cycle is a megabyte, which no pipe between them holds.
    const large = { cycle: 0, inputs: "x".repeat(1 << 20) } as unknown as CycleRecord;
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    for (let cycle = 0; cycle < 300; cycle++) {
      page.cycle(large);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    assert.ok(grown < 60e6, `${grown} bytes wait for it`);
    slow.destroy();
  });

  test("serves so many browsers, and tells the next one", async (t) => {
    const page = await opened(t);
    const all = [];
    for (let count = 0; count < 8; count++) all.push(await ask(page, "/events"));
    assert.equal(await statusOf(page, "/events"), 503);
    for (const one of all) one.destroy();
  });

  test("has room for another where one takes nothing in", async (t) => {
    const page = await opened(t);
    page.begin(HEADER);
    const slow = await ask(page, "/events");
    const all = [];
    for (let count = 1; count < 8; count++) {
      all.push(await ask(page, "/events"));
      all.at(-1)!.resume();
    }
    assert.equal(await statusOf(page, "/events"), 503);
    const large = { cycle: 0, inputs: "x".repeat(1 << 22) } as unknown as CycleRecord;
    for (let cycle = 0; cycle < 6; cycle++) {
      page.cycle(large);
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    }
    const another = await ask(page, "/events");
    assert.equal(another.statusCode, 200);
    assert.match(await readUntil(another, "header"), /"e":"tagma"/);
    await assert.rejects(async () => {
      for await (const _ of slow);
    }, { code: "ECONNRESET" });
    for (const one of [...all, another]) one.destroy();
  });

  test("is refused in one line where the port is another's", async (t) => {
    const page = await opened(t);
    await assert.rejects(openPage(Number(new URL(page.address).port), "127.0.0.1", false),
      { name: "UsageError", message: /^the page: port \d+ of 127\.0\.0\.1 cannot be had: .+$/ });
  });
});
