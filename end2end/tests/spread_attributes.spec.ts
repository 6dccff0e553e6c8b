/** Attributes that are spread on elements of a view: the server renders them, and hydration makes them live. */

import { NOT_RENDERED, isCsr } from "../build_mode.ts";
import { expect, test } from "../live.ts";
import { openLive } from "../live_page.ts";
import { uniqueTopic } from "../unique_topic.ts";

/** The elements with live attributes, each with all of its attributes but those that say its state. */
const WRITTEN = `[...document.querySelectorAll("#main [id], #main [hx-get]")].map((element) =>
  [...element.attributes].map(({ name, value }) => name + "=" + value)
    .filter((text) => !/^data-(state|position)=/.test(text)).sort().join(" "))`;

test("ACT-10: hydration writes no attribute beside those of the document", async ({ page, server, browser }) => {
  test.skip(isCsr, NOT_RENDERED);
  const url = `${server.url}/testkit/spread?topic=${uniqueTopic("spread")}`;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(url);
  const rendered = await plain.evaluate(WRITTEN);
  expect(rendered).toContainEqual(
    expect.stringMatching(/^class=kept hx-sse=connect:\/testkit\/sse\?topic=\S+ swap:whole id=both$/),
  );
  expect(rendered).toContain("action=/testkit/form id=form method=post ws-send=");
  await context.close();
  await openLive(page, url);
  expect(await page.evaluate(WRITTEN)).toEqual(rendered);
});

test("@csr SSE-01, SSE-03, WSC-02: each is live, once", async ({ page, server }) => {
  const topic = uniqueTopic("spread");
  await openLive(page, `${server.url}/testkit/spread?topic=${topic}`);
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 1, "one reader for both sources");
  await server.publish(topic, "whole", "<b>all of it</b>");
  await expect(page.locator("#both")).toHaveText("all of it");
  for (const [name, text] of [
    ["item", "1"],
    ["line", "2"],
  ] as const) {
    await server.publish(topic, name, `<li>${text}</li>`);
  }
  await expect(page.locator("#list li")).toHaveText(["1", "2"]);
  await server.publish(topic, "fetch", "x");
  await expect(page.locator("#fetched .answer")).toHaveText("GET answered");
  await page.getByLabel("Text").fill("over the socket");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("#room p")).toHaveText(["over the socket"]);
  expect(new URL(page.url()).pathname).toBe("/testkit/spread");
});
