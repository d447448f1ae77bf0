import type { Shown } from "../base/values.js";
import type { CycleRecord } from "../emulate/emulate.js";
import { healthOf } from "../events/names.js";
import type { BoardHealth, Break, CycleWord } from "../events/names.js";
import type { LiveRecord, Status } from "../live/live.js";
import type { Network } from "../network/network.js";

/** What is told to dashboards, small enough to be handed to another thread after each cycle. */

/** What does not change while a network runs. */
export interface NetworkFacts {
  readonly name: string;
  readonly algorithm: string;
  readonly traitors: number;
  readonly boards: readonly string[];
  /** Cycles are ballots. */
  readonly ballots: boolean;
  /** The boards watch each other: what each is, is agreed on. */
  readonly health: boolean;
  /** It runs on real lines, so that there is something to measure. */
  readonly real: boolean;
}

/** How a board was in a cycle. */
export interface BoardFacts {
  /** What it put in; null: nothing. */
  readonly put: Shown;
  readonly faulty: boolean;
  /** Of ballots, slots that it decided; else 1 where it holds a vector. */
  readonly decisions: number;
  /** Bytes that its input buffer lost. */
  readonly overrun: number;
  /** Where boards are watched: as correct boards hold it. */
  readonly health?: BoardHealth;
  readonly line?: LineFacts;
}

/** How its line was, of real lines only; times in microseconds. */
export interface LineFacts {
  readonly here: boolean;
  /** Why its port is not open, or who speaks there in place of it; "" where all is well. */
  readonly why: string;
  readonly odd: boolean;
  readonly lost: number;
  /** By how much the latest frame that came even so was late; 0: none was. */
  readonly late_us: number;
  readonly answers_us: readonly number[];
}

export interface CycleFacts {
  readonly cycle: number;
  readonly verdict: CycleWord;
  readonly broken: readonly Break[];
  /** What the correct boards hold and carry out; null where there is none, or they are apart. */
  readonly vector: readonly Shown[] | null;
  readonly order: Shown;
  readonly frames: number;
  readonly bytes: number;
  readonly time_us: number;
  /** By how much the latest beacon was late; of real lines only. */
  readonly beacon_late_us?: number;
  readonly boards: readonly BoardFacts[];
}

export const networkFacts = (
  { file, shape, boards, ballots }: Network, real: boolean,
): NetworkFacts => ({
  name: file.name, algorithm: file.algorithm,
  traitors: shape.traitors, boards: boards.map(({ name }) => name), ballots: ballots !== undefined,
  health: file.health !== undefined, real,
});

const lineFacts = (record: LiveRecord, status: readonly Status[], board: number): LineFacts => {
  const { here, odd, lost, late_us, answer_us } = record.live.boards[board]!;
  const { why, speaks } = status[board]!;
  return {
    here, odd, lost, late_us, why: speaks === null ? (here ? "" : why) : `${speaks} speaks here`,
    answers_us: answer_us.filter((answer) => answer !== null),
  };
};

const healthFacts = ({ health }: CycleRecord | LiveRecord, board: number) => {
  const agreed = healthOf(health, board);
  return agreed ? { health: agreed } : {};
};

/** @param status of real lines, where `record` has measures too */
export const cycleFacts = (
  record: CycleRecord | LiveRecord, status?: readonly Status[],
): CycleFacts => {
  const { cycle, verdict, broken = [], vectors, orders, faulty, decisions, inputs } = record;
  const { agreement, frames, bytes, time_us, overrun } = record;
  const one = agreement ? vectors.findIndex((vector) => vector !== null) : -1;
  const live = record.live === undefined ? undefined : record as LiveRecord;
  return {
    cycle, verdict, broken, vector: vectors[one] ?? null, order: orders[one] ?? null,
    frames, bytes, time_us, ...(live ? { beacon_late_us: live.live.beacon_late_us } : {}),
    boards: inputs.map((put, board) => ({
      ...healthFacts(record, board),
      put, faulty: faulty.includes(board), overrun: overrun?.[board] ?? 0,
      decisions: decisions ? decisions[board]!.length : Number(Boolean(vectors[board])),
      ...(live && status ? { line: lineFacts(live, status, board) } : {}),
    })),
  };
};
