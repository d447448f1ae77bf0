/**
 * Puts test files together, so that a process runs several: starting one for each would take as
 * long as the tests. Prints the modules that it writes, each of which imports some files of one
 * folder of `test`.
 *
 *     node --import tsx test/groups.ts FILE...
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MOST = 8;

const at = fileURLToPath(new URL("../node_modules/.cache/tagma/groups/", import.meta.url));

const byFolder = new Map<string, string[]>();
for (const file of process.argv.slice(2)) {
  const folder = dirname(file);
  byFolder.set(folder, [...byFolder.get(folder) ?? [], file]);
}
rmSync(at, { recursive: true, force: true });
mkdirSync(at, { recursive: true });
for (const [folder, files] of byFolder) {
  const parts = Math.ceil(files.length / MOST);
  for (let part = 0; part < parts; part++) {
    const path = resolve(at, `${folder.replaceAll("/", "-")}-${part}.mjs`);
    const some = files.filter((_, index) => index % parts === part);
    writeFileSync(path, some.map((file) =>
      `import ${JSON.stringify(relative(at, resolve(file)))};\n`).join(""));
    process.stdout.write(`${path}\n`);
  }
}
