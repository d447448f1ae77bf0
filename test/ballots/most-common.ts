/** The fixed rule of these tests: the proposal that most have, of several the least; or 0. */
export const mostCommon = (
  entry: (of: number) => number, arena: Uint8Array, boards: number,
): number => {
  let best = 0;
  let most = 0;
  for (let one = 0; one < boards; one++) {
    const at = entry(one);
    if (at < 0) continue;
    let count = 0;
    for (let other = 0; other < boards; other++) {
      if (entry(other) >= 0 && arena[entry(other)] === arena[at]) count++;
    }
    if (count > most || (count === most && arena[at]! < best)) {
      most = count;
      best = arena[at]!;
    }
  }
  return best;
};
