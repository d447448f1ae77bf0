/**
 * Health by definition: each state from all vectors that there were, again for each cycle. It has
 * nothing of the firmware's, keeps nothing, and is as slow as that is.
 */
export interface Rules {
  readonly traitors: number;
  readonly tolerance?: number;
  readonly range?: readonly [number, number];
  readonly stuck?: number;
  readonly permanent: number;
  readonly forget: number;
}

export type Vector = readonly (number | undefined)[];

export type Sign = "none" | "absent" | "range" | "dissent" | "stuck";
export type State = "trusted" | "transient" | "permanent" | "watched";

/** HEALTH.4: in how many cycles up to `at` a board stood still while others moved. */
const stillIn = (history: readonly Vector[], at: number, board: number, traitors: number) => {
  let cycles = 0;
  for (let then = at; then > 0; then--) {
    const [now, before] = [history[then]!, history[then - 1]!];
    if (now[board] === undefined || now[board] !== before[board]) break;
    const moved = now.filter((value, other) => other !== board && value !== undefined &&
      before[other] !== undefined && value !== before[other]).length;
    if (moved > traitors && moved > (now.length - 1) / 2) cycles++;
  }
  return cycles;
};

/** HEALTH.1 to HEALTH.4: what is wrong with a board's entry in the last of these vectors. */
export const signOf = (
  history: readonly Vector[], at: number, board: number, rules: Rules,
): Sign => {
  const vector = history[at]!;
  const value = vector[board];
  if (value === undefined) return "absent";
  if (rules.range && (value < rules.range[0] || value > rules.range[1])) return "range";
  const said = vector.filter((one) => one !== undefined);
  if (rules.tolerance === undefined) {
    const popular = said.filter((one) =>
      said.filter((other) => other === one).length > said.length / 2);
    if (popular.length && popular[0] !== value) return "dissent";
  } else {
    const ordered = said.toSorted((one, other) => one - other);
    const median = ordered[Math.floor((ordered.length - 1) / 2)]!;
    if (value > median + rules.tolerance || value < median - rules.tolerance) return "dissent";
  }
  return rules.stuck && stillIn(history, at, board, rules.traitors) >= rules.stuck
    ? "stuck" : "none";
};

/** HEALTH.5, HEALTH.6: what a board is whose signs these are, from the very first cycle on. */
export const stateAfter = (
  signs: readonly Sign[], { permanent, forget }: Pick<Rules, "permanent" | "forget">,
): State => {
  const counts = [0];
  for (const sign of signs) {
    const before = counts[counts.length - 1]!;
    counts.push(sign === "none" ? Math.max(before - 1, 0)
      : Math.min(before + forget, permanent * forget));
  }
  const worst = counts.lastIndexOf(permanent * forget);
  const marked = worst >= 0 && !counts.slice(worst).includes(0);
  if (!marked) return counts.at(-1) ? "transient" : "trusted";
  return signs.at(-1) === "none" ? "watched" : "permanent";
};
