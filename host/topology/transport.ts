import type { Delivery } from "./star/bus.js";

/**
 * What carries bytes between the hub and the boards. The bus decides when they arrive; this only
 * carries them, and tells when a delivery has been taken in and answered.
 */
export interface Transport {
  /**
   * Delivers to boards at the same moment. What they answer has been handed on when this is done.
   */
  deliver(deliveries: readonly Delivery[]): Promise<void> | undefined;
  /** Waits for answers that boards gave later, and that are still under way. */
  settled(): Promise<void> | undefined;
  close(): Promise<void> | undefined;
}

/** Takes a board's bytes on. */
export type Answer = (board: number, bytes: Uint8Array, from: number, end: number) => void;

/** The boards' end: takes a chunk for a board, and answers by the function it was made with. */
export type Receive = (board: number, chunk: Uint8Array) => void;
