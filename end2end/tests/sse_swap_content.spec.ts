/**
 * What a swapped-in message may hold: out-of-band parts, live markup, several lines, scripts that do not run; and the
 * classes that it carries while it settles. The styles and names are the matter of sse_swap.spec.ts.
 */

import type { Page } from "@playwright/test";
import { domEvents, expect, test } from "../live.ts";
import { openLive } from "../live_page.ts";
import { stopTime, takeTime } from "../page_clock.ts";
import { uniqueTopic } from "../unique_topic.ts";

const swapped = (page: Page) => page.getByTestId("sse-swap");
const componentsUrl = (base: string, topic: string) => `${base}/testkit/components?topic=${topic}`;

test("SSW-12, CON-20: out-of-band parts find their places, after the main swap", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  // The part's place comes with the same message, so it exists only if the main swap came first.
  const part = '<p id="made" hx-swap-oob="innerHTML">filled</p>';
  await server.publish(topic, "message", `${part}<div><p id="made">empty</p>main</div>`);
  await expect(swapped(page).locator("#made")).toHaveText("filled");
  await expect(swapped(page)).toContainText("main");
  await expect(page.locator("[hx-swap-oob]")).toHaveCount(0);
});

test("SSW-13: a message of out-of-band parts alone leaves its target alone", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  await server.publish(topic, "message", '<div id="stored" hx-swap-oob="true">placed</div>');
  await expect(page.locator("#stored")).toHaveText("placed");
  await expect(swapped(page)).toHaveText("first content");
});

// DIFFERENCE: htmx empties the target (SSW-14, CON-19).
test("SSW-14: a message without content leaves its target alone", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  const read = await domEvents(page, "[data-testid=sse-swap]", ["htmx:sseMessage"]);
  await server.publish(topic, "message", "");
  await expect.poll(async () => (await read()).length).toBe(1);
  await expect(swapped(page)).toHaveText("first content");
});

test("OOB-06: a part without a place is told, and nothing else is disturbed", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  const read = await domEvents(page, "body", ["htmx:oobErrorNoTarget"]);
  await server.publish(topic, "message", '<p id="nowhere" hx-swap-oob="true">lost</p><b>main</b>');
  await expect(swapped(page)).toHaveText("main");
  expect(await read()).toMatchObject([{ detail: { content: "<p#nowhere>" } }]);
});

test("ACT-07, SSW-19: swapped-in markup is live, also when it replaces itself", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  const live = (text: string) => `<p id="inner" hx-sse="swap:inner" hx-swap="outerHTML">${text}</p>`;
  await server.publish(topic, "message", live("not yet"));
  await expect(page.locator("#inner")).toHaveText("not yet");
  await server.publish(topic, "inner", live("once"));
  await expect(page.locator("#inner")).toHaveText("once");
  await server.publish(topic, "inner", live("twice"));
  await expect(page.locator("#inner")).toHaveText("twice");
  await server.publish(topic, "inner", '<p id="inner">for good</p>');
  await expect(page.locator("#inner")).toHaveText("for good");
  await server.publish(topic, "inner", live("never"));
  await server.publish(topic, "row", "<tr><td>later</td></tr>");
  await expect(page.getByTestId("sse-swap-rows").locator("td").last()).toHaveText("later");
  await expect(page.locator("#inner")).toHaveText("for good");
});

