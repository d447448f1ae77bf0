import type { Network } from "../network/network.js";
import { watchScripts } from "../scripts/scripts.js";
import { tell } from "./io.js";
import type { Io } from "./io.js";

/** For the help of each command that runs scripts. */
export const SCRIPTS_HELP = `
A network file may hold scripts: a decision, readings, orders. Here they run in a sandbox: they can
compute, and nothing else of this computer is there for them, no file, process or network. A script
that throws, takes too long, or gives what is no value of the network's type gives the default
order, or no reading; the first time it is told of. On a board a script can do what the board can,
and with --engine espruino what that interpreter can, which has files: for network files of yours.`;

/** Tells, once for each, of scripts that give nothing. */
export const tellOfScripts = (network: Network, io: Io): void => {
  watchScripts(network, (line) => {
    void tell(io, line).catch(() => undefined);
  });
};
