/**
 * Raw htmx 1.9 markup, made by no component and made live by `attributes::enable`: on the page from the start, swapped
 * in, replaced and removed.
 */

import type { Page } from "@playwright/test";
import { domEvents, expect, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** Opens the page on a topic of its own, and returns the topic. */
async function open(page: Page, server: ShowcaseServer): Promise<string> {
  const topic = uniqueTopic("raw");
  await openLive(page, `${server.url}/testkit/raw?topic=${topic}`);
  return topic;
}

function readers(server: ShowcaseServer, topic: string, count: number): Promise<unknown> {
  return server.expectStats(
    ({ topics }) => (topics[topic]?.subscribers ?? 0) === count,
    `${count} readers of ${topic}`,
  );
}

test("@csr SSE-01, SSE-03: hx-sse connects, once for both sources, and swaps", async ({ page, server }) => {
  const topic = await open(page, server);
  await readers(server, topic, 1);
  await server.publish(topic, "message", "<b>by default</b>");
  await expect(page.locator("#swap b")).toHaveText("by default");
  for (const number of [1, 2, 3]) await server.publish(topic, "item", `<li>${number}</li>`);
  await expect(page.locator("#list li")).toHaveText(["1", "2", "3"]);
});

test("@csr SSE-16: an element that is source and consumer at once", async ({ page, server }) => {
  const topic = await open(page, server);
  await server.publish(topic, "whole", "<b>all of it</b>");
  await expect(page.locator("#source")).toHaveText("all of it");
  await server.publish(topic, "whole", "<b>and again</b>");
  await expect(page.locator("#source")).toHaveText("and again");
});

test("@csr SST-01: hx-trigger on an event", async ({ page, server }) => {
  const topic = await open(page, server);
  await server.publish(topic, "fetch", "x");
  await expect(page.locator("#fetched .answer")).toHaveText("GET answered");
});

test("@csr WSC-01, WSS-03, WSS-10: hx-ws sends a form with its button, and places the answer", async ({
  page,
  server,
}) => {
  await open(page, server);
  await page.getByLabel("Text").fill("over the socket");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("#echo")).toContainText('"text":"over the socket"');
  expect(JSON.parse((await page.locator("#echo").textContent()) ?? "")).toEqual({
    text: "over the socket",
    button: "clicked",
  });
  await expect(page.locator("#room p")).toHaveText(["over the socket"]);
  expect(new URL(page.url()).pathname).toBe("/testkit/raw");
});

test("@csr hx-get on a click, with a target", async ({ page, server }) => {
  await open(page, server);
  await page.locator("#ask").click();
  await expect(page.locator("#asked .answer")).toHaveText("GET answered");
  await expect(page.locator("#ask")).toHaveText("Ask");
});

test("ACT-05: the data- prefix", async ({ page, server }) => {
  const topic = await open(page, server);
  const markup = '<p id="prefixed" data-hx-sse="swap:prefixed" data-hx-swap="beforeend">-</p>';
  await server.publish(topic, "message", markup);
  await expect(page.locator("#prefixed")).toHaveText("-");
  for (const text of ["a", "b"]) await server.publish(topic, "prefixed", text);
  await expect(page.locator("#prefixed")).toHaveText("-ab");
});

test("ACT-07: swapped-in markup of every kind is live", async ({ page, server }) => {
  const [topic, inner] = [await open(page, server), uniqueTopic("inner")];
  const parts = [
    `<div id="in-sse" hx-sse="connect:/testkit/sse?topic=${inner}"><i hx-sse="swap:message">…</i></div>`,
    '<button id="in-get" hx-get="/testkit/answer">get</button>',
    '<form id="in-post" hx-post="/testkit/answer"><input name="field" value="1"><button>post</button></form>',
  ];
  await server.publish(topic, "message", parts.join(""));
  await readers(server, inner, 1);
  await server.publish(inner, "message", "inside");
  await expect(page.locator("#in-sse i")).toHaveText("inside");
  await page.locator("#in-get").click();
  await expect(page.locator("#in-get .answer")).toHaveText("GET answered");
  await page.locator("#in-post button").click();
  await expect(page.locator("#in-post .answer")).toHaveAttribute("data-body", "field=1");
});

