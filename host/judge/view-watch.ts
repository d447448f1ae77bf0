/** What is known of synchrony since a review opened, and for how many views. */
export const createViewWatch = (
  boards: number, review: number, traitors: number, patience: number,
) => {
  let view = -1;
  let steady = false;
  let out = new Set<number>();
  let [whole, before, since] = [0, "", 0];
  let spoilt = false;
  let behind = new Set<number>();
  let reviews = 0;
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
    /**
     * A review is over. Who learned in it what only others that are behind still claimed has to
     * carry that out before it skips anything (LOG.7): so it stays behind in this view. In each
     * review in time the most advanced of those that are behind comes on, so n-1 are enough.
     *
     * @param correct who is
     * @param known how many slots each knew before it, and `found`: now
     */
    reviewed(correct: readonly number[], known: readonly number[], found: readonly number[]) {
      const most = Math.max(...correct.map((board) => found[board]!));
      const fed = correct.filter((board) =>
        found[board]! > known[board]! && found[board]! + 1 < most);
      reviews = steady && fed.length ? reviews + 1 : 0;
      behind = new Set(reviews < boards ? fed : []);
    },
    behind: (): ReadonlySet<number> => behind,
    /** Who was not there may lead: no view counts until another begins. */
    spoil() {
      whole = 0;
      spoilt = true;
    },
    /** A view in time is over. @returns after so many with the same boards, what was known */
    views(known: number): number | undefined {
      const away = [...out].toSorted((one, other) => one - other).join();
      if (spoilt) return undefined;
      if (whole && away !== before) whole = 0;
      before = away;
      if (++whole < patience) return undefined;
      whole = 0;
      const past = since;
      since = known;
      return past;
    },
  };
};
