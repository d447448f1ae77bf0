/**
 * Consensus from interactive consistency: all correct boards hold the same vector, so any
 * deterministic function of it is an agreement. Each of these takes the vector, one entry a board,
 * undefined for ⊥, and the default order, which it gives where it finds no other. Here ⊥ ends, and
 * not before.
 */

/** CHOOSE.1: the value that more than half of the entries that are not ⊥ have. */
export const majority = <Value extends number | boolean>(
  vector: readonly (Value | undefined)[], fallback: Value,
): Value => {
  // No loop that a bundle writes out; and no more than one has more than half.
  let one = vector.length;
  while (one--) {
    const value = vector[one];
    let lead = 0;
    for (let other = 0; other < vector.length; other++) {
      const said = vector[other];
      if (said === value) lead++;
      else if (said !== undefined) lead--;
    }
    if (lead > 0 && value !== undefined) return value;
  }
  return fallback;
};

/** CHOOSE.1 for rows of bytes. */
export const majorityOfBytes = (
  vector: readonly (Uint8Array | undefined)[], fallback: Uint8Array,
): Uint8Array => {
  for (let one = 0; one < vector.length; one++) {
    const value = vector[one];
    let lead = 0;
    for (let other = 0; other < vector.length; other++) {
      const said = vector[other];
      let left = value && said ? said.length : -1;
      while (left > 0 && said![left - 1] === value![left - 1]) left--;
      if (said) lead += left ? -1 : 1;
    }
    if (lead > 0) return value!;
  }
  return fallback;
};

// The entries that are not ⊥, ascending; and how many.
const sorted: number[] = [];
const sort = (vector: readonly (number | undefined)[]) => {
  let count = 0;
  for (let board = 0; board < vector.length; board++) {
    const value = vector[board];
    if (value !== undefined) {
      let at = count++;
      for (; at && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = value;
    }
  }
  return count;
};

/** CHOOSE.2: the middle one of the entries that are not ⊥; of two, the lower. */
export const median = (vector: readonly (number | undefined)[], fallback: number): number => {
  const count = sort(vector);
  return count ? sorted[(count - 1) >> 1]! : fallback;
};

/**
 * CHOOSE.3: the fault-tolerant midpoint. Of the entries that are not ⊥, the `traitors` lowest and
 * highest are dropped, and the mean of the extremes that remain is taken: Dolev, Lynch, Pinter,
 * Stark and Weihl (1986). `whole`: rounded down to a whole number.
 */
export const midpoint = (traitors: number, whole: boolean) =>
  (vector: readonly (number | undefined)[], fallback: number): number => {
    const count = sort(vector);
    if (count <= 2 * traitors) return fallback;
    const middle = (sorted[traitors]! + sorted[count - 1 - traitors]!) / 2;
    return whole ? Math.floor(middle) : middle;
  };

/**
 * CHOOSE.5: commit, which is true, where every board is ready: no entry is ⊥ or false. Skeen's
 * commit (1981) with liars in it.
 */
export const unanimous = (vector: readonly (boolean | undefined)[]): boolean => {
  for (let board = 0; board < vector.length; board++) if (!vector[board]) return false;
  return true;
};
