import { FIRST_PLACE } from "../../firmware/index.js";

/** The names in Espruino's Storage of the two files in which a board of ballots has its images. */
export const PROMISE_FILES: readonly string[] =
  [FIRST_PLACE, FIRST_PLACE + 1].map((place) => `tagma.${place}`);
