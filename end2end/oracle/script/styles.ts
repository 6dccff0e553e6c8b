/** Every payload under every swap style, twice: the second time meets what the first has left. */

import { run, say, type Act, type Case, type Step } from "../step.ts";

interface Payload {
  name: string;
  html: (id: string, round: number, style: string) => string;
  /** What more is done afterwards. */
  then?: (id: string, round: number) => Act[];
}

/** As many as the page has cases for a style. */
export const PAYLOADS: readonly Payload[] = [
  { name: "text", html: (_, n) => `plain text ${n}` },
  { name: "element", html: (_, n) => `<p>element ${n}</p>` },
  { name: "same tag", html: (_, n) => `<div>a div ${n}</div>` },
  { name: "same id", html: (id, n) => `<div id="${id}" class="new" title="${n}">with its id ${n}</div>` },
  { name: "several nodes", html: (_, n) => `one <i>two</i> three <b>four ${n}</b> five` },
  { name: "blanks", html: (_, n) => `\n  <p>a</p>\n  <p>b ${n}</p>\n` },
  { name: "comment", html: (_, n) => `<!-- comment --><p>after ${n}</p>` },
  { name: "entities", html: (_, n) => `a &lt; b &amp;&amp; c&nbsp;d &#x1F600; ${n}` },
  { name: "unclosed", html: (_, n) => `<p>one<p>two <b>bold ${n}` },
  {
    name: "document",
    html: (_, n) =>
      `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body class="b"><p>body ${n}</p></body></html>`,
  },
  { name: "empty", html: () => "" },
  { name: "blank", html: () => " \n " },
  { name: "part and main", html: (id, n) => `<i id="${id}-after" hx-swap-oob="true">part ${n}</i><p>main ${n}</p>` },
  { name: "part alone", html: (id, n) => `<i id="${id}-after" hx-swap-oob="innerHTML">part ${n}</i>` },
  {
    name: "part inside",
    html: (id, n) => `<div><i id="${id}-after" hx-swap-oob="innerHTML">inner part ${n}</i>main ${n}</div>`,
  },
  {
    name: "consumer",
    html: (id, n) => `<p hx-sse="swap:${id}-live" hx-swap="beforeend">live ${n}</p>`,
    then: (id, n) => [run(60), say(`${id}-live`, `<b>heard ${n}</b>`)],
  },
  {
    name: "consumer, called at once",
    html: (id, n) => `<p hx-sse="swap:${id}-live" hx-swap="beforeend">live ${n}</p>`,
    then: (id, n) => [say(`${id}-live`, `<b>heard ${n}</b>`)],
  },
  {
    name: "itself",
    html: (id, n, style) => `<div hx-sse="swap:${id}" hx-swap="${style}" id="${id}">again ${n}</div>`,
  },
  {
    name: "script",
    html: (id, n) =>
      `<p>script ${n}</p><script>document.querySelector('[data-case="${id}"]').dataset.ran = "${n}"</script>`,
  },
  { name: "title", html: (_, n) => `<title>title ${n}</title><p>with a title ${n}</p>` },
  { name: "autofocus", html: (_, n) => `<input name="a" value="${n}" autofocus>` },
  {
    name: "attributes to settle",
    html: (id, n) => `<b id="${id}-settles" class="c${n}" style="width: ${n}em" title="t${n}">settles ${n}</b>`,
  },
  { name: "preserved", html: (id, n) => `<p id="${id}-kept" hx-preserve="true" title="t${n}">kept ${n}</p>` },
  {
    name: "fields",
    html: (_, n) =>
      `<input name="f" value="v${n}"><input type="checkbox" checked><textarea name="t">t${n}</textarea>` +
      `<select name="s"><option>a<option selected>b${n}</select>`,
  },
  {
    name: "other elements",
    html: (_, n) =>
      `<svg viewBox="0 0 1 1"><circle r="${n}"/></svg><x-own a="${n}">own</x-own><template><p>t</p></template>`,
  },
];

/** The steps of `style-<style>-<payload>`. */
export function styleSteps(cases: readonly Case[]): Step[] {
  return cases.flatMap(({ name: id, about: style }) => {
    const payload = PAYLOADS[Number(id.split("-").at(-1))];
    if (payload === undefined) throw new Error(`expected a payload for ${id}, found ${PAYLOADS.length} payloads`);
    return [1, 2].map((round) => ({
      name: `style ${style}: ${payload.name} ${round}`,
      section: id,
      acts: [say(id, payload.html(id, round, style)), ...(payload.then?.(id, round) ?? [])],
    }));
  });
}

/** Styles whose payload stands where the target itself does. */
const BESIDE = ["outerHTML", "beforebegin", "afterend"];

/** By the kind of place: a payload that stands beside or instead of it, and one that stands in it. */
const CONTEXTS: Record<string, readonly [string, string]> = {
  tbody: ["<tbody><tr><td>NEW</td></tr></tbody>", "<tr><td>NEW</td></tr>"],
  tr: ['<tr class="row"><td>NEW</td></tr>', "<td>NEW</td>"],
  ul: ["<ul><li>NEW</li></ul>", "<li>NEW</li><li>and more</li>"],
  select: ["<select><option>NEW</option></select>", "<option>NEW</option>"],
  svg: ['<g><circle r="1"/><text>NEW</text></g>', '<circle r="1"/><text>NEW</text>'],
};

/** The steps of `<kind>-<style>`, for places where the parser is particular. */
export function contextSteps(cases: readonly Case[]): Step[] {
  return cases.flatMap(({ name: id, about: style }) => {
    const kind = id.split("-")[0] ?? "";
    const [beside, inside] = CONTEXTS[kind] ?? ["", ""];
    const html = BESIDE.includes(style) ? beside : inside;
    return [1, 2].map((round) => ({
      name: `${kind} ${style} ${round}`,
      section: id,
      acts: [say(id, html.replace("NEW", `new ${round}`))],
    }));
  });
}
