import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { noticesOf } from "../../lab/notices.js";
import { escapeXml } from "../../picture/svg.js";
import type { PageData } from "./page.js";

/** The page that flashes boards from a browser: one file, with all that it needs in it. */

/** Of what the modules use of Node, a browser has this. */
const RANDOM = `export const randomBytes = (count) => ({
  toString: () => Array.from(crypto.getRandomValues(new Uint8Array(count)),
    (byte) => byte.toString(16).padStart(2, "0")).join(""),
});`;

const script = async (): Promise<{ code: string; notices: string }> => {
  // Beside this module, as it was compiled or as it was written.
  const [compiled, source] = ["./page.js", "./page.ts"].map((name) =>
    fileURLToPath(new URL(name, import.meta.url))) as [string, string];
  const { outputFiles, metafile } = await build({
    entryPoints: [existsSync(compiled) ? compiled : source], bundle: true, write: false,
    metafile: true,
    platform: "browser", format: "iife", target: "es2022", minify: true, logLevel: "silent",
    plugins: [{
      name: "browser",
      setup(hooks) {
        hooks.onResolve({ filter: /^node:crypto$/ }, () =>
          ({ path: "random", namespace: "browser" }));
        hooks.onLoad({ filter: /.*/, namespace: "browser" }, () => ({ contents: RANDOM }));
      },
    }],
  });
  return { code: outputFiles[0]!.text, notices: noticesOf(metafile) };
};

/** A script that stands in a page may not have what would end it there. */
const inside = (code: string): string => code.replaceAll("</", "<\\/").replaceAll("<!", "<\\!");

const dataOf = (data: PageData): string => JSON.stringify(data).replaceAll("<", "\\u003c");

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:3em auto;padding:0 1em}
label,button,progress{display:block;margin:1em 0}progress{width:100%}
button{font:inherit;padding:.5em 1em}#said{white-space:pre-wrap}`;

/** @returns a page that needs no network, and may ask for none */
export const flashPage = async (data: PageData): Promise<string> => {
  const name = escapeXml(data.network);
  const { code, notices } = await script();
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>Flash ${name}</title>
<style>${STYLE}</style>
<h1>Flash ${name}</h1>
<p>The program is sent beside what is on the board, read back and compared to the last byte, and
only then made what boots. If that is cut anywhere, the same again mends it.</p>
<label>Board <select id="board"></select></label>
<label><input type="checkbox" id="replace"> Erase code that boots there and is not of tagma</label>
<button id="flash" disabled>Choose a port, and flash</button>
<button id="stop" disabled>Stop</button>
<progress id="bar" max="1" value="0"></progress>
<p id="said" role="status"></p>
<script>const TAGMA=${dataOf(data)};</script>
<script>${inside(code)}</script>
<!-- Licences of what is in this page:

${notices.replaceAll("--", "- -")}-->
</html>
`;
};
