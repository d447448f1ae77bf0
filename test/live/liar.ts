/**
 * A board of a shared wire that lies: it says in each round that everything is the contrary. It
 * runs at the TCP port of a wire, whose number, with the network file and its own, it is told.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { createWire } from "../../firmware/index.js";
import { parseNetwork } from "../../host/network.js";
import { nativeBoard } from "../../host/sim/board.js";

const [file = "", port = "", own = ""] = process.argv.slice(2);
const network = parseNetwork(JSON.parse(readFileSync(file, "utf8")), file);
const { limits } = network.boards[0]!;
const { payloads, bitmaps } = limits;
const wire = connect({ host: "127.0.0.1", port: Number(port) });

/** The frame with every value's lowest bit inverted. */
const contrary = (frame: Uint8Array): Uint8Array => {
  const arena = new Uint8Array(limits.end + limits.block);
  const view = new DataView(arena.buffer);
  let header = 0;
  let told: Uint8Array | undefined;
  const codec = createWire(
    limits, arena, view, new Uint32Array(3), (next) => payloads[(header = next) >> 5]!,
    (cycle, at) => {
      const round = header >> 5;
      const payload = arena.slice(at, at + payloads[round]!);
      for (let byte = bitmaps[round]!; byte < payload.length; byte++) payload[byte]! ^= 1;
      arena.set(payload, limits.end);
      const end = codec.encode(header, cycle, limits.end, payload.length);
      told = arena.slice(limits.transmit, end);
    },
  );
  codec.decode(frame);
  return told ?? frame;
};

const board = nativeBoard(network, network.boards[Number(own)]!, (_board, bytes, from, end) => {
  wire.write(contrary(bytes.slice(from, end)));
});
board.reading = 1;
wire.setNoDelay(true);
wire.on("data", (chunk) => {
  board.receive(chunk);
});
wire.on("connect", () => {
  process.stdout.write("listens\n");
});
