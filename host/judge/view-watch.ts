/** What is known of synchrony since a review opened, and for how many views. */
export const createViewWatch = (review: number, traitors: number, patience: number) => {
  let view = -1;
  let steady = false;
  let out = new Set<number>();
  let [whole, before, since] = [0, "", 0];
  let spoilt = false;
  return {
    /**
     * @param good whether this cycle is synchronous, with enough boards
     * @param gone who is not correct, or down, or silent in it
     * @param known the least that a board knew before this cycle
     * @returns who was not there since the review, and what is asked for
     */
    take(number: number, good: boolean, gone: ReadonlySet<number>, known: number) {
      const cycle = number % review;
      if (cycle === 0) {
        out = new Set();
        spoilt = false;
        view = number / review;
        steady = true;
        if (!whole) since = known;
      }
      for (const board of gone) out.add(board);
      steady &&= good && out.size <= traitors && view === Math.floor(number / review);
      if (!steady) whole = 0;
      return { steady: steady && cycle > 1, ends: steady && cycle === review - 1 };
    },
    gone: () => out,
    /** Who was not there may lead: no view counts until another begins. */
    spoil() {
      whole = 0;
      spoilt = true;
    },
    /** A view in time is over. @returns after so many with the same boards, what was known */
    views(known: number): number | undefined {
      const boards = [...out].toSorted((one, other) => one - other).join();
      if (spoilt) return undefined;
      if (whole && boards !== before) whole = 0;
      before = boards;
      if (++whole < patience) return undefined;
      whole = 0;
      const past = since;
      since = known;
      return past;
    },
  };
};
