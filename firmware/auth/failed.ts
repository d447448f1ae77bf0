/**
 * Where among a node's counts that of failed hashes is. Espruino's native SHA-256 needs some
 * neighbouring blocks of memory for its result; where it finds none it gives nothing, and what was
 * to be made or checked with it is ⊥.
 */
export const FAILED = 11;
