import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { OLD, boardWith, nameOf } from "./check.js";
import { createBoard } from "./fake.js";
import type { Board } from "./fake.js";
import { cli, exampleOf, folder } from "../cli/harness.js";
import { noBrowser, openBrowser } from "../lab/browser.js";

/** The page of `tagma flash --page` in headless Chromium, with a made-up board at its port. */

if (noBrowser) process.stderr.write(`NOT RUN: flashing from a browser: ${noBrowser}\n`);
const PATIENCE = 60_000;
/** Milliseconds of the board's for each look at it. */
const STEP = 40;

/** Stands for `navigator.serial` in the page: bytes go to the board in this process and back. */
const FAKE_SERIAL = `(() => {
  let bytes;
  let open = false;
  const take = (answer) => {
    if (answer === null) {
      open = false;
      port.readable = port.writable = null;
      try { bytes.error(new Error("The device has been lost.")); } catch {}
    } else if (answer.length) bytes.enqueue(Uint8Array.from(answer));
  };
  // One look after another: on a busy computer looks do not heap up, each a step of the board's.
  const listen = async () => {
    while (open) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (open) take(await window.exchange([]));
    }
  };
  const port = {
    async open(options) {
      await window.portOpened(options.baudRate);
      port.readable = new ReadableStream({ start(controller) { bytes = controller; } });
      port.writable = new WritableStream({
        async write(chunk) { take(await window.exchange([...chunk])); },
      });
      open = true;
      void listen();
    },
    async close() {
      open = false;
      if (port.readable?.locked || port.writable?.locked) throw new Error("it is locked");
      await window.portClosed();
    },
  };
  Object.defineProperty(navigator, "serial", { value: { requestPort: async () => port } });
})()`;

interface Shown {
  readonly page: Page;
  readonly speeds: readonly number[];
  readonly closes: () => number;
  /** Lets on what was held. */
  readonly release: () => void;
  readonly errors: readonly string[];
}

/** So many bytes go to the board before the cable is pulled, or before it takes no more. */
interface Cable {
  readonly pulledAfter?: number;
  readonly heldAfter?: number;
}

const show = async (
  context: TestContext, file: string, board: Board,
  { pulledAfter = Infinity, heldAfter = Infinity }: Cable = {},
): Promise<Shown> => {
  const browser = await openBrowser();
  context.after(async () => browser.close());
  const page = await browser.newPage({ viewport: { width: 760, height: 520 } });
  const [speeds, errors]: [number[], string[]] = [[], []];
  let [sent, closes] = [0, 0];
  let release: (() => void) | undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) errors.push(`it asks for ${request.url()}`);
  });
  await page.exposeFunction("portOpened", (speed: number) => {
    speeds.push(speed);
  });
  await page.exposeFunction("portClosed", () => {
    closes++;
  });
  await page.exposeFunction("exchange", async (bytes: number[]) => {
    if (sent >= heldAfter) {
      // Its time stands as long as it is held.
      if (!bytes.length) return [];
      await released;
    }
    for (const byte of bytes) {
      if (sent++ >= pulledAfter) return null;
      board.take(byte, 10 / 115.2);
    }
    if (!bytes.length) board.pass(board.time + STEP);
    return [...board.said()];
  });
  await page.addInitScript(FAKE_SERIAL);
  await page.goto(pathToFileURL(file).href);
  return { page, speeds, closes: () => closes, errors, release: release! };
};

const pageIn = async (context: TestContext, ...words: string[]): Promise<string> => {
  const file = join(folder(context), "flash.html");
  const made = await cli(["flash", exampleOf("pump"), "--page", file, ...words]);
  assert.equal(made.code, 0, made.err);
  return file;
};

const saidOn = async (page: Page, words: RegExp): Promise<string> => {
  const said = page.locator("#said");
  for (let left = PATIENCE; left > 0; left -= 50) {
    const text = await said.textContent() ?? "";
    if (words.test(text)) return text;
    await page.waitForTimeout(50);
  }
  throw new Error(`it says ${await said.textContent()}`);
};

