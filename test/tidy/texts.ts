import type { Rule, Source } from "./source.js";
import { importsOf } from "./source.js";

const numbersIn = (text: string): string[] =>
  [...text.matchAll(/\b[A-Z]+\.\d+\b/g)].map(([number]) => number);

/** The numbers that the list items of a document begin with: "- **OM.4** ...". */
export const definedIn = (document: Source): { number: string; line: number }[] =>
  document.text.split("\n").flatMap((text, index) => {
    const number = /^[-*] \**([A-Z]+\.\d+)\b/.exec(text)?.[1];
    return number === undefined ? [] : [{ number, line: index + 1 }];
  });

/**
 * Every numbered line of the documents is cited by a test, and every number that the code cites is
 * defined, in one of them. There it may head more than one item: what it says, and why it holds.
 *
 * @param documents where numbers are defined
 * @param code where numbers are cited; what lies in test/ is a test
 */
export const citations = (documents: readonly Source[], code: readonly Source[]): string[] => {
  const complaints: string[] = [];
  const defined = new Set<string>();
  const cited = new Set(code.filter(({ path }) => path.startsWith("test/"))
    .flatMap(({ text }) => numbersIn(text)));
  for (const document of documents) {
    const found = definedIn(document);
    if (found.length === 0) complaints.push(`${document.path}:1: defines no number`);
    for (const { number, line } of found) {
      const at = `${document.path}:${line}: ${number}`;
      if (defined.has(number)) complaints.push(`${at} is defined elsewhere too`);
      if (!cited.has(number)) complaints.push(`${at} is cited by no test`);
    }
    for (const { number } of found) defined.add(number);
  }
  for (const { path, text } of code) {
    text.split("\n").forEach((line, index) => {
      for (const number of numbersIn(line)) {
        if (!defined.has(number)) complaints.push(`${path}:${index + 1}: ${number} is not defined`);
      }
    });
  }
  return complaints;
};

interface Word {
  /** What must not occur, in two parts, so that it does not occur here. */
  readonly parts: readonly [string, string];
  /** In capitals too. */
  readonly capitals: boolean;
}

/** The project speaks of what it is, and of no place or plan that its reader does not know. */
export const WORDS: readonly Word[] = [
  { parts: ["sess", "ion"], capitals: true },
  { parts: ["issue", " #"], capitals: true },
  { parts: ["shar", "ed/"], capitals: false },
  { parts: ["TO", "DO"], capitals: false },
  { parts: ["FIX", "ME"], capitals: false },
  { parts: ["/wo", "rk/"], capitals: false },
  { parts: ["/ro", "ot/"], capitals: false },
  { parts: ["/ho", "me/"], capitals: false },
  { parts: ["/Use", "rs/"], capitals: false },
];

/** Files that may use a word all the same. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {};

const patternOf = ({ parts, capitals }: Word): RegExp =>
  new RegExp(`(?<![\\w.])${parts.join("")}`, capitals ? "i" : "");

/** What is kept is text, or a picture of the documents. */
export const noBinaries: Rule = (sources) => sources
  .filter(({ path, text }) => !/^docs\/[\w-]+\.png$/.test(path) && /[\0\uFFFD]/.test(text))
  .map(({ path }) => `${path}:1: is no text`);

export const noStrayWords: Rule = (sources) => sources.flatMap(({ path, text }) => {
  if (path === "package-lock.json" || text.includes("\0")) return [];
  const words = WORDS.filter(({ parts }) => ALLOWED[path]?.includes(parts.join("")) !== true);
  return text.split("\n").flatMap((line, index) =>
    words.filter((word) => patternOf(word).test(line))
      .map(({ parts }) => `${path}:${index + 1}: ${parts.join("")}`));
});

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Those that are loaded only where somebody asks for what needs them. */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Packages that no module imports, and the text in the Makefile that shows what they are for. */
const TOOLS: Readonly<Record<string, string>> = {
  "oxlint": "/oxlint ",
  "oxlint-tsgolint": " --type-aware",
  "tsx": "--import tsx",
};

const packageOf = (written: string): string =>
  written.split("/").slice(0, written.startsWith("@") ? 2 : 1).join("/");

/** The name of the package whose types `name` has: "@types/node" has those of "node". */
const typed = (name: string): string | undefined => /^@types\/(.*)$/.exec(name)?.[1];

/** The lock file is that of package.json, whose versions it repeats. */
export const lockedAs = (manifest: Manifest, lock: unknown): string[] => {
  type Locked = Partial<Manifest & { version: string }>;
  const { packages } = lock as { packages: Record<string, Locked> };
  const complaints: string[] = [];
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"] as const) {
    const wanted = manifest[kind] ?? {};
    const locked = packages[""]?.[kind] ?? {};
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(locked)])) {
      const versions = [wanted[name], locked[name], packages[`node_modules/${name}`]?.version];
      if (new Set(versions).size > 1) {
        complaints.push(`package-lock.json:1: ${name}: ${versions.map(String).join(", ")}`);
      }
    }
  }
  return complaints;
};

/**
 * Every dependency is pinned and of use, and what the package needs where it is installed is among
 * the dependencies proper.
 */
export const dependencies = (
  manifest: Manifest, code: readonly Source[], makefile: string,
): string[] => {
  const complaints: string[] = [];
  const shippedOnes = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const all = { ...shippedOnes, ...manifest.devDependencies };
  const users = new Map<string, string[]>();
  for (const source of code) {
    for (const { written, path } of importsOf(source)) {
      if (path !== undefined || /^(?:node:|tagma(?:\/|$))/.test(written)) continue;
      const name = packageOf(written);
      users.set(name, [...users.get(name) ?? [], source.path]);
    }
  }
  for (const [name, version] of Object.entries(all)) {
    const at = `package.json:1: ${name}`;
    if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
      complaints.push(`${at} is not pinned: ${version}`);
    }
    const tool = TOOLS[name];
    const used = users.has(typed(name) ?? name) || name === "@types/node" ||
      (tool !== undefined && makefile.includes(tool));
    if (!used) complaints.push(`${at} is of no use`);
  }
  for (const [name, paths] of users) {
    const shipped = paths.find((path) => !path.startsWith("test/"));
    if (!(name in all)) complaints.push(`${paths[0]}:1: ${name} is not in package.json`);
    else if (shipped !== undefined && !(name in shippedOnes)) {
      complaints.push(`${shipped}:1: ${name} is needed where the package is installed`);
    }
  }
  return complaints;
};
