/** Every control of the page, in a real browser, light and dark, wide and narrow. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { buildPage } from "../../host/lab/build.js";
import { PREPARED } from "../../host/lab/page/prepared.js";
import { startRun } from "../../host/lab/page/run.js";
import { linkOf } from "../../host/lab/page/story.js";
import { cli, contentOf } from "../cli/harness.js";
import {
  LOOKS, noBrowser, openBrowser, openPage, overflowOf, packed, watchTime,
} from "./browser.js";
import type { Look } from "./browser.js";

/** Kilobytes that all of the page may have, packed. */
const KB_MAX = 300;
/** Where pictures of the page are kept, if anybody wants them. */
const PICTURES = process.env["TAGMA_PICTURES"];
const [HAMMERS] = [PREPARED[2]!.story];

const shared: { browser?: Browser } = {};
before(async () => {
  if (!noBrowser) shared.browser = await openBrowser();
});
after(async () => {
  await shared.browser?.close();
});

const verdictOf = async (page: Page) => page.locator("p.verdict").innerText();
const wrongOf = async (page: Page) => page.locator("p[role=alert]").textContent();
const cycleOf = async (page: Page) => Number(await page.getByLabel("cycle", { exact: true })
  .inputValue());
const shows = async (page: Page, cycle: number, words = "") => {
  await page.locator("p.verdict", { hasText: `cycle ${cycle}: ${words}` }).waitFor();
};
/** The page's own policy lets nobody evaluate a text there, but for the driver itself. */
const until = async (page: Page, holds: string) => {
  for (let tries = 0; !await page.evaluate<boolean>(holds); tries++) {
    assert.ok(tries < 600, `never: ${holds}`);
    await page.waitForTimeout(50);
  }
};
const press = async (page: Page, name: string) => page.getByRole("button", { name }).click();
const slide = async (page: Page, name: string, value: number | string) =>
  page.getByRole("slider", { name, exact: true }).fill(String(value));
const cardOf = (page: Page, board: string) => page.locator(`[data-board=${board}]`);