describe("the page that flashes a board", { skip: noBrowser, timeout: 3 * PATIENCE }, () => {
  it("puts the very bundle on the board, and says so as tagma flash does", async (context) => {
    const board = createBoard();
    const file = await pageIn(context, "--all");
    const { page, speeds, closes, errors } = await show(context, file, board);
    assert.deepEqual(await page.locator("#board option").allTextContents(), ["a", "b", "c", "d"]);
    await page.selectOption("#board", "c");
    await page.click("#flash");
    const said = await saidOn(page, /: runs|went|fail|is gone/);
    while (!await page.isEnabled("#flash")) await page.waitForTimeout(50);
    const { out: bundle } = await cli(["bundle", exampleOf("pump"), "--board", "c"]);
    assert.match(said, new RegExp(`^c: ${bundle.length} bytes on PICO_R1_3 ` +
      "\\(Espruino 2v29\\) at the port, sent by packets, read back and compared, " +
      "in \\d+\\.\\d s: runs\n$"));
    assert.equal(board.storage.read("tagma0"), bundle);
    assert.deepEqual([speeds, closes(), errors], [[115_200], 1, []]);
    assert.equal(await page.locator("#bar").getAttribute("value"), "1");
    const picture = process.env["TAGMA_PICTURE"];
    if (picture !== undefined) await page.screenshot({ path: picture });
    // Once more: it is there already.
    await page.click("#flash");
    assert.match(await saidOn(page, /already/), /^c: .* was there already/);
    while (!await page.isEnabled("#flash")) await page.waitForTimeout(50);
    assert.equal(closes(), 2);
  });

  it("leaves the old program where the cable is pulled, and says what was", async (context) => {
    const board = boardWith({});
    const file = await pageIn(context, "--board", "a");
    const { page, closes } = await show(context, file, board, { pulledAfter: 4000 });
    await page.click("#flash");
    assert.match(await saidOn(page, /lost|closed|gone/), /^a: /);
    while (!await page.isEnabled("#flash")) await page.waitForTimeout(50);
    assert.equal(closes(), 1);
    board.powerCycle();
    board.pass(board.time + 1000);
    assert.equal(board.runs, nameOf(OLD));
  });

  it("stops where it is asked to, and the board goes back to what it booted", async (context) => {
    const board = boardWith({});
    const file = await pageIn(context, "--board", "a");
    const { page, release } = await show(context, file, board, { heldAfter: 4000 });
    await page.click("#flash");
    await saidOn(page, /write|compare/);
    await page.click("#stop");
    release();
    assert.match(await saidOn(page, /stopped/), /^a: stopped: the board boots what it booted/);
    while (!await page.isEnabled("#flash")) await page.waitForTimeout(50);
    board.pass(board.time + 70_000);
    assert.equal(board.runs, nameOf(OLD));
  });

  it("refuses a board of another kind, and one that boots others' code", async (context) => {
    const file = await pageIn(context, "--board", "a");
    const other = await show(context, file, createBoard({ kind: "PUCKJS" }));
    await other.page.click("#flash");
    assert.match(await saidOn(other.page, /must be/), /PUCKJS .*, and a of pump must be PICO_R1_3/);
    const foreign = createBoard();
    foreign.storage.write(".bootcde", "print(1)");
    const mine = await show(context, file, foreign);
    await mine.page.click("#flash");
    await saidOn(mine.page, /not of tagma: \.bootcde/);
    await mine.page.check("#replace");
    await mine.page.click("#flash");
    assert.match(await saidOn(mine.page, /: runs/), /^a: /);
  });
});

describe("tagma flash --page", () => {
  it("is its owner's alone where it holds keys, and asks for no port", async (context) => {
    const at = folder(context);
    const [keys, file] = [join(at, "keys"), join(at, "three.html")];
    const three = exampleOf("three");
    assert.equal((await cli(["keys", three, "--out", keys])).code, 0);
    const made = await cli(["flash", three, "--all", "--keys", keys, "--page", file]);
    assert.equal(made.code, 0, made.err);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const both = await cli(["flash", three, "--all", "--page", file, "--port", "a=x"]);
    assert.match(both.err, /^tagma: --port and --page: the browser asks for the port\n$/);
    const none = await cli(["flash", three, "--board", "a"]);
    assert.match(none.err, /^tagma: --port: is missing/);
    assert.equal(none.code, 2);
  });
});
