import type { Layout } from "../base/layout.js";

export type Routes = ArrayLike<number>;

/**
 * Relay paths and the slots they have. A board holds a value for every path of distinct boards that
 * starts at a commander and does not contain the board itself. Paths of one length are numbered in
 * lexicographic order. Every board computes this order, therefore no path is ever on the wire
 * (OM.2).
 *
 * A route is the path's last board, and shifted below it the number that the path without its last
 * board has there: that is where the value lies among what was heard (OM.3).
 *
 * @returns the routes of all paths of 1..m+1 boards, in the order in which this board numbers them,
 *   of which signed messages have none;
 *   those of one length begin at `layout.routeAt[length]`
 */
export const findRoutes = (layout: Layout): Uint16Array | Uint32Array => {
  const { boards, exchanges, commander, self, shift, routeAt, routeBytes, signature } = layout;
  const list = new (routeBytes > 2 ? Uint32Array : Uint16Array)(routeAt[exchanges + 1]!);
  // How many paths each board has numbered so far: all number in the same order, and each leaves
  // out the paths that it is in itself.
  let numbered: number[] = [];
  let next = 0;
  const visit = (left: number, used: number) => {
    for (let board = 0; board < boards; board++) {
      if (!((used >> board) & 1)) {
        if (left) visit(left - 1, used | (1 << board));
        else {
          const number = numbered[board] || 0;
          numbered[board] = number + 1;
          if (board !== self && !((used >> self) & 1)) list[next++] = (board << shift) | number;
        }
      }
    }
  };
  for (let length = 1; length <= exchanges && !signature; length++) {
    numbered = [];
    if (commander < 0) visit(length - 1, 0);
    else if (length > 1) visit(length - 2, 1 << commander);
    else if (self !== commander) list[next++] = commander << shift;
  }
  return list;
};
