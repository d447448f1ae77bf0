import { messageOf } from "../base/error.js";
import { Gone } from "./talk.js";
import type { Port } from "./talk.js";

/** What has come from a port and was not asked for yet, whatever kind of port it is. */
export interface Inbox {
  readonly put: (chunk: Uint8Array) => void;
  /** Nothing more comes: it was closed, or something went wrong. */
  readonly leave: (error?: Error | null) => void;
  /** See `Port`. */
  readonly read: Port["read"];
  /** Why nothing more comes; undefined while it is there. */
  readonly gone: Gone | undefined;
}

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
};

/** @param path what the port is called, for messages */
export const createInbox = (path: string): Inbox => {
  let chunks: Uint8Array[] = [];
  let gone: Gone | undefined;
  let wake: () => void = () => undefined;
  return {
    put(chunk) {
      chunks.push(chunk);
      wake();
    },
    leave(error) {
      gone ??= new Gone(error ? `${path}: ${messageOf(error)}` : `${path}: the port was closed`);
      wake();
    },
    get gone() {
      return gone;
    },
    async read(milliseconds) {
      if (!chunks.length && !gone && milliseconds > 0) {
        await new Promise<void>((resolve) => {
          const late = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(late);
            resolve();
          };
        });
      }
      if (!chunks.length && gone) throw gone;
      const bytes = joined(chunks);
      chunks = [];
      return bytes;
    },
  };
};
