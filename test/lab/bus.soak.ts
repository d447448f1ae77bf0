/** A real bus and its page, in a real browser: what it shows, what it may do, what it costs. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { setTimeout as wait } from "node:timers/promises";
import { emulate } from "../../host/emulate/emulate.js";
import { openPage as openFeed } from "../../host/lab/feed.js";
import type { LiveRecord } from "../../host/live/live.js";
import { parseNetwork } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { headerOf } from "../../host/trace/check.js";
import { contentOf, folder } from "../cli/harness.js";
import { createDesk, noCables } from "../live/ptys.js";
import { LOOKS, noBrowser, openBrowser, openPage, overflowOf } from "./browser.js";

const PICTURES = process.env["TAGMA_PICTURES"];
/** Cycles of each part, and how often it is without a reader, with one, and with a browser. */
const CYCLES = 12;
const TURNS = 5;

/** Time to spare before each deadline. */
const GUARD_US = 100_000;

const content = {
  ...contentOf("desk"), $schema: undefined, guard_us: GUARD_US, health: { permanent: 3, forget: 4 },
};

let browser: Browser;
before(async () => {
  if (!noBrowser) browser = await openBrowser();
});
after(async () => {
  if (!noBrowser) await browser.close();
});

const middle = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;
const lateness = (records: readonly LiveRecord[]): number =>
  middle(records.map(({ live }) => live.beacon_late_us));
const lost = (records: readonly LiveRecord[]): number =>
  records.reduce((sum, { live }) => sum + live.boards.reduce((all, one) => all + one.lost, 0), 0);

describe("the page of a bus", { skip: noBrowser || noCables }, () => {
  test("shows the run as it goes, at no cost to its deadlines, and stops it", async (t) => {
    const at = folder(t);
    const [file, table] = [join(at, "desk.json"), join(at, "readings.csv")];
    writeFileSync(file, JSON.stringify(content));
    writeFileSync(table, "10,10,10,10\n20,20,20,20\n");
    const desk = await createDesk(at, file, table, content.boards.map(({ name }) => String(name)));
    t.after(() => {
      desk.close();
    });
    const bus = desk.bus(["--page", "0", "--control", "--traitor", "c=random"]);
    await bus.until((records) => records.length >= 5);
    const address = /page: (\S+)/.exec(bus.err)![1]!;
    const part = async () => {
      // What began before is of the part before.
      const since = bus.records.length + 2;
      await bus.until((records) => records.length >= since + CYCLES);
      return bus.records.slice(since, since + CYCLES);
    };
    const parts: Record<"alone" | "read" | "watched", (readonly LiveRecord[])[]> =
      { alone: [], read: [], watched: [] };
    // In turn, so that whatever else the computer does meets all alike.
    for (let turn = 0; turn < TURNS; turn++) {
      parts.alone.push(await part());
      // One that reads and draws nothing: what the page costs the bus itself.
      const reader = get(new URL("/events", address), (answer) => void answer.resume());
      reader.on("error", () => undefined);
      parts.read.push(await part());
      reader.destroy();
      const shown = await openPage(t, browser, address, LOOKS[0]!);
      await shown.page.getByText("the bus runs").waitFor();
      parts.watched.push(await part());
      assert.deepEqual(shown.complaints, []);
      await shown.page.context().close();
    }
    const spread = (times: readonly number[]) => {
      const all = times.toSorted((one, other) => one - other);
      return { least: all[0]!, middle: all[all.length >> 1]!, most: all.at(-1)! };
    };
    const late = (name: keyof typeof parts) => spread(parts[name].map(lateness)).middle;
    for (const name of ["alone", "read", "watched"] as const) {
      const us = spread(parts[name].map(lateness));
      const ratio = spread(parts[name].map((records, turn) =>
        lateness(records) / lateness(parts.alone[turn]!)));
      t.diagnostic(`${name}: beacons late by ${us.middle} us (${us.least} to ${us.most} in ${
        TURNS} turns), ${ratio.middle.toFixed(2)} times (${ratio.least.toFixed(2)} to ${
        ratio.most.toFixed(2)}), ${lost(parts[name].flat())} frames lost`);
    }
    // A browser that draws takes the computer from the bus; of its time to spare, so much. What
    // others take of the computer, they take without a page too.
    assert.ok(late("read") < GUARD_US / 20 + 2 * late("alone"));
    assert.ok(late("watched") < GUARD_US / 10 + 2 * late("alone"));
    const { page, complaints } = await openPage(t, browser, address, LOOKS[0]!);
    await page.getByText("the bus runs").waitFor();
    // A moment of the computer's may cost a cycle more frames than are outvoted.
    await page.locator("p.verdict", { hasText: /cycle \d+: held/ }).waitFor();
    assert.match(await page.locator("[data-board=c]").innerText(), /faulty/);
    assert.ok(await page.locator(".picture svg").count() === 1);
    assert.ok(await overflowOf(page) <= 0);
    assert.doesNotMatch(await page.locator(".picture").innerText(), /-\d+(?:\.\d)? ms/);
    await page.getByRole("button", { name: "hold this cycle" }).click();
    const held = await page.locator("p.verdict").innerText();
    const now = bus.records.length;
    await bus.until((records) => records.length >= now + 3);
    assert.equal(await page.locator("p.verdict").innerText(), held);
    await page.getByRole("button", { name: "follow the bus" }).click();
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, "bus.png"), fullPage: true });
    }
    assert.equal(await page.getByLabel("what c does").count(), 0, "it only looks");
    await page.getByRole("button", { name: "stop the bus" }).click();
    await page.getByText("the run is over").waitFor();
    const { summary } = await bus.end();
    assert.equal(summary.verdict, "held");
    assert.deepEqual(complaints, []);
  });
});

