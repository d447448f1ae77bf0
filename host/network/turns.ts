import { firstRound, lastRound } from "../../firmware/index.js";
import type { Layout } from "../../firmware/index.js";
import { plural } from "../base/text.js";
import type { Network } from "./network.js";

/** @returns how many rounds the cycle of this number has: with views that is not all */
export const roundsIn = ({ boards }: Network, number: number): number => {
  const { layout } = boards[0]!;
  return lastRound(layout, number) - firstRound(layout, number) + 1;
};

/** @returns the round in which boards say their own records, or orders */
export const ownRound = ({ direct, exchanges }: Layout): number =>
  (direct && exchanges > 1 ? 2 : 1);

/** @returns whether boards propose against each other, without leases (DUEL.1) */
export const duels = ({ direct, exchanges }: Layout): boolean => direct && exchanges < 2;

/**
 * @param payload bytes of it, without tags
 * @returns how many values a payload of this round has a place for; one that only says that its
 *   board is there has one of no bytes (PAX.1)
 */
export const placesIn = ({ bitmaps, items }: Layout, round: number, payload: number): number =>
  (items[round] ? (payload - bitmaps[round]!) / items[round] : bitmaps[round]!);

/** @returns how many boards there are, in words: learners are none of them (LEARN.1) */
export const boardsText = ({ boards, members }: Network): string => {
  const learners = boards.length - members.length;
  return `${members.length} boards${learners ? ` and ${plural(learners, "learner")}` : ""}`;
};

/** @returns what a title says of the board that the file names; "" where it names none */
export const commanderText = ({ file, ballots }: Network): string =>
  // Of what goes by ballots, only a commit has one (COMMIT.2).
  (file.commander === undefined ? ""
    : `, ${file.commander} ${ballots ? "coordinates" : "commands"}`);
