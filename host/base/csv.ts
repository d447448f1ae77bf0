import { UsageError } from "./error.js";

/** Tables as spreadsheets write them (RFC 4180), row by row, however long they are. */

export interface CsvRow {
  readonly fields: readonly string[];
  /** Of its beginning, from 1. */
  readonly line: number;
}

/** More than any sensor writes; a quote that is never closed ends there. */
const ROW_MAX = 1 << 16;
const FIELDS_MAX = 1024;

/** Where a row ends: a line feed, a carriage return, or both. */
const END = /\r\n|\n|\r/g;

/** What a row's fields are, and the line in which a quote is still open, as an offset; or -1. */
const fieldsOf = (row: string, wrong: (what: string) => Error): string[] | undefined => {
  if (!row.includes('"')) return row.split(",").map((field) => field.trim());
  const fields: string[] = [];
  for (let at = 0; at <= row.length;) {
    const quoted = /^[^\S\n\r]*"/.exec(row.slice(at));
    if (!quoted) {
      const end = row.indexOf(",", at);
      fields.push(row.slice(at, end < 0 ? undefined : end).trim());
      at = end < 0 ? row.length + 1 : end + 1;
      continue;
    }
    const from = at + quoted[0].length;
    let close = row.indexOf('"', from);
    while (close >= 0 && row[close + 1] === '"') close = row.indexOf('"', close + 2);
    if (close < 0) return undefined;
    fields.push(row.slice(from, close).replaceAll('""', '"'));
    const rest = /^[^\S\n\r]*(?:,|$)/.exec(row.slice(close + 1));
    if (!rest) throw wrong("more stands behind a quote that is closed, a comma is needed");
    at = close + 1 + rest[0].length;
    if (!rest[0].endsWith(",")) break;
  }
  return fields;
};

/**
 * @param parts of the text, cut anywhere
 * @param name of the file, for messages
 * @returns the rows that have anything in them
 * @throws UsageError naming the line and what is wrong there
 */
export const csvRows = function* (
  parts: Iterable<string>, name: string,
): Generator<CsvRow, void, undefined> {
  let [row, line, lines] = ["", 1, 0];
  const wrong = (what: string) => new UsageError(`${name}: line ${line}: ${what}`);
  const parsed = (): CsvRow | undefined => {
    if (row.includes("\0")) throw wrong("has a NUL byte, which no table has: is it UTF-16?");
    const fields = fieldsOf(row, wrong);
    if (!fields) {
      if (row.length > ROW_MAX) throw wrong("a quote is opened and not closed");
      return undefined;
    }
    if (fields.length > FIELDS_MAX) {
      throw wrong(`has ${fields.length} fields, ${FIELDS_MAX} are the most`);
    }
    return { fields, line };
  };
  let left = "";
  for (const part of parts) {
    const text = left + part;
    let from = 0;
    END.lastIndex = 0;
    for (let end = END.exec(text); end; end = END.exec(text)) {
      // Half of an end of a line may be at the end of a part.
      if (end[0] === "\r" && end.index + 1 === text.length) break;
      row += text.slice(from, end.index);
      from = END.lastIndex;
      lines++;
      const found = row.trim() ? parsed() : undefined;
      if (row.trim() && !found) {
        row += end[0];
        continue;
      }
      if (found) yield found;
      row = "";
      line = lines + 1;
    }
    left = text.slice(from);
    if (left.length > ROW_MAX) throw wrong(`is longer than ${ROW_MAX} characters`);
  }
  row += left.replace(/\r$/, "");
  if (!row.trim()) return;
  const found = parsed();
  if (!found) throw wrong("a quote is opened and not closed");
  yield found;
};
