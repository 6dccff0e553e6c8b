/**
 * Connections that fail while the server stays up: whatever the network does, a page comes back by itself and shows
 * everything that was published meanwhile, once and in order. Servers that fail are the matter of
 * server_restart.spec.ts.
 */

import type { Page } from "@playwright/test";
import { expect, NETWORK_ERRORS, sequence, test, type FaultProxy, type ShowcaseServer } from "../live.ts";
import { nudge, openLive } from "../live_page.ts";
import { publishNumber, publishNumbers, range } from "../numbers.ts";
import { SILENCE_MS, skipTime, takeTime } from "../page_clock.ts";
import { uniqueTopic } from "../unique_topic.ts";

const source = (page: Page) => page.locator("#source");
const sequenceUrl = (base: string, topic: string) => `${base}/testkit/sequence?topic=${topic}`;

async function shows(page: Page, last: number): Promise<void> {
  await expect.poll(() => sequence(page), `the page must show 1 to ${last}`).toEqual(range(1, last));
}

/** Publishes while nothing may come through, and makes sure that nothing does. */
async function publishUnseen(
  { page, server, faultProxy }: { page: Page; server: ShowcaseServer; faultProxy: FaultProxy },
  topic: string,
  first: number,
  last: number,
): Promise<void> {
  const { delivered } = await server.stats();
  const passed = faultProxy.bytes.toClient;
  await publishNumbers(server, topic, first, last);
  const enough = delivered + last - first + 1;
  await server.expectStats((stats) => stats.delivered >= enough, "the server to have sent them");
  expect(faultProxy.bytes.toClient, "bytes that came through").toBe(passed);
  expect(await sequence(page)).toEqual(range(1, first - 1));
}

/** All that a recovery must leave behind: nothing lost, nothing told as lost, the page live. */
async function hasRecovered(page: Page): Promise<void> {
  await expect(source(page)).toHaveAttribute("data-state", "open");
  await expect(page.getByTestId("gaps")).toHaveText("0");
}

declare global {
  interface Window {
    __heartbeats?: number;
  }
}

/** Runs in the page before anything else: counts the heartbeats of its streams. */
function countHeartbeats(): void {
  window.__heartbeats = 0;
  window.EventSource = class extends EventSource {
    constructor(...given: ConstructorParameters<typeof EventSource>) {
      super(...given);
      this.addEventListener("ll:heartbeat", () => void (window.__heartbeats = (window.__heartbeats ?? 0) + 1));
    }
  };
}

test.beforeEach(({ allowConsole }) => allowConsole(NETWORK_ERRORS));

test("@csr cut: what was published while the page was away is shown, once and in order", async ({
  page,
  server,
  faultProxy,
}) => {
  const topic = uniqueTopic("cut");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.refuse();
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await publishNumbers(server, topic, 4, 60);
  await faultProxy.pass();
  await shows(page, 60);
  await publishNumbers(server, topic, 61, 63);
  await shows(page, 63);
  await hasRecovered(page);
  await expect(page.getByTestId("connections")).toHaveText("2");
  await expect(page.getByTestId("events")).toHaveText("63");
});

test("cut again and again in the middle of a busy stream", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("cuts");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  for (let number = 1; number <= 600; number += 1) {
    await publishNumber(server, topic, number);
    if (number % 100 === 50) {
      await faultProxy.cut();
      // Until it is back, or all cuts would hit the same connection.
      await expect(page.getByTestId("connections")).toHaveText(String(Math.ceil(number / 100) + 1));
    }
  }
  await shows(page, 600);
  await hasRecovered(page);
});

test("refused for several attempts: the page goes on trying", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("refuse");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  await faultProxy.refuse();
  await publishNumbers(server, topic, 1, 5);
  await expect(page.getByRole("status").first()).toHaveText(/attempt [3-9]/);
  await faultProxy.pass();
  await shows(page, 5);
  await hasRecovered(page);
});

test("stall: what was held arrives, over the same connection", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("stall");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.stall();
  await publishUnseen({ page, server, faultProxy }, topic, 4, 20);
  await expect(source(page)).toHaveAttribute("data-state", "open");
  await faultProxy.pass();
  await shows(page, 20);
  await hasRecovered(page);
  await expect(page.getByTestId("connections")).toHaveText("1");
});

test("R13: a stall that outlasts the heartbeats is a loss, and is mended", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("stall");
  await takeTime(page);
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.stall();
  await publishUnseen({ page, server, faultProxy }, topic, 4, 20);
  await skipTime(page, SILENCE_MS + 1_000);
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await faultProxy.pass();
  await shows(page, 20);
  await hasRecovered(page);
  await expect(page.getByTestId("connections")).toHaveText("2");
});

