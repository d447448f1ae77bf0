import { UsageError } from "../base/error.js";
import { FlashError, Gone } from "../flash/talk.js";
import type { Port } from "../flash/talk.js";
import { Interrupted } from "./io.js";
import type { Io } from "./io.js";
import { whole } from "./options.js";

/** What commands that speak to a board have in common. */

export const BAUD = 115_200;
const BAUD_MAX = 12_000_000;
const WAIT_MAX = 3600;

/** Reader of `--baud`. */
export const baudOf = whole(300, BAUD_MAX);
/** Reader of `--wait`, in seconds. */
export const waitOf = whole(1, WAIT_MAX);

export const BAUD_HELP = "bits a second of a console on a UART; USB takes any";

/** Opens a port, and closes it whatever happens. @throws UsageError naming the option */
export const withPort = async <Result>(
  io: Io, path: string, baud: number, act: (port: Port) => Promise<Result>,
): Promise<Result> => {
  let port: Port;
  try {
    port = await io.ports.open(path, baud);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`--port: ${thrown.message}`);
  }
  try {
    return await act(port);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw new UsageError(`${path}: ${thrown.message}`);
    throw thrown;
  } finally {
    await port.close();
  }
};

/** What `hold` checks before each step. @throws Interrupted where a person asked to stop */
export const stopper = (io: Io) => (): void => {
  if (io.interrupted) throw new Interrupted();
};

/** Whether something went wrong on a line, and not in this program. */
export const isLineError = (thrown: unknown): thrown is Error =>
  thrown instanceof Gone || thrown instanceof FlashError;
