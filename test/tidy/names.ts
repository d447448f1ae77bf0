import ts from "typescript";
import { SIMULATED } from "./imports.js";
import { every, lineOf, parse } from "./source.js";
import type { Rule, Source } from "./source.js";

const CLOCKS = ["Date", "performance", "hrtime", "uptime"];
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];
const CHANCE = [
  "Math.random", "crypto", "randomBytes", "randomFillSync", "randomInt", "randomUUID",
  "getRandomValues",
];
const NOT_ON_BOARDS = [
  "Promise", "console", "Map", "Set", "WeakMap", "WeakSet", "Symbol", "BigInt", "Proxy", "Reflect",
  "queueMicrotask", "process",
];

interface Ban {
  readonly of: RegExp;
  /** Global names, and "object.property". */
  readonly names: readonly string[];
  readonly says: string;
}

const BANS: readonly Ban[] = [
  {
    of: /^firmware\//,
    names: [...CLOCKS, ...CHANCE, ...NOT_ON_BOARDS],
    says: "is not for boards",
  },
  {
    of: /^firmware\/(?!main\.ts$)/,
    names: TIMERS,
    says: "is for a board's entry alone",
  },
  {
    of: SIMULATED,
    names: [...CLOCKS, ...TIMERS, ...CHANCE],
    says: "would make a run depend on more than its seed",
  },
  {
    // In a browser there is no command: one file of the page has its clock.
    of: /^host\/(?!cli\/|lab\/page\/frames\.ts$)/,
    names: [...CLOCKS, "process.argv", "process.argv0", "process.execArgv", "process.env"],
    says: "belongs into a command",
  },
];

const isGlobal = (node: ts.Node): boolean =>
  ts.isIdentifier(node) && /^(?:globalThis|global|process)$/.test(node.text);

/** The name that `node` reads: "Date", "process.env" for `process.env` and `process["env"]`. */
const nameOf = (node: ts.Node): string | undefined => {
  if (ts.isIdentifier(node)) {
    const { parent } = node;
    // The name of a member says nothing, unless it is one of the global object or of the process.
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
      return isGlobal(parent.expression) ? node.text : undefined;
    }
    const named = ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) || ts.isEnumMember(parent);
    return named && parent.name === node ? undefined : node.text;
  }
  return undefined;
};

const memberOf = (node: ts.Node): string | undefined => {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const key = node.argumentExpression;
    return ts.isStringLiteralLike(key) ? `${node.expression.text}.${key.text}` : undefined;
  }
  return undefined;
};

/** `const { env } = process` and `const p = process` would hide what is read of it. */
const hides = (node: ts.Node, names: readonly string[]): string | undefined => {
  if (!ts.isIdentifier(node) || !names.some((name) => name.startsWith(`${node.text}.`))) {
    return undefined;
  }
  const { parent } = node;
  const open = (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
    (ts.isElementAccessExpression(parent) && parent.expression === node &&
      ts.isStringLiteralLike(parent.argumentExpression)) ||
    nameOf(node) === undefined || ts.isTypeNode(parent) || ts.isQualifiedName(parent);
  return open ? undefined : `${node.text} as a whole`;
};

/** Names that a file must not use, neither the value nor the type. */
export const bannedNames: Rule = (sources) => sources.flatMap((source) => {
  const complaints: string[] = [];
  const bans = BANS.filter((ban) => ban.of.test(source.path));
  every(parse(source), (node) => {
    const names = [nameOf(node), memberOf(node)];
    for (const ban of bans) {
      const found = names.find((name) => name !== undefined && ban.names.includes(name)) ??
        hides(node, ban.names);
      if (found !== undefined) {
        complaints.push(`${source.path}:${lineOf(node)}: ${found} ${ban.says}`);
      }
    }
  });
  return complaints;
});

/** Asynchronous functions and generators: a board has neither. */
export const noCoroutines: Rule = (sources) => sources.flatMap((source) => {
  const complaints: string[] = [];
  if (source.path.startsWith("firmware/")) {
    every(parse(source), (node) => {
      const { kind } = node;
      const generates = (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) ||
        ts.isMethodDeclaration(node)) && node.asteriskToken !== undefined;
      if (generates || kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
        complaints.push(`${source.path}:${lineOf(node)}: boards have no async and no generators`);
      }
    });
  }
  return complaints;
});

/**
 * The helpers that the compiler writes for what ES5 has not: spread, rest, `for of` over what is no
 * array, classes that extend. In a bundle each would cost more than the loop that does without.
 *
 * @param sources modules as compiled for the boards
 */
export const noHelpers: Rule = (sources) => sources.flatMap((source) =>
  source.text.split("\n").flatMap((line, index) => {
    const found = /\b__[a-z]\w+|\btslib\b|\barguments\b/.exec(line);
    return found ? [`${source.path}:${index + 1}: ${found[0]} would be in the bundle`] : [];
  }));

/** What the compiler makes of a module for the boards. */
export const compiled = (source: Source): Source => ({
  path: source.path,
  text: ts.transpileModule(source.text, {
    compilerOptions: {
      // oxlint-disable-next-line typescript/no-deprecated -- boards understand no later one
      target: ts.ScriptTarget.ES5,
      module: ts.ModuleKind.ES2015,
      ignoreDeprecations: "6.0",
    },
  }).outputText,
});

const READER = "host/network/kinds.ts";

/** Kinds of boards are data, and one file reads them: no other file of the host knows where. */
export const oneReader: Rule = (sources) => sources.flatMap((source) => {
  const complaints: string[] = [];
  if (!source.path.startsWith("host/") || source.path === READER) return complaints;
  every(parse(source), (node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (!isText) return;
    const call = node.parent;
    const opens = (ts.isCallExpression(call) || ts.isNewExpression(call)) &&
      /(?:\b|^)(?:join|resolve|URL|read\w*|open\w*)$/.test(call.expression.getText());
    const mentions = /(?:^|\/)boards\/(?!networks\/|[\w/-]+\.js$)/.test(node.text) ||
      node.text.endsWith("/boards");
    if (mentions || (opens && node.text === "boards")) {
      complaints.push(`${source.path}:${lineOf(node)}: only ${READER} knows where boards lie`);
    }
  });
  return complaints;
});
