import type { z } from "zod";

/** What a schema finds wrong, as one line for a person: the field, what stands there, what would be right. */

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const SHOWN_MAX = 60;

const shown = (input: unknown): string => {
  const text = JSON.stringify(input);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
};

const fieldOf = (path: Path): string =>
  path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")
    .replace(/^\./, "") || "the file";

const TYPES: Readonly<Record<string, string>> = {
  array: "a list", boolean: "true or false", int: "a whole number", number: "a number",
  object: "an object", string: "a text",
};

const amount = (origin: string, bound: number | bigint): string =>
  `${bound}${origin === "array" ? " entries" : origin === "string" ? " characters" : ""}`;

/** Where a value may have several forms, the issues of the one that was meant; undefined: none was. */
const meant = (issue: z.core.$ZodIssueInvalidUnion): Issue | undefined => {
  const shape = (one: Issue) =>
    one.path.length > 0 || (one.code !== "invalid_type" && one.code !== "invalid_value");
  const fields = (one: Issue) => (one.code === "unrecognized_keys" ? one.keys.length : 1);
  const cost = (form: readonly Issue[]) => form.reduce((sum, one) => sum + fields(one), 0);
  const forms = issue.errors.filter((form) => form.every(shape));
  if (typeof issue.input !== "object" || issue.input === null) return forms[0]?.[0];
  // A form of which no field was written was not meant.
  const written = Object.keys(issue.input).length;
  const near = forms.filter((form) => form.every((one) => fields(one) < written || one.path.length > 0));
  return near.toSorted((one, other) => cost(one) - cost(other))[0]?.[0];
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
      return `${said}must be ${issue.inclusive === false ? "more than" : "at least"} ${
        amount(issue.origin, issue.minimum)}`;
    case "too_big":
      return `${said}must be at most ${amount(issue.origin, issue.maximum)}`;
    case "unrecognized_keys":
      return `unknown field ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
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
