import { createInbox } from "./inbox.js";
import { Gone } from "./talk.js";
import type { Port } from "./talk.js";

/** A browser's serial port (Web Serial) as a line to a board. */

/** As much of a `SerialPort` as is used. */
export interface WebPort {
  open(options: { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
  /** Another one after an error that is none of the device's end; null once that is gone. */
  readonly readable: { getReader(): Reader } | null;
  readonly writable: { getWriter(): Writer } | null;
}

interface Reader {
  read(): Promise<{ readonly value?: Uint8Array | undefined; readonly done: boolean }>;
  cancel(): Promise<void>;
  releaseLock(): void;
}

interface Writer {
  write(bytes: Uint8Array): Promise<void>;
  releaseLock(): void;
}

/** Longer than any write of ours takes on a slow line, in milliseconds. */
const WRITING = 10_000;
const NAME = "the port";

/** @throws Error of the browser's, where it cannot be opened */
export const openWebPort = async (port: WebPort, baudRate: number): Promise<Port> => {
  await port.open({ baudRate });
  const inbox = createInbox(NAME);
  let reader: Reader | undefined;
  let closed = false;
  const pump = async () => {
    let failed: unknown;
    // A byte that is damaged ends the stream, and the port gives another one.
    while (port.readable && !closed) {
      reader = port.readable.getReader();
      try {
        for (let step = await reader.read(); !step.done; step = await reader.read()) {
          if (step.value) inbox.put(step.value);
        }
      } catch (thrown) {
        failed = thrown;
      } finally {
        reader.releaseLock();
      }
    }
    inbox.leave(failed instanceof Error ? failed : undefined);
  };
  const pumping = pump();
  return {
    read: inbox.read,
    async write(bytes) {
      if (inbox.gone) throw inbox.gone;
      const writer = port.writable?.getWriter();
      if (!writer) throw new Gone(`${NAME}: was closed`);
      let late: ReturnType<typeof setTimeout> | undefined;
      try {
        await Promise.race([
          // What it is handed is the conversation's own, which goes on with it.
          writer.write(bytes.slice()),
          new Promise((_resolve, reject) => {
            late = setTimeout(() => {
              reject(new Gone(`${NAME}: takes no more bytes`));
            }, WRITING);
          }),
        ]);
      } catch (thrown) {
        throw thrown instanceof Gone ? thrown : new Gone(`${NAME}: ${String(thrown)}`);
      } finally {
        clearTimeout(late);
        writer.releaseLock();
      }
    },
    async close() {
      closed = true;
      await reader?.cancel().catch(() => undefined);
      await pumping;
      await port.close().catch(() => undefined);
    },
  };
};
