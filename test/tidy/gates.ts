import ts from "typescript";
import { every, importsOf, lineOf, parse } from "./source.js";
import type { Rule } from "./source.js";

/** What comes from outside and what leaves passes one place of each kind, which is tested. */

interface Gate {
  /** Objects and their properties. */
  readonly names: readonly string[];
  /** What of the file system. */
  readonly files: readonly string[];
  /** Who may. */
  readonly in: readonly string[];
  readonly says: string;
}

const GATES: readonly Gate[] = [
  {
    names: ["process.stdout", "process.stderr", "console"], files: [],
    in: ["host/cli/io.ts", "host/cli/main.ts"],
    says: "texts leave by host/cli/io.ts, which escapes them",
  },
  {
    names: ["JSON.parse"], files: [], in: ["host/base/json.ts"],
    says: "JSON is read by host/base/json.ts, which has bounds",
  },
  {
    names: [],
    files: [
      "readFileSync", "readFile", "readSync", "createReadStream", "openSync", "open", "readv",
    ],
    // The last six read what is of the program itself, or see whether a file can be written.
    in: [
      "host/base/input.ts", "host/base/file.ts", "host/bundle/bundle.ts", "host/bundle/module.ts",
      "host/lab/build.ts",
      "host/boards/quickjs.ts", "host/scripts/vm.ts", "host/boards/espruino/process.ts",
      "host/cli/run.ts", "host/cli/outputs.ts",
    ],
    says: "files are read by host/base/input.ts, which waits for none",
  },
  {
    names: [],
    files: [
      "writeFileSync", "writeFile", "writeSync", "appendFileSync", "appendFile", "copyFileSync",
      "createWriteStream", "mkdirSync", "mkdir", "renameSync", "rename", "linkSync", "symlinkSync",
      "chmodSync", "cpSync", "truncateSync",
    ],
    // The last two: pipes of processes of our own, and the last words of a process.
    in: [
      "host/base/file.ts", "host/base/lock.ts", "host/boards/espruino/process.ts",
      "host/cli/main.ts",
    ],
    says: "files are written by host/base/file.ts, whole and exclusively",
  },
];

const memberOf = (node: ts.Node): string => {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) &&
    ts.isStringLiteralLike(node.argumentExpression)) {
    return `${node.expression.text}.${node.argumentExpression.text}`;
  }
  // Taken apart: `const { stdout } = process`.
  if (ts.isBindingElement(node) && ts.isVariableDeclaration(node.parent.parent) &&
    node.parent.parent.initializer) {
    const name = node.propertyName ?? node.name;
    return `${node.parent.parent.initializer.getText()}.${name.getText()}`;
  }
  return ts.isIdentifier(node) && node.text === "console" &&
    !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
    ts.isPropertyAccessExpression(node.parent) ? "console" : "";
};

/** What an import takes of the file system: names, or "*" for all of it. */
const takenOf = (node: ts.Node): string[] => {
  if (!ts.isImportDeclaration(node)) return [];
  const bindings = node.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings) || node.importClause.name) return ["*"];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
};

/** Nobody goes around a gate. */
export const gates: Rule = (sources) => sources.flatMap((source) => {
  const complaints: string[] = [];
  const complain = (node: ts.Node, says: string) => {
    complaints.push(`${source.path}:${lineOf(node)}: ${says}`);
  };
  const closed = GATES.filter((gate) => !gate.in.includes(source.path));
  const file = /^(?:node:)?fs(?:\/promises)?$/;
  for (const { written, line } of importsOf(source)) {
    const taken: string[] = [];
    every(parse(source), (node) => {
      if (lineOf(node) === line) taken.push(...takenOf(node));
    });
    if (!file.test(written)) continue;
    for (const { files, says } of closed) {
      const whole = taken.length === 0 || taken.includes("*");
      if (files.length && (whole || files.some((name) => taken.includes(name)))) {
        complaints.push(`${source.path}:${line}: ${says}`);
      }
    }
  }
  every(parse(source), (node) => {
    const name = memberOf(node);
    for (const { names, says } of closed) if (names.includes(name)) complain(node, says);
    const begins = (ts.isTemplateHead(node) || ts.isStringLiteralLike(node)) &&
      node.text.startsWith("tagma: ") && ts.isCallExpression(node.parent.parent) &&
      /\bwrite$/.test(node.parent.parent.expression.getText());
    if (begins && source.path !== "host/cli/io.ts" && source.path !== "host/cli/main.ts") {
      complain(node, "what a person is told goes by tell of host/cli/io.ts");
    }
  });
  return complaints;
});
