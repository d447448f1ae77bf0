import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { kindFiles } from "../network/kinds.js";
import { noticesOf } from "./notices.js";
import { STYLE } from "./style.js";

/**
 * Makes the page: the emulator's own modules in one script, for a browser. What needs a process, a
 * file or another engine has something else in its place: boards are the firmware's modules, kinds
 * of boards lie in the script, and scripts of network files are not run, nor looked at.
 */

/** A file of the page, by its name. */
export interface PageFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Whose page it is: the lab's, or one that a bus feeds. */
export type PageKind = "lab" | "bus";

const here = dirname(fileURLToPath(import.meta.url));
const ending = here.includes(`${sep}dist${sep}`) ? ".js" : ".ts";
const inPage = (name: string): string => join(here, "page", name + ending);

/** In place of modules of Node, and of those that need them: only names are asked of these. */
const NOTHING = `
const refuse = () => { throw new Error("this is not in a page"); };
const random = (length) => Buffer.from(crypto.getRandomValues(new Uint8Array(length)));
module.exports = {
  readdirSync: () => Object.keys(KINDS), randomBytes: random,
  join: (...parts) => parts.join("/"), dirname: (path) => path, basename: (path) => path,
  fileURLToPath: (address) => address, createRequire: () => refuse,
  createVm: refuse, wrongWith: () => undefined, mockTransport: refuse,
  isProgram: () => false, createContext: () => ({}),
  Script: class {},
};`;

const INPUT = `
exports.readJson = (path) => KINDS[path.split("/").pop()];
`;

const CSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

const pageOf = (kind: PageKind): string => `<!doctype html>
<html lang="en" data-page="${kind}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="color-scheme" content="light dark">
<title>Tagma ${kind}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="lab.css">
</head>
<body><main><noscript>This page runs Tagma itself, which needs JavaScript.</noscript></main>
<script src="lab.js"></script></body>
</html>
`;

const plugin: Plugin = {
  name: "page",
  setup(hooks) {
    const nothing = ({ path }: { path: string }) => ({ path, namespace: "nothing" });
    hooks.onResolve({ filter: /^node:/ }, nothing);
    hooks.onResolve({ filter: /\/(?:mock|process|vm|syntax)\.js$/ }, nothing);
    hooks.onResolve({ filter: /boards\/engines\.js$/ }, () => ({ path: inPage("native") }));
    hooks.onResolve({ filter: /base\/input\.js$/ }, ({ path }) => ({ path, namespace: "input" }));
    // Messages of zod in all languages.
    hooks.onResolve({ filter: /locales\/index\.js$/ }, nothing);
    // As a namespace, of which only what is used is taken.
    hooks.onLoad({ filter: /(?:host|lab)[/\\][^.]*\.[jt]s$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace(/^import \{ z \} from "zod";/m, 'import * as z from "zod";');
      return { contents, loader: path.endsWith(".ts") ? "ts" : "js" };
    });
    hooks.onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: NOTHING }));
    hooks.onLoad({ filter: /.*/, namespace: "input" }, () => ({ contents: INPUT }));
  },
};

const require = createRequire(import.meta.url);

/** @returns all files of the page */
export const buildPage = async (kind: PageKind): Promise<PageFile[]> => {
  const { outputFiles, metafile } = await build({
    entryPoints: [inPage("main")], bundle: true, write: false, metafile: true, format: "iife",
    minify: true, target: "es2022", platform: "browser", logLevel: "silent", legalComments: "none",
    define: { "import.meta.url": '"page"', "KINDS": JSON.stringify(kindFiles()) },
    inject: [inPage("buffer")], plugins: [plugin],
  });
  const plots = readFileSync(require.resolve("uplot/dist/uPlot.min.css"), "utf8");
  return [
    { name: "index.html", type: "text/html; charset=utf-8", text: pageOf(kind) },
    { name: "lab.js", type: "text/javascript; charset=utf-8", text: outputFiles[0]!.text },
    { name: "lab.css", type: "text/css; charset=utf-8", text: plots + STYLE },
    // Whoever hands the page on hands these on, too; no browser asks for them.
    { name: "licences.txt", type: "text/plain; charset=utf-8", text: noticesOf(metafile) },
  ];
};
