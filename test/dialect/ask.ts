import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { QUESTIONS, SHOW, asked } from "./questions.js";

/**
 * The table of builtins: Espruino's own answers to all questions, with the version that gave them.
 * `make dialect` asks the interpreter that ESPRUINO names, and keeps what it answers.
 */
export interface Table {
  readonly version: string;
  /** By what they are about: question and answer. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const kept = new URL("builtins.json", import.meta.url);

export const readTable = (): Table => JSON.parse(readFileSync(kept, "utf8")) as Table;

/** @returns those of the names that something of the language has as a property */
export const namesThere = (path: string, names: readonly string[]): string[] => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-dialect-"));
  try {
    writeFileSync(join(folder, "ask.js"), `
      var all = [[], "", 1, {}, new Uint8Array(1), new DataView(new ArrayBuffer(1)), Math, Object,
        Array, String, Number, JSON, Uint8Array, function () {}];
      ${JSON.stringify(names)}.forEach(function (name) {
        all.forEach(function (each) { if (each[name] !== undefined) print("@" + name + "@"); });
      });
      quit();`);
    const { stdout } = spawnSync(path, ["ask.js"], { cwd: folder, input: "", encoding: "latin1" });
    return [...stdout.matchAll(/@(\w+)@/g)].map(([, name]) => name!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @returns what the interpreter at `path` answers */
export const askEspruino = (path: string): Table => {
  const all = Object.entries(QUESTIONS).flatMap(([about, list]) =>
    [...new Set(list)].map((question) => ({ about, question })));
  const folder = mkdtempSync(join(tmpdir(), "tagma-dialect-"));
  try {
    writeFileSync(join(folder, "ask.js"), `${SHOW}print("@version "+process.env.VERSION);\n${
      all.map(({ question }, at) => `print("@${at} "+tagmaAsk(${asked(question)}));`).join("\n")
    }\nquit();\n`);
    const { stdout } = spawnSync(path, ["ask.js"], { cwd: folder, input: "", encoding: "latin1" });
    const told = new Map([...stdout.matchAll(/^@(\w+) (.*?)\r?$/gm)].map(([, key, answer]) =>
      [key, answer]));
    const answers: Record<string, Record<string, string>> = {};
    all.forEach(({ about, question }, at) => {
      const answer = told.get(String(at));
      if (answer === undefined) throw new Error(`Espruino does not answer ${question}`);
      (answers[about] ??= {})[question] = answer;
    });
    return { version: told.get("version")!, answers };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = process.env["ESPRUINO"] ?? "";
  if (path === "") {
    console.error("ESPRUINO names no interpreter: the path of its Linux build is needed");
    process.exitCode = 2;
  } else {
    const table = askEspruino(path);
    writeFileSync(kept, `${JSON.stringify(table, null, 1)}\n`);
    console.log(`Espruino ${table.version}: ${
      Object.values(table.answers).flatMap(Object.keys).length} answers`);
  }
}
