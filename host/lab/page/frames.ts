/// <reference lib="dom" />

/** Times of frames, as the browser tells them, and what is done in each. */
export interface Pace {
  /** Frames a second, of the last ones. */
  readonly rate: () => number;
  readonly stop: () => void;
}

/** @returns milliseconds, since whenever */
export const now = (): number => performance.now();

const KEPT = 60;

/** @param act is called in each frame, with the seconds since the one before */
export const everyFrame = (act: (seconds: number) => void): Pace => {
  const spans: number[] = [];
  let before = -1;
  let id = 0;
  const next = (at: number) => {
    if (before >= 0) {
      spans.push(at - before);
      if (spans.length > KEPT) spans.shift();
      act((at - before) / 1000);
    }
    before = at;
    id = requestAnimationFrame(next);
  };
  id = requestAnimationFrame(next);
  return {
    rate: () => (1000 * spans.length) / spans.reduce((sum, span) => sum + span, 0),
    stop() {
      cancelAnimationFrame(id);
    },
  };
};
