/**
 * Each byte of a start word (SPEC.md, FRAME.5): one that is rare in contents, and no header that
 * there is.
 */
export const START = 0x16;
/**
 * The mask word of a frame that has none in its content; of two bytes the second, behind 0. Others
 * are tried from the next one on.
 */
export const PLAIN = START + 1;
/** Longer than any frame: as long as a frame of a header is of which none is expected. */
export const NO_FRAME = 65536;
