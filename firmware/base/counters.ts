/**
 * What `Node.counts` counts, in that order. Every frame that is not used is one of the first seven
 * or forged.
 */
export const COUNTERS = [
  "foreign", "missized", "garbled", "late", "early", "stale", "duplicate", "missed", "unread",
  "forged", "unkept", "failed", "unfit", "skipped",
] as const;

/** The header names no frame that this receiver expects. */
export const FOREIGN = 0;
/** The next frame begins before this one is whole. */
export const MISSIZED = 1;
/** The checksum is wrong. */
export const GARBLED = 2;
export const LATE = 3;
export const EARLY = 4;
export const STALE = 5;
export const DUPLICATE = 6;
export const MISSED = 7;
export const UNREAD = 8;
export const FORGED = 9;
/** Promises, and orders to be carried out, that could not be written down. */
export const UNKEPT = 10;
export const FAILED = 11;
/** Choices that threw, or gave what is no value: the default order took their place (CHOOSE.4). */
export const UNFIT = 12;
/** Slots of a log that this board will not carry out, though others did (LOG.4, LOG.7). */
export const SKIPPED = 13;
