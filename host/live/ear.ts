import type { FrameEvent } from "../events/events.js";

/**
 * What one port brings, from beacon to beacon: how much is taken in, when the answer came, what is
 * to be told of it. Nothing here grows: of bytes that lead to no frame the last few are kept.
 */
export interface Ear {
  /** Whether it has brought more in this round than is taken in. */
  readonly flooded: boolean;
  /** Whether a frame was accepted in this round. */
  readonly heard: boolean;
  /**
   * Begins a round: its frames are in time until `deadline`, -1: there are none. Microseconds.
   *
   * @param name of the round's frames, see `frameName`
   */
  begin(began: number, deadline: number, name: number): void;
  /** @returns the part of what came that is to be taken in */
  admit(chunk: Uint8Array): Uint8Array;
  /** A frame was accepted; whatever else came is still to be told. */
  accept(now: number, frame: Uint8Array): void;
  /** A whole frame of this port's board came, accepted or not. */
  came(now: number, name: number): void;
  /**
   * @returns what has come since this was asked last, how it ended, and of a frame that was late
   *   its name; undefined: nothing
   */
  rest(): Rest | undefined;
  /** Ends a round, in which a frame was due or not. */
  end(due: boolean): void;
  /**
   * What was measured since this was asked last: answers, frames that were due and did not come in
   * time, and by how much the latest that came behind its deadline was late.
   */
  measured(): { answers: (number | null)[]; lost: number; late: number };
}

/** What came and was not accepted. */
export type Rest = Pick<FrameEvent, "bytes" | "fate"> & { readonly name?: number };

/** What tells the frames of one board apart, as far as they say: 256 cycles, and their rounds. */
export const frameName = (cycle: number, round: number): number => (cycle & 255) * 8 + round;

/** @returns of which cycle and round a frame is that comes in this cycle, or not long after */
export const momentOf = (name: number, cycle: number): { cycle: number; round: number } =>
  ({ cycle: cycle - ((cycle - (name >> 3)) & 255), round: name & 7 });

/** Frames that were missed and may still come: those of the last cycle or two. */
const MISSED = 8;

/** @param longest bytes of the longest frame */
export const createEar = (longest: number): Ear => {
  const kept = new Uint8Array(2 * longest + 64);
  // Room for what a board that starts, or an old line, says beside its frame.
  const most = 4 * longest + 256;
  let [fill, taken, began] = [0, 0, 0];
  let heard = false;
  // The latest frame that came in this round of which the deadline was over; -1: none.
  let late = -1;
  // The deadlines of frames that did not come, by their names: the open round's is the last.
  const missed = new Map<number, number>();
  let open = -1;
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
    begin(at, until, name) {
      taken = 0;
      began = at;
      heard = false;
      late = -1;
      open = until < 0 ? -1 : name;
      missed.delete(name);
      if (open >= 0) missed.set(open, until);
      for (const old of missed.keys()) if (missed.size > MISSED) missed.delete(old);
    },
    admit(chunk) {
      const part = chunk.subarray(0, Math.max(0, most - taken));
      taken += chunk.length;
      keep(part);
      return part;
    },
    accept(now, frame) {
      heard = true;
      answer = now - began;
      missed.delete(open);
      const from = Buffer.from(kept.buffer, 0, fill).indexOf(frame);
      if (from < 0) return;
      kept.copyWithin(from, from + frame.length, fill);
      fill -= frame.length;
    },
    came(now, name) {
      const deadline = missed.get(name) ?? Infinity;
      if (now <= deadline) return;
      late = name;
      lateness = Math.max(lateness, now - deadline);
      missed.delete(name);
    },
    rest() {
      if (!fill) return undefined;
      const bytes = kept.slice(0, fill);
      fill = 0;
      return late < 0 ? { bytes, fate: "refused" } : { bytes, fate: "late", name: late };
    },
    end(due) {
      if (!due) {
        missed.delete(open);
        return;
      }
      answers.push(heard ? Math.round(answer) : null);
      if (!heard) lost++;
    },
    measured() {
      const all = { answers, lost, late: Math.round(lateness) };
      answers = [];
      lost = lateness = 0;
      return all;
    },
  };
};
