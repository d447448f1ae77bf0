import { createRunner } from "./campaign.js";
import type { Batch, Campaign, Outcome } from "./campaign.js";

/** What a thread of the pool runs. */

const run = createRunner();

export const work = async (
  { campaign, batch }: { campaign: Campaign; batch: Batch },
): Promise<Outcome> => run(campaign, batch);
