/** Markup that an event brings, which is live from then on: triggers of every kind, and what goes with requests. */

import { run, say, type Act, type Step } from "../step.ts";

interface Markup {
  name: string;
  html: (id: string) => string;
  /** What follows, each part compared by itself. */
  then: (id: string) => readonly (readonly [what: string, acts: readonly Act[], ms?: number])[];
}

const CLICK: Act = { click: ".asks" };

/** An element that asks, with these attributes. */
function asks(name: string, attributes: string, then: Markup["then"]): Markup {
  return { name, html: () => `<p class="asks" hx-get="/oracle/answer/x" ${attributes}>nothing yet</p>`, then };
}

/** The same with a trigger; `ID` in it is the case. */
function trigger(text: string, then: Markup["then"]): Markup {
  const html = (id: string) =>
    `<div class="around"><button type="button" id="${id}-other">other</button>` +
    `<div class="asks" hx-get="/oracle/answer/x" hx-trigger="${text.replaceAll("ID", id)}" hx-target="next p">` +
    `<b>inside</b></div><p>nothing yet</p></div>`;
  return { name: `hx-trigger=${text}`, html, then };
}

const clicks = (count: number): Act[] => Array.from({ length: count }, () => CLICK);

const TRIGGERS: readonly Markup[] = [
  trigger("sse:ID-x", (id) => [["an event", [say(`${id}-x`)]]]),
  trigger("sse:ID-x once", (id) => [
    ["first", [say(`${id}-x`)]],
    ["second", [say(`${id}-x`)]],
  ]),
  trigger("sse:ID-x delay:100ms", (id) => [["an event", [say(`${id}-x`), run(50), { look: "before" }], 100]]),
  trigger("sse:ID-x throttle:200ms", (id) => [
    ["three", [say(`${id}-x`), say(`${id}-x`), run(50), say(`${id}-x`), { look: "within" }], 400],
  ]),
  trigger("sse:ID-x[detail.data=='yes']", (id) => [
    ["no", [say(`${id}-x`, "no")]],
    ["yes", [say(`${id}-x`, "yes")]],
  ]),
  trigger("sse:ID-x, sse:ID-y", (id) => [
    ["first", [say(`${id}-x`)]],
    ["second", [say(`${id}-y`)]],
  ]),
  trigger("sse:ID-x, click", (id) => [
    ["an event", [say(`${id}-x`)]],
    ["a click", [CLICK]],
  ]),
  trigger("click, sse:ID-x", (id) => [
    ["a click", [CLICK]],
    ["an event", [say(`${id}-x`)]],
  ]),
  trigger("click", () => [["a click", [CLICK]]]),
  trigger("click once", () => [
    ["first", [CLICK]],
    ["second", [CLICK]],
  ]),
  trigger("click[ctrlKey]", () => [
    ["plain", [CLICK]],
    ["with it", [{ click: ".asks", ctrlKey: true }]],
  ]),
  trigger("click[ctrlKey&&!shiftKey]", () => [
    ["both", [{ click: ".asks", ctrlKey: true, shiftKey: true }]],
    ["one", [{ click: ".asks", ctrlKey: true }]],
  ]),
  trigger("click delay:100ms", () => [["two", [CLICK, run(60), CLICK, run(60), { look: "before" }], 100]]),
  trigger("click throttle:200ms", () => [["three", [...clicks(2), run(50), CLICK, { look: "within" }], 400]]),
  trigger("click from:#ID-other", (id) => [
    ["on itself", [CLICK]],
    ["on the other", [{ click: `#${id}-other` }]],
  ]),
  trigger("click from:closest .around", (id) => [["on the other", [{ click: `#${id}-other` }]]]),
  trigger("click from:previous button", (id) => [["on the other", [{ click: `#${id}-other` }]]]),
  trigger("my-event from:body", () => [["on the body", [{ dispatch: "body", type: "my-event" }]]]),
  trigger("my-event from:document", () => [["on the body", [{ dispatch: "body", type: "my-event" }]]]),
  trigger("my-event from:window", () => [["on the body", [{ dispatch: "body", type: "my-event" }]]]),
  trigger("click target:b", () => [
    ["elsewhere", [CLICK]],
    ["on it", [{ click: ".asks b" }]],
  ]),
  trigger("my-event[detail.count > 2]", () => [
    ["two", [{ dispatch: ".asks", type: "my-event", detail: { count: 2 } }]],
    ["three", [{ dispatch: ".asks", type: "my-event", detail: { count: 3 } }]],
  ]),
  trigger("load", () => []),
  trigger("load delay:100ms", () => [["later", [], 100]]),
  trigger("load, click", () => [["a click", [CLICK]]]),
  trigger("every 1s", (id) => [
    ["two seconds", [], 2_100],
    ["gone", [say(id, "gone")], 2_000],
  ]),
  trigger("revealed", () => [
    ["seen", [{ reveal: ".asks" }], 300],
    ["seen again", [{ reveal: ".asks" }], 300],
  ]),
  trigger("intersect", () => [
    ["seen", [{ reveal: ".asks" }]],
    ["seen again", [{ reveal: ".asks" }]],
  ]),
  trigger("intersect once", () => [
    ["seen", [{ reveal: ".asks" }]],
    ["seen again", [{ reveal: ".asks" }]],
  ]),
  trigger("intersect threshold:0.5", () => [["seen", [{ reveal: ".asks" }]]]),
  {
    name: "hx-trigger=click consume",
    html: () =>
      `<div hx-get="/oracle/answer/outer" hx-trigger="click" hx-target="next p"><b class="asks" ` +
      `hx-get="/oracle/answer/inner" hx-trigger="click consume" hx-target="next u">inside</b><u>nothing</u></div><p>nothing</p>`,
    then: () => [["a click inside", [CLICK]]],
  },
  {
    name: "hx-trigger=keyup changed delay:200ms",
    html: () =>
      `<input class="asks" name="q" value="a" hx-get="/oracle/answer/q" hx-trigger="keyup changed delay:200ms" ` +
      `hx-target="next p"><p>nothing</p>`,
    then: () => [
      ["unchanged", [{ dispatch: ".asks", type: "keyup" }], 300],
      [
        "changed",
        [
          { fill: ".asks", value: "b" },
          { dispatch: ".asks", type: "keyup" },
        ],
        300,
      ],
    ],
  },
  ...["first", "last", "all", "none"].map((queue): Markup => ({
    name: `hx-trigger=my-event queue:${queue}`,
    html: (id) =>
      `<p class="asks" hx-get="/oracle/held/${queue}" hx-trigger="my-event queue:${queue}" hx-swap="beforeend">${id}</p>`,
    then: () => [
      [
        "four",
        [
          ...Array.from({ length: 4 }, (): Act => ({ dispatch: ".asks", type: "my-event" })),
          { look: "under way" },
          ...Array.from({ length: 4 }, (): Act[] => [{ release: true }, run(50), { look: "answered" }]).flat(),
        ],
      ],
    ],
  })),
];

