import { plural } from "./text.js";
import { z } from "zod";

/** What a schema finds wrong, on one line: the field, what stands there, what would be right. */

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** An object of these fields and no others. */
export const fields = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `there are: ${Object.keys(shape).join(", ")}`
        : undefined,
  });

const SHOWN_MAX = 60;

const shown = (input: unknown): string => {
  // JSON has no infinity, which 1e999 is.
  const text = typeof input === "number" ? String(input) : JSON.stringify(input);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
};

const fieldOf = (path: Path): string =>
  path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")
    .replace(/^\./, "") || "the file";

const TYPES: Readonly<Record<string, string>> = {
  array: "a list", boolean: "true or false", int: "a whole number", number: "a number",
  object: "an object", string: "a text", tuple: "a list",
};

/** What is too long, too small or too large; of a list only how many entries it has. */
const bounded = (issue: Issue & { readonly origin: string }, bound: string): string => {
  const { input, origin } = issue;
  if (origin === "array") {
    return `${plural((input as unknown[]).length, "entry", "entries")}, must be ${bound}`;
  }
  if (origin === "string" && input === "") return '"" must not be empty';
  return `${shown(input)} must be ${bound}${origin === "string" ? " characters" : ""}`;
};

/**
 * Where a value may have several forms, the issue of the one that was meant; undefined: none was.
 */
const meant = (issue: z.core.$ZodIssueInvalidUnion): Issue | undefined => {
  const { input, errors } = issue;
  const written = typeof input === "object" && input !== null ? Object.keys(input).length : 0;
  const unknown = (one: Issue) => (one.code === "unrecognized_keys" ? one.keys.length : 0);
  // A form of another type was not meant, nor one of which no field was written.
  const near = errors.filter((form) => form.every((one) =>
    one.path.length > 0 || (one.code === "unrecognized_keys" && one.keys.length < written)));
  const cost = (form: readonly Issue[]) => form.reduce((sum, one) => sum + 1 + unknown(one), 0);
  return written ? near.toSorted((one, other) => cost(one) - cost(other))[0]?.[0] : undefined;
};

const wrongIn = (issue: Issue): string => {
  const said = issue.input === undefined ? "" : `${shown(issue.input)} `;
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing"
        : `${said}must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return issue.input === undefined ? "is missing"
        : `${said}must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return bounded(
        issue, `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`,
      );
    case "too_big":
      return bounded(issue, `at most ${issue.maximum}`);
    case "unrecognized_keys":
      return `${issue.keys.map((key) => JSON.stringify(key)).join(", ")} is no field here, ${
        issue.message}`;
    default:
      return issue.input === undefined ? "is missing" : `${said}${issue.message}`;
  }
};

/** @returns field, value and what would be right, on one line. */
export const describeIssue = (issue: Issue, above: Path = []): string => {
  const path = [...above, ...issue.path];
  const inside = issue.code === "invalid_union" ? meant(issue) : undefined;
  return inside ? describeIssue(inside, path) : `${fieldOf(path)}: ${wrongIn(issue)}`;
};
