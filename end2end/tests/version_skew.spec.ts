/**
 * A page that was loaded before a deploy, and the server of after: R29. The server of another version is played here; the
 * page is the showcase, which asks to be loaded anew.
 */

import type { Page } from "@playwright/test";
import { expect, hydrated, sequence, test } from "../live.ts";
import { publishNumbers, range } from "../numbers.ts";
import { uniqueTopic } from "../unique_topic.ts";

const STREAM = /\/testkit\/sse\?/;
const POSITION = "0000000000000001-3";

/** Serves streams as a server of this version would begin them, and end them again. */
async function serveVersion(page: Page, version: number): Promise<() => number> {
  let requests = 0;
  const body = [
    `event: ll:heartbeat\nid: ${POSITION}\ndata: ${POSITION}\n\n`,
    `event: ll:of-that-version\ndata: who knows\n\n`,
    `event: ll:version\ndata: ${version}\n\n`,
    `event: n\nid: 0000000000000001-4\ndata: <li data-seq="1">1</li>\n\n`,
  ].join("");
  await page.route(STREAM, async (route) => {
    requests += 1;
    await route.fulfill({ contentType: "text/event-stream", body });
  });
  return () => requests;
}

function countLoads(page: Page): () => number {
  let loads = 0;
  page.on("domcontentloaded", () => {
    loads += 1;
  });
  return () => loads;
}

test("@csr R29: the page is loaded anew, once, and then goes on with what it understands", async ({ page, server }) => {
  const [loads, requests] = [countLoads(page), await serveVersion(page, 99)];
  await page.goto(`${server.url}/testkit/sequence?topic=${uniqueTopic("skew")}`);
  await expect.poll(loads).toBe(2);
  const before = requests();
  await expect.poll(requests, "it goes on reconnecting").toBeGreaterThan(before + 2);
  await hydrated(page);
  expect(loads()).toBe(2);
  // Of a history that the page knows nothing of, each is new.
  await expect.poll(() => sequence(page)).toContain(1);
});

test("@csr R29: a listener keeps what somebody is typing", async ({ page, server }) => {
  const [loads, requests] = [countLoads(page), await serveVersion(page, 99)];
  await page.addInitScript(() => document.addEventListener("live:version", (event) => event.preventDefault()));
  await page.goto(`${server.url}/testkit/sequence?topic=${uniqueTopic("skew")}`);
  await expect.poll(requests).toBeGreaterThan(3);
  expect(loads()).toBe(1);
});

test("@csr R29: a server of the page's own version says so, and nothing happens", async ({ page, server }) => {
  const [loads, topic] = [countLoads(page), uniqueTopic("skew")];
  await page.goto(`${server.url}/testkit/sequence?topic=${topic}`);
  await hydrated(page);
  await expect(page.getByTestId("connections")).toHaveText("1");
  await publishNumbers(server, topic, 1, 3);
  await expect.poll(() => sequence(page)).toEqual(range(1, 3));
  expect(loads()).toBe(1);
});
