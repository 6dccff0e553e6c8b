/**
 * `<ConnectionStatus>`: the words and the `data-state` of a source's state, for streams and sockets alike, from the first
 * attempt to the end.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { holdWasm } from "../held_wasm.ts";
import { expect, hydrated, NETWORK_ERRORS, test } from "../live.ts";
import { openLive } from "../live_page.ts";
import { stopTime, takeTime } from "../page_clock.ts";
import { SocketStandIn } from "../socket_stand_in.ts";
import { uniqueTopic } from "../unique_topic.ts";

const stream = (page: Page) => page.getByTestId("connection-status");
const socket = (page: Page) => page.getByTestId("ws-status");
const componentsUrl = (base: string) => `${base}/testkit/components?topic=${uniqueTopic("status")}`;

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("says that nothing is connected, in a polite live region", async ({ page, server }) => {
    await page.goto(componentsUrl(server.url));
    for (const status of [stream(page), socket(page)]) {
      await expect(status).toHaveText("not connected");
      await expect(status).toHaveRole("status");
      await expect(status).toHaveAttribute("data-state", "idle");
    }
  });
});

test("@csr goes from connecting to live", async ({ page, server }) => {
  let letIn = () => {};
  const admitted = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  await page.route(/\/testkit\/sse\?/, async (route) => {
    await admitted;
    await route.continue();
  });
  await page.goto(componentsUrl(server.url));
  await hydrated(page);
  await expect(stream(page)).toHaveText("connecting");
  await expect(stream(page)).toHaveAttribute("data-state", "connecting");
  letIn();
  await expect(stream(page)).toHaveText("live");
  await expect(stream(page)).toHaveAttribute("data-state", "open");
  await expect(socket(page)).toHaveText("live");
});

test("hydration changes neither its words nor its element", async ({ page, server }) => {
  test.skip(isCsr, NOT_RENDERED);
  const release = await holdWasm(page);
  await page.goto(componentsUrl(server.url));
  await stream(page).evaluate((element) => Object.assign(element, { stoodHere: true }));
  release();
  await expect(stream(page)).toHaveText("live");
  expect(await stream(page).evaluate((element) => "stoodHere" in element)).toBe(true);
});

test("@csr counts the attempts while it is reconnecting", async ({ page, faultProxy, allowConsole }) => {
  allowConsole(NETWORK_ERRORS);
  await openLive(page, componentsUrl(faultProxy.url));
  await faultProxy.refuse();
  for (const status of [stream(page), socket(page)]) {
    // A page that is looked at late may have tried several times.
    await expect(status).toHaveText(/^reconnecting \(attempt [2-9]\)$/);
    await expect(status).toHaveAttribute("data-state", "reconnecting");
  }
  await faultProxy.pass();
  for (const status of [stream(page), socket(page)]) {
    await expect(status).toHaveText("live");
    await expect(status).toHaveAttribute("data-state", "open");
  }
});

test("LIF-11: when the network is back it tries at once", async ({ page, faultProxy, allowConsole }) => {
  allowConsole(NETWORK_ERRORS);
  await takeTime(page);
  await openLive(page, componentsUrl(faultProxy.url));
  await stopTime(page);
  await faultProxy.refuse();
  for (const status of [stream(page), socket(page)]) await expect(status).toHaveText("reconnecting (attempt 1)");
  await faultProxy.pass();
  // Time stands still, so no timer can bring it back.
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  for (const status of [stream(page), socket(page)]) await expect(status).toHaveText("live");
});

test("says why it is over", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 403/);
  const standIn = await SocketStandIn.on(page);
  await page.route(/\/testkit\/sse\?/, (route) => route.fulfill({ status: 403 }));
  await page.goto(componentsUrl(server.url));
  await expect(stream(page)).toHaveText("closed: refused with status 403");
  await expect(stream(page)).toHaveAttribute("data-state", "closed");
  await expect(socket(page)).toHaveText("live");
  await standIn.sockets[0]?.close({ code: 4401 });
  await expect(socket(page)).toHaveText("closed: closed with code 4401");
  await expect(socket(page)).toHaveAttribute("data-state", "closed");
});

test("@csr takes the page's own words", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 503|Unexpected response code: 503/);
  await page.goto(`${server.url}/reconnect`);
  const words = page.locator("main .state");
  await expect(words).toHaveText(["live", "live"]);
  await page.getByTestId("outage").click();
  await expect(words.first()).toHaveText(/^attempt \d+: (waiting \d+ ms|trying now)$/);
});
