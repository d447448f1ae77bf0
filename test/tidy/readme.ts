import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { read, root } from "./source.js";

/**
 * Runs what README.md shows: every `sh` block as a script, every `js` and `ts` block as a module.
 * Blocks in other languages are for reading. All run in one folder with links to all that is in the
 * repository, so that they find what they name and leave nothing behind.
 */

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the document that its first line is. */
  readonly line: number;
}

export const blocksOf = (document: string): Block[] =>
  [...document.matchAll(/^```(\w*).*\n([\s\S]*?)^```$/gm)].map((block) => ({
    language: block[1] ?? "",
    text: block[2] ?? "",
    line: document.slice(0, block.index).split("\n").length + 1,
  }));

const run = (block: Block, folder: string, path: string): number | null => {
  const { language, text, line } = block;
  const file = join(folder, `README-${line}.${language === "js" ? "mjs" : language}`);
  writeFileSync(file, text);
  const [command, ...flags] = language === "sh"
    ? ["bash", "-euo", "pipefail", "-x", file]
    : [process.execPath, "--import", "tsx", file];
  const env = { ...process.env, PATH: path };
  return spawnSync(command, flags, { cwd: folder, env, stdio: "inherit" }).status;
};

/** @returns what went wrong, or "" where all went well */
export const runAll = (document: string): string => {
  const blocks = blocksOf(document).filter(({ language }) => /^(?:sh|js|ts)$/.test(language));
  if (blocks.length === 0) return "README.md shows nothing that could be run";
  const folder = mkdtempSync(join(tmpdir(), "tagma-readme-"));
  try {
    for (const name of readdirSync(root)) {
      if (name !== ".git") symlinkSync(join(root, name), join(folder, name));
    }
    mkdirSync(join(folder, ".bin"));
    symlinkSync(join(root, "dist/host/cli/main.js"), join(folder, ".bin/tagma"));
    const path = join(folder, ".bin") + delimiter + (process.env["PATH"] ?? "");
    for (const block of blocks) {
      process.stdout.write(`README.md:${block.line}: ${block.language}\n`);
      const status = run(block, folder, path);
      if (status !== 0) return `README.md:${block.line}: ends with ${status}`;
    }
    process.stdout.write(`README.md: ${blocks.length} blocks ran\n`);
    return "";
  } finally {
    rmSync(folder, { recursive: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const wrong = runAll(read("README.md").text);
  if (wrong) {
    process.stderr.write(`${wrong}\n`);
    process.exitCode = 1;
  }
}
