import type { Command } from "commander";
import { UsageError } from "../base/error.js";
import type { CycleRecord } from "../emulate/emulate.js";
import type { Status } from "../live/live.js";
import type { Network } from "../network/network.js";
import type { BrokerAddress } from "../telemetry/broker.js";
import { cycleFacts, networkFacts } from "../telemetry/facts.js";
import type { Address } from "../telemetry/serve.js";
import { startTelemetry } from "../telemetry/telemetry.js";
import { tell } from "./io.js";
import type { Io } from "./io.js";

/** What commands that run in real time have for dashboards. */

export interface TelemetryOptions {
  readonly metrics?: string;
  readonly mqtt?: string;
}

export interface Told {
  cycle(record: CycleRecord, status?: readonly Status[]): void;
  end(): Promise<void>;
}

const NOBODY: Told = { cycle: () => undefined, end: async () => Promise.resolve() };

export const addTelemetry = (command: Command): Command => command
  .option("--metrics <port>",
    "metrics for Prometheus at http://127.0.0.1:PORT/metrics, or HOST:PORT; 0: any port")
  .option("--mqtt <url>",
    "tell a broker, mqtt://HOST or mqtts://USER@HOST:PORT/PREFIX; the password is in the " +
    "environment variable TAGMA_MQTT_PASSWORD");

const PORT_MAX = 65535;
const LOOPBACK = "127.0.0.1";

/** @throws UsageError */
const addressOf = (text: string): Address => {
  const [, host = LOOPBACK, digits] =
    /^(?:([\w.-]+|\[[\da-fA-F:]+\]):)?(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > PORT_MAX) {
    throw new UsageError(
      `--metrics: ${text}: must be PORT or HOST:PORT, and PORT from 0 to ${PORT_MAX}`);
  }
  return { host: host.replaceAll(/^\[|\]$/g, ""), port: Number(digits) };
};

const SCHEMES = ["mqtt:", "mqtts:", "ws:", "wss:"];

/** What is wrong is told without the text, in which there may be a password. @throws UsageError */
const brokerOf = (text: string, password: string | undefined): BrokerAddress => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || !SCHEMES.includes(url.protocol) || /[?#]/.test(text)) {
    throw new UsageError("--mqtt: must be mqtt://HOST, or with a port, a user and the first " +
      "levels of all topics, mqtts://USER@HOST:PORT/PREFIX");
  }
  if (url.password) {
    throw new UsageError("--mqtt: a password is seen by all users of this computer here; put it " +
      "into the environment variable TAGMA_MQTT_PASSWORD");
  }
  let [prefix, username] = ["", ""];
  try {
    prefix = decodeURIComponent(url.pathname).replaceAll(/^\/+|\/+$/g, "");
    username = decodeURIComponent(url.username);
  } catch {
    throw new UsageError("--mqtt: what stands behind a % must be two hexadecimal digits");
  }
  if (/[+#\0]/.test(prefix) || prefix.length > 200) {
    throw new UsageError("--mqtt: the first levels of topics may have no + and no #, and 200 " +
      "characters at most");
  }
  return {
    url: `${url.protocol}//${url.host}`, prefix: prefix || "tagma",
    ...(username ? { username } : {}), ...(password ? { password } : {}),
  };
};

/**
 * Begins to tell dashboards, if anybody asked for it.
 *
 * @throws UsageError naming the option
 */
export const openTelemetry = async (
  { metrics, mqtt }: TelemetryOptions, network: Network, real: boolean, io: Io,
): Promise<Told> => {
  if (metrics === undefined && mqtt === undefined) return NOBODY;
  const address = metrics === undefined ? undefined : addressOf(metrics);
  const broker = mqtt === undefined ? undefined : brokerOf(mqtt, io.env["TAGMA_MQTT_PASSWORD"]);
  const say = (text: string) => {
    void tell(io, text).catch(() => undefined);
  };
  const telemetry = await startTelemetry(networkFacts(network, real), {
    ...(address ? { metrics: address } : {}), ...(broker ? { broker } : {}),
  }, say).catch((thrown: unknown) => {
    throw thrown instanceof UsageError ? new UsageError(`--metrics: ${thrown.message}`) : thrown;
  });
  return {
    cycle(record, status) {
      telemetry.take(cycleFacts(record, status));
    },
    end: async () => telemetry.end(),
  };
};
