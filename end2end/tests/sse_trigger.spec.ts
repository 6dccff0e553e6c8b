/**
 * `<SseTrigger>`: an event makes it request something; what it requests, how often, where the answer goes, and what
 * scripts hear of it. Modifiers that the component shares with raw markup are tried on swapped-in markup here.
 */

import type { Page, Request } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { domEvents, expect, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { stopTime, takeTime } from "../page_clock.ts";
import { uniqueTopic } from "../unique_topic.ts";

const ANSWER = /\/testkit\/answer/;
const componentsUrl = (base: string, topic: string) => `${base}/testkit/components?topic=${topic}`;
const trigger = (page: Page) => page.getByTestId("sse-trigger");

/** The requests that triggers make from now on. */
function requestsOf(page: Page): Request[] {
  const requests: Request[] = [];
  page.on("request", (request) => {
    if (ANSWER.test(request.url())) requests.push(request);
  });
  return requests;
}

/** An event that comes after all that were published before has been shown. */
async function fence(page: Page, server: ShowcaseServer, topic: string): Promise<void> {
  const text = uniqueTopic("fence");
  await server.publish(topic, "row", `<tr><td>${text}</td></tr>`);
  await expect(page.getByTestId("sse-swap-rows").locator("td").last()).toHaveText(text);
}

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("SST-01: carries htmx's attributes and its children", async ({ page, server }) => {
    await page.goto(componentsUrl(server.url, uniqueTopic("trigger")));
    await expect(trigger(page)).toHaveAttribute("hx-trigger", "sse:fetch");
    await expect(trigger(page)).toHaveAttribute("hx-get", "/testkit/answer");
    await expect(trigger(page)).toHaveText("nothing fetched");
    const post = page.getByTestId("sse-trigger-post");
    await expect(post).toHaveAttribute("hx-trigger", "sse:store");
    await expect(post).toHaveAttribute("hx-post", "/testkit/answer");
    await expect(post).toHaveAttribute("hx-target", "#stored");
    await expect(post).toHaveAttribute("hx-swap", "beforeend");
  });
});

test("@csr SST-01: an event makes it fetch, and the answer is its content", async ({ page, server }) => {
  const topic = uniqueTopic("trigger");
  await openLive(page, componentsUrl(server.url, topic));
  const requests = requestsOf(page);
  await server.publish(topic, "fetch", "this is not used");
  await expect(trigger(page).locator(".answer")).toHaveText("GET answered");
  await expect(page.getByTestId("on-trigger")).toHaveText("1");
  await expect(page.getByTestId("on-answer")).toHaveText("1");
  expect(requests).toHaveLength(1);
  expect(await requests[0]?.headerValue("HX-Request")).toBe("true");
  expect(await requests[0]?.headerValue("HX-Current-URL")).toBe(page.url());
});

test("@csr SST-11: another verb, another target, another style", async ({ page, server }) => {
  const topic = uniqueTopic("trigger");
  await openLive(page, componentsUrl(server.url, topic));
  for (const count of [1, 2, 3]) {
    await server.publish(topic, "store", "x");
    await expect(page.locator("#stored .answer")).toHaveCount(count);
  }
  await expect(page.locator("#stored .answer").first()).toHaveText("POST answered");
  await expect(page.getByTestId("sse-trigger-post")).toBeEmpty();
  await expect(trigger(page)).toHaveText("nothing fetched");
});

test("SST-02: other names request nothing", async ({ page, server }) => {
  const topic = uniqueTopic("trigger");
  await openLive(page, componentsUrl(server.url, topic));
  const requests = requestsOf(page);
  for (const other of ["Fetch", "sse:fetch", "fetching", "message"]) await server.publish(topic, other, "x");
  await fence(page, server, topic);
  expect(requests).toHaveLength(0);
  await expect(page.getByTestId("on-trigger")).toHaveText("0");
});

test("SST-06, SSV-07: tells scripts of the event and of the request", async ({ page, server }) => {
  const topic = uniqueTopic("trigger");
  await openLive(page, componentsUrl(server.url, topic));
  const names = ["sse:fetch", "htmx:trigger", "htmx:sseBeforeMessage", "htmx:sseMessage", "htmx:afterRequest"];
  const read = await domEvents(page, "[data-testid=sse-trigger]", names);
  const position = await server.publish(topic, "fetch", "its data");
  await expect(trigger(page)).toContainText("GET answered");
  const events = await read();
  const detail = { type: "fetch", data: "its data", lastEventId: position };
  expect(events[0]).toMatchObject({ name: "sse:fetch", detail });
  expect(events.map(({ name }) => name)).toEqual([
    "sse:fetch",
    "htmx:trigger",
    "htmx:sseMessage",
    "htmx:afterRequest",
  ]);
  expect(events[3]).toMatchObject({ detail: { successful: true } });
});

test("SST-09: while a request is under way, the newest of further events is remembered", async ({ page, server }) => {
  const topic = uniqueTopic("trigger");
  await openLive(page, componentsUrl(server.url, topic));
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const requests = requestsOf(page);
  await page.route(ANSWER, async (route) => {
    await released;
    await route.continue();
  });
  for (let count = 0; count < 5; count += 1) await server.publish(topic, "fetch", "x");
  await fence(page, server, topic);
  expect(requests).toHaveLength(1);
  release();
  await expect(page.getByTestId("on-answer")).toHaveText("2");
  await server.publish(topic, "fetch", "x");
  await expect(page.getByTestId("on-answer")).toHaveText("3");
  expect(requests).toHaveLength(3);
});

