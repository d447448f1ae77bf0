/** Seeds are 32 bits. */
export const SEED_MAX = 0xffffffff;
/** More than a person would wait for. */
export const CYCLES_MAX = 0xffffffff;
/** Cycles have numbers of four bytes, none of which is used twice (SPEC.md, HUB.1). */
export const NUMBER_LAST = 2 ** 32 - 1;
