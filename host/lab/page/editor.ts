/// <reference lib="dom" />
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import { messageOf } from "../../base/error.js";
import { parseJson } from "../../base/json.js";
import { networkSchema } from "../../network/network.js";
import { networkOf } from "./run.js";

/** The network file as text, with what each field means, and what is wrong with it. */

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly description?: string;
  readonly enum?: readonly string[];
}

/** All fields by name: those of boards and of what is within have names of their own. */
const fieldsOf = (schema: Schema, all: Map<string, Schema> = new Map()): Map<string, Schema> => {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (!all.has(name)) all.set(name, field);
    fieldsOf(field, all);
    if (field.items) fieldsOf(field.items, all);
  }
  return all;
};

const complete = (fields: ReadonlyMap<string, Schema>) =>
  (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/"\w*/);
    if (!word && !context.explicit) return null;
    const line = context.state.doc.lineAt(context.pos).text.slice(0, context.pos);
    const field = /"(\w+)"\s*:\s*"?\w*$/.exec(line)?.[1];
    const values = field === undefined ? undefined : fields.get(field)?.enum;
    const options = values
      ? values.map((value) => ({ label: `"${value}"`, type: "constant" }))
      : [...fields].map(([name, { description = "" }]) =>
        ({ label: `"${name}"`, detail: description.slice(0, 60), info: description }));
    return { from: word?.from ?? context.pos, options };
  };

const hover = (fields: ReadonlyMap<string, Schema>) => hoverTooltip((view, position) => {
  const { text, from } = view.state.doc.lineAt(position);
  const found = [...text.matchAll(/"(\w+)"\s*:/g)].find(({ index, 1: name = "" }) =>
    position >= from + index && position <= from + index + name.length + 2);
  const description = fields.get(found?.[1] ?? "")?.description;
  if (description === undefined) return null;
  return {
    pos: position,
    create() {
      const dom = document.createElement("div");
      dom.className = "help";
      dom.textContent = description;
      return { dom };
    },
  };
});

const wrongWith = (text: string): string => {
  try {
    networkOf(parseJson(text));
    return "";
  } catch (thrown) {
    return messageOf(thrown);
  }
};

/** @param changed is told the text, and what is wrong with it, "" for nothing */
export const Editor = (
  { text, changed }: { text: string; changed: (text: string, wrong: string) => void },
): VNode => {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const fields = fieldsOf(networkSchema() as Schema);
    const view = new EditorView({
      parent: holder.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(), history(), json(), syntaxHighlighting(defaultHighlightStyle),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          autocompletion({ override: [complete(fields)] }), hover(fields),
          linter((editor) => {
            const { doc } = editor.state;
            const wrong = wrongWith(doc.toString());
            const name = /([a-z_]+)(?:\[\d+\])?:? /.exec(wrong.replace(/^network: /, ""))?.[1];
            const at = name === undefined ? -1 : doc.toString().indexOf(`"${name}"`);
            return wrong ? [{
              from: Math.max(at, 0), to: Math.max(at, 0) + (at < 0 ? 0 : name!.length + 2),
              severity: "error", message: wrong,
            }] : [];
          }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            const now = state.doc.toString();
            if (docChanged) changed(now, wrongWith(now));
          }),
          EditorView.contentAttributes.of({ "aria-label": "the network file" }),
        ],
      }),
    });
    return () => {
      view.destroy();
    };
  }, [text]);
  return html`<div class="editor" ref=${holder}></div>`;
};
