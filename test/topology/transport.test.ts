/** What every transport does: it carries each delivery whole, and each answer as it was given. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Answer, Transport, Receive } from "../../host/topology/transport.js";
import { memoryTransport } from "../../host/topology/memory.js";
import { mockTransport } from "../../host/topology/mock.js";
import { AT_BOARD, createQueue } from "../../host/topology/queue.js";
import type { Delivery } from "../../host/topology/star/bus.js";
import { TRANSPORTS } from "./drive.js";
import type { LinkName } from "./drive.js";

const BOARDS = 3;

const connect = async (
  name: LinkName, receive: Receive, answer: Answer,
): Promise<{ transport: Transport; send: Answer }> => name === "mock"
  ? mockTransport(BOARDS, 9600, receive, answer)
  : { transport: memoryTransport(receive), send: answer };

const queue = createQueue(64);
const deliveryOf = (board: number, bytes: readonly number[]): Delivery => {
  const delivery = queue.take(0, AT_BOARD, board, 0, 1, 0);
  delivery.bytes.set(bytes);
  delivery.length = bytes.length;
  return delivery;
};

for (const name of TRANSPORTS) {
  describe(`over ${name}`, () => {
    test("each board gets its own bytes, and answers before the delivery is done", async () => {
      const got: number[][] = [[], [], []];
      const answers: string[] = [];
      const { transport, send } = await connect(
        name,
        (board, chunk) => {
          got[board]!.push(...chunk);
          send(board, Uint8Array.of(99, board, 7, 99), 1, 3);
        },
        (board, bytes, from, end) => {
          answers.push(`${board}: ${bytes.slice(from, end).join()}`);
        },
      );
      await transport.deliver([deliveryOf(0, [1, 2]), deliveryOf(2, [3])]);
      assert.deepEqual(got, [[1, 2], [], [3]]);
      assert.deepEqual(answers.toSorted(), ["0: 0,7", "2: 2,7"]);
      await transport.deliver([deliveryOf(1, [4])]);
      assert.deepEqual(got, [[1, 2], [4], [3]]);
      assert.deepEqual(answers.slice(2), ["1: 1,7"]);
      await transport.close();
    });

    test("two answers to one delivery stay two, in their order", async () => {
      const answers: number[][] = [];
      const { transport, send } = await connect(
        name,
        (board) => {
          for (const bytes of [[1, 2, 3], [4], [5, 6]]) {
            send(board, Uint8Array.from(bytes), 0, bytes.length);
          }
        },
        (_, bytes, from, end) => {
          answers.push(Array.from(bytes.subarray(from, end)));
        },
      );
      await transport.deliver([deliveryOf(1, [8])]);
      assert.deepEqual(answers, [[1, 2, 3], [4], [5, 6]]);
      await transport.close();
    });

    test("a delivery without bytes is done at once", async () => {
      const { transport } = await connect(
        name, (_, chunk) => {
          assert.equal(chunk.length, 0);
        },
        () => undefined,
      );
      await transport.deliver([deliveryOf(0, [])]);
      await transport.close();
    });

    test("two deliveries to one board at the same moment come both, in their order", async () => {
      const got: number[] = [];
      const { transport } = await connect(
        name, (_, chunk) => {
          got.push(...chunk);
        },
        () => undefined,
      );
      await transport.deliver([deliveryOf(1, [1, 2]), deliveryOf(1, [3])]);
      assert.deepEqual(got, [1, 2, 3]);
      await transport.close();
    });
  });
}
