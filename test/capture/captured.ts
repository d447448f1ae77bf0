import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { FrameEvent, TraceEvent } from "../../host/events/events.js";
import type { Network } from "../../host/network/network.js";
import { openTrace } from "../../host/trace/file.js";
import { cli, folder } from "../cli/harness.js";

/** Runs, and what is written of them for analysers. */

export interface Captured {
  readonly network: Network;
  readonly events: readonly TraceEvent[];
  readonly vcd: string;
  readonly pcapng: string;
}

/** @param words of `tagma emulate`, the network first; @param only of `tagma replay` */
export const capture = async (
  context: TestContext, words: readonly string[], only: readonly string[] = [],
): Promise<Captured> => {
  const at = folder(context);
  const [trace, vcd, pcapng] = ["run.trace", "run.vcd", "run.pcapng"].map((name) => join(at, name));
  const ran = await cli(["emulate", ...words, "--transport", "memory", "--trace", trace!]);
  if (ran.code > 1) throw new Error(ran.err);
  const replayed = await cli(["replay", trace!, "--vcd", vcd!, "--pcapng", pcapng!, ...only]);
  if (replayed.code > 1) throw new Error(replayed.err);
  const opened = openTrace(trace!);
  const { network } = opened;
  return { network, events: [...opened.events()], vcd: vcd!, pcapng: pcapng! };
};

export const framesIn = (events: readonly TraceEvent[]): FrameEvent[] =>
  events.filter((event) => event.e === "frame");

/** A wire's levels: at which time it changed to what. */
type Wave = readonly { readonly time: number; readonly level: number }[];

export interface Waves {
  /** Seconds of a unit. */
  readonly unit: number;
  readonly waves: ReadonlyMap<string, Wave>;
  /** All times, as they stand in the file. */
  readonly times: readonly number[];
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ns: 1e-9 };

/** Reads a value change dump as its standard has it, as far as it is of single wires. */
export const readVcd = (path: string): Waves => {
  const text = readFileSync(path, "latin1");
  const [, size, unit] = /\$timescale (\d+) (\w+) \$end/.exec(text)!;
  const waves = new Map<string, { time: number; level: number }[]>();
  const byCode = new Map<string, { time: number; level: number }[]>();
  for (const [, code, name] of text.matchAll(/\$var wire 1 (\S+) (\S+) \$end/g)) {
    const wave: { time: number; level: number }[] = [];
    waves.set(name!, wave);
    byCode.set(code!, wave);
  }
  const times: number[] = [];
  for (const line of text.split("$enddefinitions $end\n")[1]!.split("\n")) {
    if (line.startsWith("#")) times.push(Number(line.slice(1)));
    else if (/^[01]/.test(line)) {
      byCode.get(line.slice(1))!.push({ time: times.at(-1)!, level: Number(line[0]) });
    }
  }
  return { unit: Number(size) * UNITS[unit!]!, waves, times };
};

/** What a receiver hears that waits for a start bit, and then looks in the middle of each bit. */
export const heardOn = (wave: Wave, unitsABit: number): number[] => {
  let next = 0;
  let level = 1;
  const levelAt = (time: number) => {
    while (next < wave.length && wave[next]!.time <= time) level = wave[next++]!.level;
    return level;
  };
  const bytes: number[] = [];
  for (let at = 0; at < wave.length;) {
    const { time, level: now } = wave[at]!;
    if (now || time === 0) {
      at++;
      continue;
    }
    let byte = 0;
    for (let place = 1; place <= 8; place++) {
      byte |= levelAt(time + (place + 0.5) * unitsABit) << (place - 1);
    }
    bytes.push(levelAt(time + 9.5 * unitsABit) ? byte : -1);
    const ends = time + 9.5 * unitsABit;
    while (at < wave.length && wave[at]!.time < ends) at++;
  }
  return bytes;
};