test("R13: a black hole is noticed by its silence, and nothing is lost in it", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("hole");
  await takeTime(page);
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  // The browser has idle connections, which would be dead too; this leaves the stream's alone.
  await faultProxy.cut();
  await expect(page.getByTestId("connections")).toHaveText("2");
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.blackHole();
  await publishNumbers(server, topic, 4, 20);
  await expect.poll(() => faultProxy.bytes.swallowed).toBeGreaterThan(0);
  // What lost bytes stays dead; new connections are well.
  await faultProxy.pass();
  await expect(source(page)).toHaveAttribute("data-state", "open");
  await skipTime(page, SILENCE_MS + 1_000);
  await shows(page, 20);
  await hasRecovered(page);
  await expect(page.getByTestId("connections")).toHaveText("3");
});

test("R13: an attempt that hangs in a black hole is given up in time", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("hole");
  await takeTime(page);
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.blackHole();
  await skipTime(page, SILENCE_MS + 1_000);
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  const before = faultProxy.bytes.swallowed;
  await skipTime(page, 1_000);
  await expect.poll(() => faultProxy.bytes.swallowed, "the page must try again").toBeGreaterThan(before);
  await publishNumbers(server, topic, 4, 6);
  await faultProxy.pass();
  // Nobody will ever answer the attempt that was made in the hole; the page must not wait for it for ever.
  for (let minute = 0; minute < 5; minute += 1) await skipTime(page, 60_000);
  await shows(page, 6);
  await hasRecovered(page);
});

test("R14: a heartbeat keeps a quiet stream alive", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("quiet");
  await page.addInitScript(countHeartbeats);
  await takeTime(page);
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  const heartbeats = () => page.evaluate(() => window.__heartbeats ?? 0);
  await expect.poll(heartbeats, "a stream begins with one").toBe(1);
  await skipTime(page, SILENCE_MS - 20_000);
  // The server's own time does not jump: the next one comes after 15 real seconds of silence.
  await expect.poll(heartbeats, { timeout: 25_000 }).toBe(2);
  await skipTime(page, 30_000);
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await hasRecovered(page);
  await expect(page.getByTestId("connections"), "it was never taken for lost").toHaveText("1");
});

test("each connection cut after so many bytes, wherever that is", async ({
  page,
  server,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(/net::ERR_INVALID_HTTP_RESPONSE/);
  const topic = uniqueTopic("bytes");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  let published = 0;
  for (const count of [0, 1, 100, 250, 300, 350, 400, 450, 500, 600, 800, 1200]) {
    // No connection may slip in between, nor an old one be used again.
    await faultProxy.refuse();
    await faultProxy.cutAfterBytes(count);
    const before = faultProxy.accepted;
    await publishNumbers(server, topic, published + 1, published + 50);
    published += 50;
    const attempts = async () => {
      await nudge(page);
      return faultProxy.accepted - before;
    };
    await expect.poll(attempts, `attempts that end after ${count} bytes`).toBeGreaterThan(2);
    await faultProxy.pass();
    await nudge(page);
    await shows(page, published);
    await hasRecovered(page);
  }
});

test("a slow network: everything arrives late, once and in order", async ({ page, server, faultProxy }) => {
  const topic = uniqueTopic("slow");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  faultProxy.delay(300);
  await publishNumbers(server, topic, 1, 100);
  await shows(page, 100);
  await faultProxy.cut();
  await publishNumbers(server, topic, 101, 200);
  await shows(page, 200);
  await hasRecovered(page);
  await expect(page.getByTestId("connections")).toHaveText("2");
});

test("more than is kept was missed: the loss is told, and the page goes on with what there is", async ({
  page,
  server,
  faultProxy,
}) => {
  const topic = uniqueTopic("evicted");
  await openLive(page, sequenceUrl(faultProxy.url, topic));
  await publishNumbers(server, topic, 1, 3);
  await shows(page, 3);
  await faultProxy.refuse();
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await publishNumbers(server, topic, 4, 1_203);
  await faultProxy.pass();
  await expect.poll(async () => (await sequence(page)).at(-1)).toBe(1_203);
  const kept = (await server.stats()).topics[topic]?.retained ?? 0;
  expect(await sequence(page)).toEqual([1, 2, 3, ...range(1_203 - kept + 1, 1_203)]);
  await expect(page.getByTestId("gaps")).toHaveText("1");
  await expect(page.getByTestId("last-gap")).toContainText("they are no longer kept");
});
