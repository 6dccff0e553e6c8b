/**
 * `<SseSource>`: the markup that the server renders, the connection that the page opens, shares, moves and closes, and
 * what it tells its surroundings. What is swapped is the matter of sse_swap.spec.ts, networks that fail of
 * recovery.spec.ts.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { holdWasm } from "../held_wasm.ts";
import { domEvents, expect, hydrated, NETWORK_ERRORS, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { skipTime, takeTime } from "../page_clock.ts";
import { parsePosition } from "../position.ts";
import { uniqueTopic } from "../unique_topic.ts";

const STREAM = /\/testkit\/sse\?/;
const source = (page: Page) => page.getByTestId("sse-source");
const swapped = (page: Page) => page.getByTestId("sse-swap");

const componentsUrl = (base: string, topic: string) => `${base}/testkit/components?topic=${topic}`;

function readers(server: ShowcaseServer, expected: Record<string, number>): Promise<unknown> {
  const all = Object.entries(expected);
  return server.expectStats(
    ({ topics }) => all.every(([topic, count]) => (topics[topic]?.subscribers ?? 0) === count),
    `these readers: ${JSON.stringify(expected)}`,
  );
}

/** Counts the page's requests for streams; the function returns how many there were until now. */
function countStreams(page: Page): () => Promise<number> {
  let count = 0;
  page.on("request", (request) => {
    if (STREAM.test(request.url())) count += 1;
  });
  return async () => {
    // Requests are told in their order, so whatever the page has asked for before this one has been counted.
    const fence = page.waitForRequest(/\/testkit\/stats$/);
    await page.evaluate(() => fetch("/testkit/stats"));
    await fence;
    return count;
  };
}

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("SSE-03: carries htmx's attribute, spread attributes, and connects to nothing", async ({ page, server }) => {
    const topic = uniqueTopic("source");
    await page.goto(componentsUrl(server.url, topic));
    await expect(source(page)).toHaveAttribute("hx-sse", /^connect:\/testkit\/sse\?topic=source%2D[0-9a-f]{8}$/);
    await expect(source(page)).toHaveAttribute("data-state", "idle");
    await expect(source(page)).toHaveClass("source");
    await readers(server, { [topic]: 0 });
  });

  test("carries the position that it was rendered at", async ({ page, server }) => {
    const topic = uniqueTopic("source");
    const before = parsePosition(await server.publish(topic, "message", "x"));
    await page.goto(componentsUrl(server.url, topic));
    const rendered = parsePosition(await source(page).getAttribute("data-position"));
    const after = parsePosition(await server.publish(topic, "message", "x"));
    expect(rendered.epoch).toBe(before.epoch);
    expect(rendered.offset).toBeGreaterThanOrEqual(before.offset);
    expect(rendered.offset).toBeLessThan(after.offset);
  });
});

test("@csr SSE-03: connects by itself and hands events on", async ({ page, server }) => {
  const topic = uniqueTopic("source");
  await openLive(page, componentsUrl(server.url, topic));
  await readers(server, { [topic]: 1 });
  await server.publish(topic, "message", "<b>hello</b>");
  await expect(swapped(page).locator("b")).toHaveText("hello");
  await expect(page.getByTestId("events")).toHaveText("1");
});

test("what is published between rendering and connecting is not missed", async ({ page, server }) => {
  test.skip(isCsr, NOT_RENDERED);
  const topic = uniqueTopic("source");
  const release = await holdWasm(page);
  await page.goto(componentsUrl(server.url, topic));
  await expect(source(page)).toHaveAttribute("data-state", "idle");
  await server.publish(topic, "row", "<tr><td>while away</td></tr>");
  release();
  await hydrated(page);
  await expect(page.getByTestId("sse-swap-rows").locator("td")).toHaveText(["first row", "while away"]);
  await expect(page.getByTestId("gaps")).toHaveText("0");
});

test("SSR-14, SSV-01: tells `htmx:sseOpen` with the stream, and calls on_open", async ({ page, server }) => {
  const read = await domEvents(page, "[data-testid=sse-source]", ["htmx:sseOpen"]);
  await openLive(page, componentsUrl(server.url, uniqueTopic("source")));
  const events = await read();
  expect(events).toHaveLength(1);
  expect(events[0]?.detail).toMatchObject({ source: expect.anything(), elt: "<div>" });
  await expect(page.getByTestId("connections")).toHaveText("1");
});

test("SSE-11, SSE-13: all consumers of a source share its one connection", async ({ page, server }) => {
  const topic = uniqueTopic("source");
  const requests: string[] = [];
  page.on("request", (request) => {
    if (STREAM.test(request.url())) requests.push(request.url());
  });
  await openLive(page, componentsUrl(server.url, topic));
  await readers(server, { [topic]: 1 });
  expect(requests).toHaveLength(1);
});

test("@csr SSE-10, SSE-11: sources of the same address share a connection, and do not mix", async ({ page, server }) => {
  const [one, two] = [uniqueTopic("one"), uniqueTopic("two")];
  await openLive(page, `${server.url}/testkit/two?one=${one}&two=${two}`);
  await readers(server, { [one]: 1, [two]: 1 });
  await server.publish(one, "message", "of one");
  await expect(page.locator("#one")).toHaveText("of one");
  await expect(page.locator("#two-inner")).toHaveText("of one");
  await expect(page.locator("#two")).toHaveText("nothing from two");
  await server.publish(two, "message", "of two");
  await expect(page.locator("#two")).toHaveText("of two");
  await expect(page.locator("#one")).toHaveText("of one");
  await expect(page.locator("#two-inner")).toHaveText("of one");
});

