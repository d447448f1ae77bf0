import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { minify } from "terser";
import { compact } from "../../host/bundle/compact/compact.js";
import { MEASURES, quicken } from "../../host/bundle/quick/quick.js";
import { OPTIMIZE } from "../../host/network/network.js";
import type { Optimize } from "../../host/network/network.js";

/** Scripts that are written out, and what they say before and after. */

export const run = (code: string): unknown[] => {
  const said: unknown[] = [];
  runInNewContext(code, { say: (value: unknown) => said.push(value) });
  return JSON.parse(JSON.stringify(said)) as unknown[];
};

export const quick = async (body: string, optimize: Optimize = "speed"): Promise<string> => {
  const tree = compact(`(function() { ${body} })();`, (whole, names) => {
    quicken(whole, names, MEASURES[optimize]);
  });
  const { code = "" } = await minify(tree as unknown as string, {
    parse: { spidermonkey: true } as object, ecma: 5, compress: false, mangle: false,
  });
  return code;
};

/** Checks that a script does what it did at each setting, and gives its text made for speed. */
export const same = async (body: string): Promise<string> => {
  const before = run(`(function() { ${body} })();`);
  for (const optimize of OPTIMIZE) {
    const text = await quick(body, optimize);
    assert.deepEqual(run(text), before, `${optimize}: ${text}`);
  }
  return quick(body);
};

export const has = (text: string, part: RegExp, yes = true): void => {
  assert.equal(part.test(text), yes, text);
};

/** Called from outside, with what nobody knows. */
const HEARD = "var hear = function(x) { BODY }; [5, 0, 2].forEach(hear); say(hear === hear);";
export const heard = (body: string, before = ""): string =>
  before + HEARD.replace("BODY", () => body);
