/**
 * `<WsSwap>`: places of the page that a socket's frames replace, fill or add to, and that hydration leaves alone. A
 * stand-in for the server sends the frames.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { holdWasm } from "../held_wasm.ts";
import { domEvents, expect, hydrated, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { SocketStandIn } from "../socket_stand_in.ts";
import { uniqueTopic } from "../unique_topic.ts";

const pageUrl = (base: string) => `${base}/testkit/components?topic=${uniqueTopic("ws")}`;

/** Opens the page on a stand-in for the server; the function sends frames. */
async function openOnStandIn(page: Page, server: ShowcaseServer): Promise<(frame: string) => void> {
  const standIn = await SocketStandIn.on(page);
  await openLive(page, pageUrl(server.url));
  return (frame) => standIn.send(frame);
}

test.describe("before the first frame", () => {
  test.skip(isCsr, NOT_RENDERED);

  test.describe("without JavaScript", () => {
    test.use({ javaScriptEnabled: false });

    test("is an element with an id and its children", async ({ page, server }) => {
      await page.goto(pageUrl(server.url));
      await expect(page.locator("div#echo[data-testid=ws-swap]")).toHaveText("no answer");
      await expect(page.locator("div#room")).toBeEmpty();
    });
  });

  test("hydration keeps the very nodes, and what was changed before", async ({ page, server }) => {
    const release = await holdWasm(page);
    await page.goto(pageUrl(server.url));
    await page.locator("#room").evaluate((room) => {
      room.innerHTML = "<p>said before</p>";
      Object.assign(room.firstElementChild ?? {}, { stoodHere: true });
    });
    release();
    await hydrated(page);
    await expect(page.locator("#room")).toHaveText("said before");
    expect(await page.locator("#room p").evaluate((element) => "stoodHere" in element)).toBe(true);
    await expect(page.locator("#echo")).toHaveText("no answer");
  });
});

test("@csr WSM-01: an element replaces the one with its id, again and again", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  for (const text of ["one", "two", "three"]) {
    send(`<section id="echo" class="of-${text}"><b>${text}</b></section>`);
    await expect(page.locator("section#echo")).toHaveText(text);
    await expect(page.locator("#echo")).toHaveClass(`of-${text}`);
  }
  await expect(page.locator("#echo")).toHaveCount(1);
});

test("@csr WSM-02: one frame may change several places, in order", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  const line = (text: string) => `<div id="room" hx-swap-oob="beforeend"><p>${text}</p></div>`;
  send(`${line("1")}<div id="echo">two</div>${line("3")}`);
  await expect(page.locator("#room p")).toHaveText(["1", "3"]);
  await expect(page.locator("#echo")).toHaveText("two");
});

test("WSM-03: a place need not stand inside the source", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  send('<div id="stored">from a socket</div>');
  await expect(page.locator("#stored")).toHaveText("from a socket");
});

test("WSM-01, WSM-06: every style of hx-swap-oob", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  const content = () => page.locator("#echo").evaluate((echo) => echo.innerHTML);
  for (const { oob, html, expected } of [
    { oob: "innerHTML", html: "<i>new</i>", expected: '<div id="place"><i>new</i></div>' },
    { oob: "outerHTML", html: "<i>new</i>", expected: '<div id="place"><i>new</i></div>' },
    { oob: "true", html: "text", expected: '<div id="place">text</div>' },
    { oob: "beforeend", html: "<i>new</i>", expected: '<div id="place"><b>old</b><i>new</i></div>' },
    { oob: "afterbegin", html: "<i>new</i>", expected: '<div id="place"><i>new</i><b>old</b></div>' },
    { oob: "beforebegin", html: "<i>new</i>", expected: '<i>new</i><div id="place"><b>old</b></div>' },
    { oob: "afterend", html: "<i>new</i>", expected: '<div id="place"><b>old</b></div><i>new</i>' },
    { oob: "delete", html: "", expected: "" },
  ]) {
    const old = '<div id="place"><b>old</b></div>';
    send(`<div id="echo">${old}</div>`);
    await expect.poll(content).toBe(old);
    send(`<div id="place" hx-swap-oob="${oob}">${html}</div>`);
    await expect.poll(content, `hx-swap-oob="${oob}"`).toBe(expected);
  }
});

test("WSM-06: a part may name its place by a selector", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  send('<p hx-swap-oob="innerHTML:#stored"><b>by selector</b></p>');
  await expect(page.locator("#stored b")).toHaveText("by selector");
});

test("WSM-04: text, and elements without a place, change nothing", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  const read = await domEvents(page, "body", ["htmx:oobErrorNoTarget"]);
  for (const frame of ["plain text", "", "<p>no id</p>", '<p id="nowhere">no such id</p>', '{"json": 1}']) send(frame);
  send('text <div id="echo">after all of it</div> text');
  await expect(page.locator("#echo")).toHaveText("after all of it");
  await expect(page.locator("body")).not.toContainText("plain text");
  expect((await read()).map(({ detail }) => detail)).toMatchObject([
    { content: "<p>" },
    { content: "<p#nowhere>" },
  ]);
});

test("ACT-07: markup in a frame is live", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  send('<div id="echo"><button id="ask" hx-get="/testkit/answer">ask</button></div>');
  send('<div id="room"><form id="inner" hx-ws="send"><button name="by" value="frame">send</button></form></div>');
  const read = await domEvents(page, "#inner", ["htmx:wsAfterSend"]);
  await page.locator("#inner button").click();
  await expect.poll(async () => (await read()).length).toBe(1);
  expect((await read())[0]).toMatchObject({ detail: { message: expect.stringContaining('"by":"frame"') } });
  await page.locator("#ask").click();
  await expect(page.locator("#ask .answer")).toHaveText("GET answered");
});

test("scripts in a frame do not run", async ({ page, server }) => {
  const send = await openOnStandIn(page, server);
  send('<div id="echo"><script>window.__ran = true</script><b>shown</b></div>');
  await expect(page.locator("#echo b")).toHaveText("shown");
  expect(await page.evaluate(() => "__ran" in window)).toBe(false);
});
