import type { LiarKind, Scene } from "../fault.js";

/**
 * Those who collude sign two orders each. All are told the first; the second, with the signatures
 * of all of them, is shown to one board only, in the round that has as many signers.
 */
const signedly = (
  { network, traitors, entriesOf }: Scene, [one, other]: readonly Uint8Array[],
) => {
  const { boards, shape, rounds } = network;
  const colluding = new Set(
    traitors.filter(({ name }) => name === COLLUDE.name).map(({ board }) => board),
  );
  const last = Math.min(colluding.size, rounds);
  const victim = boards.find(({ number }) =>
    number !== shape.commander && !traitors.some(({ board }) => board === number))?.number;
  return (said: Parameters<Scene["entriesOf"]>[0]) => {
    const { round, receiver } = said;
    const shown = round === last && receiver === victim;
    for (const entry of entriesOf(said)) {
      if (!colluding.has(entry.of)) continue;
      if (shown && entry.first) entry.say(other!);
      else if (round < 2) entry.say(one!);
    }
    return 0;
  };
};

export const COLLUDE: LiarKind = {
  name: "collude", on: "liar", help: "with its like, backs one false value here, another there",
  wired: { nothing: "all hear the same; marginal has some not hear it" }, played: true,
  tells(scene) {
    const { network, halfOf, entriesOf } = scene;
    // The two false values that they back, one for each half of the receivers.
    const backed = [0, 1].map((half) => new Uint8Array(network.shape.width).fill(half));
    if (network.signing) return signedly(scene, backed);
    return (said) => {
      const value = backed[halfOf(said.receiver, said.round)]!;
      for (const entry of entriesOf(said)) entry.say(value);
      return 0;
    };
  },
};
