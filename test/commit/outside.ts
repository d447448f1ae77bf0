/** Boards of a commit, of the product's cores, where a test says what each hears and forgets. */
import { FIRST_PLACE } from "../../firmware/ballots/promises.js";
import { createBallots, shapeOf } from "../ballots/ballots.js";

/** Longer than any run: who loses its power for that is gone. */
const FOR_GOOD = 1e6;

/** Whether what `from` says in a round of a cycle is heard by `to`. */
export type Heard = (cycle: number, round: number, from: number, to: number) => boolean;

export interface Outside {
  /**
   * Runs a cycle in which all are ready.
   *
   * @param gone before which round boards lose their power for good, by number
   */
  run(heard?: Heard, gone?: Readonly<Record<number, number>>): void;
  /** What each board carried out in a transaction, over all of its lives: c commits, a aborts. */
  outcomes(slot: number): string[];
  blocked(): number[];
  /** Loses the power of a board; it is back at once, with what its flash holds. */
  restart(board: number): void;
  /** @returns what brings a board's flash back to what it holds now */
  copyFlash(board: number): () => void;
}

export const createOutside = (
  name: "2pc" | "3pc" | "paxos-commit", boards: number, stored = name === "2pc",
): Outside => {
  const network = createBallots({ ...shapeOf(name, boards, 1, 2), stored });
  const all = [...Array(boards).keys()];
  const carried = all.map(() => new Map<number, string>());
  network.carried = (board, slot, value) => {
    const before = carried[board]!.get(slot) ?? "";
    carried[board]!.set(slot, before + (value ? "c" : "a"));
  };
  let cycle = 0;
  return {
    run(heard = () => true, gone = {}) {
      network.between = (round) => {
        for (const board of all) if (gone[board] === round) network.restart(board, FOR_GOOD);
      };
      network.run(cycle, all.map(() => 1),
        (round, from, to) => heard(cycle, round, from, to));
      cycle++;
    },
    outcomes: (slot) => carried.map((of) => of.get(slot) ?? ""),
    blocked: () => all.filter((board) => network.boards[board]!.ledger.blocked!()),
    restart(board) {
      network.restart(board);
    },
    copyFlash(board) {
      const { places } = network.boards[board]!.store;
      const images = [0, 1].map((at) => places.read(FIRST_PLACE + at));
      return () => {
        images.forEach((image, at) => {
          places.write(FIRST_PLACE + at, Uint8Array.from(image ?? []));
        });
      };
    },
  };
};