test("@csr ACT-11: a changed address closes the old connection and opens the new one", async ({ page, server }) => {
  const [one, two] = [uniqueTopic("one"), uniqueTopic("two")];
  await openLive(page, `${server.url}/testkit/reactive?one=${one}&two=${two}`);
  await server.publish(one, "message", "of one");
  await expect(page.locator("#box")).toHaveText("of one");
  await page.locator("#switch").click();
  await readers(server, { [one]: 0, [two]: 1 });
  await server.publish(one, "message", "too late");
  await server.publish(two, "message", "of two");
  await expect(page.locator("#box")).toHaveText("of two");
  await expect(page.getByTestId("events")).toHaveText("2");
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await page.locator("#switch").click();
  await readers(server, { [one]: 1, [two]: 0 });
});

test("@csr LIF-01: closes when it is unmounted, and opens anew when it is mounted again", async ({ page, server }) => {
  const one = uniqueTopic("one");
  await openLive(page, `${server.url}/testkit/reactive?one=${one}`);
  await readers(server, { [one]: 1 });
  await page.locator("#toggle").click();
  await expect(page.locator("#source")).toHaveCount(0);
  await readers(server, { [one]: 0 });
  await page.locator("#toggle").click();
  await readers(server, { [one]: 1 });
  await expect(page.locator("#source")).toHaveAttribute("data-state", "open");
  await server.publish(one, "message", "again");
  await expect(page.locator("#box")).toHaveText("again");
  await expect(page.getByTestId("events")).toHaveText("1");
});

test("SSR-12: unmounted while it waits to reconnect, it never comes back", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 503/);
  const attempts = countStreams(page);
  await takeTime(page);
  await page.route(STREAM, (route) => route.fulfill({ status: 503 }));
  await page.goto(`${server.url}/testkit/reactive?one=${uniqueTopic("one")}`);
  await expect(page.locator("#source")).toHaveAttribute("data-state", "reconnecting");
  await page.locator("#toggle").click();
  await expect(page.locator("#source")).toHaveCount(0);
  const before = await attempts();
  await skipTime(page, 600_000);
  expect(await attempts()).toBe(before);
});

test("SSR-01, SSR-05: a loss is told, counted, and mended", async ({ page, server, faultProxy, allowConsole }) => {
  allowConsole(NETWORK_ERRORS);
  const topic = uniqueTopic("source");
  const read = await domEvents(page, "[data-testid=sse-source]", ["htmx:sseError", "htmx:error"]);
  await openLive(page, componentsUrl(faultProxy.url, topic));
  await faultProxy.refuse();
  await expect(source(page)).toHaveAttribute("data-state", "reconnecting");
  await faultProxy.pass();
  await expect(source(page)).toHaveAttribute("data-state", "open");
  await expect(page.getByTestId("connections")).toHaveText("2");
  const [general, error] = await read();
  expect(error).toMatchObject({ name: "htmx:sseError", detail: { error: { type: "error" } } });
  expect(general).toMatchObject({ name: "htmx:error", detail: { errorInfo: { error: { type: "error" } } } });
  expect(Number(await page.getByTestId("on-error").textContent())).toBeGreaterThan(0);
  await server.publish(topic, "message", "after all");
  await expect(swapped(page)).toHaveText("after all");
});

for (const { status, closed } of [
  { status: 204, closed: "ended by the server" },
  { status: 401, closed: "refused with status 401" },
  { status: 403, closed: "refused with status 403" },
]) {
  test(`SSR-13: status ${status} ends the stream for good`, async ({ page, server, allowConsole }) => {
    allowConsole(new RegExp(`status of ${status}`));
    await takeTime(page);
    const read = await domEvents(page, "[data-testid=sse-source]", ["htmx:sseClose"]);
    const requests = countStreams(page);
    await page.route(STREAM, (route) => route.fulfill({ status }));
    await page.goto(componentsUrl(server.url, uniqueTopic("source")));
    await expect(source(page)).toHaveAttribute("data-state", "closed");
    await expect(page.getByTestId("on-close")).toHaveText(closed);
    expect(await read()).toMatchObject([{ detail: { type: "message" } }]);
    const before = await requests();
    await skipTime(page, 600_000);
    expect(await requests()).toBe(before);
  });
}

test("SSR-05: any other refusal is tried again", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 503/);
  const topic = uniqueTopic("source");
  let refusals = 0;
  await page.route(STREAM, (route) => {
    refusals += 1;
    return refusals <= 3 ? route.fulfill({ status: 503 }) : route.continue();
  });
  await openLive(page, componentsUrl(server.url, topic));
  expect(refusals).toBeGreaterThan(3);
  await server.publish(topic, "message", "after all");
  await expect(swapped(page)).toHaveText("after all");
});

test("SSE-18: messages named like the transport's own events disturb nothing", async ({ page, server }) => {
  const topic = uniqueTopic("source");
  const read = await domEvents(page, "[data-testid=sse-source]", ["htmx:sseOpen", "htmx:sseError"]);
  await openLive(page, componentsUrl(server.url, topic));
  await server.publish(topic, "error", "no error");
  await server.publish(topic, "open", "not opened");
  await server.publish(topic, "message", "after both");
  await expect(swapped(page)).toHaveText("after both");
  await expect(source(page)).toHaveAttribute("data-state", "open");
  expect((await read()).map(({ name }) => name)).toEqual(["htmx:sseOpen"]);
  await expect(page.getByTestId("on-error")).toHaveText("0");
});
