/**
 * A board of a shared wire that lies: it says in each round that everything is the contrary. It
 * runs at the TCP port of a wire, whose number, with the network file and its own, it is told.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { nativeBoard } from "../../host/boards/board.js";
import { parseNetwork } from "../../host/network/network.js";
import { createForge } from "./forge.js";

const [file = "", port = "", own = ""] = process.argv.slice(2);
const network = parseNetwork(JSON.parse(readFileSync(file, "utf8")), file);
const wire = connect({ host: "127.0.0.1", port: Number(port) });

/** The frame with every value's lowest bit inverted. */
const contrary = createForge(network, ({ payload, values }) => {
  for (let byte = values; byte < payload.length; byte++) payload[byte]! ^= 1;
});

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
