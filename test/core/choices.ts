/** All ways to choose one of `counts[i]` for each i; the list is the same one each time. */
export const choices = function* (counts: readonly number[]): Generator<number[]> {
  const chosen = counts.map(() => 0);
  for (;;) {
    yield chosen;
    let at = 0;
    while (at < counts.length && ++chosen[at]! === counts[at]) chosen[at++] = 0;
    if (at === counts.length) return;
  }
};
