import { batchOf, batchesOf } from "./campaign.js";
import type { Campaign } from "./campaign.js";
import type { Workers } from "./pool.js";
import type { Progress } from "./progress.js";

/**
 * Has all batches run that are not done, as many at once as there are workers for, and gathers what
 * comes of them, in whatever order.
 *
 * @param onBatch called after each batch; where it throws, that ends it
 */
export const drive = async (
  campaign: Campaign, progress: Progress, workers: Workers, onBatch: () => void,
): Promise<void> => {
  const all = batchesOf(campaign);
  let next = 0;
  let over = false;
  const work = async () => {
    while (!over && next < all) {
      const number = next++;
      if (progress.isDone(number)) continue;
      progress.add(number, await workers.run(campaign, batchOf(campaign, number)));
      onBatch();
    }
  };
  try {
    await Promise.all(Array.from({ length: workers.width }, work));
  } finally {
    over = true;
    await progress.settled();
  }
};
