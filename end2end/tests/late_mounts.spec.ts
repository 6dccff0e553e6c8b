/**
 * What is mounted on a page that is live already: it gets the newest values of what it listens to, although the stream
 * is shared and has long begun, and nobody else gets anything twice (decision 5).
 */

import type { Page } from "@playwright/test";
import { expect, test } from "../live.ts";
import { openLive } from "../live_page.ts";
import { uniqueTopic } from "../unique_topic.ts";

const shown = (page: Page, id: string) => page.locator(`#${id}`).locator("b");
const value = (text: string) => `<b>${text}</b>`;

test("@csr a late consumer and a late source show the newest value, the early one nothing twice", async ({
  page,
  server,
}) => {
  const topic = `testkit/latest/${uniqueTopic("late")}`;
  await openLive(page, `${server.url}/testkit/late?topic=${encodeURIComponent(topic)}`);
  await server.publish(topic, "message", value("one"));
  // A reader that has not taken a value when the next one comes, is given that alone.
  await expect(shown(page, "early")).toHaveText(["one"]);
  await server.publish(topic, "message", value("two"));
  await expect(shown(page, "early")).toHaveText(["one", "two"]);
  await page.locator("#consumer").click();
  await expect(shown(page, "late")).toHaveText(["two"]);
  await server.publish(topic, "message", value("three"));
  await expect(shown(page, "late")).toHaveText(["two", "three"]);
  await page.locator("#source").click();
  await expect(shown(page, "later")).toHaveText(["three"]);
  await server.publish(topic, "message", value("four"));
  await expect(shown(page, "later")).toHaveText(["three", "four"]);
  await expect(shown(page, "late")).toHaveText(["two", "three", "four"]);
  await expect(shown(page, "early")).toHaveText(["one", "two", "three", "four"]);
  await expect(page.getByTestId("events")).toHaveText("4");
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await server.expectStats(({ topics }) => topics[topic]?.subscribers === 1, "one connection for all");
});

test("what a log has kept is not repeated for what comes late, and the connection stays", async ({ page, server }) => {
  const topic = uniqueTopic("late");
  await openLive(page, `${server.url}/testkit/late?topic=${topic}`);
  await server.publish(topic, "message", value("one"));
  await expect(shown(page, "early")).toHaveText(["one"]);
  await page.locator("#consumer").click();
  await page.locator("#source").click();
  await expect(page.locator("#later")).toBeAttached();
  await server.publish(topic, "message", value("two"));
  for (const id of ["late", "later"]) await expect(shown(page, id)).toHaveText(["two"]);
  await expect(shown(page, "early")).toHaveText(["one", "two"]);
  await expect(page.getByTestId("connections")).toHaveText("1");
});
