import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { treeNumbers } from "../firmware/auth/sets.js";
import { UsageError } from "./error.js";
import { readText, writeWhole } from "./file.js";
import { fields } from "./issue.js";
import type { BoardKeys, OwnKeys } from "./keys.js";
import type { Board, Network } from "./network.js";
import { provisionScript } from "./provision.js";
import type { Signing } from "./signatures.js";

/**
 * The keys of a network as files in one folder: what anybody may know in one, each secret in
 * one that only its owner can read, and for each board what it is provisioned with.
 */

const bytes = z.base64();

const publicSchema = fields({
  network: bytes.describe("What names the network in all that is signed."),
  trees: z.array(fields({ lms: z.string(), ots: z.string() })),
  boards: z.array(fields({
    name: z.string(), key: bytes.describe("I and the root."),
    crown: bytes.describe("The nodes above the tiles of its upper tree."),
  })),
});

const secretSchema = fields({
  network: bytes, board: z.string(), key: bytes, seed: bytes.describe("The only secret."),
});

const PUBLIC = "public.json";
const secretOf = (name: string) => `${name}.secret.json`;
const onceOf = (name: string) => `${name}.once.js`;
/** Only its owner reads and writes it. */
const SECRET_MODE = 0o600;

const encode = (data: Uint8Array): string => Buffer.from(data).toString("base64");
const decode = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const textOf = (content: unknown): string => `${JSON.stringify(content, undefined, 2)}\n`;

const namesOf = (network: Network): string[] => [
  PUBLIC, ...network.boards.flatMap(({ name }) => [secretOf(name), onceOf(name)]),
];

/** @throws UsageError where a file of keys is there: what was made once is not made again */
export const refuseKeysThere = (network: Network, folder: string): void => {
  for (const name of namesOf(network)) {
    const path = join(folder, name);
    if (existsSync(path)) {
      throw new UsageError(`${path}: is there, and keys are never overwritten: name a new folder`);
    }
  }
};

/**
 * What anybody may know comes last, when all else is there.
 *
 * @throws UsageError where a file is there, or cannot be written
 */
export const writeKeys = (
  network: Network, keys: readonly BoardKeys[], folder: string,
): void => {
  refuseKeysThere(network, folder);
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    throw new UsageError(`${folder}: cannot be made a folder`);
  }
  const signing = network.signing!;
  const named = encode(signing.network);
  network.boards.forEach(({ name, number }) => {
    const { key, seed, crown } = keys[number]!;
    const secret = { network: named, board: name, key: encode(key), seed: encode(seed) };
    writeWhole(join(folder, secretOf(name)), textOf(secret), SECRET_MODE);
    writeWhole(join(folder, onceOf(name)), provisionScript(key, crown));
  });
  writeWhole(join(folder, PUBLIC), textOf({
    network: named, trees: signing.shape.trees,
    boards: network.boards.map(({ name, number }) => ({
      name, key: encode(keys[number]!.key), crown: encode(keys[number]!.crown),
    })),
  }));
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
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

const readPublic = (signing: Signing, path: string) => {
  const all = parsed(publicSchema, path);
  if (JSON.stringify(all.trees) !== JSON.stringify(signing.shape.trees)) {
    throw new UsageError(`${path}: has keys of other parameter sets than the network's signatures`);
  }
  if (all.network !== encode(signing.network)) {
    throw new UsageError(`${path}: has keys of another network, or of this one before it changed`);
  }
  const { hashBytes, height } = treeNumbers(signing.shape.trees[0]!)!;
  const crown = hashBytes << (height - 4);
  for (const { name, ...one } of all.boards) {
    if (decode(one.key).length !== 16 + hashBytes || decode(one.crown).length !== crown) {
      throw new UsageError(`${path}: board ${name}: its key has another length than it must have`);
    }
  }
  return all;
};

/**
 * @returns what the bundle of one board holds
 * @throws UsageError where the keys are not there, or not of this network, set and board
 */
export const readKeys = (network: Network, board: Board, folder: string): OwnKeys => {
  const signing = network.signing!;
  const path = join(folder, PUBLIC);
  const all = readPublic(signing, path);
  const names = network.boards.map(({ name }) => name);
  if (all.boards.map(({ name }) => name).join() !== names.join()) {
    throw new UsageError(`${path}: has keys of other boards than: ${names.join(", ")}`);
  }
  const own = all.boards[board.number]!;
  const where = join(folder, secretOf(board.name));
  const secret = parsed(secretSchema, where);
  if (
    secret.board !== board.name || secret.network !== all.network || secret.key !== own.key ||
    decode(secret.seed).length !== treeNumbers(signing.shape.trees[0]!)!.hashBytes
  ) {
    throw new UsageError(`${where}: is not the secret of board ${board.name} in ${path}`);
  }
  return {
    keys: all.boards.map(({ key }) => decode(key)), crown: decode(own.crown),
    seed: decode(secret.seed),
  };
};
