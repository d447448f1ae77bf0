import { lstatSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { treeNumbers } from "../../firmware/auth/lms/sets.js";
import { MAC_KEY_BYTES } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { writeTogether } from "../base/file.js";
import type { Part } from "../base/file.js";
import { readText } from "../base/input.js";
import { fields } from "../base/issue.js";
import { parseJson } from "../base/json.js";
import type { Board, Network } from "../network/network.js";
import type { BoardKeys, OwnKeys } from "./keys.js";
import type { MacKeys } from "./mac.js";
import { provisionScript } from "./provision.js";

/**
 * The keys of a network as files in one folder: what anybody may know in one, each secret in
 * one that only its owner can read, and for each board what it is provisioned with.
 */

const bytes = z.base64();

const publicSchema = fields({
  network: bytes.describe("What names the network in all that is signed or tagged."),
  trees: z.array(fields({ lms: z.string(), ots: z.string() })).optional()
    .describe("Only where messages are signed, and so are the boards' keys and crowns."),
  boards: z.array(fields({
    name: z.string(), key: bytes.optional().describe("I and the root."),
    crown: bytes.optional().describe("The nodes above the tiles of its upper tree."),
  })),
});

const secretSchema = fields({
  network: bytes, board: z.string(), key: bytes.optional(),
  seed: bytes.optional().describe("What all that signs is derived from."),
  links: z.array(fields({ with: z.string(), key: bytes })).optional()
    .describe("Where frames are tagged: the key shared with each other board."),
});

/** What `tagma keys` makes, by board: for what is signed, and for what is tagged. */
export interface NetworkKeys {
  readonly signing?: readonly BoardKeys[];
  readonly links?: readonly MacKeys[];
}

/** What one board's bundle holds of them. */
export interface BundleKeys {
  readonly signing?: OwnKeys;
  readonly links?: MacKeys;
}

const PUBLIC = "public.json";
const secretOf = (name: string) => `${name}.secret.json`;
const onceOf = (name: string) => `${name}.once.js`;

const encode = (data: Uint8Array): string => Buffer.from(data).toString("base64");
const decode = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const textOf = (content: unknown): string => `${JSON.stringify(content, undefined, 2)}\n`;

const namesOf = ({ boards, signing }: Network): string[] => [
  PUBLIC, ...boards.flatMap(({ name }) => [secretOf(name), ...(signing ? [onceOf(name)] : [])]),
];

const NO_KEYS = (path: string) =>
  `--keys: ${path}: oral messages without tags are not signed, there are no keys`;

/** What the frames of a network that signs or tags are judged by. */
export interface JudgeKeys {
  /** By number, the public key of each board: I and the root. */
  readonly keys?: readonly Uint8Array[];
  /** By number, the keys that each board shares; undefined: tags are taken for right. */
  readonly links?: readonly MacKeys[];
}

/** Whether it needs keys at all. */
export const isKeyed = ({ signing, file }: Network): boolean => !!signing || !!file.auth;

/** A link that leads nowhere is there too. */
const isThere = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** @throws UsageError where a file of keys is there: what was made once is not made again */
export const refuseKeysThere = (network: Network, folder: string): void => {
  for (const name of namesOf(network)) {
    const path = join(folder, name);
    if (isThere(path)) {
      throw new UsageError(`${path}: is there, and keys are never overwritten: name a new folder`);
    }
  }
};

/**
 * All files, or none. What anybody may know comes last, when all else is there.
 *
 * @throws UsageError where a file is there, or cannot be written
 */
export const writeKeys = (
  network: Network, { signing, links }: NetworkKeys, folder: string,
): void => {
  refuseKeysThere(network, folder);
  const named = encode(network.name);
  const own = network.boards.flatMap(({ name, number }): Part[] => {
    const keys = signing?.[number];
    const others = network.boards.filter((other) => other.number !== number);
    const content = textOf({
      network: named, board: name,
      ...(keys && { key: encode(keys.key), seed: encode(keys.seed) }),
      ...(links && { links: others.map((other) =>
        ({ with: other.name, key: encode(links[number]![other.number]!) })) }),
    });
    return [
      { name: secretOf(name), content, secret: true },
      ...(keys ? [{
        name: onceOf(name), secret: false,
        content: provisionScript(keys.key, keys.crown, network.boards[number]),
      }] : []),
    ];
  });
  const content = textOf({
    network: named, ...(signing && { trees: network.signing!.shape.trees }),
    boards: network.boards.map(({ name, number }) => {
      const keys = signing?.[number];
      return { name, ...(keys && { key: encode(keys.key), crown: encode(keys.crown) }) };
    }),
  });
  writeTogether(folder, [...own, { name: PUBLIC, content, secret: false }]);
};

const jsonIn = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

/** Nothing of a file is shown where it is wrong: it may be the secret. */
const parsed = <Kept>(schema: z.ZodType<Kept>, path: string): Kept => {
  const result = schema.safeParse(jsonIn(readText(path)));
  if (result.success) return result.data;
  const field = result.error.issues[0]!.path.join(".");
  throw new UsageError(`${path}: is not what tagma keys has made${field ? `: ${field}` : ""}`);
};

const readPublic = ({ name: network, signing, boards }: Network, path: string) => {
  const all = parsed(publicSchema, path);
  if (JSON.stringify(all.trees) !== JSON.stringify(signing?.shape.trees)) {
    throw new UsageError(`${path}: has keys of other parameter sets than the network's signatures`);
  }
  if (all.network !== encode(network)) {
    throw new UsageError(`${path}: has keys of another network, or of this one before it changed`);
  }
  const names = boards.map(({ name }) => name);
  if (all.boards.map(({ name }) => name).join() !== names.join()) {
    throw new UsageError(`${path}: has keys of other boards than: ${names.join(", ")}`);
  }
  if (!signing) return { all, keys: [], crowns: [] };
  const { hashBytes, height } = treeNumbers(signing.shape.trees[0]!)!;
  const keys = all.boards.map(({ key = "" }) => decode(key));
  const crowns = all.boards.map(({ crown = "" }) => decode(crown));
  names.forEach((name, at) => {
    if (keys[at]!.length !== 16 + hashBytes || crowns[at]!.length !== hashBytes << (height - 4)) {
      throw new UsageError(`${path}: board ${name}: its key has another length than it must have`);
    }
  });
  return { all, keys, crowns };
};

/** @returns by number, the keys that a board shares; undefined where they are not all there */
const linksIn = (
  { boards }: Network, own: Board, links: readonly { with: string; key: string }[] = [],
): MacKeys | undefined => {
  const keys = boards.map(({ name, number }) => (number === own.number
    ? new Uint8Array(MAC_KEY_BYTES)
    : decode(links.find((link) => link.with === name)?.key ?? "")));
  return keys.every(({ length }) => length === MAC_KEY_BYTES) ? keys : undefined;
};

/**
 * @returns what the bundle of one board holds
 * @throws UsageError where the keys are not there, or not of this network, set and board
 */
export const readKeys = (network: Network, board: Board, folder: string): BundleKeys => {
  const { signing, file } = network;
  const path = join(folder, PUBLIC);
  const { all, keys, crowns } = readPublic(network, path);
  const where = join(folder, secretOf(board.name));
  const secret = parsed(secretSchema, where);
  const seed = decode(secret.seed ?? "");
  const seedBytes = signing ? treeNumbers(signing.shape.trees[0]!)!.hashBytes : 0;
  const links = file.auth ? linksIn(network, board, secret.links) : undefined;
  if (
    secret.board !== board.name || secret.network !== all.network ||
    secret.key !== all.boards[board.number]!.key || seed.length !== seedBytes ||
    (file.auth && !links)
  ) {
    throw new UsageError(`${where}: is not the secret of board ${board.name} in ${path}`);
  }
  return {
    ...(signing && { signing: { keys, crown: crowns[board.number]!, seed } }),
    ...(links && { links }),
  };
};

/**
 * @param folder of `--keys`
 * @returns what a bundle for a real board holds of keys
 * @throws UsageError where keys are needed and none are named, or the other way round
 */
export const keysIn = (
  network: Network, board: Board, path: string, folder: string | undefined,
): BundleKeys => {
  if (!isKeyed(network)) {
    if (folder === undefined) return {};
    throw new UsageError(NO_KEYS(path));
  }
  if (folder !== undefined) return readKeys(network, board, folder);
  const why = network.signing ? "signed" : "tagged";
  throw new UsageError(
    `--keys: ${path} is ${why}, and needs keys: make them by tagma keys ${path} --out FOLDER`);
};

/** The keys of all links, where the secrets of all boards are there. */
const allLinks = (network: Network, folder: string): readonly MacKeys[] | undefined => {
  const { boards } = network;
  const here = boards.every(({ name }) => isThere(join(folder, secretOf(name))));
  return here ? boards.map((board) => readKeys(network, board, folder).links!) : undefined;
};

/**
 * @param folder of `--keys`: public keys are all that is needed; tags are checked as well where the
 *   secrets of all boards are there
 * @returns what the frames of a network are judged by that runs on real lines
 * @throws UsageError where public keys are needed and none are named, or there are no keys at all
 */
export const judgeKeysIn = (
  network: Network, path: string, folder: string | undefined,
): JudgeKeys => {
  const { signing, file } = network;
  if (!isKeyed(network)) {
    if (folder === undefined) return {};
    throw new UsageError(NO_KEYS(path));
  }
  if (folder === undefined) {
    if (!signing) return {};
    throw new UsageError(`--keys: ${path} is signed, and ${PUBLIC} of its keys is needed: name ` +
      "the folder that tagma keys has made, of which no secret need be there");
  }
  const { keys } = readPublic(network, join(folder, PUBLIC));
  const links = file.auth ? allLinks(network, folder) : undefined;
  return { ...(signing && { keys }), ...(links && { links }) };
};
