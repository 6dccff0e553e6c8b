/**
 * What is measured: which DOM a page begins with, what is sent, and how the DOM has to look in the end.
 *
 * `html` is the inside of `<main id="root">`. `lines` are the events, each a name and its data; the pages of Turbo get the
 * same content inside of its own element, because that is the only form it reads.
 */

const ELEMENTS = 200;
const range = (length) => Array.from({ length }, (_, number) => number);
const divs = range(ELEMENTS)
  .map((number) => `<div id="e${number}"></div>`)
  .join("");

/** As `about` bytes of HTML with a number in it. */
const padded = (number, about) => `<b>${number}</b>`.padEnd(about, ".");

export const SCENARIOS = [
  {
    name: "one",
    title: "events of 100 bytes swapped into one element",
    events: 20_000,
    html: '<div id="t"></div>',
    line: (number) => ["message", padded(number, 100)],
    turbo: () => ({ action: "update", target: "t" }),
    done: (last) => `document.querySelector("#t > b")?.textContent === "${last}"`,
    isRight: () => 'document.querySelectorAll("#root > *").length === 1 && document.querySelectorAll("#t > *").length === 1',
  },
  {
    name: "one-coalesced",
    title: "events of 100 bytes, of which the last of each frame is swapped in (`coalesce`)",
    // The floor does not leave anything out: it is what the other swaps are measured by.
    page: "one",
    query: { coalesce: "true" },
    oursAlone: true,
    events: 20_000,
    line: (number) => ["message", padded(number, 100)],
    done: (last) => `document.querySelector("#t > b")?.textContent === "${last}"`,
    isRight: () => 'document.querySelectorAll("#root > *").length === 1 && document.querySelectorAll("#t > *").length === 1',
  },
  {
    name: "many",
    title: "events for 200 elements, each with a name of its own",
    events: 10_000,
    html: divs,
    line: (number) => [`e${number % ELEMENTS}`, `<i>${number}</i>`],
    turbo: (number) => ({ action: "update", target: `e${number % ELEMENTS}` }),
    done: (last) => `document.querySelector("#e${last % ELEMENTS} > i")?.textContent === "${last}"`,
    isRight: (events) =>
      `[...document.querySelectorAll("#root > div")].every((div, n) => div.id === "e" + n && div.innerHTML === "<i>" + (${events} - ${ELEMENTS} + n) + "</i>")`,
  },
  {
    name: "list",
    title: "list items appended",
    events: 5_000,
    html: '<ul id="t"></ul>',
    line: (number) => ["message", `<li>item ${number}</li>`],
    turbo: () => ({ action: "append", target: "t" }),
    done: (last) => `document.querySelector("#t > li:last-child")?.textContent === "item ${last}"`,
    isRight: (events) =>
      `[...document.querySelectorAll("#t > li")].every((li, n) => li.textContent === "item " + n) && document.querySelectorAll("#t > li").length === ${events}`,
  },
  {
    name: "list-flat",
    title: "list items appended, a thousand at a time",
    page: "list",
    oursAlone: true,
    isFlat: true,
    events: 5_000,
    line: (number) => ["message", `<li>item ${number}</li>`],
    done: (last) => `document.querySelector("#t > li:last-child")?.textContent === "item ${last}"`,
    isRight: (events) => `document.querySelectorAll("#t > li").length === ${events}`,
  },
  {
    name: "ws-in",
    title: "socket messages placed by id",
    events: 10_000,
    socket: true,
    html: divs,
    line: (number) => ["message", `<div id="e${number % ELEMENTS}"><i>${number}</i></div>`],
    turbo: (number) => ({ action: "replace", target: `e${number % ELEMENTS}` }),
    done: (last) => `document.querySelector("#e${last % ELEMENTS} > i")?.textContent === "${last}"`,
    isRight: (events) =>
      `[...document.querySelectorAll("#root > div")].every((div, n) => div.id === "e" + n && div.textContent === String(${events} - ${ELEMENTS} + n))`,
  },
  {
    name: "ws-send",
    title: "form sends",
    events: 2_000,
    socket: true,
    sends: true,
    html: '<form id="f"><input name="n"><input name="text"></form>',
    isRight: () => 'document.querySelectorAll("#f > input").length === 2',
  },
];

/** The inside of `<main id="root">` of each page. */
export const PAGES = Object.fromEntries(SCENARIOS.filter(({ html }) => html !== undefined).map(({ name, html }) => [name, html]));

/** The events from one number to another in the form of the server's script: a name and its data on a line each. */
export function script(scenario, library, to, from = 0) {
  return range(to - from)
    .map((number) => number + from)
    .map((number) => {
      const [name, data] = scenario.line(number);
      if (library !== "turbo") return `${name}\t${data}`;
      const { action, target } = scenario.turbo(number);
      return `message\t<turbo-stream action="${action}" target="${target}"><template>${data}</template></turbo-stream>`;
    })
    .join("\n");
}
