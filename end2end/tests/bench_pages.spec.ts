/** The pages for measuring: the DOM that somebody would write by hand, attached to the addresses given. */

import type { Page } from "@playwright/test";
import { expect, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { SocketStandIn } from "../socket_stand_in.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** Opens a page on a topic of its own. */
async function open(page: Page, server: ShowcaseServer, name: string, more = ""): Promise<string> {
  const topic = uniqueTopic("bench");
  const sse = encodeURIComponent(`${server.url}/testkit/sse?topic=${topic}`);
  await openLive(page, `${server.url}/bench/${name}?sse=${sse}&ws=/testkit/ws${more}`);
  await expect(page.locator("body > #root")).toBeAttached();
  return topic;
}

/** Tag and id of each element inside `#root`. */
const elements = (page: Page) =>
  page.locator("#root").evaluate((root) => [...root.children].map((child) => `${child.localName}#${child.id}`));

const ALL = Array.from({ length: 200 }, (_, number) => `div#e${number}`);

test("@csr one: a message becomes the content", async ({ page, server }) => {
  const topic = await open(page, server, "one");
  expect(await elements(page)).toEqual(["div#t"]);
  for (const text of ["first", "second"]) {
    await server.publish(topic, "message", `<b>${text}</b>`);
    await expect(page.locator("#t > b")).toHaveText(text);
  }
  await expect(page.locator("#t > *")).toHaveCount(1);
});

test("@csr many: each element has the events of its name", async ({ page, server }) => {
  const topic = await open(page, server, "many");
  expect(await elements(page)).toEqual(ALL);
  await server.publish(topic, "e0", "<i>none</i>");
  await server.publish(topic, "e199", "<i>last</i>");
  await expect(page.locator("#e199")).toHaveText("last");
  await expect(page.locator("#root")).toHaveText("nonelast");
});

test("@csr list: messages are appended", async ({ page, server }) => {
  const topic = await open(page, server, "list");
  expect(await elements(page)).toEqual(["ul#t"]);
  for (const number of [1, 2, 3]) await server.publish(topic, "message", `<li>${number}</li>`);
  await expect(page.locator("#t > li")).toHaveText(["1", "2", "3"]);
});

test("@csr ws-in: a frame replaces the element with its id", async ({ page, server }) => {
  const standIn = await SocketStandIn.on(page);
  await open(page, server, "ws-in");
  expect(await elements(page)).toEqual(ALL);
  standIn.send('<div id="e7"><b>seven</b></div>');
  await expect(page.locator("#e7 > b")).toHaveText("seven");
  expect(await elements(page)).toEqual(ALL);
});

test("@csr ws-send: the form is sent as JSON", async ({ page, server }) => {
  const standIn = await SocketStandIn.on(page);
  await open(page, server, "ws-send");
  expect(await elements(page)).toEqual(["form#f"]);
  await page.locator("input[name=n]").fill("1");
  await page.locator("input[name=text]").fill("hello");
  await page.locator("#f").evaluate((form: HTMLFormElement) => form.requestSubmit());
  await expect.poll(() => standIn.received.length).toBe(1);
  expect(JSON.parse(standIn.received[0] ?? "")).toMatchObject({ n: "1", text: "hello" });
});

test("@csr one: coalesced, the last message becomes the content", async ({ page, server }) => {
  const topic = await open(page, server, "one", "&coalesce=true");
  for (const text of ["first", "second", "third"]) await server.publish(topic, "message", `<b>${text}</b>`);
  await expect(page.locator("#t > b")).toHaveText("third");
});

test("@csr mounts: as many consumers as are asked for come and go", async ({ page, server }) => {
  const topic = await open(page, server, "mounts");
  await page.locator("#count").fill("3");
  await page.locator("#mount").click();
  await expect(page.locator("#all > div")).toHaveCount(3);
  await server.publish(topic, "e2", "<i>last</i>");
  await expect(page.locator("#all > div").nth(2)).toHaveText("last");
  await page.locator("#unmount").click();
  await expect(page.locator("#all > div")).toHaveCount(0);
});
