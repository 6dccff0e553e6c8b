/**
 * Pages that are left and come back to: by the site's links, by the browser's buttons, by a reload. Connections live as
 * long as their page, those of the layout longer, and none is left behind on the server.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { isLive, isMarked, mark, moreEvents } from "../demo_controls.ts";
import { expect, sequence, test, type ShowcaseServer } from "../live.ts";
import { connected, openLive } from "../live_page.ts";
import { publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** What the server counts: streams, and sockets with the footer's. */
function serves(server: ShowcaseServer, streams: number, sockets: number): Promise<unknown> {
  return server.expectStats(
    ({ sse_connections, ws_connections }) => sse_connections === streams && ws_connections === sockets,
    `${streams} streams and ${sockets} sockets`,
  );
}

async function follow(page: Page, link: string): Promise<void> {
  await page.locator("nav").getByRole("link", { name: link, exact: true }).click();
  await expect(page.locator("h1")).toHaveText(link);
}

test("@csr LIF-01: leaving a page by a link closes its connections, coming back opens them anew", async ({
  page,
  server,
}) => {
  await openLive(page, `${server.url}/simple`);
  await mark(page);
  await serves(server, 5, 1);
  await follow(page, "Multi-channel");
  await connected(page);
  await serves(server, 1, 1);
  await follow(page, "Echo");
  await connected(page);
  await serves(server, 0, 2);
  await follow(page, "Simple");
  await isLive(page, 5);
  await serves(server, 5, 1);
  await moreEvents(page);
  await page.getByRole("link", { name: "leptos-live" }).click();
  await serves(server, 0, 1);
  await isMarked(page);
  await page.goto("about:blank");
  await serves(server, 0, 0);
});

test("@csr the layout's source survives navigation: the same socket, the same element", async ({ page, server }) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(new URL(socket.url()).pathname));
  await openLive(page, `${server.url}/simple`);
  await page.locator("footer .now").evaluate((element) => Object.assign(element, { stoodHere: true }));
  for (const title of ["Multiple", "Triggers", "Dashboard", "Heartbeat", "Simple"]) await follow(page, title);
  await connected(page);
  expect(sockets.filter((path) => path === "/ws/site")).toHaveLength(1);
  expect(await page.locator("footer .now").evaluate((element) => "stoodHere" in element)).toBe(true);
  const clock = page.locator("#site-clock");
  const before = await clock.textContent();
  await expect(clock).not.toHaveText(before ?? "");
});

test("@csr the browser's buttons: back and forward within the site", async ({ page, server }) => {
  await openLive(page, server.url);
  await mark(page);
  await follow(page, "Multiple");
  await follow(page, "Dashboard");
  await page.goBack();
  await expect(page.locator("h1")).toHaveText("Multiple");
  await isLive(page, 1);
  await moreEvents(page);
  await page.goForward();
  await expect(page.locator("h1")).toHaveText("Dashboard");
  await isLive(page, 1);
  await moreEvents(page);
  await serves(server, 1, 1);
  await isMarked(page);
});

test("@csr hurrying through all pages leaves nothing behind", async ({ page, server }) => {
  await openLive(page, server.url);
  const titles = ["Simple", "Multiple", "Multi-channel", "Triggers", "Target", "Settling", "Dashboard", "Request log"];
  for (const title of [...titles, ...titles.toReversed(), ...titles]) {
    await page.locator("nav").getByRole("link", { name: title, exact: true }).click();
  }
  await expect(page.locator("h1")).toHaveText("Request log");
  await connected(page);
  await serves(server, 1, 1);
});

test("a reload closes the old connections, and the new page goes on without a hole", async ({ page, server }) => {
  test.skip(isCsr, NOT_RENDERED);
  const topic = uniqueTopic("reload");
  const url = `${server.url}/testkit/sequence?topic=${topic}`;
  await openLive(page, url);
  await publishNumbers(server, topic, 1, 3);
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  await page.reload({ waitUntil: "commit" });
  await publishNumbers(server, topic, 4, 6);
  await connected(page);
  // The page was rendered between 3 and 4.
  await expect.poll(() => sequence(page)).toEqual(range(4, 6));
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 1, "one reader, the new page");
});

test("LIF-08: back at a page as it was rendered before, its stream goes on from there", async ({ page, server }) => {
  test.skip(isCsr, NOT_RENDERED);
  const topic = uniqueTopic("back");
  const rendered: string[] = [];
  page.on("response", async (response) => {
    if (response.url().endsWith(topic) && response.request().isNavigationRequest()) rendered.push(await response.text());
  });
  await openLive(page, `${server.url}/testkit/sequence?topic=${topic}`);
  await publishNumbers(server, topic, 1, 3);
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  await page.goto(`${server.url}/testkit/swap`);
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 0, "the page to be away");
  await publishNumbers(server, topic, 4, 6);
  // Without its back/forward cache the browser shows the document that it has kept, which knows its position.
  await page.goBack();
  await connected(page);
  await publishNumbers(server, topic, 7, 9);
  await expect.poll(() => sequence(page)).toEqual(range(1, 9));
  await expect(page.getByTestId("gaps")).toHaveText("0");
  expect(new Set(rendered).size, "one document, shown twice").toBe(1);
});

test("two tabs of the same page do not disturb each other", async ({ page, server, context }) => {
  const topic = uniqueTopic("tabs");
  const other = await context.newPage();
  const url = `${server.url}/testkit/sequence?topic=${topic}`;
  await openLive(page, url);
  await openLive(other, url);
  await publishNumbers(server, topic, 1, 5);
  for (const each of [page, other]) await expect.poll(() => sequence(each)).toEqual(range(1, 5));
  await other.close();
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 1, "the reader that is left");
  await publishNumbers(server, topic, 6, 8);
  await expect.poll(() => sequence(page)).toEqual(range(1, 8));
});
