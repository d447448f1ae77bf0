/** The seams with Espruino: what it does natively, and its UART. */

declare const E: { CRC32(bytes: Uint8Array): number; toString(bytes: Uint8Array): string };

/** See `native.ts`. */
export const checksum = (bytes: Uint8Array, from: number, end: number): number =>
  E.CRC32(bytes.subarray(from, end));

/** See `native.ts`. */
export const move = (bytes: Uint8Array, to: number, from: number, end: number): void => {
  bytes.set(bytes.subarray(from, end), to);
};

/** See `base/row.ts`. */
export const row = (bytes: Uint8Array, at: number, width: number): string =>
  E.toString(bytes.subarray(at, at + width));

/** See `native.ts`. */
export const search = (bytes: Uint8Array, byte: number, from: number): number =>
  bytes.indexOf(byte, from);

/** A UART, as far as it is used. */
export interface Uart {
  setup(baud: number, options: object): void;
  on(event: "data", listener: (chunk: string) => void): void;
  write(bytes: Uint8Array | string): void;
}
