import { join } from "node:path";
import { HUB, countedFrom, createWire } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { readTextParts } from "../base/input.js";
import { show } from "../base/values.js";
import type { SimBoard } from "../boards/board.js";
import { contextBoard } from "../boards/context.js";
import { nativesWith } from "../boards/natives.js";
import { firstFiles, lockStore, openStore, provisionStore } from "../boards/store.js";
import { actOf } from "../bundle/acts.js";
import { bundle } from "../bundle/bundle.js";
import { keysIn } from "../keys/keyfile.js";
import type { BundleKeys } from "../keys/keyfile.js";
import { createLine } from "../live/line.js";
import { checkAddress } from "../live/port.js";
import type { Board, Network } from "../network/network.js";
import { madeUp, parseReadings } from "../network/readings.js";
import type { Readings } from "../network/readings.js";
import { boardIn } from "./bundle.js";
import type { Add } from "./command.js";
import { Interrupted, tell as tellIn, unwrittenText } from "./io.js";
import type { Io } from "./io.js";
import { openNetwork } from "./open.js";
import { SCRIPTS_HELP, tellOfScripts } from "./scripts.js";
import { createSigningWatch, stateName } from "./signing.js";
import { valueText } from "./view.js";

interface Options {
  readonly board: string;
  readonly port: string;
  readonly readings?: string;
  readonly keys?: string;
  readonly store?: string;
  readonly once?: boolean;
  readonly json?: boolean;
}

/** How often a line that is away is looked after, in milliseconds; a silence ends sooner. */
const LOOK = 50;
/** Bytes that may be on their way at once: many frames. */
const PENDING = 65536;

/**
 * Listens along, and tells of each beacon when its last byte has come.
 *
 * @param told the cycle that a beacon opens; -1: it opens another round, or closes
 * @returns takes the next byte
 */
const beaconsOf = ({ layout }: Board, told: (opens: number) => void) => {
  const arena = new Uint8Array(layout.end);
  const view = new DataView(arena.buffer);
  const wire = createWire(
    layout, arena, view, new Uint32Array(3),
    (sender, round) => {
      if (sender !== HUB) return 0;
      const payload = countedFrom(layout, round) === 1 ? layout.payloads[0]! : layout.poll;
      return layout.overhead + payload;
    },
    (_sender, round, _low, at) => {
      told(countedFrom(layout, round) === 1 ? view.getUint32(at - 1, true) : -1);
    },
  );
  return wire.decode;
};

/**
 * What runs on the board has its reading before the beacon that asks for it, and whatever it
 * decides is seen before the next one.
 */
const feeder = (
  board: Board, sim: SimBoard, readings: Readings | undefined, decided: () => void,
) => {
  let beacon = false;
  const listen = beaconsOf(board, (opens) => {
    beacon = true;
    if (opens >= 0 && readings) sim.reading = readings(opens)[board.number];
  });
  return (chunk: Uint8Array) => {
    let from = 0;
    const hand = (end: number) => {
      if (end > from) sim.receive(chunk.subarray(from, end));
      from = end;
    };
    for (let at = 0; at < chunk.length; at++) {
      listen(chunk.subarray(at, at + 1));
      if (beacon) {
        beacon = false;
        hand(at + 1);
        decided();
      }
    }
    hand(chunk.length);
  };
};

/** Without pins there is nothing to read, unless a script or the hub says what. */
const shownBy = (network: Network, { file: { reading } }: Board): Readings | undefined => {
  const told = reading === "wire" || (reading !== undefined && "script" in reading);
  return told ? undefined : madeUp(network, 1);
};

/**
 * The folder with its files of Espruino's, where anything is to outlast this process.
 *
 * @throws UsageError where a store is asked for and not needed
 */
const storeOf = (
  board: Board, { keys: folder, store: named, once }: Options, path: string,
  { signing }: BundleKeys,
): string | undefined => {
  const own = signing ? join(folder!, `${board.name}.store`) : `${path}.${board.name}.store`;
  if (signing || board.layout.ballots) return named ?? own;
  if (once || named !== undefined) {
    throw new UsageError(
      `--${once ? "once" : "store"}: ${path}: its boards neither sign nor promise: leave it out`);
  }
  return undefined;
};

/**
 * Runs it until somebody stops it.
 *
 * @param store is locked, see `lockStore`
 */
