/**
 * Puts test files together, so that a process runs several: starting one for each would take as
 * long as the tests. Prints the modules that it writes, each of which imports some files of one
 * folder of `test`.
 *
 *     node --import tsx test/groups.ts FILE...
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MOST = 8;

const at = fileURLToPath(new URL("../node_modules/.cache/tagma/groups/", import.meta.url));

const byFolder = new Map<string, string[]>();
for (const file of process.argv.slice(2)) {
  const folder = dirname(file);
  byFolder.set(folder, [...byFolder.get(folder) ?? [], file]);
}
mkdirSync(at, { recursive: true });
for (const [folder, files] of byFolder) {
  const parts = Math.ceil(files.length / MOST);
  for (let part = 0; part < parts; part++) {
    const text = files.filter((_, index) => index % parts === part)
      .map((file) => `import ${JSON.stringify(relative(at, resolve(file)))};\n`).join("");
    // By what is in it, so that two runs at once find their own.
    const name = createHash("sha256").update(text).digest("hex").slice(0, 8);
    const path = resolve(at, `${folder.replaceAll("/", "-")}-${name}.mjs`);
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
}
