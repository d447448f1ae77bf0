import { plantMadeUpKeys } from "../keys/keys.js";
import type { Network } from "../network/network.js";
import { Interrupted } from "./io.js";
import type { Io } from "./io.js";

/** How many nodes of a tree are made before anybody is listened to: a fraction of a second. */
export const NODES = 16;

const PERCENT = 100;

/**
 * Makes the made-up keys of an emulation, which takes a minute and more where trees are high.
 *
 * @throws Interrupted as soon as somebody stops it
 */
export const growMadeUp = async ({ signing }: Network, io: Io): Promise<void> => {
  if (!signing) return;
  const grow = plantMadeUpKeys(signing);
  let bar: ReturnType<Io["progress"]>;
  try {
    for (let share = grow(NODES); share < 1; share = grow(NODES)) {
      bar ??= io.progress(PERCENT, "% of made-up keys");
      bar?.update(Math.floor(share * PERCENT));
      await io.sleep(0);
      if (io.interrupted) throw new Interrupted();
    }
  } finally {
    bar?.stop();
  }
};