const runBoard = async (
  network: Network, board: Board, { signing, links }: BundleKeys, store: string | undefined,
  options: Options, io: Io,
): Promise<never> => {
  const { port, readings: table, json, once } = options;
  const readings = table === undefined ? shownBy(network, board)
    : parseReadings(network, readTextParts(table), table).readings;
  if (once) provisionStore(store!, firstFiles(board, signing));
  const natives = store === undefined ? undefined : nativesWith(openStore(store));
  const text = await bundle(network, board, signing, links, actOf(network, board, true), true);
  const began = io.now();
  const since = () => (io.now() - began) * 1000;
  let [cycle, silences] = [-1, 0];
  // Whether anybody reads it is nothing to the network, of which this is a part.
  const ended: { unwritten?: Error; stopped?: Error } = {};
  const tell = (line: string) => {
    tellIn(io, line).catch(() => undefined);
  };
  const say = (line: string) => {
    if (ended.unwritten) return;
    io.out.write(line).catch((thrown: unknown) => {
      const why = unwrittenText(thrown as Error);
      if (!ended.unwritten) tell(`${board.name}: ${why}: it goes on`);
      ended.unwritten = thrown as Error;
    });
  };
  const watchSigning = createSigningWatch(board.name, network, tell);
  // What a silence brings about, and that it is over.
  const quiet = () => {
    if (network.file.silence_ms === undefined) return;
    const state = sim.state();
    if (state.silences === silences) return;
    ({ silences } = state);
    const order = show(state.order);
    say(json
      ? `${JSON.stringify({ board: board.name, silences, order })}\n`
      : `no cycle was closed in time: order ${valueText(network, order)}\n`);
  };
  const decided = () => {
    const state = sim.state();
    if (state.cycle === cycle) return;
    ({ cycle } = state);
    watchSigning(state.signer);
    const vector = state.vector.map(show);
    const order = show(state.order);
    const names = network.boards.map(({ name }) => name);
    const { signer } = state;
    const signed = signer && { signer: stateName(signer), left: signer.left };
    const values = vector.map((value, at) => `${names[at]}=${valueText(network, value)}`).join(" ");
    say(json
      ? `${JSON.stringify({ board: board.name, cycle, vector, order, ...signed })}\n`
      : `cycle ${cycle}: ${values}, order ${valueText(network, order)}\n`);
  };
  const sim = contextBoard(network, board, text, (_board, bytes, from, end) => {
    line.send(bytes.subarray(from, end));
  }, natives);
  const feed = feeder(board, sim, readings, decided);
  const line = createLine(async (events) => io.ports.line(port, network.file.baud, events), PENDING,
    (chunk) => {
      try {
        sim.tick(since());
        quiet();
        feed(chunk);
      } catch (thrown) {
        ended.stopped ??= thrown as Error;
      }
    });
  let [why, opened] = ["", 0];
  watchSigning(sim.state().signer);
  try {
    while (!io.interrupted && !ended.stopped) {
      line.tick(io.now() * 1000);
      if (line.why !== why) {
        ({ why } = line);
        if (why) tell(`${board.name}: ${why}`);
      }
      if (line.opened > opened) {
        ({ opened } = line);
        tell(`${board.name}: listens at ${port}`);
      }
      const left = (sim.tick(since()) - since()) / 1000;
      quiet();
      await io.sleep(Math.max(1, Math.min(LOOK, Math.ceil(left))));
    }
  } finally {
    await line.close();
  }
  throw ended.stopped ?? ended.unwritten ?? new Interrupted();
};

const boardCommand = async (path: string, options: Options, io: Io): Promise<never> => {
  if (!options.port) throw new UsageError('--port: a path is needed, not ""');
  checkAddress(options.port);
  const network: Network = openNetwork(path);
  tellOfScripts(network, io);
  const board = boardIn(network, options.board, path);
  const keys = keysIn(network, board, path, options.keys);
  const store = storeOf(board, options, path, keys);
  const release = store === undefined ? undefined : await lockStore(store);
  try {
    return await runBoard(network, board, keys, store, options, io);
  } finally {
    release?.();
  }
};

export const addBoard: Add = (program, io) => {
  program.command("board")
    .description("be a board of a network: run its bundle behind a serial port")
    .argument("<network>", "a network file")
    .requiredOption("--board <name>", "which one")
    .requiredOption("--port <path>", "the line to the hub, or tcp://HOST:PORT")
    .option("--readings <file>",
      "a CSV table of what the sensors show, one row a cycle; see tagma emulate --help")
    .option("--keys <folder>", "of a network that signs or tags: what tagma keys has made")
    .option("--store <folder>",
      "what stands for its flash, where it signs or takes part in ballots; KEYS/BOARD.store or " +
      "NETWORK.json.BOARD.store unless told")
    .option("--once", "it has never run: before anything else, write that down in the store")
    .option("--json", "print what it decides as a JSON object a cycle")
    .addHelpText("after", `
It runs until it is stopped, by Ctrl-C. A port that is away is tried again until it is there. The
bundle has no pins here: without --readings it reads what the network file's script says, or what
is made up, alike at boards of one network. Where the network file has silence_ms, it says so when
it puts out the default order.

A board that signs keeps in its store which keys it has reserved. When it is started again, it goes
on above them. Start it with --once the first time, and never again with the same keys.
Where the store is lost it does not sign, and says so. A board of ballots has there what it may have
promised: it too is started with --once when the network has never run, and never again. While it
runs, no other process may have its store. Of the folder of --keys it reads public.json and its own
secret.

${SCRIPTS_HELP.trimStart()}

Exit codes: 2 bad usage, 130 stopped.

Examples:
  socat pty,rawer,link=hub-a pty,rawer,link=board-a &
  tagma board boards/networks/desk.json --board a --port board-a
  tagma board boards/networks/press.json --board a --port board-a --once
  tagma board boards/networks/three.json --board a --port board-a --keys three-keys --once`)
    .action(async (path: string, options: Options) => {
      await boardCommand(path, options, io);
    });
};
