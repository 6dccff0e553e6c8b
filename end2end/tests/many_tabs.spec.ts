/**
 * Streams over HTTP/1.1: a browser opens six connections to an origin, over all of its tabs. What that looks like, the word
 * to the developer while there is still room, and the ways out.
 */

import type { Page } from "@playwright/test";
import { isRelease } from "../build_mode.ts";
import { expect, hydrated, test, type ShowcaseServer } from "../live.ts";
import { range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** Whoever develops is told, in each tab once; visitors are not. */
const TOLD = isRelease ? 0 : 1;
const WORD = /expected three streams at most over HTTP\/1\.1, found a fourth/;

async function openBlank(page: Page, server: ShowcaseServer): Promise<void> {
  await page.goto(`${server.url}/testkit/blank`);
  await hydrated(page);
}

/** Adds markup and makes it live. */
async function add(page: Page, html: string): Promise<void> {
  await page.evaluate((html) => {
    const place = document.createElement("div");
    place.innerHTML = html;
    document.querySelector("#work-area")?.append(place);
    window.leptosLive?.process(place);
  }, html);
}

/** Adds streams, each with an address of its own. */
async function addStreams(page: Page, count: number): Promise<void> {
  const stream = () => `<div hx-sse="connect:/testkit/sse?topic=${uniqueTopic("tab")}"></div>`;
  await add(page, range(1, count).map(stream).join(""));
}

async function states(page: Page): Promise<Record<string, number>> {
  const all = await page
    .locator("#work-area [data-state]")
    .evaluateAll((elements) => elements.map((element) => element.getAttribute("data-state") ?? ""));
  const counts: Record<string, number> = {};
  for (const state of all) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

test("@csr R20: the seventh stream of all tabs waits, a socket does not, and the fourth of a tab is told of", async ({
  page,
  context,
  server,
  consoleGuard,
}) => {
  const words = () => consoleGuard.messages.filter((text) => WORD.test(text)).length;
  await openBlank(page, server);
  const other = await context.newPage();
  await openBlank(other, server);
  await addStreams(page, 3);
  await addStreams(other, 3);
  await expect.poll(() => states(page)).toEqual({ open: 3 });
  await expect.poll(() => states(other)).toEqual({ open: 3 });
  expect(words()).toBe(0);
  // No error, no time-out: it waits for as long as the others stay.
  await addStreams(other, 1);
  await add(other, `<div hx-ws="connect:/testkit/ws"></div>`);
  await expect.poll(() => states(other), "a socket is none of the six").toEqual({ open: 4, connecting: 1 });
  await server.expectStats(({ sse_connections }) => sse_connections === 6, "six streams, and not seven");
  await expect.poll(words).toBe(TOLD);
  await addStreams(other, 1);
  await expect.poll(() => states(other)).toEqual({ open: 4, connecting: 2 });
  expect(words(), "once is enough").toBe(TOLD);
  await page.close();
  await expect.poll(() => states(other)).toEqual({ open: 6 });
});

test("@csr R20: one stream carries the topics of many sources", async ({ page, server, consoleGuard }) => {
  const [one, two] = [uniqueTopic("tab"), uniqueTopic("tab")];
  await openBlank(page, server);
  const source = (name: string) =>
    `<div hx-sse="connect:/testkit/sse?topic=${one}&amp;topic=${two}"><p hx-sse="swap:${name}"></p></div>`;
  await add(page, range(1, 9).map((number) => source(number % 2 === 0 ? "even" : "odd")).join(""));
  await expect.poll(() => states(page)).toEqual({ open: 9 });
  await server.publish(one, "odd", "1");
  await server.publish(two, "even", "2");
  await expect(page.locator("#work-area p")).toHaveText(["1", "2", "1", "2", "1", "2", "1", "2", "1"]);
  await server.expectStats(({ topics }) => topics[one]?.subscribers === 1, "one connection for all");
  expect(consoleGuard.messages.filter((text) => WORD.test(text))).toEqual([]);
});
