import { useEffect, useRef } from "preact/hooks";
import { everyFrame, now } from "./frames.js";
import type { Run } from "./run.js";

/** Lets time go on in a run, frame by frame of the browser's, and says when what is drawn. */

/**
 * Of the fastest, as many cycles in a frame as take so many milliseconds of its 16, and at most so
 * many; the browser has to draw, too. What one takes is known from the last ones.
 */
const BUDGET = 7;
const BURST_MAX = 64;
const NEWEST = 0.1;
/** At no more cycles a second is each drawn. */
const DRAWN = 10;

/**
 * Above, a frame of the browser's emulates or draws a part of the page: it has no room for two. A
 * part is drawn at most so often, in seconds, and after some the browser needs the next frame, too.
 */
interface Part {
  readonly every: number;
  readonly rests: boolean;
}

const PARTS: readonly Part[] = [
  // Numbers and rows; the plot; the picture.
  { every: 0.2, rests: false }, { every: 0.2, rests: true }, { every: 1, rests: true },
];

/** Where a run is that is played, and what of it is seen. */
export interface Place {
  /** The cycle that it is at, with what of it has passed. */
  at: number;
  /** What a cycle takes, in milliseconds. */
  cost: number;
  busy: boolean;
  resting: boolean;
  /** Seconds of frames that drew. */
  owed: number;
  /** Of each part, the cycle that it shows, and the seconds since it was drawn. */
  readonly parts: { cycle: number; age: number }[];
}

export const beginningAt = (cycle: number): Place => ({
  at: cycle, cost: BUDGET, busy: false, resting: false, owed: 0,
  parts: PARTS.map(() => ({ cycle, age: 0 })),
});

export const isFast = (speed: number): boolean => speed > DRAWN;

/** All parts are of the cycle that the run is at. */
export const showAll = (place: Place): void => {
  for (const part of place.parts) part.cycle = Math.floor(place.at);
};

/** @returns the cycles of the numbers, of the plot and of the picture, of those that there are */
export const shownIn = (place: Place, fast: boolean, cycles: number): [number, number, number] => {
  const of = (part: number) => Math.min(
    fast ? place.parts[part]!.cycle : Math.floor(place.at), Math.max(0, cycles - 1));
  return [of(0), of(1), of(2)];
};

/** @returns whether a part is to be drawn now, which then shows the cycle that the run is at */
const takeTurn = (place: Place): boolean => {
  const cycle = Math.floor(place.at);
  const due = PARTS.findIndex(({ every }, part) => {
    const { age, cycle: shown } = place.parts[part]!;
    return age >= every && shown !== cycle;
  });
  if (due < 0) return false;
  place.parts[due] = { cycle, age: 0 };
  place.resting = PARTS[due]!.rests;
  return true;
};

/** @returns tells how many frames there are in a second */
export const usePlaying = (run: Run, go: (cycles: number) => Promise<void>, refresh: () => void,
  playing: boolean, speed: number, current: { current: Place }): { current: () => number } => {
  const rate = useRef<() => number>(() => 0);
  useEffect(() => {
    const pace = everyFrame((seconds) => {
      const place = current.current;
      if (!playing || place.busy) return;
      place.owed += seconds;
      if (place.resting) {
        place.resting = false;
        return;
      }
      if (isFast(speed) && takeTurn(place)) {
        refresh();
        return;
      }
      for (const part of place.parts) part.age += place.owed;
      const burst = Math.max(1, Math.min(BURST_MAX, Math.floor(BUDGET / place.cost)));
      place.at = Math.min(run.most - 0.001,
        place.at + (speed === Infinity ? burst : speed * place.owed));
      place.owed = 0;
      const needed = Math.floor(place.at) + 1 - run.records.length;
      const draw = () => {
        if (isFast(speed)) return;
        showAll(place);
        refresh();
      };
      if (needed <= 0) {
        draw();
        return;
      }
      place.busy = true;
      const began = now();
      void go(needed).finally(() => {
        place.busy = false;
        place.cost += NEWEST * ((now() - began) / needed - place.cost);
        draw();
      });
    });
    rate.current = pace.rate;
    return pace.stop;
  }, [run, playing, speed]);
  return rate;
};
