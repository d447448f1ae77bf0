/**
 * The least prices by which nothing costs more than was measured: a linear program,
 *
 *     minimise  c·p  where  A p ≥ b  and  p ≥ 0,
 *
 * solved by the simplex method on its dual, which begins feasible as c > 0: max b·y, Aᵀ y ≤ c.
 */

const SMALL = 1e-9;
const STEPS_MAX = 20_000;

/**
 * @param rows A: of each thing measured, how much there is of each kind
 * @param least b: what it costs
 * @returns p, with the sum over all rows of (A p) / b the least there is
 */
export const envelopeOf = (
  rows: readonly (readonly number[])[], least: readonly number[],
): number[] => {
  const kinds = rows[0]!.length;
  const count = rows.length;
  // Rows are divided by what they cost, so each counts by how much it is overrated. Columns are
  // scaled, lest small numbers be taken for none.
  const scales = Array.from({ length: kinds }, (_, kind) =>
    1 / Math.max(SMALL ** 2, ...rows.map((row, at) => row[kind]! / least[at]!)));
  const a = rows.map((row, at) => row.map((value, kind) => value * scales[kind]! / least[at]!));
  const width = count + kinds + 1;
  const tableau = Array.from({ length: kinds + 1 }, (_, kind) => {
    const line = new Float64Array(width);
    if (kind < kinds) {
      for (let at = 0; at < count; at++) line[at] = a[at]![kind]!;
      line[count + kind] = 1;
      // A kind that no row has costs nothing.
      line[width - 1] = a.reduce((sum, row) => sum + row[kind]!, SMALL);
    } else line.fill(-1, 0, count);
    return line;
  });
  const goal = tableau[kinds]!;
  for (let step = 0; ; step++) {
    if (step > STEPS_MAX) throw new Error("the simplex method does not end");
    // Bland's rule ends; the steepest column first is faster, and mostly does.
    let enter = -1;
    for (let at = 0; at < width - 1; at++) {
      if (goal[at]! < -SMALL && (enter < 0 || (step < STEPS_MAX / 2 && goal[at]! < goal[enter]!))) {
        enter = at;
      }
    }
    if (enter < 0) break;
    let leave = -1;
    for (let kind = 0; kind < kinds; kind++) {
      const line = tableau[kind]!;
      if (line[enter]! <= SMALL) continue;
      if (leave < 0 || line[width - 1]! / line[enter]! <
        tableau[leave]![width - 1]! / tableau[leave]![enter]!) leave = kind;
    }
    if (leave < 0) throw new Error("something costs, and has nothing that could cost it");
    const pivot = tableau[leave]!;
    const by = pivot[enter]!;
    for (let at = 0; at < width; at++) pivot[at]! /= by;
    for (const line of tableau) {
      const times = line === pivot ? 0 : line[enter]!;
      if (times) for (let at = 0; at < width; at++) line[at]! -= times * pivot[at]!;
    }
  }
  const found = scales.map((scale, kind) => Math.max(0, goal[count + kind]!) * scale);
  // What rounding took from a row is given to all.
  const short = Math.max(1, ...rows.map((row, at) =>
    least[at]! / row.reduce((sum, value, kind) => sum + value * found[kind]!, 0)));
  return found.map((price) => price * short);
};
