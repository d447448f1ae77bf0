/// <reference lib="dom" />

/** Times of frames, as the browser tells them, and what is done in each. */
export interface Pace {
  /** Frames a second, of the last ones. */
  readonly rate: () => number;
  readonly stop: () => void;
}

const KEPT = 60;

/** @param act is called in each frame, with the seconds since the one before */
export const everyFrame = (act: (seconds: number) => void): Pace => {
  const spans: number[] = [];
  let before = -1;
  let id = 0;
  const next = (now: number) => {
    if (before >= 0) {
      spans.push(now - before);
      if (spans.length > KEPT) spans.shift();
      act((now - before) / 1000);
    }
    before = now;
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
