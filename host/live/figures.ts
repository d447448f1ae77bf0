/** Figures of what happens again and again, without keeping it. */
export interface Figures {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  /** Standard deviation: the jitter. */
  readonly deviation: number;
  readonly max: number;
}

export interface Gathering {
  readonly add: (value: number) => void;
  figures(): Figures;
}

/** Welford's method: it stays exact however long it runs. */
export const createGathering = (): Gathering => {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = 0;
  return {
    add(value) {
      count++;
      const off = value - mean;
      mean += off / count;
      squares += off * (value - mean);
      min = Math.min(min, value);
      max = Math.max(max, value);
    },
    figures: () => ({
      count, min: count ? Math.round(min) : 0, mean: Math.round(mean),
      deviation: count ? Math.round(Math.sqrt(squares / count)) : 0, max: Math.round(max),
    }),
  };
};
