import type { Network } from "../network/network.js";
import { watchScripts } from "../scripts/scripts.js";
import { tell } from "./io.js";
import type { Io } from "./io.js";

/** For the help of each command that runs scripts. */
export const SCRIPTS_HELP = `
A network file may hold scripts: a decision, readings, orders. Here they run in a sandbox: they can
compute, and there is no file, process or network for them. A script fails if it throws, takes too
long, or gives no value of the network's type. Then the default order is taken, or there is no
reading, and you are told the first time. On a board a script can do what the board can. With
--engine espruino it can do what that interpreter can, which has files: use that for network files
of your own.`;

/** Tells, once for each, of scripts that give nothing. */
export const tellOfScripts = (network: Network, io: Io): void => {
  watchScripts(network, (line) => {
    void tell(io, line).catch(() => undefined);
  });
};
