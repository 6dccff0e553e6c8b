/**
 * `<SseSwap>`: which events it takes, what each swap style makes of them, what scripts may refuse, and that its region
 * belongs to the server: hydration leaves it as it finds it.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { holdWasm } from "../held_wasm.ts";
import { domEvents, expect, hydrated, sequence, test } from "../live.ts";
import { openLive } from "../live_page.ts";
import { publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

const swapped = (page: Page) => page.getByTestId("sse-swap");
const componentsUrl = (base: string, topic: string) => `${base}/testkit/components?topic=${topic}`;

/** The HTML inside an element, as it is once everything has settled. */
function html(page: Page, selector: string): Promise<string> {
  return page.locator(selector).evaluate((element) => element.innerHTML.replaceAll("<!---->", ""));
}

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("SSW-04: carries htmx's attributes and its children", async ({ page, server }) => {
    await page.goto(componentsUrl(server.url, uniqueTopic("swap")));
    await expect(swapped(page)).toHaveAttribute("hx-sse", "swap:message swap:also");
    await expect(swapped(page).locator("p")).toHaveText("first content");
    const rows = page.getByTestId("sse-swap-rows");
    await expect(rows).toHaveAttribute("hx-swap", "beforeend");
    await expect(page.locator("table > tbody[data-testid=sse-swap-rows] > tr > td")).toHaveText("first row");
  });

  test("SSW-09: carries its target and modifiers", async ({ page, server }) => {
    const style = encodeURIComponent("outerHTML settle:50ms");
    await page.goto(`${server.url}/testkit/swap?topic=${uniqueTopic("swap")}&style=${style}&target=%23after`);
    await expect(page.locator("#consumer")).toHaveAttribute("hx-swap", "outerHTML settle:50ms");
    await expect(page.locator("#consumer")).toHaveAttribute("hx-target", "#after");
  });
});

test.describe("hydration", () => {
  test.skip(isCsr, NOT_RENDERED);

  test("keeps the very nodes that the server has rendered", async ({ page, server }) => {
    const topic = uniqueTopic("swap");
    const release = await holdWasm(page);
    await page.goto(componentsUrl(server.url, topic));
    await swapped(page)
      .locator("p")
      .evaluate((element) => Object.assign(element, { stoodHere: true }));
    release();
    await hydrated(page);
    expect(await swapped(page).locator("p").evaluate((element) => "stoodHere" in element)).toBe(true);
    await server.publish(topic, "message", "<i>next</i>");
    await expect(swapped(page)).toHaveText("next");
  });

  test("leaves a region that was changed before", async ({ page, server }) => {
    const topic = uniqueTopic("swap");
    const release = await holdWasm(page);
    await page.goto(componentsUrl(server.url, topic));
    await swapped(page).evaluate((element) => {
      element.innerHTML = "<ul><li>swapped</li><li>before</li></ul>text";
    });
    release();
    await hydrated(page);
    expect(await html(page, "[data-testid=sse-swap]")).toBe("<ul><li>swapped</li><li>before</li></ul>text");
    await server.publish(topic, "message", "<i>next</i>");
    await expect(swapped(page).locator("i")).toHaveText("next");
  });
});

test("@smoke @csr SSW-01, SSW-08: an event reaches its element", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, componentsUrl(server.url, topic));
  await expect(swapped(page)).toHaveText("first content");
  await server.publish(topic, "message", "<b>one</b> &amp; <i>two</i>");
  await expect(swapped(page)).toHaveText("one & two");
  await expect(swapped(page).locator("b")).toHaveText("one");
  await expect(page.getByTestId("on-after-swap")).toHaveText("<b>one</b> &amp; <i>two</i>");
});

test("@csr SSW-01, SSW-04: takes each of its names, exactly, and no other", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, componentsUrl(server.url, topic));
  await server.publish(topic, "also", "by the second name");
  await expect(swapped(page)).toHaveText("by the second name");
  for (const other of ["Message", "ALSO", "messages", "also2"]) await server.publish(topic, other, "by another");
  await server.publish(topic, "row", "<tr><td>later than those</td></tr>");
  await expect(page.getByTestId("sse-swap-rows").locator("td").last()).toHaveText("later than those");
  await expect(swapped(page)).toHaveText("by the second name");
  await expect(page.getByTestId("events")).toHaveText("2");
});

const TARGET = '<div id="target"><b>first content</b></div>';
const around = (middle: string) => `<p id="before">before</p>${middle}<p id="after">after</p>`;
const STYLES = [
  { style: "innerHTML", expected: around('<div id="target"><i>2</i></div>') },
  { style: "beforebegin", expected: around(`<i>1</i><i>2</i>${TARGET}`) },
  { style: "afterbegin", expected: around('<div id="target"><i>2</i><i>1</i><b>first content</b></div>') },
  { style: "beforeend", expected: around('<div id="target"><b>first content</b><i>1</i><i>2</i></div>') },
  { style: "afterend", expected: around(`${TARGET}<i>2</i><i>1</i>`) },
  { style: "textContent", expected: around('<div id="target">&lt;i&gt;2&lt;/i&gt;</div>') },
  { style: "none", expected: around(TARGET) },
];
for (const { style, expected } of STYLES) {
  test(`@csr SSW-10: swap style ${style}`, async ({ page, server }) => {
    const topic = uniqueTopic("swap");
    await openLive(page, `${server.url}/testkit/swap?topic=${topic}&style=${style}`);
    const read = await domEvents(page, "#consumer", ["htmx:sseMessage"]);
    await server.publish(topic, "message", "<i>1</i>");
    await server.publish(topic, "message", "<i>2</i>");
    await expect.poll(async () => (await read()).length).toBe(2);
    await expect.poll(() => html(page, "#arena")).toBe(expected);
  });
}

