/**
 * The browser's back/forward cache, which Playwright turns off and visitors have on: a page that is put away closes its
 * connections, and one that comes back resumes where it was, without a hole.
 */

import type { Page } from "@playwright/test";
import { expect, launchOptionsWithBackForwardCache, sequence, test } from "../live.ts";
import { connected, openLive } from "../live_page.ts";
import { publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

test.use({ launchOptions: launchOptionsWithBackForwardCache });
// One after the other in one browser, which is started for these tests alone.
test.describe.configure({ mode: "default" });

/** Whether the page was put away and brought back, rather than loaded anew. */
async function wasRestored(page: Page): Promise<void> {
  const shown = () => page.evaluate("window.wasPersisted");
  await expect.poll(shown, "the browser must restore the page from its cache").toBe(true);
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.addEventListener("pageshow", ({ persisted }) => Object.assign(window, { wasPersisted: persisted }));
  });
});

test("@csr LIF-08, LIF-09, LIF-12: a stream resumes with what was published meanwhile", async ({ page, server }) => {
  const topic = uniqueTopic("cache");
  await openLive(page, `${server.url}/testkit/sequence?topic=${topic}`);
  await publishNumbers(server, topic, 1, 3);
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  await page.goto(`${server.url}/testkit/swap`);
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 0, "the page to be away");
  await publishNumbers(server, topic, 4, 6);
  await page.goBack({ waitUntil: "commit" });
  await wasRestored(page);
  await expect.poll(() => sequence(page)).toEqual(range(1, 6));
  await publishNumbers(server, topic, 7, 9);
  await expect.poll(() => sequence(page)).toEqual(range(1, 9));
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await expect(page.getByTestId("connections")).toHaveText("2");
});

test("@csr LIF-12: forward is as good as back", async ({ page, server }) => {
  const topic = uniqueTopic("cache");
  await openLive(page, `${server.url}/testkit/swap`);
  await openLive(page, `${server.url}/testkit/sequence?topic=${topic}`);
  await publishNumbers(server, topic, 1, 3);
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  await page.goBack({ waitUntil: "commit" });
  await wasRestored(page);
  await connected(page);
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 0, "the page to be away");
  await publishNumbers(server, topic, 4, 6);
  await page.goForward({ waitUntil: "commit" });
  await wasRestored(page);
  await expect.poll(() => sequence(page)).toEqual(range(1, 6));
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await expect(page.getByTestId("connections")).toHaveText("2");
});

test("@csr LIF-12: sockets come back too", async ({ page, server }) => {
  await openLive(page, `${server.url}/heartbeat`);
  await page.goto(`${server.url}/testkit/swap`);
  await server.expectStats(({ ws_connections }) => ws_connections === 0, "no socket of a page that is away");
  await page.goBack({ waitUntil: "commit" });
  await wasRestored(page);
  await connected(page);
  await expect(page.getByTestId("connections")).toHaveText("2");
  const number = page.locator("#idMessage");
  const before = await number.textContent();
  await expect(number).not.toHaveText(before ?? "");
});
