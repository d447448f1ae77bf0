import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { small } from "./compact/small.js";
import { lacksIn } from "./lacks.js";

/**
 * The firmware as one module for `require("tagma")` in Espruino's own tools: ES5, as Espruino runs
 * it, and without the numbers of any network in it.
 */

const ES5 = (() => {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.includes(`${sep}dist${sep}`) ? join(here, "../../es5") : join(here, "../../dist/es5");
})();

/** What it has of `tagma/firmware`, by the file that it comes from. */
const EXPORTS: Readonly<Record<string, readonly string[]>> = {
  "base/layout": ["layoutOf", "refusal"],
  "node/oral": ["oral"],
  "node/node": ["createNode"],
  "choice/choice": ["majority", "majorityOfBytes", "median", "midpoint"],
  "base/values": ["bool", "byte", "bytes", "float", "integer"],
};

/** Oral messages on wires of the caller's: what else there is comes with a bundle. */
const WITHOUT: Readonly<Record<string, number | boolean>> = {
  ballots: false, rotating: false, early: false, tentative: false, keep: 0, safe: false,
  stored: false, reserve: 0, mark: 0, signature: 0, tag: 0, tags: 0, poll: 0, review: 0,
  phases: 0, accepts: false, learner: false, margin: 0,
  health: false, alarm: false, suspect: 0,
};

export const MODULE_EXPORTS: readonly string[] = Object.values(EXPORTS).flat();

/** @returns the text of the module. @throws Error where Espruino would run it otherwise */
export const espruinoModule = async (): Promise<string> => {
  const imports = Object.entries(EXPORTS).map(([file, names]) =>
    `import { ${names.join(", ")} } from "./${file}.js";`);
  const { outputFiles } = await build({
    stdin: {
      contents: [...imports, ...MODULE_EXPORTS.map((name) => `out.${name} = ${name};`)].join("\n"),
      resolveDir: ES5,
    },
    bundle: true, write: false, target: "es5", format: "iife", minifySyntax: true,
    logLevel: "silent",
    plugins: [{
      name: "espruino",
      setup(hooks) {
        hooks.onResolve({ filter: /\/frame-host\.js$/ }, () =>
          ({ path: join(ES5, "frame/frame.js") }));
        hooks.onResolve({ filter: /\/(host|move|row)\.js$/ }, () =>
          ({ path: join(ES5, "platform/espruino.js") }));
        hooks.onLoad({ filter: /\/om-host\.js$/ }, () => ({
          contents: 'import { createOm } from "../core/om.js";\n' +
            "export var createFastOm = createOm, isFast = function () { return false; };",
          resolveDir: join(ES5, "platform"),
        }));
        // What the compiler writes for `{ ...a }` looks for what Espruino has.
        hooks.onLoad({ filter: /\.js$/ }, ({ path }) => ({
          contents: readFileSync(path, "utf8")
            .replace(/var __assign = [\s\S]*?\n};\n/, "var __assign = Object.assign;\n")
            // What is faster where frames are short takes more than a tenth of it.
            .replace("layout.word < 2", "false")
            .replaceAll(/\blayout\.(\w+)/g, (whole, name: string) =>
              (name in WITHOUT ? JSON.stringify(WITHOUT[name]) : whole)),
        }));
      },
    }],
  });
  // No name of a property is shortened: callers know them all.
  const text = (await small(outputFiles[0]!.text, [], ["out"])).replaceAll(/\bout\b/g, "exports");
  const [wrong] = lacksIn(text);
  if (wrong !== undefined) throw new Error(`Espruino would not run the module: ${wrong}`);
  return text;
};