test("ACT-07, SSX-04: a swapped-in source connects, and closes when it is swapped away", async ({ page, server }) => {
  const [outer, inner] = [uniqueTopic("outer"), uniqueTopic("inner")];
  await openLive(page, componentsUrl(server.url, outer));
  const read = await domEvents(page, "#inner", ["htmx:sseOpen", "htmx:sseClose"]);
  const address = `/testkit/sse?topic=${inner}`;
  await server.publish(outer, "message", `<div id="inner" hx-sse="connect:${address} swap:message">…</div>`);
  await server.expectStats(({ topics }) => topics[inner]?.subscribers === 1, "the inner source's connection");
  await server.publish(inner, "message", "<b>of the inner</b>");
  await expect(page.locator("#inner b")).toHaveText("of the inner");
  await server.publish(outer, "message", "gone");
  await expect(swapped(page)).toHaveText("gone");
  await server.expectStats(({ topics }) => topics[inner]?.subscribers === 0, "the inner source to be closed");
  await expect.poll(async () => (await read()).map(({ name }) => name)).toEqual(["htmx:sseOpen", "htmx:sseClose"]);
  expect((await read())[1]).toMatchObject({ detail: { type: "nodeReplaced" } });
});

test("ACT-08: markup inside hx-disable stays dead", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  const dead = '<div hx-disable><p id="dead" hx-sse="swap:inner">dead</p></div>';
  await server.publish(topic, "message", `${dead}<p id="alive" hx-sse="swap:inner">alive</p>`);
  await expect(page.locator("#alive")).toHaveText("alive");
  await server.publish(topic, "inner", "changed");
  await expect(page.locator("#alive")).toHaveText("changed");
  await expect(page.locator("#dead")).toHaveText("dead");
});

test("SSW-26, SSW-27: lines and blanks arrive as they were sent", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  const text = "  two blanks\n\n\tdata: no field\nid: 7\r\nlast: ü 🎈 ";
  await server.publish(topic, "message", `<pre>${text}</pre>`);
  await expect.poll(() => swapped(page).locator("pre").textContent()).toBe(text.replaceAll("\r\n", "\n"));
});

test("scripts in a message do not run", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await openLive(page, componentsUrl(server.url, topic));
  const script = "<script>window.__ran = true</script>";
  await server.publish(topic, "message", `${script}<b>plain way</b>`);
  await expect(swapped(page).locator("b")).toHaveText("plain way");
  await server.publish(topic, "message", `${script}<b id="other">other way</b>`);
  await expect(swapped(page).locator("b")).toHaveText("other way");
  await server.publish(topic, "row", `<tr><td>row${script}</td></tr>`);
  await expect(page.getByTestId("sse-swap-rows").locator("td")).toHaveCount(2);
  expect(await page.evaluate(() => "__ran" in window)).toBe(false);
});

test("SET-01, SWP-17: new content is marked until it has settled", async ({ page, server }) => {
  const topic = uniqueTopic("content");
  await takeTime(page);
  const style = encodeURIComponent("innerHTML settle:5s");
  await openLive(page, `${server.url}/testkit/swap?topic=${topic}&style=${style}`);
  await stopTime(page);
  await server.publish(topic, "message", "<i>new</i>");
  await expect(page.locator("#target > i")).toHaveClass("htmx-added");
  await expect(page.locator("#target")).toHaveClass("htmx-settling");
  await page.clock.runFor(4_900);
  await expect(page.locator("#target > i")).toHaveClass("htmx-added");
  await page.clock.runFor(200);
  await expect(page.locator("#target > i")).not.toHaveAttribute("class");
  await expect(page.locator("#target")).not.toHaveAttribute("class");
});

test("SET-04: an element that returns with its id shows its old attributes until it has settled", async ({
  page,
  server,
}) => {
  const topic = uniqueTopic("content");
  await takeTime(page);
  await openLive(page, componentsUrl(server.url, topic));
  await stopTime(page);
  const box = (color: string) => `<p id="box" class="${color}">${color}</p>`;
  await server.publish(topic, "message", box("red"));
  await expect(page.locator("#box")).toHaveText("red");
  await page.clock.runFor(100);
  await server.publish(topic, "message", box("blue"));
  await expect(page.locator("#box")).toHaveText("blue");
  await expect(page.locator("#box")).toHaveClass(/^red/);
  await page.clock.runFor(100);
  await expect(page.locator("#box")).toHaveClass("blue");
});
