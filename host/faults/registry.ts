import { UsageError } from "../base/error.js";
import type { Network } from "../network/network.js";
import { BABBLE } from "./board/babble.js";
import { CRASH } from "./board/crash.js";
import { EDGE } from "./board/edge.js";
import { FORGE } from "./board/forge.js";
import { JAM } from "./board/jam.js";
import { LATE } from "./board/late.js";
import { MARGINAL } from "./board/marginal.js";
import { RESTART } from "./board/restart.js";
import { SILENT } from "./board/silent.js";
import { STALE } from "./board/stale.js";
import { STUCK } from "./board/stuck.js";
import { UNPLUG } from "./board/unplug.js";
import { USURP } from "./board/usurp.js";
import type { FaultKind, HubKind, LineKind, SynchronyKind, TraitorKind } from "./fault.js";
import { ALTER } from "./hub/alter.js";
import { INVENT } from "./hub/invent.js";
import { REPLAY } from "./hub/replay.js";
import { SWAP } from "./hub/swap.js";
import { COLLUDE } from "./liar/collude.js";
import { COPIES } from "./liar/copies.js";
import { EQUIVOCATE } from "./liar/equivocate.js";
import { RANDOM } from "./liar/random.js";
import { RELAY } from "./liar/relay.js";
import { SPLIT } from "./liar/split.js";
import { WITHHOLD } from "./liar/withhold.js";
import { DELAY } from "./line/delay.js";
import { DROP } from "./line/drop.js";
import { DUPLICATE } from "./line/duplicate.js";
import { FLIP } from "./line/flip.js";
import { NOISE } from "./line/noise.js";
import { REORDER } from "./line/reorder.js";
import { TRUNCATE } from "./line/truncate.js";
import { AHEAD } from "./window/ahead.js";
import { BEHIND } from "./window/behind.js";
import { ECHO } from "./window/echo.js";
import { JUMP } from "./window/jump.js";
import { LATELY } from "./window/late.js";
import { LOSS } from "./window/loss.js";
import { ONEWAY } from "./window/oneway.js";
import { PARTITION } from "./window/partition.js";
import { RESET } from "./window/reset.js";
import { STALL } from "./window/stall.js";

/** Everything that can be made to go wrong. Help, documents and checks read it here. */
export const FAULTS: readonly FaultKind[] = [
  DROP, DELAY, DUPLICATE, REORDER, TRUNCATE, FLIP, NOISE,
  ALTER, SWAP, REPLAY, INVENT,
  SILENT, CRASH, RESTART, UNPLUG, STUCK, LATE, EDGE, STALE, BABBLE,
  EQUIVOCATE, RELAY, WITHHOLD, RANDOM, COLLUDE, SPLIT, COPIES,
];

/** What only a wire that all share knows. */
const WIRE_ONLY: readonly FaultKind[] = [MARGINAL, JAM, FORGE, USURP];

/** The same for a wire that all share: what means something there, as it is told there. */
export const WIRE_FAULTS: readonly FaultKind[] = [
  ...FAULTS.flatMap((kind) => {
    if (!kind.wired) return [kind];
    return "help" in kind.wired ? [{ ...kind, help: kind.wired.help }] : [];
  }),
  ...WIRE_ONLY,
];

/** Those that a bus of real boards can play in a board's place. */
export const PLAYED_FAULTS: readonly FaultKind[] =
  FAULTS.filter((kind) => "played" in kind && kind.played);

/** What breaks synchrony. */
export const SYNCHRONY_FAULTS: readonly SynchronyKind[] = [
  LOSS, LATELY, ONEWAY, PARTITION, AHEAD, BEHIND, ECHO, RESET, STALL, JUMP,
];

const unknown = (name: string, able: readonly { readonly name: string }[]): UsageError =>
  new UsageError(
    `${JSON.stringify(name)} is unknown, there are: ${able.map((kind) => kind.name).join(", ")}`);

/** @throws UsageError where there is none of this name */
export const synchronyFaultNamed = (name: string): SynchronyKind => {
  const found = SYNCHRONY_FAULTS.find((kind) => kind.name === name);
  if (!found) throw unknown(name, SYNCHRONY_FAULTS);
  return found;
};

const kindNamed = <Kind extends FaultKind>(
  { wiring }: Pick<Network, "wiring">, name: string, is: (kind: FaultKind) => kind is Kind,
): Kind => {
  const all = wiring ? WIRE_FAULTS : FAULTS;
  const found = all.find((kind) => kind.name === name && is(kind));
  if (found) return found as Kind;
  const wired = wiring ? FAULTS.find((kind) => kind.name === name)?.wired : undefined;
  if (wired && "nothing" in wired) {
    throw new UsageError(`${name} means nothing on a shared wire: ${wired.nothing}`);
  }
  throw unknown(name, all.filter(is));
};

/** @throws UsageError where a network has no such fault of lines, or of its hub */
export const lineKind = (network: Pick<Network, "wiring">, name: string): LineKind | HubKind =>
  kindNamed(network, name, (kind) => kind.on === "line" || kind.on === "hub");

/** @throws UsageError where boards of a network cannot fail or lie like that */
export const traitorKind = (network: Pick<Network, "wiring">, name: string): TraitorKind =>
  kindNamed(network, name, (kind) => kind.on === "board" || kind.on === "liar");
