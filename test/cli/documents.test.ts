import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseNetwork } from "../../host/network/network.js";
import { refuseRestless } from "../../host/plan/silence.js";
import { cli, exampleOf, folder } from "./harness.js";

/** Every command that a page shows exists, and takes what it is shown with. */

const root = new URL("../../", import.meta.url).pathname;
const PAGES = [
  "README.md", ...readdirSync(`${root}boards`).filter((name) => name.endsWith(".md"))
    .map((name) => `boards/${name}`),
];

/** Commands within code, each as its words; of a pipe, what is behind it. */
const commandsIn = (text: string): string[][] => {
  const code = [...text.matchAll(/```\w*\n([\s\S]*?)```|`(tagma [^`]*)`/g)]
    .map(([, block, line]) => block ?? line!).join("\n");
  return [...code.matchAll(/(?:^|\| )(?:npx )?tagma +([a-z]+)([^\n#]*)/gm)]
    .map(([, name, rest]) => [name!, ...rest!.split(/\s+/).filter(Boolean)]);
};

describe("the pages", () => {
  for (const [name, more] of [
    ["pump", "--traitor c=equivocate"], ["lift", "--traitor motor=crash:2.4 --cycles 8"],
  ] as const) {
    it(`have for a picture of ${name} what the command beside it draws`, async (t) => {
      const command = `tagma emulate boards/networks/${name}.json ${more}`;
      assert.ok(readFileSync(`${root}README.md`, "utf8").includes(command));
      const svg = join(folder(t), `${name}.svg`);
      await cli([...command.split(" ").slice(1), "--svg", svg]);
      assert.equal(
        readFileSync(svg, "utf8"), readFileSync(`${root}boards/networks/${name}.svg`, "utf8"));
    });
  }

  for (const page of PAGES) {
    const commands = commandsIn(readFileSync(root + page, "utf8"));

    it(`${page} shows ${commands.length} commands, which are there`, async () => {
      assert.ok(commands.length > 0);
      for (const [name = "", ...words] of commands) {
        const { code, out } = await cli([name, "--help"]);
        assert.equal(code, 0, name);
        assert.match(out, new RegExp(`^Usage: tagma ${name}\\b`));
        for (const word of words) {
          if (word.startsWith("--")) {
            assert.match(out, new RegExp(`${word}\\b`), `tagma ${name} ${word}`);
          }
          if (/^boards\/.*\.json$/.test(word)) assert.ok(existsSync(root + word), word);
        }
      }
    });
  }

  it("would be found out", async () => {
    const [command] = commandsIn("```\ntagma flash a.json --every --port x # all\n```");
    assert.deepEqual(command, ["flash", "a.json", "--every", "--port", "x"]);
    assert.doesNotMatch((await cli(["flash", "--help"])).out, /--every\b/);
    assert.doesNotMatch((await cli(["flush", "--help"])).out, /^Usage: tagma flush\b/);
  });

  it("of the first network ask for what a network file takes", () => {
    const text = readFileSync(`${root}boards/FIRST-NETWORK.md`, "utf8");
    const lines = /"guard_us": \d+,\n {2}"silence_ms": \d+,/.exec(text)![0];
    const file = readFileSync(exampleOf("pump"), "utf8").replace('"baud"', `${lines}\n"baud"`);
    const network = parseNetwork(JSON.parse(file), "pump");
    refuseRestless(network, "");
    assert.equal(network.file.silence_ms, 3000);
    // The entry that it shows can take the place of the example's; its pins are those of its kind.
    const [entry] = /^\{ "name": "a", .* \}$/m.exec(text)!;
    parseNetwork(JSON.parse(file.replace(/\{ "name": "a".*\}/, entry)), "pump");
    const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()))
      .filter((cells) => /^`[A-Z]+_?\w+`$/.test(cells[6] ?? "") && !cells[6]!.includes("KIND"));
    assert.equal(rows.length, 2);
    for (const [, , receives = "", sends = "", pot = "", led = "", kind = ""] of rows) {
      const name = kind.slice(1, -1);
      const { uarts } = JSON.parse(readFileSync(`${root}boards/${name}.json`, "utf8")) as
        { uarts: Record<string, object> };
      const [rx, tx, reading, order] = [receives, sends, pot, led]
        .map((cell) => cell.split(" ")[0]!);
      assert.deepEqual(Object.values(uarts)[0], { tx, rx }, name);
      const shown = [entry, file].find((one) => one.includes(`"${name}"`))!;
      assert.match(shown, new RegExp(`"pin": "${reading}".*"pin": "${order}"`), name);
    }
    for (const kind of text.matchAll(/`([A-Z0-9_]+)` \|$/gm)) {
      if (kind[1] !== "KIND") assert.ok(existsSync(`${root}boards/${kind[1]}.json`), kind[1]);
    }
  });

  it("of a contributor name every target of the Makefile, and no other", () => {
    const targets = [...readFileSync(`${root}Makefile`, "utf8").matchAll(/^([a-z]+):.*## /gm)]
      .map(([, name]) => name!).filter((name) => !["help", "build", "check", "pack", "clean"]
        .includes(name));
    const page = readFileSync(`${root}CONTRIBUTING.md`, "utf8");
    const named = [...page.matchAll(/^\| `make ([a-z]+)`/gm)].map(([, name]) => name!);
    assert.deepEqual(named.toSorted(), targets.toSorted());
  });

  it("lead only to what is there", () => {
    const pages = [
      "README.md", "DESIGN.md", "SPEC.md", "CONTRIBUTING.md",
      ...readdirSync(`${root}docs`).filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name}`),
    ];
    for (const page of pages) {
      const text = readFileSync(root + page, "utf8");
      for (const [, to] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        assert.ok(existsSync(join(root, page, "..", to!)), `${page}: ${to}`);
      }
    }
    const map = readFileSync(`${root}DESIGN.md`, "utf8");
    assert.ok(map.split("\n").length <= 200);
    for (const page of pages.filter((name) => name.startsWith("docs/"))) {
      assert.ok(map.includes(page), `DESIGN.md does not lead to ${page}`);
    }
  });

  it("say with what each command ends", async () => {
    const { out } = await cli(["--help"]);
    const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    assert.ok(names.length >= 10, names.join());
    for (const name of names) {
      if (name === "help") continue;
      assert.match((await cli([name, "--help"])).out, /^Exit codes: /m, name);
    }
  });
});
