/**
 * A wire between processes: what one end says is copied to all others. It prints the number of its
 * TCP port, which socat joins to a pseudo-terminal for each end.
 */
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

const ends = new Set<Socket>();
const server = createServer((end) => {
  ends.add(end);
  end.setNoDelay(true);
  end.on("data", (chunk) => {
    for (const other of ends) if (other !== end) other.write(chunk);
  });
  for (const event of ["close", "error"]) {
    end.on(event, () => {
      ends.delete(end);
    });
  }
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
