/**
 * Espruino's Storage as facts and sources of it tell: a journal in flash. A file is erased by one
 * write to its header; a new one is written behind all others, first its header, then its data.
 * What is erased takes room until the journal is compacted.
 */

const HEADER = 32;

export interface Storage {
  read(name: string, offset?: number, length?: number): string | undefined;
  write(name: string, data: string, offset?: number, size?: number): boolean;
  erase(name: string): void;
  compact(): void;
  getFree(): number;
  getStats?: () => { freeBytes: number; trashBytes: number };
  list(): string[];
  /** How often flash was written. */
  readonly steps: number;
  /** Power is lost in the middle of this write to flash, counted as `steps` are. */
  cutAt: number;
  /** Power came back. */
  revive(): void;
}

/** Power was lost: whatever runs on the board is gone. */
export class PowerLost extends Error {
  override readonly name = "PowerLost";
}

export const createStorage = (
  size: number, tellsStats: boolean, content: Storage | undefined,
): Storage => {
  const files = new Map<string, Uint8Array>();
  for (const name of content?.list() ?? []) {
    files.set(name, Buffer.from(content!.read(name)!, "latin1"));
  }
  let trash = 0;
  let steps = 0;
  let dead = false;
  const room = (bytes: number) => HEADER + Math.ceil(bytes / 4) * 4;
  const used = () => [...files.values()].reduce((sum, data) => sum + room(data.length), 0);
  const free = () => Math.max(0, size - used() - trash - HEADER);

  /** One write to flash; where power is lost in it, only half of it is done. */
  const step = (whole: () => void, half: () => void = () => undefined) => {
    if (!dead && ++steps !== self.cutAt) {
      whole();
      return;
    }
    if (!dead) half();
    dead = true;
    throw new PowerLost();
  };
  const drop = (name: string) => {
    const data = files.get(name);
    if (!data) return;
    step(() => {
      trash += room(data.length);
      files.delete(name);
    });
  };
  const put = (data: Uint8Array, text: string, offset: number, length: number) => {
    for (let at = 0; at < length; at++) data[offset + at]! &= text.charCodeAt(at);
  };
  const create = (name: string, bytes: number): Uint8Array => {
    if (free() < bytes) self.compact();
    if (free() < bytes) throw new Error("Unable to find or create file");
    const data = new Uint8Array(bytes).fill(0xff);
    step(() => {
      files.set(name, data);
    });
    return data;
  };

  const self: Storage = {
    read(name, offset = 0, length = 0) {
      const data = files.get(name);
      if (!data) return undefined;
      const end = length > 0 ? Math.min(data.length, offset + length) : data.length;
      return Buffer.from(data.subarray(Math.min(offset, data.length), end)).toString("latin1");
    },
    write(name, text, offset = 0, bytes = 0) {
      const length = bytes || text.length;
      if (!length) throw new Error("Can't create zero length file");
      let data = files.get(name);
      const erased = data?.every((byte) => byte === 0xff);
      if (offset === 0 && !(data && data.length === length && erased)) {
        if (data && data.length === length && self.read(name) === text) return true;
        drop(name);
        data = create(name, length);
      }
      if (!data) throw new Error("Unable to find or create file");
      const end = offset + text.length;
      if (end > data.length) throw new Error("Too much data for file size");
      if (!data.subarray(offset, end).every((byte) => byte === 0xff)) {
        throw new Error("File already written with different data");
      }
      const target = data;
      step(() => {
        put(target, text, offset, text.length);
      }, () => {
        put(target, text, offset, text.length >> 1);
      });
      return true;
    },
    erase(name) {
      drop(name);
    },
    compact() {
      if (trash) {
        step(() => {
          trash = 0;
        });
      }
    },
    getFree: free,
    ...(tellsStats
      ? { getStats: () => ({ freeBytes: free(), trashBytes: trash }) } : {}),
    list: () => [...files.keys()],
    get steps() {
      return steps;
    },
    cutAt: 0,
    revive() {
      dead = false;
    },
  };
  return self;
};
