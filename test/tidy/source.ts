import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A file as the rules see it. Nothing in a rule knows whether it lies on a disk. */
export interface Source {
  /** From the top of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A rule gives one complaint for each violation, as "path:line: what is wrong". */
export type Rule = (sources: readonly Source[]) => string[];

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const read = (path: string): Source => ({
  path,
  text: readFileSync(join(root, path), "utf8"),
});

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : walk(path);
    return [relative(root, path).split(sep).join("/")];
  }).toSorted();

/** All files below `folder` whose names end with `ending`. */
export const readAll = (folder: string, ending: string): Source[] =>
  walk(join(root, folder)).filter((path) => path.endsWith(ending)).map(read);

/** The files under version control; of a copy without history, all but what is made from them. */
export const readTracked = (): Source[] => {
  let paths: string[];
  try {
    const options = ["-c", "safe.directory=*", "-C", root, "ls-files", "-z"];
    paths = execFileSync("git", options, { encoding: "utf8", stdio: "pipe" }).split("\0");
  } catch {
    paths = walk(root).filter((path) => !/^(?:dist|\.git)\/|\.tgz$/.test(path));
  }
  const there = (path: string) =>
    path !== "" && statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true;
  return paths.filter(there).map(read);
};

const trees = new WeakMap<Source, ts.SourceFile>();

export const parse = (source: Source): ts.SourceFile => {
  let tree = trees.get(source);
  if (!tree) {
    tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2022, true);
    trees.set(source, tree);
  }
  return tree;
};

/** Calls `visit` for `node` and all below it. */
export const every = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => {
    every(child, visit);
  });
};

export const lineOf = (node: ts.Node): number => {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
};

export interface Import {
  /** As written: "./core/om.js", "node:fs". */
  readonly written: string;
  /** The file of the repository that it names, "firmware/core/om.ts"; undefined for a package. */
  readonly path: string | undefined;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
  readonly line: number;
}

const isTypeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
};

const specifierOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const loads = callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === "require");
  return loads ? node.arguments[0] : undefined;
};

/** Everything that a module imports, re-exports or loads, types included. */
export const importsOf = (source: Source): Import[] => {
  const list: Import[] = [];
  every(parse(source), (node) => {
    const specifier = specifierOf(node);
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const written = specifier.text;
    const joined = posix.join(posix.dirname(source.path), written).replace(/\.js$/, ".ts");
    list.push({
      written,
      path: written.startsWith(".") ? joined : undefined,
      typeOnly: ts.isImportTypeNode(node) ||
        ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && isTypeOnly(node)),
      line: lineOf(node),
    });
  });
  return list;
};
