import type { BoardState } from "../boards/board.js";
import type { CycleEvent } from "../events/events.js";
import { detectedBy, watchedBy } from "../events/names.js";
import type { Network } from "../network/network.js";

/** @returns what boards hold of each other beside the vector, where the network asks for that */
export const heldOf = (
  { file, boards }: Network, states: readonly BoardState[], decided: (board: number) => boolean,
  faulty: ReadonlySet<number>,
): Pick<CycleEvent, "health" | "detected" | "blocked"> => ({
  ...(file.health ? {
    health: states.map((state, board) => (decided(board) ? watchedBy(state) ?? null : null)),
  } : {}),
  ...(file.suspect_cycles ? {
    detected: states.map((state, board) =>
      (faulty.has(board) ? null : detectedBy(state) ?? null)),
  } : {}),
  ...(boards[0]!.layout.phases ? {
    blocked: states.flatMap(({ blocked }, board) => (blocked && !faulty.has(board) ? [board] : [])),
  } : {}),
});
