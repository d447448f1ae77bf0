import type { Prng } from "../../base/random.js";
import type { Entry } from "../entries.js";
import type { LiarKind } from "../fault.js";

const randomly = (prng: Prng, entry: Entry) => {
  const die = prng.below(4);
  if (die === 0) entry.silence();
  else if (die === 1) entry.deny();
  else if (die === 2) entry.shuffle(prng);
};

export const RANDOM: LiarKind = {
  name: "random", on: "liar", help: "tells each receiver something random, or nothing",
  wired: { help: "tells all something random, or nothing" }, played: true,
  tells: ({ prng, entriesOf }) => (said) => {
    for (const entry of entriesOf(said)) randomly(prng, entry);
    return prng.chance(1 / 16) ? -1 : 0;
  },
};
