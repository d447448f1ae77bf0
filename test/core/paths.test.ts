import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "../../firmware/base/layout.js";
import type { Shape } from "../../firmware/base/layout.js";
import { findRoutes } from "../../firmware/core/paths.js";
import { listHeld, listPaths, unguarded } from "./brute.js";

/**
 * The routes of the definition: the last board, and where the rest stands in that board's own
 * list.
 */
const listRoutes = (shape: Shape, self: number, shift: number): number[] => {
  const routes: number[] = [];
  for (let length = 1; length <= shape.traitors + 1; length++) {
    const numbers: Map<string, number>[] = [];
    for (let board = 0; board < shape.boards; board++) {
      const list = listHeld(shape, board, length - 1);
      numbers.push(new Map(list.map((path, number) => [path.join(">"), number])));
    }
    for (const path of listHeld(shape, self, length)) {
      const last = path.at(-1)!;
      const number = numbers[last]!.get(path.slice(0, -1).join(">"));
      assert.notEqual(number, undefined);
      routes.push(last * 2 ** shift + number!);
    }
  }
  return routes;
};

const wide: Shape = { boards: 17, traitors: 3, width: 1, commander: -1 };

/** @returns how many routes of the boards `selves` were compared */
const compare = (shape: Shape, selves = [...Array(shape.boards).keys()]): number => {
  let compared = 0;
  for (const self of selves) {
    const my = layoutOf(shape, self, false);
    const found = findRoutes(my);
    assert.equal(found.BYTES_PER_ELEMENT, my.routeBytes);
    assert.deepEqual(
      Array.from(found), listRoutes(shape, self, my.shift), JSON.stringify({ ...shape, self }),
    );
    compared += found.length;
  }
  return compared;
};

test("OM.2, OM.3: all routes of all shapes of up to 8 boards and 2 traitors", (t) => {
  let shapes = 0;
  let routes = 0;
  for (let boards = 2; boards <= 8; boards++) {
    for (let traitors = 0; traitors <= 2 && 3 * traitors < boards; traitors++) {
      for (let commander = -1; commander < boards; commander++) {
        routes += compare({ boards, traitors, width: 1, commander });
        shapes++;
      }
    }
  }
  t.diagnostic(`${routes} routes of all boards of ${shapes} shapes`);
});

test("OM.2, OM.3: ten boards and three traitors", (t) => {
  let routes = 0;
  for (const commander of [-1, 0, 4, 9]) {
    routes += compare({ boards: 10, traitors: 3, width: 1, commander });
  }
  t.diagnostic(`${routes} routes`);
});

test("OM.2, OM.3: routes of four bytes", () => {
  compare({ boards: 17, traitors: 3, width: 1, commander: 16 });
  assert.equal(layoutOf(wide, 16, false).routeBytes, 4);
  assert.equal(compare(wide, [16]), 16 + 16 * 15 + 16 * 15 * 14 + 16 * 15 * 14 * 13);
});

test("the only commander has no routes, and outside the bounds they are right too", () => {
  const one = { boards: 7, traitors: 2, width: 1, commander: 3 };
  assert.equal(findRoutes(layoutOf(one, 3, false)).length, 0);
  const three = unguarded({ boards: 3, traitors: 1, width: 1, commander: -1 }, 1, false);
  assert.deepEqual(Array.from(findRoutes(three)), listRoutes(three, 1, three.shift));
});

test("the list that is compared with is the definition's", () => {
  assert.deepEqual(listPaths(3, -1, 2), [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]);
  assert.deepEqual(listPaths(4, 2, 2), [[2, 0], [2, 1], [2, 3]]);
  assert.deepEqual(listPaths(4, 2, 1), [[2]]);
});