/** A form with these attributes and a button. */
function form(name: string, attributes: string): Markup {
  return {
    name,
    html: () =>
      `<form class="asks" ${attributes} hx-target="next p"><input name="text" value="a b&amp;c"><input type="checkbox" ` +
      `name="box" value="1" checked><select name="one"><option>x<option selected>y</select><button name="act" ` +
      `value="go">Go</button></form><p>nothing</p>`,
    then: () => [["submitted", [{ click: ".asks button" }]]],
  };
}

const NATURAL: readonly Markup[] = [
  form("a form's own trigger, hx-get", 'hx-get="/oracle/answer/form?kept=1"'),
  form("a form's own trigger, hx-post", 'hx-post="/oracle/answer/form"'),
  form("a form's own trigger, hx-delete", 'hx-delete="/oracle/answer/form"'),
  {
    name: "a field's own trigger",
    html: () =>
      `<input class="asks" name="field" value="a" hx-put="/oracle/answer/field" hx-target="next p"><p>nothing</p>`,
    then: () => [["filled", [{ fill: ".asks", value: "b" }]]],
  },
  {
    name: "a button's own trigger",
    html: () => `<button class="asks" name="n" value="v" hx-patch="/oracle/answer/button">ask</button>`,
    then: () => [["clicked", [CLICK]]],
  },
  {
    name: "a link's own trigger",
    html: () => `<a class="asks" href="/nowhere" hx-get="/oracle/answer/link">ask</a>`,
    then: () => [["clicked", [CLICK]]],
  },
];

