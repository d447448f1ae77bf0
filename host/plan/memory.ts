import { HASH_BLOCK_BYTES, MAC_KEY_BYTES, TAGGED_BYTES, spoken } from "../../firmware/index.js";
import type { Board, Network } from "../network/network.js";

/** What one board's memory goes to, in bytes; see docs/memory.md. */
export interface MemoryTerm {
  readonly name: string;
  readonly formula: string;
  readonly bytes: number;
}

/** What a board that signs holds besides frames. */
const signedTerms = ({ layout, signing }: Board): MemoryTerm[] => {
  const { boards: n, traitors: m, width: w, payloads, levels, orders, heard, margin } = layout;
  const { signatureBytes, keyBytes, hashBytes, trees } = signing!;
  const outgoing = m ? levels[1]! : orders;
  return [
    {
      name: "own order", bytes: outgoing,
      formula: m ? `a presence byte, ${w}, and a signature of ${signatureBytes}` : `1+${w}`,
    },
    {
      name: "outgoing", bytes: orders - outgoing,
      formula: m ? `the longest it relays, of ${payloads.slice(2).join(", ")}` : "relays nothing",
    },
    { name: "orders", bytes: heard - margin - orders, formula: `${n} commanders * (1 + 2*${w})` },
    {
      name: "signing", bytes: layout.memory - layout.end,
      formula: `${n} keys of ${keyBytes}, ${trees} * (63 nodes of ${hashBytes}), the message`,
    },
  ];
};

export const memoryOf = (network: Network, board: Board): MemoryTerm[] => {
  const { layout } = board;
  const { boards: n, width: w, exchanges } = layout;
  const said = spoken(network.shape, exchanges);
  const { overhead, margin, tag, tags, word, learner } = layout;
  const block = layout.block - margin;
  const widest = learner ? Math.max(...layout.payloads.slice(1)) : block + tags;
  const longest = Math.max(widest, layout.payloads[0]!);
  const signed = board.signing ? signedTerms(board) : undefined;
  return [
    ...(signed?.slice(0, -1) ?? [layout.direct || learner ? {
      name: "held", bytes: layout.heard - margin, formula: `its own record: 1+${w}`,
    } : {
      name: "held", bytes: layout.heard - margin,
      formula: `paths of 0..${exchanges - 1 || 1} boards: ${layout.counts
        .map((count) => `${Math.ceil(count / 8)}+${count}*${w}`).join(" + ")}`,
    }]),
    {
      name: "heard", bytes: layout.mac - layout.heard + margin,
      formula: `${n} boards * ${
        signed || learner ? block : `(${Math.ceil(said / 8)}+${said}*${w})`}${
        margin ? `, and ${n + 1} * ${margin} around them` : ""}`,
    },
    ...(tag ? [{
      name: "tags", bytes: layout.transmit - layout.mac,
      formula: `${n} keys * 2*${MAC_KEY_BYTES}, and two hashes: ${HASH_BLOCK_BYTES}+${
        TAGGED_BYTES}+${block}+${n - 1}*${tag} + ${HASH_BLOCK_BYTES}+32`,
    }] : []),
    {
      name: "transmit", bytes: layout.receive - layout.transmit,
      formula: learner ? "sends nothing"
        : `the longest frame out: ${overhead}+${block + tags}, and ${word} to spare`,
    },
    {
      name: "receive", bytes: layout.end - layout.receive,
      formula: `the longest frame in: ${overhead}+${longest}`,
    },
    ...(layout.health ? [{
      name: "health", bytes: n * (layout.valueWidth + 8),
      formula: `${n} boards * (${layout.valueWidth} + 2*2 + 4)`,
    }] : []),
    ...(layout.suspect ? [{
      name: "suspects", bytes: 2 * n, formula: `${n} boards * 2`,
    }] : []),
    ...(signed?.slice(-1) ?? (layout.direct || learner ? [] : [{
      name: "routes", bytes: layout.routeAt[exchanges + 1]! * layout.routeBytes,
      formula: `${layout.routeAt[exchanges + 1]!} paths of 1..${exchanges} boards * ${
        layout.routeBytes}`,
    }])),
  ];
};

/**
 * Blocks that the interpreter, and the functions and names of a running bundle, need besides their
 * text: on the Linux build 355 for four boards and 380 for seven, as `test/espruino` measures them.
 */
const BLOCKS_BESIDE = 385;
/**
 * And for signing, on the Linux build as `test/espruino` measures it: 350 that stay, and 650 that
 * must be free for calls, chunks and the results of hashes.
 */
const BLOCKS_SIGNING = 1000;

/** And for watching the health of all boards: 90 on the Linux build for four, 105 for seven. */
const BLOCKS_HEALTH = 110;

/** @returns blocks that a board needs in all, with a bundle of so many bytes in its RAM */
export const blocksOf = (network: Network, board: Board, bundle: number): number => {
  const memory = memoryOf(network, board).reduce((sum, term) => sum + term.bytes, 0);
  const data = (bytes: number) => Math.ceil(bytes / board.kind.block_data_bytes);
  return data(memory) + data(bundle) + BLOCKS_BESIDE +
    (board.signing ? BLOCKS_SIGNING : 0) + (board.layout.health ? BLOCKS_HEALTH : 0);
};
