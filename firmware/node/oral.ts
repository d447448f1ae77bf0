import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";
import { createOm } from "../core/om.js";
import { findRoutes } from "../core/paths.js";
import { createFastOm, isFast } from "../platform/om-host.js";

/**
 * Oral messages as a part of a node on a computer, see `Parts.agree`. Boards have `createOm`, and
 * so have nodes with values of several bytes.
 */
export const oral = (layout: Layout): ((arena: Uint8Array) => Algorithm) => {
  const routes = findRoutes(layout);
  const create = isFast(layout) ? createFastOm : createOm;
  return (arena) => create(layout, routes, arena);
};
