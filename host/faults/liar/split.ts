import type { LiarKind, Scene, Tell } from "../fault.js";

/** @returns the values that correct boards say in this round, those that most say first */
const ranked = (
  { entriesOf }: Scene, ...[said, spoken]: Parameters<Tell>
): Uint8Array[] => {
  const votes = new Map<string, { value: Uint8Array; count: number }>();
  for (const [sender, payload] of spoken.entries()) {
    if (!payload) continue;
    for (const entry of entriesOf({ ...said, sender, payload })) {
      if (!entry.present()) continue;
      const value = entry.value();
      const key = value.join();
      const known = votes.get(key);
      if (known) known.count++;
      else votes.set(key, { value, count: 1 });
    }
  }
  return [...votes.values()].toSorted((one, other) => other.count - one.count)
    .map(({ value }) => value);
};

/**
 * Half of the receivers are told what most correct boards say in this round, the other half what
 * fewest say, and if they all say the same, the contrary.
 */
export const SPLIT: LiarKind = {
  name: "split", on: "liar", help: "knows every vote, and says what parts the boards the most",
  wired: { nothing: "all hear the same; marginal has some not hear it" }, played: true,
  tells: (scene) => (said, spoken) => {
    const votes = ranked(scene, said, spoken);
    const half = scene.halfOf(said.receiver, said.round);
    const told = half ? votes.slice(1).at(-1) : votes[0];
    for (const entry of scene.entriesOf(said)) {
      if (told) entry.say(told);
      else if (half) entry.deny();
    }
    return 0;
  },
};
