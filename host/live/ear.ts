import type { FrameEvent } from "../trace/events.js";

/**
 * What one port brings, from beacon to beacon: how much is taken in, when the answer came, what is
 * to be told of it. Nothing here grows: of bytes that lead to no frame the last few are kept.
 */
export interface Ear {
  /** Whether it has brought more in this round than is taken in. */
  readonly flooded: boolean;
  /** Whether a frame was accepted in this round. */
  readonly heard: boolean;
  /** Begins a round: its frames are in time until `deadline`, -1: there are none. Microseconds. */
  begin(began: number, deadline: number): void;
  /** @returns the part of what came that is to be taken in */
  admit(chunk: Uint8Array): Uint8Array;
  /** What came was taken in, and the hub accepted a frame or not. */
  took(now: number, accepted: boolean): void;
  /** @returns what has come since this was asked last, and how it ended; undefined: nothing */
  rest(): Pick<FrameEvent, "bytes" | "fate"> | undefined;
  /** Ends a round, in which a frame was due or not. */
  end(due: boolean): void;
  /** What was measured since this was asked last. */
  measured(): { answers: (number | null)[]; lost: number; late: number };
}

/** @param longest bytes of the longest frame */
export const createEar = (longest: number): Ear => {
  const kept = new Uint8Array(2 * longest + 64);
  // Room for what a board that starts, or an old line, says beside its frame.
  const most = 4 * longest + 256;
  let [fill, taken, began, deadline] = [0, 0, 0, 0];
  let heard = false;
  let late = false;
  // The deadline that passed without a frame; -1: none did.
  let missed = -1;
  let answers: (number | null)[] = [];
  let [lost, lateness] = [0, 0];
  let answer = 0;

  const keep = (part: Uint8Array) => {
    const last = part.length > kept.length ? part.subarray(-kept.length) : part;
    const over = fill + last.length - kept.length;
    if (over > 0) {
      kept.copyWithin(0, over, fill);
      fill -= over;
    }
    kept.set(last, fill);
    fill += last.length;
  };

  return {
    get flooded() {
      return taken > most;
    },
    get heard() {
      return heard;
    },
    begin(at, until) {
      taken = 0;
      began = at;
      deadline = until;
      heard = late = false;
    },
    admit(chunk) {
      const part = chunk.subarray(0, Math.max(0, most - taken));
      taken += chunk.length;
      keep(part);
      return part;
    },
    took(now, accepted) {
      if (accepted) {
        heard = true;
        answer = now - began;
        missed = -1;
        return;
      }
      const since = missed >= 0 ? missed : deadline;
      if (heard || since < 0 || now <= since) return;
      late = true;
      lateness = Math.max(lateness, now - since);
      missed = -1;
    },
    rest() {
      if (!fill) return undefined;
      const bytes = kept.slice(0, fill);
      fill = 0;
      return { bytes, fate: heard ? "refused" : late ? "late" : "refused" };
    },
    end(due) {
      if (!due) return;
      answers.push(heard ? Math.round(answer) : null);
      if (heard) return;
      lost++;
      // What came behind the deadline has been measured.
      missed = late ? -1 : deadline;
    },
    measured() {
      const all = { answers, lost, late: Math.round(lateness) };
      answers = [];
      lost = lateness = 0;
      return all;
    },
  };
};
