/**
 * Credentials that expire while a page is live: S16. Once with the real endpoints and a component's `on_unauthorized`; and
 * with a proxy in front, which wants a cookie and is played here, and a page that answers `live:unauthorized` with the
 * promise of another cookie, as one does that has no component.
 */

import type { Page } from "@playwright/test";
import { expect, NETWORK_ERRORS, sequence, test } from "../live.ts";
import { connected, openLive } from "../live_page.ts";
import { publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

const STREAM = /\/testkit\/sse\?/;

declare global {
  interface Window {
    __refusals?: number[];
    __renew?: () => void;
    __asked?: number;
  }
}

/** Runs in the page before anything else: answers with a promise that the test keeps. */
function answer(): void {
  window.__asked = 0;
  document.addEventListener("live:unauthorized", (event) => {
    window.__asked = (window.__asked ?? 0) + 1;
    const renewed = new Promise<void>((resolve) => (window.__renew = resolve));
    (event as CustomEvent<{ waitUntil(promise: Promise<void>): void }>).detail.waitUntil(renewed);
  });
}

const asked = (page: Page) => page.evaluate(() => window.__asked);

test("@csr S16: a stream waits for the cookie, and goes on exactly where it was", async ({
  page,
  server,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  allowConsole(/status of 401/);
  let [isLetIn, refused] = [true, 0];
  await page.route(STREAM, async (route) => {
    if (isLetIn) return route.continue();
    refused += 1;
    return route.fulfill({ status: 401, body: "expired" });
  });
  await page.addInitScript(answer);
  const topic = uniqueTopic("token");
  await openLive(page, `${faultProxy.url}/testkit/sequence?topic=${topic}`);
  await publishNumbers(server, topic, 1, 3);
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  isLetIn = false;
  await faultProxy.cut();
  await expect.poll(() => asked(page)).toBe(1);
  const source = page.locator("#source");
  await expect(source).toHaveAttribute("data-state", "reconnecting");
  await publishNumbers(server, topic, 4, 9);
  const before = refused;
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  isLetIn = true;
  await page.evaluate(() => window.__renew?.());
  await expect.poll(() => sequence(page)).toEqual(range(1, 9));
  expect(refused, "what is refused is not tried again until there is a cookie").toBe(before);
  expect(await asked(page)).toBe(1);
  await expect(page.getByTestId("gaps")).toHaveText("0");
});

test("@csr S16: without an answer, 401 ends the stream", async ({ page, server, faultProxy, allowConsole }) => {
  allowConsole(NETWORK_ERRORS);
  allowConsole(/status of 401/);
  let isLetIn = true;
  await page.route(STREAM, (route) => (isLetIn ? route.continue() : route.fulfill({ status: 401, body: "expired" })));
  await openLive(page, `${faultProxy.url}/testkit/sequence?topic=${uniqueTopic("token")}`);
  isLetIn = false;
  await faultProxy.cut();
  await expect(page.locator("#source")).toHaveAttribute("data-state", "closed");
  await server.expectStats(({ sse_connections }) => sse_connections === 0, "no stream");
});

test("S16: a session that ends closes stream and socket, and the page signs in and goes on", async ({
  page,
  server,
  allowConsole,
}) => {
  allowConsole(/status of 401/);
  await page.addInitScript(() => {
    const refusals: number[] = (window.__refusals = []);
    document.addEventListener("live:unauthorized", (event) => {
      refusals.push((event as CustomEvent<{ status: number }>).detail.status);
    });
  });
  const refusals = async () => (await page.evaluate(() => window.__refusals ?? [])).toSorted((a, b) => a - b);
  const user = uniqueTopic("ann");
  // Nobody is signed in: the door is closed to both, and they sign in, but not before both have been there: whoever came
  // later would find it open.
  await page.route(/\/testkit\/sign-in/, async (route) => {
    await expect.poll(async () => (await refusals()).length).toBeGreaterThanOrEqual(2);
    await route.continue();
  });
  await openLive(page, `${server.url}/testkit/session?user=${user}&ms=1500`);
  expect(await refusals()).toEqual([401, 4401]);
  await publishNumbers(server, `private/${user}`, 1, 3);
  await server.publish(`private/${user}/socket`, "message", '<p id="frame">before</p>');
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  await expect(page.locator("#frame")).toHaveText("before");
  // Their session ends while they are connected. The stream needs no session of its own where the socket has got one before
  // it comes back.
  await expect.poll(async () => (await refusals()).filter((code) => code === 4401).length).toBe(2);
  await publishNumbers(server, `private/${user}`, 4, 9);
  await connected(page);
  await expect.poll(() => sequence(page)).toEqual(range(1, 9));
  await server.publish(`private/${user}/socket`, "message", '<p id="frame">after</p>');
  await expect(page.locator("#frame")).toHaveText("after");
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await expect(page.getByTestId("asked")).toHaveText(String((await refusals()).length));
});
