import type { Value } from "../base/values.js";

/** What a board did for what was not decided yet, or took back. */
export interface Tried {
  readonly slot: number;
  readonly value: Value;
  readonly back: boolean;
}

/** As many of them are known at a time; in a cycle there are fewer. */
export const TRIED_KEPT = 8;

/** Those of a board since it has power. */
export const createTrials = () => {
  let count = 0;
  let last: Tried[] = [];
  return {
    note(one: Tried) {
      count++;
      last = [...last.slice(1 - TRIED_KEPT), one];
    },
    forget() {
      count = 0;
      last = [];
    },
    count: () => count,
    last: (): readonly Tried[] => last,
  };
};
