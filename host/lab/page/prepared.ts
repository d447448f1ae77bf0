import type { Story } from "./story.js";

/** What to look at first. */
export interface Prepared {
  readonly title: string;
  readonly tells: string;
  readonly story: Story;
}

const boards = (names: string) => names.split(" ").map((name) => ({ name, kind: "EMULATED" }));

const GENERALS = {
  name: "generals", algorithm: "om", traitors: 0, value: "bool", decision: "majority",
  default: false, baud: 115200, boards: boards("lamport shostak pease"),
};

const LEADERLESS = {
  name: "flat line", algorithm: "lbp", traitors: 1, value: "u8", decision: "majority",
  default: 0, baud: 115200, boards: boards("a b c d"),
};

const HAMMERS = {
  name: "two hammers", algorithm: "om", traitors: 2, value: "u8", decision: "median", default: 0,
  baud: 115200, health: { tolerance: 6, permanent: 4, forget: 4 },
  boards: boards("anvil bell chisel drill edge file gimlet"),
};

const WIRE = {
  name: "one wire", algorithm: "om", traitors: 1, value: "u8", decision: "median", default: 0,
  baud: 115200, wiring: "wire", guardian: true, health: { tolerance: 6, permanent: 4, forget: 4 },
  boards: boards("front back left right").map((board) => ({ ...board, enable: "B1" })),
};

export const PREPARED: readonly Prepared[] = [
  {
    title: "Three generals",
    tells: "No three boards outvote one liar: from cycle 2 pease tells each another order, and " +
      "the two honest ones part.",
    story: {
      network: GENERALS, seed: 3, to: 4,
      deeds: [{ at: 2, board: "pease", does: "equivocate" }],
    },
  },
  {
    title: "The flat line",
    tells: "Nobody leads, so no liar delays: d parts the votes from the first ballot on, and " +
      "each ballot decides all the same.",
    story: {
      network: LEADERLESS, seed: 1, to: 5, deeds: [{ at: 0, board: "d", does: "split" }],
    },
  },
  {
    title: "Two hammers",
    tells: "Two of seven collude from cycle 3 on. The others stay one, and know who it is.",
    story: {
      network: HAMMERS, seed: 8, to: 8,
      deeds: [
        { at: 3, board: "bell", does: "collude" }, { at: 3, board: "file", does: "collude" },
      ],
    },
  },
  {
    title: "One wire",
    tells: "All share one pair of wires, and from cycle 2 on left babbles. A gate beside each " +
      "driver lets it through in its own slot only.",
    story: { network: WIRE, seed: 21, to: 5, deeds: [{ at: 2, board: "left", does: "babble" }] },
  },
];
