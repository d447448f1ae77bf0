import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { signatureLayout } from "../../firmware/auth/lms/sets.js";
import type { SignatureShape } from "../../firmware/auth/lms/sets.js";
import { small, specialise } from "../../host/bundle/compact/small.js";

/**
 * Signing and checking alone, made small as a board's bundle is (host/bundle/bundle.ts): the
 * numbers of one choice of parameter sets are written in, and what they do not need folds away.
 */

const modules = fileURLToPath(new URL("../../dist/es5/", import.meta.url));

/** Names of properties that only the firmware uses. */
const MANGLED = [
  "check", "crown", "derive", "join", "keys", "leaf", "ledger", "lowest", "pass", "prepare",
  "read", "rest", "seed", "sign", "slots", "status", "take", "use", "verify", "write",
];

/**
 * @param entry a module's text; it stands in `dist/es5`, and may speak of `layout`
 * @param native whether SHA-256 is Espruino's own
 */
export const smallBundle = async (
  shape: SignatureShape, entry: string, native: boolean,
): Promise<string> => {
  const layout = signatureLayout(shape, 0, 0);
  const plugin: Plugin = {
    name: "signatures",
    setup(hooks) {
      hooks.onResolve({ filter: /^entry$/ }, () => ({ path: join(modules, "entry.js") }));
      hooks.onResolve({ filter: /platform\/host\.js$/ }, () =>
        ({ path: join(modules, "platform/espruino.js") }));
      hooks.onResolve({ filter: /\/lms-host\.js$/ }, () =>
        ({ path: join(modules, "auth/lms/lms.js") }));
      hooks.onResolve({ filter: /hash-host\.js$/ }, () => ({
        path: join(modules, "platform", native ? "hash-espruino.js" : "hash.js"),
      }));
      hooks.onLoad({ filter: /\.js$/ }, ({ path }) => ({
        contents: specialise(path.endsWith("entry.js") ? entry : readFileSync(path, "utf8"), {
          ...layout,
        }),
      }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: ["entry"], bundle: true, write: false, target: "es5", format: "iife",
    minifySyntax: true,
    define: { require: "REQUIRE" }, logLevel: "silent", plugins: [plugin], absWorkingDir: modules,
  });
  const code = await small(outputFiles[0]!.text, MANGLED);
  return code.replace(/\bREQUIRE\b/g, "require");
};
