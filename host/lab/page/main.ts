/// <reference lib="dom" />
import { html } from "htm/preact";
import { render } from "preact";
import { App } from "./app.js";
import { Watch } from "./watch.js";

/** The page: the lab, or where a bus feeds it, what happens there. */
const place = document.querySelector("main")!;
render(html`<${document.documentElement.dataset["page"] === "bus" ? Watch : App} />`, place);
