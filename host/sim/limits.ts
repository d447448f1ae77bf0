/** Seeds are 32 bits. */
export const SEED_MAX = 0xffffffff;
/** More than a person would wait for. */
export const CYCLES_MAX = 0xffffffff;
