import type { Hal } from "./hal.js";

/** What Espruino has that is used here. */
export interface Uart {
  setup(baud: number, options: object): void;
  on(event: "data", listener: (chunk: string) => void): void;
  write(bytes: Uint8Array): void;
}
declare const E: { CRC32(bytes: Uint8Array): number };

/** The seam with hardware, on Espruino's globals. */
export const espruino = <Value>(
  uart: Uart, read: () => Value | undefined, act: (order: Value) => void,
): Hal<Value> => ({
  send(bytes, from, end) {
    uart.write(bytes.subarray(from, end));
  },
  checksum(bytes, from, end) {
    return E.CRC32(bytes.subarray(from, end));
  },
  move(bytes, to, from, end) {
    bytes.set(bytes.subarray(from, end), to);
  },
  read,
  act,
});
