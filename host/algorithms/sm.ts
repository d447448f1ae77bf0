import { createSm } from "../../firmware/index.js";
import type { Agreement } from "./algorithm.js";

/** Signed messages. */
export const SM: Agreement = {
  kind: "agreement",
  name: "sm",
  help: "signed messages, SM(m+1)",
  signs: true,
  title: (traitors) => `SM(${traitors + 1})`,
  agree: (layout) => (arena, signer) => createSm(layout, arena, signer!),
  code: () => ({
    imports: 'import { createSm } from "./core/sm.js";',
    source: "function (arena, signer) { return createSm(layout, arena, signer); }",
  }),
};