test("SSX-04, WSR-12: removed by a swap, sources close at once", async ({ page, server }) => {
  const topic = await open(page, server);
  const names = ["htmx:beforeCleanupElement", "htmx:sseClose"];
  const read = await domEvents(page, "#source, #parent, #socket", names);
  await readers(server, topic, 1);
  await server.expectStats(({ ws_connections }) => ws_connections === 1, "the socket");
  await server.publish(topic, "message", '<p id="raw" hx-swap-oob="innerHTML">empty</p>');
  await expect(page.locator("#raw")).toHaveText("empty");
  await readers(server, topic, 0);
  await server.expectStats(({ ws_connections }) => ws_connections === 0, "no socket");
  const told = (await read()).map(({ name, target }) => `${name} ${target}`);
  expect(told.filter((each) => each.startsWith("htmx:sseClose")).sort()).toEqual([
    "htmx:sseClose div#parent",
    "htmx:sseClose div#source",
  ]);
  expect(told).toContain("htmx:beforeCleanupElement div#socket");
});

test("SSE-11: of two sources with the same address one may go, the other stays", async ({ page, server }) => {
  const topic = await open(page, server);
  await server.publish(topic, "message", '<p id="source" hx-swap-oob="delete"></p>');
  await expect(page.locator("#source")).toHaveCount(0);
  await server.publish(topic, "item", "<li>still here</li>");
  await expect(page.locator("#list li")).toHaveText(["still here"]);
  await readers(server, topic, 1);
});

for (const before of ["an event", "nothing"]) {
  test(`SSX-05: removed by a script after ${before} has come, a source closes with the next event`, async ({
    page,
    server,
  }) => {
    const topic = await open(page, server);
    if (before === "an event") {
      await server.publish(topic, "item", "<li>before</li>");
      await expect(page.locator("#list li")).toHaveText(["before"]);
      await server.publish(topic, "whole", "before");
      await expect(page.locator("#source")).toHaveText("before");
    }
    await page.evaluate(() => {
      document.querySelector("#source")?.remove();
      document.querySelector("#parent")?.remove();
    });
    await server.publish(topic, "item", "x");
    await server.publish(topic, "whole", "x");
    await readers(server, topic, 0);
  });

  test(`WSM-12: removed by a script after ${before} has come, a socket closes with the next frame`, async ({
    page,
    server,
    browser,
  }) => {
    await open(page, server);
    const context = await browser.newContext();
    const other = await context.newPage();
    await openLive(other, `${server.url}/testkit/form`);
    const say = () => other.locator("#single").click();
    if (before === "an event") {
      await say();
      await expect(page.locator("#room p")).toHaveCount(1);
    }
    await page.evaluate(() => document.querySelector("#socket")?.remove());
    await server.expectStats(({ ws_connections }) => ws_connections === 2, "both sockets");
    await say();
    await server.expectStats(({ ws_connections }) => ws_connections === 1, "the other page's socket alone");
    await context.close();
  });
}

test("SSW-20: a source that replaces itself closes, and its replacement connects", async ({ page, server }) => {
  const [topic, next] = [await open(page, server), uniqueTopic("next")];
  const address = `/testkit/sse?topic=${next}`;
  const replacement = `<p id="parent" hx-swap-oob="outerHTML" hx-sse="connect:${address} swap:message">new</p>`;
  await server.publish(topic, "message", '<p id="source" hx-swap-oob="delete"></p>');
  await expect(page.locator("#source")).toHaveCount(0);
  await server.publish(topic, "message", replacement);
  await expect(page.locator("#parent")).toHaveText("new");
  await readers(server, topic, 0);
  await readers(server, next, 1);
  await server.publish(next, "message", "from the next");
  await expect(page.locator("#parent")).toHaveText("from the next");
});

test("SSE-12, WSC-16: a consumer and a sender without a source are told", async ({ page, server }) => {
  const topic = await open(page, server);
  const names = ["htmx:noSSESourceError", "htmx:noWebSocketSourceError"];
  const read = await domEvents(page, "#lost-swap, #lost-send", names);
  // Placed outside of every source.
  const lost = '<p id="lost-swap" hx-sse="swap:x">…</p><button id="lost-send" hx-ws="send">…</button>';
  await server.publish(topic, "message", `<div id="asked" hx-swap-oob="innerHTML">${lost}</div>`);
  await expect.poll(async () => (await read()).map(({ name, target }) => `${name} ${target}`)).toEqual([
    "htmx:noSSESourceError p#lost-swap",
    "htmx:noWebSocketSourceError button#lost-send",
  ]);
});
