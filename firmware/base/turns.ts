/**
 * Who speaks in a round: all; where one commands, it alone in round 1, and in others all but it.
 * This is the only place that says so.
 */
export const speaks = (
  layout: { readonly commander: number }, board: number, round: number,
): boolean => layout.commander < 0 || (board === layout.commander) === (round === 1);
