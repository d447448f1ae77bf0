import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { nativeBoard } from "../../host/boards/board.js";
import type { Network } from "../../host/network/network.js";
import { readingsFor } from "../live/world.js";

/** Boards in this process, each behind a TCP port, as behind a serial server. */

/** Whoever is told what is to be done in the end. */
interface Ending {
  after(act: () => void): void;
}

/**
 * @param says whether a board says what it is about to say
 * @returns `--port` of each board, for `tagma bus`
 */
export const serveBoards = async (
  network: Network, context: Ending, says: (board: number) => boolean = () => true,
): Promise<string[]> => {
  const readings = readingsFor(network);
  const serve = async (number: number) => {
    let say: (bytes: Uint8Array) => void = () => undefined;
    const board = nativeBoard(network, network.boards[number]!, (_board, bytes, from, end) => {
      if (says(number)) say(bytes.slice(from, end));
    });
    const server = createServer((socket) => {
      socket.setNoDelay(true);
      say = (bytes) => {
        socket.write(bytes);
      };
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => {
        board.reading = readings(board.state().cycle + 1)[number];
        board.receive(chunk);
      });
      context.after(() => {
        socket.destroy();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    context.after(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return `${network.boards[number]!.name}=tcp://127.0.0.1:${port}`;
  };
  const paths = await Promise.all(network.boards.map(async ({ number }) => serve(number)));
  return paths.flatMap((path) => ["--port", path]);
};
