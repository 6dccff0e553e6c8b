/** Who makes the page live: our wasm, htmx 1.9, or htmx 2 with its extensions. */

import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inExtensionSpelling } from "./spelling.ts";

export interface Engine {
  /** How its attributes are spelled: as in the core of htmx 1.9, or as in the extensions of htmx 2. */
  spelling: "core" | "extensions";
  /** Files that stand in the page in place of the wasm; ours has none. */
  scripts: readonly string[];
}

const MODULES = resolve(dirname(fileURLToPath(import.meta.url)), "../node_modules");

export const OURS: Engine = { spelling: "core", scripts: [] };

export const OURS_IN_EXTENSIONS: Engine = { spelling: "extensions", scripts: [] };

export const HTMX_1: Engine = { spelling: "core", scripts: [resolve(MODULES, "htmx-1/dist/htmx.js")] };

export const HTMX_2: Engine = {
  spelling: "extensions",
  scripts: [
    resolve(MODULES, "htmx.org/dist/htmx.js"),
    resolve(MODULES, "htmx-ext-sse/dist/sse.js"),
    resolve(MODULES, "htmx-ext-ws/dist/ws.js"),
  ],
};

/** Where the page finds a script of an engine. */
export const scriptPath = (number: number): string => `/oracle/script/${number}.js`;

/** What starts our wasm: the module and what is loaded ahead for it. */
const STARTS_OURS = /<link rel="(?:modulepreload|preload)"[^>]*>|<script type="module"[^>]*>[\s\S]*?<\/script>/g;

/**
 * The server's page as the engine gets it: nothing but the program is another, and the spelling where it has to be. What
 * htmx 1 and 2 cannot morph they write anew, which has to come to the same markup.
 */
export function pageFor(engine: Engine, html: string): string {
  const written = forEngine(engine, html);
  if (engine.scripts.length === 0) return written;
  const spelled = written.replaceAll('hx-swap="outerMorph"', 'hx-swap="outerHTML"');
  const scripts = engine.scripts.map((_, number) => `<script src="${scriptPath(number)}"></script>`);
  return spelled.replace(STARTS_OURS, "").replace("</head>", `${scripts.join("")}</head>`);
}

/** Markup in the engine's spelling. */
export function forEngine({ spelling }: Engine, html: string): string {
  return spelling === "core" ? html : inExtensionSpelling(html);
}
