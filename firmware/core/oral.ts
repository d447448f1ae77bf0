import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";
import { createOm } from "./om.js";
import { findRoutes } from "./paths.js";

/** Oral messages as a part of a node, see `Parts.agree`. */
export const oral = (layout: Layout): ((arena: Uint8Array) => Algorithm) => {
  const routes = findRoutes(layout);
  return (arena) => createOm(layout, routes, arena);
};
