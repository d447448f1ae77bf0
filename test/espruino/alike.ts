import type { Engine } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { Summary } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import type { Traitor, Troubles } from "../../host/faults/asked.js";
import { parseWindows } from "../../host/faults/windows.js";
import type { Network } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";

/** The same emulation on two engines: every frame, every vector, every order, every count. */

/** What goes wrong, in the words of the command line. */
export interface Wrong {
  readonly faults?: readonly string[];
  readonly traitors?: readonly string[];
  readonly windows?: readonly string[];
}

export const troublesOf = (
  network: Network, { faults = [], traitors = [], windows = [] }: Wrong,
): Troubles => ({
  lines: parseFaults(network, faults), traitors: parseTraitors(network, traitors),
  windows: parseWindows(network, windows),
});

/** A liar, and frames that are lost and damaged. */
export const liarAndLosses = (network: Network): Wrong => {
  const liar: Traitor["name"] = network.wiring ? "random" : "equivocate";
  const last = network.members.at(-1)!.name;
  return { faults: ["drop=0.1", "flip=0.05"], traitors: [`${last}=${liar}`] };
};

const plainOf = (event: TraceEvent): string => JSON.stringify(event, (_, value: unknown) =>
  (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value));

export interface Ran {
  readonly events: readonly string[];
  readonly summary: Summary;
}

/** @param interpreter the path of Espruino, for that engine */
export const runOn = async (
  network: Network, engine: Engine, wrong: Wrong, cycles: number, seed: number, interpreter = "",
): Promise<Ran> => {
  const events: string[] = [];
  const summary = await emulate({
    network, cycles, seed, readings: madeUp(network, seed), engine, transport: "memory",
    interpreter,
    troubles: troublesOf(network, wrong),
    tracer: (event) => {
      events.push(plainOf(event));
    },
  });
  return { events, summary };
};

/** @returns the first thing that is not the same, in words; "" where everything is */
export const differenceOf = (one: Ran, other: Ran): string => {
  const at = one.events.findIndex((event, index) => event !== other.events[index]);
  if (at >= 0) return `event ${at}:\n${one.events[at]!}\n${other.events[at] ?? "nothing"}`;
  if (one.events.length !== other.events.length) return `${other.events.length} events`;
  const told = ({ summary: { memory: _memory, bounded: _bounded, ...rest } }: Ran) =>
    JSON.stringify(rest);
  return told(one) === told(other) ? "" : `${told(one)}\n${told(other)}`;
};
