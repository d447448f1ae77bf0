import { importsOf } from "./source.js";
import type { Import, Rule, Source } from "./source.js";

interface Law {
  /** Which files it is for. */
  readonly of: RegExp;
  /** Whether a file may import this. */
  readonly allows: (target: Import) => boolean;
  readonly says: string;
}

/** Whatever runs under simulated time. */
export const SIMULATED =
  /^host\/(?:boards\/(?!espruino\/)|emulate\/|faults\/|judge\/|replay\/|topology\/(?!mock\.ts$))/;

const within = (pattern: RegExp) => (target: Import) =>
  target.path !== undefined && pattern.test(target.path);
const not = (pattern: RegExp) => (target: Import) =>
  target.path === undefined || !pattern.test(target.path);

const LAWS: readonly Law[] = [
  {
    of: /^firmware\//,
    allows: within(/^firmware\//),
    says: "firmware imports only firmware",
  },
  {
    of: /^firmware\/(?:base|core|choice)\//,
    allows: within(/^firmware\/(?:base|core|choice|ballots)\//),
    says: "what the papers say knows no machine",
  },
  {
    of: /^firmware\/frame\//,
    allows: within(/^firmware\/(?:frame\/|platform\/|base\/(?:counters|layout)\.ts$)/),
    says: "a frame knows only the layout, the counters and the platform",
  },
  {
    of: /^(?!test\/)/,
    allows: not(/^test\//),
    says: "nothing imports a test",
  },
  {
    of: SIMULATED,
    allows: ({ written }) => !/^(?:node:)?(?:timers|perf_hooks|process)\b/.test(written),
    says: "what is simulated has no clock but its own",
  },
  {
    of: /^host\/(?!cli\/)/,
    allows: ({ written }) => !/^(?:node:)?(?:perf_hooks|process)$/.test(written),
    says: "only commands know the process and the wall clock",
  },
];

/** Who may import whom. */
export const importLaws: Rule = (sources) => sources.flatMap((source) =>
  importsOf(source).flatMap((target) =>
    LAWS.filter((law) => law.of.test(source.path) && !law.allows(target)).map((law) =>
      `${source.path}:${target.line}: ${target.written}: ${law.says}`)));

/** The files that `from` imports, each with the chain of files that leads to it. */
const reach = (sources: readonly Source[], from: Source): Map<string, string[]> => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const chains = new Map<string, string[]>();
  const entered = new Set<string>();
  const queue: { source: Source; chain: string[] }[] = [{ source: from, chain: [from.path] }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { source, chain } = next;
    for (const { path, typeOnly } of importsOf(source)) {
      // A type leads nowhere at run time, but what is imported directly counts even so.
      if (path === undefined || (typeOnly && source !== from)) continue;
      const longer = [...chain, path];
      if (!chains.has(path)) chains.set(path, longer);
      const target = byPath.get(path);
      if (!target || typeOnly || entered.has(path)) continue;
      entered.add(path);
      queue.push({ source: target, chain: longer });
    }
  }
  return chains;
};

/** The oracle judges outcomes only: nothing that it could judge by comes from what it judges. */
export const oracleLaw: Rule = (sources) => sources
  .filter(({ path }) => /^host\/judge\/(?:ballot-)?oracle\.ts$/.test(path))
  .flatMap((oracle) => [...reach(sources, oracle)]
    .filter(([path]) => /^firmware\/(?:core\/|ballots\/|node\/|(?:main|index)\.ts$)/.test(path))
    .map(([, chain]) => `${oracle.path}:1: the oracle reaches ${chain.join(" > ")}`));

/** No module needs itself, not even for a type. */
export const noCycles: Rule = (sources) => {
  const targets = new Map(sources.map((source) =>
    [source.path, importsOf(source).flatMap(({ path }) => path ?? [])]));
  const done = new Set<string>();
  const complaints: string[] = [];
  const visit = (path: string, chain: readonly string[]): void => {
    const at = chain.indexOf(path);
    if (at >= 0) complaints.push(`${path}:1: a circle: ${[...chain.slice(at), path].join(" > ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...chain, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return complaints;
};
