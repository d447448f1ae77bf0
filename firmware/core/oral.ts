import type { Algorithm } from "../base/algorithm.js";
import type { Limits } from "../base/layout.js";
import { createOm } from "./om.js";
import { findRoutes } from "./paths.js";

/** Oral messages as a part of a node, see `Parts.agree`. */
export const oral = (limits: Limits): ((arena: Uint8Array) => Algorithm) => {
  const routes = findRoutes(limits);
  return (arena) => createOm(limits, routes, arena);
};