test("@csr SSW-09: outerHTML replaces the target, which is found again by its selector", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, `${server.url}/testkit/swap?topic=${topic}&style=outerHTML`);
  await server.publish(topic, "message", '<section id="target">1</section>');
  await expect(page.locator("section#target")).toHaveText("1");
  await server.publish(topic, "message", '<p id="target">2</p><p>3</p>');
  await expect.poll(() => html(page, "#arena")).toBe(around('<p id="target">2</p><p>3</p>'));
});

test("@csr SWP-07: delete removes the target, whatever the message says", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, `${server.url}/testkit/swap?topic=${topic}&style=delete`);
  await server.publish(topic, "message", "<i>not shown</i>");
  await expect.poll(() => html(page, "#arena")).toBe(around(""));
});

test("SSW-22: where the target is nowhere, the message is lost and told, the stream stays", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, `${server.url}/testkit/swap?topic=${topic}&target=%23nowhere`);
  const read = await domEvents(page, "#consumer", ["htmx:swapError", "htmx:sseMessage"]);
  await server.publish(topic, "message", "lost");
  await expect.poll(async () => (await read()).map(({ name }) => name)).toEqual(["htmx:swapError"]);
  expect((await read())[0]?.detail).toMatchObject({ error: expect.stringContaining("#nowhere") });
  await page.locator("#arena").evaluate((arena) => arena.insertAdjacentHTML("beforeend", '<u id="nowhere"></u>'));
  await server.publish(topic, "message", "found");
  await expect(page.locator("#nowhere")).toHaveText("found");
  await expect(page.locator("#source")).toHaveAttribute("data-state", "open");
});

test("@csr SWP-26: rows are put into a table", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, componentsUrl(server.url, topic));
  await server.publish(topic, "row", "<tr><td>2</td></tr>");
  await server.publish(topic, "row", "<tr><td>3</td></tr><tr><td>4</td></tr>");
  await expect(page.locator("table > tbody > tr > td")).toHaveText(["first row", "2", "3", "4"]);
});

test("SSW-23, SSW-24: tells scripts before and after, with the event itself", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, componentsUrl(server.url, topic));
  const names = ["htmx:sseBeforeMessage", "htmx:afterSwap", "htmx:sseMessage", "htmx:load", "htmx:afterSettle"];
  const read = await domEvents(page, "[data-testid=sse-swap], [data-testid=sse-swap] *", names);
  const position = await server.publish(topic, "also", "<i>1</i>");
  await expect.poll(async () => (await read()).length).toBe(5);
  const events = await read();
  const detail = { type: "also", data: "<i>1</i>", lastEventId: position };
  expect(events[0]).toEqual({ name: "htmx:sseBeforeMessage", target: "div", detail, cancelable: true });
  expect(events.map(({ name, target }) => `${name} ${target}`)).toEqual([
    "htmx:sseBeforeMessage div",
    "htmx:afterSwap div",
    "htmx:sseMessage div",
    "htmx:load i",
    "htmx:afterSettle div",
  ]);
  expect(events[2]).toMatchObject({ detail });
});

test("SSW-23: a script may refuse one message", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, componentsUrl(server.url, topic));
  const read = await domEvents(page, "[data-testid=sse-swap]", ["htmx:sseMessage"]);
  await page.evaluate(() => {
    document.addEventListener("htmx:sseBeforeMessage", (event) => {
      if ((event as CustomEvent<MessageEvent>).detail.data === "no") event.preventDefault();
    });
  });
  for (const data of ["no", "yes", "no"]) await server.publish(topic, "message", data);
  await server.publish(topic, "row", "<tr><td>later</td></tr>");
  await expect(page.getByTestId("sse-swap-rows").locator("td").last()).toHaveText("later");
  await expect(swapped(page)).toHaveText("yes");
  expect(await read()).toHaveLength(1);
});

test("@csr the page's own code may refuse one message: on_before_swap", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, componentsUrl(server.url, topic));
  for (const data of ["yes", "veto"]) await server.publish(topic, "message", data);
  await server.publish(topic, "row", "<tr><td>later</td></tr>");
  await expect(page.getByTestId("sse-swap-rows").locator("td").last()).toHaveText("later");
  await expect(swapped(page)).toHaveText("yes");
  await expect(page.getByTestId("on-after-swap")).toHaveText("yes");
});

test("SSW-21: hundreds of events at once are shown once and in order", async ({ page, server }) => {
  const topic = uniqueTopic("swap");
  await openLive(page, `${server.url}/testkit/sequence?topic=${topic}`);
  await publishNumbers(server, topic, 1, 400);
  await expect.poll(() => sequence(page)).toEqual(range(1, 400));
});
