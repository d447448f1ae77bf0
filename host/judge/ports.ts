import { HUB } from "../../firmware/index.js";
import type { FrameEvent } from "../events/events.js";
import type { Network } from "../network/network.js";
import { createListener } from "../topology/frames.js";

/**
 * Who speaks at whose port of a star. Two plugs that are exchanged look like two boards that are
 * silent; but their frames tell whose they are. So does every frame that a liar forges. A board is
 * said to speak at another's port only where, for some cycles one after the other, whatever frames
 * came there were all its own: from the first that ever came, `FIRST` cycles; where the port's own
 * board has spoken there before, `LATER`. One frame of the port's own board ends it. So a liar who
 * forges, and says now and then what is his to say, is never taken for a wrong plug.
 */
export interface Ports {
  /** What came over a link, accepted or not. */
  take(event: FrameEvent): void;
  /** A cycle is over. */
  close(): void;
  /** Who speaks at each port in place of its own board; undefined: nobody does. */
  readonly speakers: readonly (number | undefined)[];
}

const FIRST = 3;
const LATER = 16;

export const createPorts = (network: Network): Ports => {
  const ports = network.boards.map(() => ({
    listen: createListener(network), spoken: new Set<number>(), own: false, other: HUB, cycles: 0,
  }));
  const speakers: (number | undefined)[] = network.boards.map(() => undefined);
  return {
    speakers,
    take({ from, to, bytes }) {
      // On a shared wire there is no port of anybody's.
      if (to !== HUB || from === HUB || network.wiring) return;
      const { listen, spoken } = ports[from]!;
      for (const { sender } of listen(bytes)) spoken.add(sender);
    },
    close() {
      ports.forEach((port, board) => {
        const [one, ...more] = port.spoken;
        if (one === undefined) return;
        if (port.spoken.has(board)) port.own = true;
        const same = !more.length && one !== board;
        port.cycles = !same ? 0 : one === port.other ? port.cycles + 1 : 1;
        port.other = same ? one : HUB;
        speakers[board] = port.cycles >= (port.own ? LATER : FIRST) ? port.other : undefined;
        port.spoken.clear();
      });
    },
  };
};
