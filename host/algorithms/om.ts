import { findRoutes, oral } from "../../firmware/index.js";
import type { Layout } from "../../firmware/index.js";
import type { Agreement } from "./algorithm.js";

/** A list of routes this short is written out; a longer one is found at start. */
const ROUTES_WRITTEN = 64;

const listed = (layout: Layout, routes: ArrayLike<number>): string => {
  const narrow = Math.max(...Array.from(routes)) > 255 ? "Uint16Array" : "Uint8Array";
  const list = layout.routeBytes > 2 ? "Uint32Array" : narrow;
  return `new ${list}([${Array.from(routes).join(",")}])`;
};

/**
 * Wide values are compared byte by byte, as boards do where words are of two bytes: with words of
 * one, boards compare texts of them, which a computer is slow at making.
 */
const agree = (layout: Layout): ReturnType<typeof oral> =>
  oral(layout.width > 1 ? { ...layout, word: 2 } : layout);

/** Oral messages. */
export const OM: Agreement = {
  kind: "agreement",
  name: "om",
  help: "oral messages, OM(m)",
  signs: false,
  title: (traitors) => `OM(${traitors})`,
  agree,
  code(layout) {
    const routes = findRoutes(layout);
    const written = routes.length <= ROUTES_WRITTEN;
    return {
      imports: 'import { createOm } from "./core/om.js";' +
        (written ? "" : '\nimport { findRoutes } from "./core/paths.js";'),
      source: `function (arena) { return createOm(layout, ${
        written ? listed(layout, routes) : "findRoutes(layout)"}, arena); }`,
    };
  },
};
