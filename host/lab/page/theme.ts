/// <reference lib="dom" />
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";

/** Light or dark, as the system has it unless told. */
const LOOKS = ["as the system", "light", "dark"] as const;

/** @returns a number that is another one whenever the colours are others */
export const useLook = (): number => {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const changed = () => {
      setCount((before) => before + 1);
    };
    const system = matchMedia("(prefers-color-scheme: dark)");
    const chosen = new MutationObserver(changed);
    system.addEventListener("change", changed);
    chosen.observe(document.documentElement, { attributeFilter: ["data-look"] });
    return () => {
      system.removeEventListener("change", changed);
      chosen.disconnect();
    };
  }, []);
  return count;
};

export const Theme = (): VNode => {
  const [look, setLook] = useState(0);
  useEffect(() => {
    document.documentElement.dataset["look"] = LOOKS[look]!;
  }, [look]);
  return html`<button type="button" class="theme" aria-label="colours: ${LOOKS[look]}"
    onClick=${() => {
      setLook((look + 1) % LOOKS.length);
    }}>colours: ${LOOKS[look]}</button>`;
};
