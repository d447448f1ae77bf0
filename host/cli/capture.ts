import type { Command } from "commander";
import type { Capture } from "../capture/links.js";
import { createPcapng } from "../capture/pcapng.js";
import { createVcd } from "../capture/vcd.js";
import type { Trace } from "../trace/file.js";

/** What `tagma replay` writes for analysers. */

export interface CaptureOptions {
  readonly vcd?: string;
  readonly pcapng?: string;
}

export const addCapture = (command: Command): Command => command
  .option("--vcd <file>", "the levels of all lines, for PulseView, sigrok-cli or GTKWave")
  .option("--pcapng <file>", "all frames, for Wireshark or tshark");

/**
 * Writes what was asked for.
 *
 * @param only this cycle; all unless told
 * @throws UsageError where a file cannot be written; then nothing is left of any
 */
export const writeCaptures = (
  trace: Trace, { vcd, pcapng }: CaptureOptions, only?: number,
): void => {
  if ((vcd ?? pcapng) === undefined) return;
  const { header, network } = trace;
  const captures: Capture[] = [];
  try {
    if (vcd !== undefined) captures.push(createVcd(vcd, header, network));
    if (pcapng !== undefined) captures.push(createPcapng(pcapng, header, network));
    for (const event of trace.events()) {
      if (only !== undefined && event.cycle !== only) continue;
      for (const capture of captures) capture.take(event);
    }
    for (const capture of captures) capture.finish();
  } finally {
    for (const capture of captures) capture.abandon();
  }
};