describe("a run that is over", { skip: noBrowser }, () => {
  test("says so, though the end came right behind the last cycle", async (t) => {
    const network = parseNetwork({ ...content }, "desk");
    const feed = await openFeed(0, "127.0.0.1", false);
    feed.begin(headerOf(network, { seed: 1, cycles: 6, faults: [], traitors: [], real: true }));
    const { page } = await openPage(t, browser, feed.address, LOOKS[0]!);
    await page.getByText("the bus runs").waitFor();
    await emulate({
      network, cycles: 6, seed: 1, readings: madeUp(network, 1), engine: "native",
      transport: "memory", troubles: { lines: [], traitors: [] }, tracer: feed.take,
      async onCycle(record) {
        feed.cycle(record);
        if (record.cycle === 5) await feed.close();
      },
    });
    await page.getByText("the run is over").waitFor();
    await page.locator("p.verdict", { hasText: "cycle 5: held" }).waitFor();
  });
});

describe("a page that is open for long", { skip: noBrowser }, () => {
  test("keeps 200 of thousands of cycles", async (t) => {
    const network = parseNetwork({ ...content }, "desk");
    const feed = await openFeed(0, "127.0.0.1", false);
    t.after(async () => feed.close());
    feed.begin(headerOf(network, { seed: 1, cycles: 4000, faults: [], traitors: [], real: true }));
    const { page, complaints } = await openPage(t, browser, feed.address, LOOKS[2]!);
    await page.getByText("the bus runs").waitFor();
    const used: number[] = [];
    await emulate({
      network, cycles: 4000, seed: 1, readings: madeUp(network, 1), engine: "native",
      transport: "memory", troubles: { lines: [], traitors: [] }, tracer: feed.take,
      async onCycle(record) {
        feed.cycle(record);
        // As fast as a browser takes it in: what is left out is another test's.
        if (record.cycle % 10 === 0) await wait(5);
        if (record.cycle % 1000 === 999) {
          for (let tries = 0; tries < 400; tries++) {
            if (await page.evaluate<number>("tagmaLab.cycles()") >= record.cycle) break;
            await wait(25);
          }
          used.push(await page.evaluate<number>("performance.memory.usedJSHeapSize"));
        }
      },
    });
    t.diagnostic(`bytes of the page after each thousand: ${used.join(", ")}`);
    assert.equal(await page.evaluate<number>("tagmaLab.kept()"), 200);
    assert.ok(used.at(-1)! < 3 * used[0]! + 30e6, "it grows");
    assert.ok(await overflowOf(page) <= 0);
    assert.deepEqual(complaints, []);
  });
});
