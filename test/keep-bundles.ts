/**
 * Loaded before each test file (`make test`): bundles are made once by content, for all files of
 * a run and for the next run. They are kept beside the packages, by what they were made of: the
 * linked modules, and the code that makes them small.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { keepTexts } from "../host/bundle/kept.js";

const root = new URL("../", import.meta.url);
const at = new URL("node_modules/.cache/tagma/", root);

const code = createHash("sha256");
for (const folder of ["compact", "quick"]) {
  for (const name of readdirSync(new URL(`host/bundle/${folder}/`, root)).toSorted()) {
    code.update(readFileSync(new URL(`host/bundle/${folder}/${name}`, root)));
  }
}
code.update(readFileSync(new URL("package-lock.json", root)));
const version = code.digest("hex");

const fileOf = (key: string): URL =>
  new URL(createHash("sha256").update(version).update(key).digest("hex"), at);

mkdirSync(at, { recursive: true });
keepTexts({
  get(key) {
    try {
      return readFileSync(fileOf(key), "utf8");
    } catch {
      return undefined;
    }
  },
  set(key, text) {
    const next = new URL(`${process.pid}`, at);
    writeFileSync(next, text);
    renameSync(next, fileOf(key));
  },
});
