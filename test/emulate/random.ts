/** Windows drawn at random, for tests. */
import { SYNCHRONY_FAULTS } from "../../host/faults/registry.js";
import type { Network } from "../../host/network/network.js";
import { nameOf } from "../topology/drive.js";

export const oneOf = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[random() % items.length]!;

/** @returns any window at all, within the cycles 0 to `last` */
export const anyWindow = (random: () => number, network: Network, last: number): string => {
  const boards = network.boards.length;
  const moment = (cycle: number) => `${cycle}.${1 + (random() % (network.rounds + 1))}`;
  const board = () => nameOf(random() % boards);
  const rounds = 1 + (random() % (network.rounds + 3));
  const { name, takes, moment: once } = oneOf(random, SYNCHRONY_FAULTS);
  const [one, other] = [random() % boards, 1 + (random() % (boards - 1))];
  const what = {
    "CHANCE": () => String((1 + (random() % 9)) / 10),
    "BOARD:BOARD": () => `${nameOf(one)}:${nameOf((one + other) % boards)}`,
    "BOARDS/BOARDS": () => `${nameOf(one)},${nameOf((one + other) % boards)}`,
    "BOARD:ROUNDS": () => `${board()}:${rounds}`,
    "BOARD": board, "ROUNDS": () => String(rounds), "CYCLES": () => String(random() % 1000 + 1),
  }[takes]();
  const from = random() % last;
  const until = Math.min(last - 1, from + (random() % 4));
  return `${name}=${what}@${once ? moment(from) : `${from}-${until}`}`;
};
