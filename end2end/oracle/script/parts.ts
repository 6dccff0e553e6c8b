/** Out-of-band parts: in the events of a stream, and as the frames of a socket. */

import { frame, run, say, type Act, type Step } from "../step.ts";

type Html = (id: string, round: number) => string;

/** What a stream and a socket may both bring: the form, and the markup. The place is `#<id>`, a `div` with a `b`. */
const FORMS: readonly (readonly [name: string, html: Html])[] = [
  ...[
    "true",
    "outerHTML",
    "innerHTML",
    "beforebegin",
    "afterbegin",
    "beforeend",
    "afterend",
    "delete",
    "none",
    "textContent",
  ].map((style): readonly [string, Html] => [
    style,
    (id, n) => `<div id="${id}" class="place" hx-swap-oob="${style}"><p>new ${n}</p> text</div>`,
  ]),
  ...["outerHTML", "innerHTML", "beforebegin", "afterbegin", "beforeend", "afterend", "delete"].map(
    (style): readonly [string, Html] => [
      `${style}:<one>`,
      (id, n) => `<div hx-swap-oob="${style}:#${id}" class="place" id="${id}"><p>new ${n}</p></div>`,
    ],
  ),
  ...["outerHTML", "innerHTML", "beforeend"].map((style): readonly [string, Html] => [
    `${style}:<several>`,
    (id, n) => `<i hx-swap-oob="${style}:[data-case='${id}'] > i"><u>new ${n}</u></i>`,
  ]),
  ["<selector with blanks>", (id, n) => `<div hx-swap-oob="innerHTML:#${id} b"><u>new ${n}</u></div>`],
  ["data-hx-swap-oob", (id, n) => `<div id="${id}" class="place" data-hx-swap-oob="innerHTML"><p>new ${n}</p></div>`],
  [
    "in a template",
    (id, n) => `<template><div id="${id}" class="place" hx-swap-oob="innerHTML"><p>new ${n}</p></div></template>`,
  ],
  ["no place for it", (_, n) => `<div id="nowhere" hx-swap-oob="true"><p>new ${n}</p></div>`],
  ["no place for the selector", (_, n) => `<div hx-swap-oob="innerHTML:#nowhere"><p>new ${n}</p></div>`],
  [
    "two parts",
    (id, n) =>
      `<div id="${id}" hx-swap-oob="beforeend"><p>one ${n}</p></div><div id="${id}" hx-swap-oob="beforeend"><p>two ${n}</p></div>`,
  ],
  [
    "a script in it",
    (id, n) =>
      `<div id="${id}" class="place" hx-swap-oob="innerHTML"><script>document.querySelector('[data-case="${id}"]').dataset.ran = "${n}"</script></div>`,
  ],
  [
    "with a modifier",
    (id, n) => `<div id="${id}" class="place" hx-swap-oob="innerHTML settle:10ms"><p>new ${n}</p></div>`,
  ],
  [
    "attributes to settle",
    (id, n) =>
      `<div id="${id}" class="place c${n}" style="width: ${n}em" title="t${n}" hx-swap-oob="true"><p>new ${n}</p></div>`,
  ],
  [
    "an id to be escaped",
    (id, n) =>
      `<div id="${id}" hx-swap-oob="innerHTML"><p id="${id}.a:b">place</p></div><p id="${id}.a:b" hx-swap-oob="true">new ${n}</p>`,
  ],
];

/** What is particular to a stream, whose events also have a main part. */
const OF_EVENTS: readonly (readonly [name: string, html: Html])[] = [
  [
    "a consumer in it",
    (id, n) =>
      `<div id="${id}" class="place" hx-swap-oob="innerHTML"><p hx-sse="swap:${id}-live" hx-swap="beforeend">live ${n}</p></div>`,
  ],
  [
    "inside of the main part",
    (id, n) => `<section>main ${n}<div id="${id}" hx-swap-oob="innerHTML"><p>new ${n}</p></div></section>`,
  ],
  [
    "for what the main part brings",
    (id, n) =>
      `<p id="${id}-made" hx-swap-oob="innerHTML">part ${n}</p><div>main ${n}<p id="${id}-made">empty</p></div>`,
  ],
];

/** What is particular to a socket, where everything is a part. */
const OF_FRAMES: readonly (readonly [name: string, html: Html])[] = [
  ["an id alone", (id, n) => `<div id="${id}" class="place"><p>new ${n}</p></div>`],
  ["another class", (id, n) => `<div id="${id}" class="other" title="t${n}">new ${n}</div>`],
  ["another tag", (id, n) => `<p id="${id}">new ${n}</p>`],
  ["text around it", (id, n) => ` text <div id="${id}" class="place">new ${n}</div> text `],
  ["text alone", (_, n) => `text ${n}`],
  ["no id", (_, n) => `<p>no id ${n}</p>`],
  ["empty", () => ""],
  ["a part inside", (id, n) => `<p id="nowhere"><b id="${id}" hx-swap-oob="innerHTML">inner ${n}</b></p>`],
  ["a template of places", (id, n) => `<template><div id="${id}" class="place">new ${n}</div></template>`],
  [
    "a document",
    (id, n) =>
      `<!DOCTYPE html><html><head><title>t</title></head><body><div id="${id}" class="place">new ${n}</div></body></html>`,
  ],
  ["JSON", (id, n) => JSON.stringify({ id, n })],
  ["an envelope", (id, n) => JSON.stringify({ content: `<p>new ${n}</p>`, target: `#${id}` })],
  [
    "a sender",
    (id, n) =>
      `<div id="${id}" class="place"><button hx-ws="send" id="${id}-send" hx-vals='{"n": ${n}}'>Send</button></div>`,
  ],
  ["autofocus", (id, n) => `<div id="${id}" class="place"><input name="a" value="${n}" autofocus></div>`],
  ["preserved", (id, n) => `<div id="${id}" class="place"><p id="${id}-kept" hx-preserve="true">kept ${n}</p></div>`],
];

/** What shows that the new content is live. */
function after(name: string, id: string): Act[] {
  if (name === "a consumer in it") return [run(60), say(`${id}-live`, "<b>heard</b>")];
  if (name === "a sender") return [run(60), { click: `#${id}-send` }];
  return [];
}

function steps(
  kind: string,
  forms: readonly (readonly [name: string, html: Html])[],
  bring: (id: string, html: string) => Act,
): Step[] {
  return forms.flatMap(([name, html], number) =>
    [1, 2].map((round) => {
      const id = `${kind}-${number}`;
      return { name: `${kind} ${name} ${round}`, section: id, acts: [bring(id, html(id, round)), ...after(name, id)] };
    }),
  );
}

/** The steps of `oob-<number>`: with a main part, which has no part in the name. */
export function outOfBandSteps(): Step[] {
  return steps("oob", [...FORMS, ...OF_EVENTS], (id, html) => say(id, `${html}<p>main</p>`));
}

/** The steps of `frame-<number>`. */
export function frameSteps(): Step[] {
  return steps("frame", [...OF_FRAMES, ...FORMS], (_, html) => frame(html));
}
