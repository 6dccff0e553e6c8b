/**
 * The pages of the others: the same `<main id="root">`, attached in each library's own way.
 *
 * A library that cannot say a scenario at all has no page for it.
 */

import { PAGES } from "./scenarios.mjs";

const SCRIPTS = {
  floor: [],
  "htmx 1": ["htmx-1/dist/htmx.min.js"],
  "htmx 2": ["htmx-2/dist/htmx.min.js", "htmx-ext-sse/dist/sse.min.js", "htmx-ext-ws/ws.js"],
  "htmx 4": ["htmx-4/dist/htmx.min.js", "htmx-4/dist/ext/hx-sse.min.js", "htmx-4/dist/ext/hx-ws.min.js"],
  turbo: ["@hotwired/turbo/dist/turbo.es2017-umd.js"],
};

export const PEERS = Object.keys(SCRIPTS);

/** What the hand-written page does. */
const FLOOR = {
  one: `const t = document.getElementById("t");
    new EventSource(SSE).onmessage = (event) => { t.innerHTML = event.data; };`,
  many: `const source = new EventSource(SSE);
    for (const div of root.children) source.addEventListener(div.id, (event) => { div.innerHTML = event.data; });`,
  list: `const t = document.getElementById("t");
    new EventSource(SSE).onmessage = (event) => { t.insertAdjacentHTML("beforeend", event.data); };`,
  "ws-in": `const template = document.createElement("template");
    new WebSocket(WS).onmessage = (event) => {
      template.innerHTML = event.data;
      const element = template.content.firstElementChild;
      document.getElementById(element.id).replaceWith(element);
    };`,
  "ws-send": `const socket = new WebSocket(WS);
    f.addEventListener("submit", (event) => {
      event.preventDefault();
      socket.send(JSON.stringify(Object.fromEntries(new FormData(f))));
    });`,
};

/** The hand-written page that also announces its messages and sends, by the events that this library has, and does nothing else. */
export const ANNOUNCING = "floor with events";

const TELL = `const tell = (element, name, detail) => {
      detail.elt = element;
      return element.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, composed: true, detail }));
    };
    const settle = (target, added) => setTimeout(() => {
      if (added.isConnected) tell(added, "htmx:load", {});
      tell(target, "htmx:afterSettle", { target });
    }, 20);
    const received = (target, event, swap) => {
      if (!tell(target, "htmx:sseBeforeMessage", event)) return;
      swap();
      tell(target, "htmx:afterSwap", { target });
      tell(target, "htmx:sseMessage", event);
      settle(target, target.lastElementChild);
    };`;

const FLOOR_WITH_EVENTS = {
  one: `const t = document.getElementById("t");
    new EventSource(SSE).onmessage = (event) => received(t, event, () => { t.innerHTML = event.data; });`,
  many: `const source = new EventSource(SSE);
    for (const div of root.children) {
      source.addEventListener(div.id, (event) => received(div, event, () => { div.innerHTML = event.data; }));
    }`,
  list: `const t = document.getElementById("t");
    new EventSource(SSE).onmessage = (event) => received(t, event, () => { t.insertAdjacentHTML("beforeend", event.data); });`,
  "ws-in": `const template = document.createElement("template");
    const socketWrapper = {};
    new WebSocket(WS).onmessage = ({ data: message }) => {
      if (!tell(root, "htmx:wsBeforeMessage", { message, socketWrapper })) return;
      template.innerHTML = message;
      const element = template.content.firstElementChild;
      const target = document.getElementById(element.id);
      const swap = { shouldSwap: true, target, fragment: template.content };
      if (tell(target, "htmx:oobBeforeSwap", swap) && swap.shouldSwap) {
        target.replaceWith(element);
        tell(element, "htmx:afterSwap", { target: element });
        tell(element, "htmx:oobAfterSwap", swap);
        settle(element, element);
      }
      tell(root, "htmx:wsAfterMessage", { message, socketWrapper });
    };`,
  "ws-send": `const socket = new WebSocket(WS);
    f.addEventListener("submit", (triggeringEvent) => {
      triggeringEvent.preventDefault();
      tell(f, "htmx:trigger", {});
      if (!tell(f, "htmx:confirm", { target: f, path: f.action, verb: "post", triggeringEvent })) return;
      for (const control of f.elements) tell(control, "htmx:validation:validate", {});
      const send = { parameters: Object.fromEntries(new FormData(f)), headers: {}, errors: [], triggeringEvent };
      if (!tell(f, "htmx:wsConfigSend", send)) return;
      const message = JSON.stringify(send.parameters);
      if (!tell(f, "htmx:wsBeforeSend", { message })) return;
      socket.send(message);
      tell(f, "htmx:wsAfterSend", { message });
    });`,
};

