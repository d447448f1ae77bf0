import mqtt from "mqtt";
import { messageOf } from "../base/error.js";
import type { Broker } from "./publisher.js";
import type { Message } from "./topics.js";

/** A broker that is tried again for as long as it is away. */

/** Where a broker is, and what it is told who we are. */
export interface BrokerAddress {
  /** Without user and password. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** The first levels of all topics. */
  readonly prefix: string;
}

/** Milliseconds until it is tried again, until it has answered, and until a silence is its end. */
const AGAIN = 2000;
const ANSWERING = 10_000;
const KEEPALIVE_S = 10;

export interface Events {
  connected(): void;
  /** Told once for each time that it goes. */
  away(why: string): void;
}

/** What a refusal to connect says that has no message of its own. */
const whyOf = (error: unknown): string => {
  // A name with two addresses, neither of which answers.
  const { errors } = error as { errors?: unknown[] };
  return messageOf(errors?.[0] ?? error) || "it does not answer";
};

export const connectBroker = (
  { url, username, password }: BrokerAddress, will: Message, told: Events,
): Broker & { end(done: () => void): void } => {
  let here: boolean | undefined;
  let why = "";
  const client = mqtt.connect(url, {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    will: { topic: will.topic, payload: Buffer.from(will.payload), retain: will.retain, qos: 1 },
    reconnectPeriod: AGAIN, connectTimeout: ANSWERING, keepalive: KEEPALIVE_S,
    // What is published while it is away is kept by whoever publishes, with a bound.
    queueQoSZero: false, reconnectOnConnackError: true, clean: true,
  });
  client.on("error", (error) => {
    why = whyOf(error);
  });
  client.on("connect", () => {
    here = true;
    why = "";
    told.connected();
  });
  client.on("close", () => {
    if (here === false) return;
    here = false;
    told.away(why || "it has gone");
  });
  return {
    get connected() {
      return client.connected;
    },
    publish({ topic, payload, retain }, done) {
      client.publish(topic, payload, { qos: 1, retain }, () => {
        done();
      });
    },
    end(done) {
      here = false;
      client.end(true, {}, () => {
        done();
      });
    },
  };
};