test("a failed request leaves the content alone, is told, and the next one works", async ({
  page,
  server,
  allowConsole,
}) => {
  allowConsole(/status of 500/);
  const topic = uniqueTopic("trigger");
  await openLive(page, componentsUrl(server.url, topic));
  const read = await domEvents(page, "[data-testid=sse-trigger]", ["htmx:responseError"]);
  await page.route(ANSWER, (route) => route.fulfill({ status: 500, body: "broken" }), { times: 1 });
  await server.publish(topic, "fetch", "x");
  await expect.poll(async () => (await read()).length).toBe(1);
  expect((await read())[0]?.detail).toMatchObject({ error: expect.stringContaining("500") });
  await expect(trigger(page)).toHaveText("nothing fetched");
  await server.publish(topic, "fetch", "x");
  await expect(trigger(page)).toHaveText("GET answered");
  await expect(page.getByTestId("on-answer")).toHaveText("1");
});

test.describe("in swapped-in markup", () => {
  test("SST-12: an element that was swapped away requests nothing", async ({ page, server }) => {
    const topic = uniqueTopic("trigger");
    await openLive(page, componentsUrl(server.url, topic));
    const requests = requestsOf(page);
    const markup = (path: string) => `<p hx-get="/testkit/answer?${path}" hx-trigger="sse:go">…</p>`;
    await server.publish(topic, "message", markup("first"));
    await server.publish(topic, "message", markup("second"));
    await server.publish(topic, "go", "x");
    await expect(page.getByTestId("sse-swap")).toHaveText("GET answered");
    expect(requests.map((request) => new URL(request.url()).search.slice(0, 7))).toEqual(["?second"]);
  });

  test("an address is requested as it is written", async ({ page, server }) => {
    const topic = uniqueTopic("trigger");
    await openLive(page, componentsUrl(server.url, topic));
    const requests = requestsOf(page);
    const queries = ["", "?a=1", "?a=1&b=%20%2B+", "?a=&a"];
    for (const query of queries) {
      const address = `/testkit/answer${query.replace("&", "&amp;")}`;
      await server.publish(topic, "message", `<p hx-get="${address}" hx-trigger="sse:go">…</p>`);
      await expect(page.getByTestId("sse-swap")).toHaveText("…");
      await server.publish(topic, "go", "x");
      await expect(page.getByTestId("sse-swap")).toHaveText("GET answered");
    }
    expect(requests.map((request) => request.url())).toEqual(
      queries.map((query) => `${server.url}/testkit/answer${query}`),
    );
  });

  test("SST-01: hx-get, hx-post, hx-put, hx-patch, hx-delete", async ({ page, server }) => {
    const topic = uniqueTopic("trigger");
    await openLive(page, componentsUrl(server.url, topic));
    for (const verb of ["get", "post", "put", "patch", "delete"]) {
      const markup = `<p hx-${verb}="/testkit/answer" hx-trigger="sse:go" hx-vals='{"a": "1 &amp; 2"}'>…</p>`;
      await server.publish(topic, "message", markup);
      await expect(page.getByTestId("sse-swap")).toHaveText("…");
      await server.publish(topic, "go", "x");
      const answer = page.getByTestId("sse-swap").locator(".answer");
      await expect(answer).toHaveAttribute("data-method", verb.toUpperCase());
      const carrier = verb === "get" || verb === "delete" ? "data-query" : "data-body";
      const sent = new URLSearchParams((await answer.getAttribute(carrier)) ?? "");
      expect([...sent], verb).toEqual([["a", "1 & 2"]]);
    }
  });

  test("SST-03, SST-05: a list with modifiers: once, delay, filter", async ({ page, server }) => {
    const topic = uniqueTopic("trigger");
    await takeTime(page);
    await openLive(page, componentsUrl(server.url, topic));
    await stopTime(page);
    const requests = requestsOf(page);
    const list = "sse:once once, sse:late delay:3s, sse:some[data == 'yes'], click";
    const markup = `<p id="listed" hx-get="/testkit/answer" hx-trigger="${list}" hx-swap="none">…</p>`;
    await server.publish(topic, "message", markup);
    await expect(page.locator("#listed")).toHaveText("…");
    const read = await domEvents(page, "#listed", ["htmx:afterRequest"]);
    const answered = (count: number) => expect.poll(async () => (await read()).length).toBe(count);
    await server.publish(topic, "once", "x");
    await answered(1);
    await server.publish(topic, "once", "x");
    await server.publish(topic, "some", "no");
    await server.publish(topic, "some", "yes");
    await answered(2);
    await server.publish(topic, "late", "x");
    await fence(page, server, topic);
    await page.clock.runFor(2_900);
    expect(requests).toHaveLength(2);
    await page.clock.runFor(200);
    await answered(3);
    await page.locator("#listed").click();
    await answered(4);
    expect(requests).toHaveLength(4);
  });

  test("SST-08: a trigger without a verb requests nothing, and scripts hear of it", async ({ page, server }) => {
    const topic = uniqueTopic("trigger");
    await openLive(page, componentsUrl(server.url, topic));
    const requests = requestsOf(page);
    await server.publish(topic, "message", '<p id="naked" hx-trigger="sse:go">…</p>');
    await expect(page.locator("#naked")).toHaveText("…");
    const read = await domEvents(page, "#naked", ["sse:go", "htmx:trigger"]);
    await server.publish(topic, "go", "x");
    await expect.poll(async () => (await read()).map(({ name }) => name)).toEqual(["sse:go", "htmx:trigger"]);
    expect(requests).toHaveLength(0);
  });
});
