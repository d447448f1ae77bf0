import type { Agreement } from "../../host/algorithms/algorithm.js";
import { createDirect } from "./direct-core.js";

/** @param module where its core is, as a board's bundle is put together: ES5 */
export const direct = (module: string): Agreement => ({
  kind: "agreement",
  name: "direct",
  help: "direct hearing",
  signs: false,
  exchanges: () => 1,
  title: () => "direct hearing",
  agree: (layout) => (arena) => createDirect(layout, arena),
  code: () => ({
    imports: `import { createDirect } from ${JSON.stringify(module)};`,
    source: "function (arena) { return createDirect(layout, arena); }",
  }),
});