/** A deed begins in the next cycle, which is shown. */
const stories: Record<string, (page: Page) => Promise<void>> = {
  "begins with what is prepared": async (page) => {
    await shows(page, 8, "held");
    await page.getByLabel("begin with").selectOption({ label: "Three generals" });
    await shows(page, 4);
    assert.match(await verdictOf(page), /BROKEN|held/);
    assert.match(await page.locator(".tells").innerText(), /No three boards/);
    await page.getByLabel("begin with").selectOption({ label: "The flat line" });
    await shows(page, 5, "held");
  },
  "steps, goes back and seeks": async (page) => {
    await press(page, "one cycle on");
    await shows(page, 9);
    await press(page, "one cycle back");
    await press(page, "one cycle back");
    await shows(page, 7);
    await slide(page, "cycle", 2);
    await shows(page, 2, "held");
    await page.getByRole("button", { name: "show cycle 1" }).click();
    await shows(page, 1);
  },
  "plays and pauses, at any speed": async (page) => {
    await slide(page, "speed", 9);
    await press(page, "play");
    await until(page, "tagmaLab.cycles() > 60");
    await press(page, "pause");
    const moved = async () => {
      const first = await cycleOf(page);
      await page.waitForTimeout(200);
      return Math.abs(await cycleOf(page) - first);
    };
    // On a busy machine, what was under way when it was pressed is still shown.
    if (await moved() > 1) assert.ok(await moved() <= 1);
    const stood = await cycleOf(page);
    await slide(page, "speed", 3);
    assert.equal(await page.getByText("1 a second").count(), 1);
    await press(page, "play");
    await until(page, `tagmaLab.shown() > ${stood}`);
    // In a slow cycle, what is to come is pale.
    await until(page, "document.querySelector('.veil').getAttribute('width') > 20");
    await press(page, "pause");
  },
  "is steered by keys": async (page) => {
    await page.locator(".picture").focus();
    await page.keyboard.press("ArrowLeft");
    await shows(page, 7);
    await page.keyboard.press("ArrowRight");
    await shows(page, 8);
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "pause" }).waitFor();
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "play" }).waitFor();
    // All that can be done is reached by the tabulator alone.
    await page.evaluate("document.activeElement.blur()");
    const reached = new Set<string>();
    for (let count = 0; count < 90; count++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate<string>(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"));
    }
    for (const name of ["play", "speed", "cycle", "seed", "what anvil does", "cut its line"]) {
      assert.ok(reached.has(name), `${name} is not reached: ${[...reached].join(", ")}`);
    }
  },
  "makes a board lie, die and be correct again": async (page) => {
    const anvil = cardOf(page, "anvil");
    await page.getByLabel("what anvil does").selectOption("silent");
    await shows(page, 9);
    await anvil.getByText("faulty").waitFor();
    await page.getByLabel("what anvil does").selectOption("late");
    await shows(page, 10);
    await page.getByLabel("what anvil does").selectOption("crash");
    await shows(page, 11);
    await page.getByLabel("what anvil does").selectOption("unplug");
    await shows(page, 12);
    await anvil.getByText("faulty").waitFor();
    await page.getByLabel("what anvil does").selectOption("");
    await shows(page, 13);
    await anvil.getByText("faulty").waitFor({ state: "detached" });
  },
  "cuts and mends a line": async (page) => {
    const gimlet = cardOf(page, "gimlet");
    await gimlet.getByRole("button", { name: "cut its line" }).click();
    await shows(page, 9);
    await gimlet.getByText("faulty").waitFor();
    await gimlet.getByText("absent").waitFor();
    await gimlet.getByRole("button", { name: "mend its line" }).click();
    await shows(page, 10);
    await gimlet.getByText("faulty").waitFor({ state: "detached" });
  },
  "does both in the picture": async (page) => {
    const anvil = cardOf(page, "anvil");
    await page.locator(".picture text.touchable", { hasText: "anvil" }).first().click();
    await shows(page, 9);
    await anvil.getByText("faulty").waitFor();
    assert.equal(await page.getByLabel("what anvil does").inputValue(), "equivocate");
    await page.locator(".picture text.touchable", { hasText: "anvil" }).first().click();
    await shows(page, 10);
    await page.locator(".picture path.touch").first().click({ force: true });
    await shows(page, 11);
    assert.equal(await anvil.getByRole("button", { name: "mend its line" }).count(), 1);
  },
  "holds what a sensor shows": async (page) => {
    await slide(page, "what the sensor of edge shows", 201);
    await cardOf(page, "edge").getByText("shows 201").waitFor();
    await shows(page, 9);
    const hold = cardOf(page, "edge").getByLabel("hold");
    assert.equal(await hold.isChecked(), true);
    await hold.uncheck();
    await shows(page, 10);
    assert.equal(await hold.isChecked(), false);
  },
  "knows who is going bad": async (page) => {
    assert.match(await cardOf(page, "bell").innerText(), /permanent|watched/);
    assert.match(await cardOf(page, "anvil").innerText(), /trusted|transient/);
  },
  "has one wire that all share, and what goes wrong there": async (page) => {
    await page.getByLabel("begin with").selectOption({ label: "One wire" });
    await shows(page, 5, "held");
    assert.match(await cardOf(page, "left").innerText(), /faulty permanent/);
    await page.getByLabel("what left does").selectOption("");
    await shows(page, 6, "held");
    await page.getByLabel("what front does").selectOption("jam");
    await shows(page, 7, "held");
    await cardOf(page, "front").getByText("faulty").waitFor();
    await press(page, "a link that shows this to others");
    await page.getByText("the link is in the address bar").waitFor();
  },
  "gives a link that shows the same": async (page) => {
    await page.getByLabel("what anvil does").selectOption("silent");
    await shows(page, 9);
    const table = await page.locator(".rows table").innerText();
    await press(page, "a link that shows this to others");
    await page.getByText("the link is in the address bar").waitFor();
    const address = page.url();
    const other = await page.context().newPage();
    await other.goto(address);
    await shows(other, 9);
    assert.equal(await other.locator(".rows table").innerText(), table);
    await other.goto(`${address.replace(/#.*/, "")}#damaged`);
    await other.reload();
    assert.match(await wrongOf(other) ?? "", /this link is damaged/);
    await other.close();
  },
  "takes another seed": async (page) => {
    const table = await page.locator(".rows table").innerText();
    await page.getByLabel("seed").fill("77");
    await page.getByLabel("seed").blur();
    await until(page, `document.querySelector(".rows table").innerText !== ${
      JSON.stringify(table)}`);
    await page.getByLabel("seed").fill("-1");
    await page.getByLabel("seed").blur();
    await page.getByText("must be a whole number").waitFor();
  },
  "edits the network, with help": async (page) => {
    await page.getByText("the network file").click();
    const editor = page.getByLabel("the network file");
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{ "name": "small" }');
    await page.getByText(/algorithm: is missing|algorithm/).first().waitFor();
    assert.equal(await page.getByRole("button", { name: "run this network" }).isDisabled(), true);
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(JSON.stringify({ ...contentOf("pump"), $schema: undefined }));
    await press(page, "run this network");
    await shows(page, 0, "held");
    assert.equal(await cardOf(page, "a").count(), 1);
    if (PICTURES) await page.screenshot({ path: join(PICTURES, "editor.png"), fullPage: true });
    await page.locator(".cm-line", { hasText: '"traitors"' })
      .hover({ position: { x: 40, y: 8 } });
    await page.getByText("how many boards may fail").first().waitFor();
  },
  "changes its colours": async (page) => {
    const paper = "getComputedStyle(document.body).backgroundColor";
    await page.getByRole("button", { name: "colours" }).click();
    await until(page, `${paper} === "rgb(255, 255, 255)"`);
    await page.getByRole("button", { name: "colours" }).click();
    await until(page, `${paper} === "rgb(18, 24, 31)"`);
  },
};

