import type { Engine } from "../boards/board.js";
import type { CycleEvent, Tracer } from "../events/events.js";
import type { Watched } from "../events/names.js";
import type { Troubles } from "../faults/asked.js";
import type { Phase } from "../faults/phases.js";
import type { Verdict } from "../judge/run.js";
import type { Network } from "../network/network.js";
import type { Readings } from "../network/readings.js";
import type { Share } from "../topology/inputs.js";
import type { TRANSPORTS } from "./check.js";

/** What an emulation is asked for, and what it says. */

export interface Emulation {
  readonly network: Network;
  readonly cycles: number;
  readonly seed: number;
  readonly readings: Readings;
  readonly troubles: Troubles;
  readonly engine: Engine;
  readonly transport: (typeof TRANSPORTS)[number];
  /** The path of Espruino's Linux build, which is the engine `espruino`. */
  readonly interpreter?: string;
  /**
   * What goes wrong from later cycles on. More may be put in while it runs. Windows are those of
   * `troubles`; second copies of boards cannot come later.
   */
  readonly phases?: readonly Phase[];
  readonly tracer?: Tracer;
  /** What a board's next computation takes of the time that is planned for it; all unless told. */
  readonly compute?: Share;
  /** Called after each cycle; may wait, for a person to see it in real time. */
  readonly onCycle?: (cycle: CycleRecord) => Promise<void> | void;
}

/** A line of `--json`. */
export type CycleRecord = Omit<CycleEvent, "e" | "t" | "verdict"> &
  Required<Pick<CycleEvent, "verdict">>;

export interface Summary extends Verdict {
  /**
   * No board's memory has grown since the tenth cycle of its life, a silence after a restart apart,
   * but for a few blocks on Espruino.
   */
  readonly bounded: boolean;
  /** Each board that heard no beacon for as long as the network file says put out the default. */
  readonly safe: boolean;
  readonly frames: number;
  readonly bytes: number;
  /** Emulated time, all cycles together. */
  readonly time_us: number;
  /** Bytes that each board uses, as its engine tells; of Espruino blocks, with the driver's. */
  readonly memory: readonly number[];
  /** Bytes that each board lost, for its input buffer was full. */
  readonly overrun: readonly number[];
  /** What each board counted, by name. */
  readonly counts: readonly Readonly<Record<string, number>>[];
  /** Where it is watched: the health of all in the end, as a correct board holds it. */
  readonly health?: Watched | undefined;
}
