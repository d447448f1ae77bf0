import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TestContext } from "node:test";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

/** A headless Chromium, where the computer has one. */

const named = process.env["CHROMIUM"] ?? "";
const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const found = (process.env["PATH"] ?? "").split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path)) ?? "";
const program = named || found;

/** Why no page is looked at; false: one is. */
export const noBrowser = program === "" && "chromium is not there";

export const openBrowser = async (): Promise<Browser> =>
  // A sandbox of its own it cannot have where it runs as root, as in a container.
  chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colours: "light" | "dark";
}

export const LOOKS: readonly Look[] = [
  { width: 1400, height: 1000, colours: "light" }, { width: 1400, height: 1000, colours: "dark" },
  { width: 390, height: 844, colours: "light" }, { width: 390, height: 844, colours: "dark" },
];

/** @returns a page at an address; what it complains of fails the test */
export const openPage = async (
  t: TestContext, browser: Browser, address: string, { width, height, colours }: Look,
): Promise<{ page: Page; complaints: string[] }> => {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: colours,
  });
  t.after(async () => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(address);
  return { page, complaints };
};

/** What a page did between two looks, in milliseconds; as the browser counts it. */
export interface Spent {
  readonly frames: number;
  /** Its scripts, its style and layout, and all that its thread did, painting too. */
  readonly script: number;
  readonly layout: number;
  readonly all: number;
}

const COUNTING = `{
  let count = 0;
  const next = () => { count++; requestAnimationFrame(next); };
  next();
  globalThis.framesSoFar = () => count;
}`;

/** @returns tells at each call what was spent since the one before */
export const watchTime = async (page: Page): Promise<() => Promise<Spent>> => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  await page.evaluate(COUNTING);
  const look = async (): Promise<Spent> => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((one) => one.name === name)!.value * 1000;
    return {
      frames: await page.evaluate<number>("framesSoFar()"), script: of("ScriptDuration"),
      layout: of("LayoutDuration") + of("RecalcStyleDuration"), all: of("TaskDuration"),
    };
  };
  let before = await look();
  return async () => {
    const now = await look();
    const was = before;
    before = now;
    return {
      frames: now.frames - was.frames, script: now.script - was.script,
      layout: now.layout - was.layout, all: now.all - was.all,
    };
  };
};

/** How far what is in a page reaches beyond its right edge. */
export const overflowOf = async (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - innerWidth");

export const packed = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