const divs = (attributes) =>
  Array.from({ length: 200 }, (_, number) => `<div id="e${number}"${attributes(`e${number}`)}></div>`).join("");
const FORM = (attributes) => `<form id="f"${attributes}><input name="n"><input name="text"></form>`;

/** Attributes of `#root` and what stands inside, by library and scenario. */
const MARKUP = {
  "htmx 1": {
    one: ['hx-sse="connect:SSE"', '<div id="t" hx-sse="swap:message"></div>'],
    many: ['hx-sse="connect:SSE"', divs((name) => ` hx-sse="swap:${name}"`)],
    list: ['hx-sse="connect:SSE"', '<ul id="t" hx-sse="swap:message" hx-swap="beforeend"></ul>'],
    "ws-in": ['hx-ws="connect:WS"', divs(() => "")],
    "ws-send": ['hx-ws="connect:WS"', FORM(' hx-ws="send"')],
  },
  "htmx 2": {
    one: ['hx-ext="sse" sse-connect="SSE"', '<div id="t" sse-swap="message"></div>'],
    many: ['hx-ext="sse" sse-connect="SSE"', divs((name) => ` sse-swap="${name}"`)],
    list: ['hx-ext="sse" sse-connect="SSE"', '<ul id="t" sse-swap="message" hx-swap="beforeend"></ul>'],
    "ws-in": ['hx-ext="ws" ws-connect="WS"', divs(() => "")],
    "ws-send": ['hx-ext="ws" ws-connect="WS"', FORM(" ws-send")],
  },
  "htmx 4": {
    one: ["", '<div id="t" hx-sse:connect="SSE"></div>'],
    list: ["", '<ul id="t" hx-sse:connect="SSE" hx-swap="beforeend"></ul>'],
  },
  turbo: {
    one: ["", '<div id="t"></div>', "SSE"],
    many: ["", divs(() => ""), "SSE"],
    list: ["", '<ul id="t"></ul>', "SSE"],
    "ws-in": ["", divs(() => ""), "WS"],
  },
};

/** The page of this name, or `undefined` where the library has none. */
export function peerPage(library, name, { sse, ws }) {
  const filled = (text) => text.replaceAll("SSE", sse).replaceAll("WS", ws);
  const scripts = (SCRIPTS[library] ?? []).map((path) => `<script src="/node_modules/${path}"></script>`).join("");
  const page = (attributes, inside, after) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${library}</title>
${scripts}</head><body><main id="root" ${attributes}>${inside}</main>${after}</body></html>`;
  if (library === "floor" || library === ANNOUNCING) {
    const act = library === "floor" ? FLOOR[name] : `${TELL}\n${FLOOR_WITH_EVENTS[name]}`;
    const script = `<script>const SSE = ${JSON.stringify(sse)}, WS = ${JSON.stringify(ws)};\n${act}</script>`;
    return page("", PAGES[name], script);
  }
  const markup = MARKUP[library][name];
  if (markup === undefined) return undefined;
  const [attributes, inside, source] = markup;
  const after = source === undefined ? "" : `<turbo-stream-source src="${filled(source)}"></turbo-stream-source>`;
  return page(filled(attributes), filled(inside), after);
}
