import type { Value } from "../base/values.js";
import type { Network } from "../network/network.js";

/** What goes by wire: a presence byte and the value. */
export const wiredBytes = (network: Network, value: Value | undefined): Uint8Array => {
  const { width, boards } = network.shape;
  const bytes = new Uint8Array(1 + width);
  const type = network.type.create(boards);
  if (type.store(new DataView(bytes.buffer), 1, value)) bytes[0] = 1;
  else bytes.fill(0);
  return bytes;
};