const click: Markup["then"] = () => [["a click", [CLICK]]];

const REQUESTS: readonly Markup[] = [
  asks("hx-vals", `hx-vals='{"a": 1, "b": "two", "c": [1, 2]}'`, click),
  asks("hx-headers", `hx-headers='{"X-Own": "own"}'`, click),
  asks("hx-swap=none", `hx-swap="none"`, click),
  asks("hx-swap=outerHTML", `hx-swap="outerHTML"`, click),
  asks("hx-swap=beforeend swap:100ms", `hx-swap="beforeend swap:100ms"`, () => [
    ["a click", [CLICK, run(40), { look: "before" }], 200],
  ]),
  asks("hx-select", `hx-select=".headers li"`, click),
  asks("hx-params=none", `hx-params="none" hx-vals='{"a": 1}'`, click),
  {
    name: "hx-include",
    html: (id) =>
      `<input id="${id}-more" name="more" value="included"><p class="asks" hx-get="/oracle/answer/x" ` +
      `hx-include="#${id}-more">nothing yet</p>`,
    then: click,
  },
  {
    name: "hx-disable",
    html: () => `<div hx-disable><p class="asks" hx-get="/oracle/answer/x">nothing yet</p></div>`,
    then: click,
  },
  {
    name: "data-hx-get",
    html: () => `<p class="asks" data-hx-get="/oracle/answer/x" data-hx-trigger="my-event">nothing yet</p>`,
    then: () => [["an event", [{ dispatch: ".asks", type: "my-event" }]]],
  },
];

const CONSUMERS: readonly Markup[] = [
  {
    name: "hx-select on a consumer",
    html: (id) => `<p hx-sse="swap:${id}-x" hx-select=".wanted">nothing yet</p>`,
    then: (id) => [
      ["an event", [say(`${id}-x`, '<b>no</b><div><i class="wanted">yes</i></div><i class="wanted">too</i>')]],
    ],
  },
  {
    name: "hx-select-oob on a consumer",
    html: (id) => `<u id="${id}-place">place</u><p hx-sse="swap:${id}-x" hx-select-oob="#${id}-place">nothing yet</p>`,
    then: (id) => [["an event", [say(`${id}-x`, `<b>main</b><u id="${id}-place">part</u>`)]]],
  },
  {
    name: "a source",
    html: (id) => `<div hx-sse="connect:/oracle/${id}"><p hx-sse="swap:x">nothing yet</p></div>`,
    then: (id) => [
      ["an event", [{ say: "x", data: "<b>heard</b>", on: `/oracle/${id}` }]],
      ["swapped away", [say(id, "gone")]],
    ],
  },
];

const MARKUP: readonly Markup[] = [...TRIGGERS, ...NATURAL, ...REQUESTS, ...CONSUMERS];

/** The steps of `markup-<number>`. */
export function markupSteps(): Step[] {
  return MARKUP.flatMap(({ name, html, then }, number) => {
    const section = `markup-${number}`;
    const brought: Step = { name: `${name}: brought`, section, acts: [say(section, html(section))] };
    const steps = then(section).map(([what, acts, ms = 60]): Step => ({ name: `${name}: ${what}`, section, acts, ms }));
    return [brought, ...steps];
  });
}
