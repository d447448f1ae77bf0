/** Espruino numbers the bytes of a view by 16 bits: `subarray` refuses to begin beyond. */
const MOST_BYTES = 65_535;

/** @returns what is wrong with so much memory in one piece; "" where nothing is */
export const unaddressed = (bytes: number): string => (bytes > MOST_BYTES
  ? `${bytes} bytes of memory in one piece, Espruino can address ${MOST_BYTES}` : "");
