import { writeWhole } from "../base/file.js";
import type { Header, TraceEvent } from "../events/events.js";
import { diagram } from "../picture/diagram.js";

/** Chooses the one cycle that is worth a picture, without keeping all the others. */
export interface Picture {
  take(event: TraceEvent): void;
  /** Writes it. @throws UsageError where it cannot be written */
  finish(): void;
}

/** Of one cycle so many frames are kept; more is no picture. */
const EVENTS_MAX = 20_000;

/** How much there is to see in a cycle: it broke, the boards were apart, something went wrong. */
const interestOf = (events: readonly TraceEvent[]): number => {
  const last = events[events.length - 1];
  if (last?.e === "cycle" && last.verdict === "broken") return 3;
  if (last?.e === "cycle" && !(last.agreement && last.validity)) return 2;
  const odd = (event: TraceEvent) => event.e === "frame" && (event.lie || event.fate !== "heard");
  return events.some(odd) ? 1 : 0;
};

/** @param cycle the one to draw; unless told, the first in which there is the most to see */
export const createPicture = (header: Header, path: string, cycle?: number): Picture => {
  let open: TraceEvent[] = [];
  let frames = 0;
  let kept: TraceEvent[] = [];
  let drawn = -1;
  let interest = -1;
  return {
    take(event) {
      // A frame of the kept cycle may come when that is over.
      if (event.cycle === drawn && kept.length < EVENTS_MAX) kept.push(event);
      if (event.e !== "frame" || frames++ < EVENTS_MAX) open.push(event);
      if (event.e !== "cycle") return;
      frames = 0;
      const found = cycle === undefined ? interestOf(open) : Number(event.cycle === cycle) - 1;
      if (found > interest) {
        interest = found;
        drawn = event.cycle;
        kept = open;
      }
      open = [];
    },
    finish() {
      writeWhole(path, diagram(header, kept, { cycle: drawn }));
    },
  };
};