const nameOf = ({ width, colours }: Look) => `${colours}, ${width} pixels wide`;

describe("the page", { skip: noBrowser }, () => {
  const out = mkdtempSync(join(tmpdir(), "tagma-lab-"));
  const address = pathToFileURL(join(out, "index.html")).href;

  before(async () => {
    const { code } = await cli(["lab", "--out", out]);
    assert.equal(code, 0);
  });

  after(() => {
    rmSync(out, { recursive: true });
  });

  for (const look of LOOKS) {
    for (const [name, story] of Object.entries(stories)) {
      test(`${nameOf(look)}, ${name}`, async (t) => {
        const { page, complaints } = await openPage(t, shared.browser!, address, look);
        page.setDefaultTimeout(15_000);
        await shows(page, 8, "held");
        await story(page);
        assert.ok(await overflowOf(page) <= 0, "it is wider than the screen");
        assert.deepEqual(complaints, []);
      });
    }

    test(`${nameOf(look)}: each control has a name, and words can be read`, async (t) => {
      const { page } = await openPage(t, shared.browser!, address, look);
      await shows(page, 8, "held");
      for (const role of ["button", "slider", "combobox", "checkbox", "spinbutton"] as const) {
        const all = await page.getByRole(role).count();
        assert.equal(await page.getByRole(role, { name: /\S/ }).count(), all, role);
        assert.ok(all > 0, role);
      }
      if (PICTURES === undefined) return;
      mkdirSync(PICTURES, { recursive: true });
      writeFileSync(join(PICTURES, `lab-${look.width}-${look.colours}.png`),
        await page.screenshot({ fullPage: true }));
      assert.ok(existsSync(PICTURES));
    });
  }

  test("runs what the command line runs: cycle by cycle the same", async (t) => {
    const { page } = await openPage(t, shared.browser!, address, LOOKS[0]!);
    await shows(page, 8, "held");
    const there = await page.evaluate<unknown>("tagmaLab.records()");
    const here = startRun(HAMMERS, () => undefined);
    await here.go(9);
    here.stop();
    assert.deepEqual(there, JSON.parse(JSON.stringify(here.records)));
  });

  test("begins with a network that is given", async (t) => {
    const link = linkOf({ network: contentOf("boiler"), seed: 5, deeds: [] });
    const { page } = await openPage(t, shared.browser!, `${address}#${link}`, LOOKS[0]!);
    await shows(page, 0, "held");
    assert.equal(await cardOf(page, "drum").count(), 1);
  });

  test("runs 1,000 cycles while frames go on", async (t) => {
    const { page } = await openPage(t, shared.browser!, address, LOOKS[0]!);
    await shows(page, 8, "held");
    await slide(page, "speed", 9);
    await press(page, "play");
    await until(page, "tagmaLab.cycles() >= 300");
    const spent = await watchTime(page);
    const rates: number[] = [];
    while (await page.evaluate<number>("tagmaLab.cycles()") < 1000) {
      await page.waitForTimeout(100);
      rates.push(await page.evaluate<number>("tagmaLab.rate()"));
    }
    rates.sort((one, other) => one - other);
    const middle = rates[rates.length >> 1]!;
    const { frames, script, layout, all } = await spent();
    const each = (ms: number) => (ms / frames).toFixed(1);
    t.diagnostic(`${middle.toFixed(1)} frames a second, at least ${rates[0]!.toFixed(1)}; of a ` +
      `frame's 16.7 ms scripts take ${each(script)}, style and layout ${each(layout)}, all that ` +
      `the page does ${each(all)}`);
    // On a computer with others to serve, and no graphics card.
    assert.ok(middle > 20, `${middle} frames a second`);
  });
});

test(`the page has at most ${KB_MAX} KB, packed`, async (t) => {
  for (const kind of ["lab", "bus"] as const) {
    const bytes = packed((await buildPage(kind)).map(({ text }) => text));
    t.diagnostic(`${kind}: ${bytes} bytes`);
    assert.ok(bytes <= KB_MAX * 1000, `${bytes} bytes`);
  }
});
