import type { CycleFacts } from "./facts.js";
import type { Message, Topics } from "./topics.js";

/**
 * Tells a broker how things stand, as fast as it takes them and no faster: a state that it has not
 * taken is replaced by the next one, events wait in a short queue, and what finds no room there is
 * counted. So a broker that is away, slow or full costs nothing.
 */

/** As much of a client as is used. */
export interface Broker {
  readonly connected: boolean;
  /** `done` is called once the broker has it, or it is given up. */
  publish(message: Message, done: () => void): void;
}

export interface Publisher {
  take(facts: CycleFacts): void;
  /** A connection was made: the broker may have forgotten everything. */
  begin(): void;
  /** Hands over how things stand; called once in a while. */
  tick(): void;
  /** Events that found no room, since it was last asked. */
  dropped(): number;
  /** The last words; done when the broker has them. */
  finish(done: () => void): void;
}

/** Messages that the broker has not taken yet, at most. */
export const UNANSWERED = 32;
/** Events that wait, at most. */
export const WAITING = 256;

export const createPublisher = (broker: Broker, topics: Topics): Publisher => {
  const states = new Map<string, Message>();
  const taken = new Map<string, string>();
  const events: Message[] = [];
  let first: Message[] = [];
  let [unanswered, dropped] = [0, 0];

  const hasRoom = () => broker.connected && unanswered < UNANSWERED;
  const hand = (message: Message) => {
    unanswered++;
    broker.publish(message, () => {
      unanswered--;
      flush();
    });
  };

  const flush = () => {
    while (hasRoom() && first.length) hand(first.shift()!);
    while (hasRoom() && events.length) hand(events.shift()!);
  };

  const tick = () => {
    flush();
    for (const [topic, message] of states) {
      if (!hasRoom()) return;
      if (taken.get(topic) === message.payload) continue;
      taken.set(topic, message.payload);
      hand(message);
    }
  };

  return {
    take(facts) {
      for (const message of topics.states(facts)) states.set(message.topic, message);
      for (const event of topics.events(facts)) {
        // The latest tell the most.
        if (events.length >= WAITING) {
          events.shift();
          dropped++;
        }
        events.push(event);
      }
      flush();
    },
    begin() {
      taken.clear();
      first = [...topics.first];
      tick();
    },
    tick,
    dropped() {
      const count = dropped;
      dropped = 0;
      return count;
    },
    finish(done) {
      tick();
      if (broker.connected) broker.publish(topics.will, done);
      else done();
    },
  };
};
