/** The script for a page of the showcase, made from its markup: events of each name, frames for each place, each form. */

import type { Page } from "@playwright/test";
import { NO_SECTION, type Act, type Step } from "./step.ts";

/** What a page has that is live, as its markup says. */
interface Live {
  /** Where a consumer hears what, and the empty element that stands for its target where the whole of it is swapped. */
  events: { on: string; name: string; tag: string; shell: string }[];
  /** Where something is asked for at what. */
  triggers: { on: string; name: string }[];
  /** What frames may replace or fill. */
  places: { on: string; id: string; tag: string }[];
  /** The forms that send, by their marks, with the fields that people fill in. */
  forms: { mark: string; fields: string[] }[];
  /** Everything that shows what has arrived. */
  shown: string[];
}

/** The page with a mark on whatever is live, so that it is the same for everybody. */
export function marked(html: string): string {
  let count = 0;
  return html.replace(/ (?:hx-sse="swap:|hx-trigger="sse:|hx-ws="send")/g, (found) => {
    count += 1;
    return ` data-mark="${count}"${found}`;
  });
}

/** The steps for the page, which has not been changed by any yet. */
export async function showcaseSteps(page: Page): Promise<Step[]> {
  const live = await page.evaluate(read);
  const section = live.shown.join(",") || NO_SECTION;
  const rounds = [1, 2];
  return [
    ...live.events.flatMap(({ on, name, tag, shell }) =>
      rounds.map((round) => {
        const data = shell === "" ? content(tag, round) : shell.replace("></", `>${content("p", round)}</`);
        return step(`event ${name} of ${on} ${round}`, section, { say: name, data, on });
      }),
    ),
    // Once: the second answer would be the same.
    ...live.triggers.map(({ on, name }) =>
      step(`event ${name} of ${on} that asks`, section, { say: name, data: "", on }),
    ),
    ...live.places.flatMap(({ on, id, tag }) => [
      step(`frame for #${id}: content`, section, {
        frame: `<${tag} id="${id}" hx-swap-oob="innerHTML">${content(tag, 1)}</${tag}>`,
        on,
      }),
      step(`frame for #${id}: whole`, section, {
        frame: `<${tag} id="${id}" class="of-oracle">${content(tag, 2)}</${tag}>`,
        on,
      }),
    ]),
    ...live.forms.map(({ mark, fields }, number) => ({
      name: `form ${number + 1}`,
      // What was sent, and nothing else: ours may empty itself afterwards.
      section: NO_SECTION,
      acts: [
        ...fields.map((name): Act => ({ fill: `${mark} [name="${name}"]`, value: `of the oracle: ${name}` })),
        { click: `${mark} button` },
      ],
    })),
  ];
}

function step(name: string, section: string, act: Act): Step {
  return { name, section, acts: [act] };
}

function content(tag: string, round: number): string {
  const text = `of the oracle ${round}`;
  if (tag === "ol" || tag === "ul") return `<li>${text}</li>`;
  if (tag === "tbody") return `<tr><td>${text}</td></tr>`;
  return `<b>${text}</b>`;
}

/** Runs in the page, so it has to hold everything that it uses. */
function read(): Live {
  const attribute = (element: Element, name: string) => element.getAttribute(name) ?? "";
  /** The path of the source that an element belongs to. */
  const source = (element: Element, kind: "sse" | "ws") => {
    const connects = element.closest(`[hx-${kind}^="connect:"],[${kind}-connect]`);
    const text = connects === null ? "" : attribute(connects, `hx-${kind}`) || attribute(connects, `${kind}-connect`);
    return new URL(text.replace(/^connect:/, "").split(" ")[0] ?? "", document.baseURI).pathname;
  };
  const mark = (element: Element) => `[data-mark="${attribute(element, "data-mark")}"]`;
  const all = [...document.querySelectorAll("[data-mark]")];
  const forms = all.filter((element) => element.localName === "form");
  const words = (element: Element, name: string, separator: string) =>
    attribute(element, name)
      .split(separator)
      .map((word) => word.trim())
      .filter((word) => word !== "");
  const shell = (element: Element) => {
    if (!attribute(element, "hx-swap").startsWith("outer")) return "";
    const inside = /^find (.+)$/.exec(attribute(element, "hx-target"))?.[1];
    const target = inside === undefined ? element : element.querySelector(inside);
    const copy = target?.cloneNode(false);
    return copy instanceof Element ? copy.outerHTML : "";
  };
  const events = all.flatMap((element) => {
    const swaps = words(element, "hx-sse", " ").map((word) => word.replace(/^swap:/, ""));
    const names = [...swaps, ...words(element, "sse-swap", ",")];
    return names.map((name) => ({ on: source(element, "sse"), name, tag: element.localName, shell: shell(element) }));
  });
  const triggers = all.flatMap((element) =>
    words(element, "hx-trigger", ",")
      .filter((word) => word.startsWith("sse:"))
      .map((word) => ({ on: source(element, "sse"), name: word.replace(/^sse:/, "") })),
  );
  const places = [...document.querySelectorAll('[hx-ws^="connect:"] [id],[ws-connect] [id]')].filter(
    (element) =>
      element.querySelector("input,textarea,select,button") === null && !element.matches("input,textarea,select"),
  );
  // What is inside is shown with the element.
  const isElsewhere = (target: string) => target !== "" && !target.startsWith("find ");
  const targets = all.map((element) => attribute(element, "hx-target")).filter(isElsewhere);
  return {
    events,
    triggers,
    places: places.map((element) => ({ on: source(element, "ws"), id: element.id, tag: element.localName })),
    forms: forms.map((form) => ({
      mark: mark(form),
      fields: [...form.querySelectorAll("input[name],textarea[name]")].map((field) => attribute(field, "name")),
    })),
    shown: [
      ...all.filter((element) => !forms.includes(element)).map(mark),
      ...places.map(({ id }) => `#${id}`),
      ...targets,
    ],
  };
}
