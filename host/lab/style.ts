/** What the page looks like, light and dark. */
export const STYLE = `
:root {
  color-scheme: light; --paper: #ffffff; --ink: #1f2933; --quiet: #55616b; --edge: #c3ccd5;
  --card: #f4f7fa; --accent: #1d5f99; --bad: #b23c00; --good: #0f6b4c; --lie: #a30f71;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-look="light"]) {
    color-scheme: dark; --paper: #12181f; --ink: #e4eaf0; --quiet: #a5b2bf; --edge: #3c4a58;
    --card: #1b242e; --accent: #7fbdf2; --bad: #ff9c66; --good: #6fd3ab; --lie: #ff8bd2;
  }
  :root:not([data-look="light"]) .picture svg { filter: invert(0.92) hue-rotate(180deg); }
}
:root[data-look="dark"] {
  color-scheme: dark; --paper: #12181f; --ink: #e4eaf0; --quiet: #a5b2bf; --edge: #3c4a58;
  --card: #1b242e; --accent: #7fbdf2; --bad: #ff9c66; --good: #6fd3ab; --lie: #ff8bd2;
}
:root[data-look="dark"] .picture svg { filter: invert(0.92) hue-rotate(180deg); }
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 1400px; margin: 0 auto; padding: 12px; display: grid; gap: 10px; }
main > * { min-width: 0; }
main > button { justify-self: start; }
header, .controls { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; }
h1 { font-size: 1.3rem; margin: 0; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0; }
button, select, input[type="number"] {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge);
  border-radius: 6px; padding: 4px 10px; min-height: 32px; max-width: 100%;
}
button { cursor: pointer; }
button:disabled { color: var(--quiet); cursor: default; }
button[aria-pressed="true"] { border-color: var(--bad); color: var(--bad); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.play { min-width: 5em; font-weight: 600; }
label { display: inline-flex; gap: 6px; align-items: center; max-width: 100%; }
label span { min-width: 7.5em; }
.seek input { width: min(260px, 40vw); }
input[type="number"] { width: 9em; }
.tells, .hint { color: var(--quiet); }
.hint { font-size: 0.9em; }
.more { display: none; }
.picture[data-more="true"] + .hint .more { display: inline; }
.wrong { color: var(--bad); font-weight: 600; }
.wrong:empty { display: none; }
.verdict { font-weight: 600; }
.verdict.held { color: var(--good); }
.verdict.broken { color: var(--bad); }
.picture { overflow-x: auto; border: 1px solid var(--edge); border-radius: 8px; background: #fff; }
.picture:empty { min-height: 120px; }
:root[data-look="dark"] .picture { background: var(--paper); }
@media (prefers-color-scheme: dark) {
  :root:not([data-look="light"]) .picture { background: var(--paper); }
}
.picture svg { display: block; }
@media (min-width: 900px) {
  /* A little smaller rather than cut; how small, it says itself. */
  .picture svg { width: auto; height: auto; max-width: 100%; }
}
.picture .touch { stroke: transparent; stroke-width: 18; fill: none; cursor: pointer; }
.picture .touch:hover { stroke: #8a94a055; }
.picture .touchable { cursor: pointer; }
.picture .touchable:hover { text-decoration: underline; }
.picture .veil { fill: #ffffff; opacity: 0.72; pointer-events: none; }
.boards {
  list-style: none; margin: 0; padding: 0; display: grid; gap: 8px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr));
}
.card {
  background: var(--card); border: 1px solid var(--edge); border-radius: 8px; padding: 8px 10px;
  display: grid; gap: 6px; align-content: start; min-width: 0;
}
.card.faulty { border-color: var(--lie); }
.card em { color: var(--lie); font-style: normal; font-weight: 600; }
.card select { width: 100%; min-width: 0; }
.does { display: grid; }
.reading { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; }
.reading input[type="range"] { flex: 1 1 60px; min-width: 50px; }
.reading label span { min-width: 0; }
.state { font-size: 0.85em; border: 1px solid currentColor; border-radius: 9px; padding: 0 7px;
  display: inline-block;
}
.state.trusted { color: var(--good); }
.state.transient, .state.watched, .state.unknown { color: var(--quiet); }
.state.permanent { color: var(--bad); }
.held { color: var(--quiet); overflow-wrap: anywhere; font-size: 0.9em; }
.card .held, .verdict.held { font-size: inherit; }
.two {
  display: grid; gap: 10px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
}
.two > * { min-width: 0; }
.rows { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); }
@media (max-width: 600px) {
  main { padding: 8px; }
  .rows th, .rows td { padding: 2px 5px; }
}
th, td { padding: 2px 9px; text-align: right; border-bottom: 1px solid var(--edge); }
td.verdict { text-align: left; white-space: nowrap; }
tr.broken td.verdict { color: var(--bad); }
td button, th button { min-height: 24px; padding: 0 8px; }
tr[aria-current] { background: var(--card); }
.editor {
  color-scheme: light; background: #ffffff; color: #1f2933; border: 1px solid var(--edge);
  border-radius: 6px; margin: 8px 0; max-width: 100%;
}
.cm-editor { max-height: 420px; }
.cm-scroller { overflow: auto; }
.help { padding: 4px 8px; max-width: 360px; }
:root .cm-tooltip { background: var(--card); color: var(--ink); border: 1px solid var(--edge); }
.u-legend { color: inherit; }
@media (prefers-reduced-motion: reduce) { .picture .veil { display: none; } }
`;
