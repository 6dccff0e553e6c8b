/** “Simple”: five boxes with five streams, each source and consumer at once. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const TOPICS = ["posts", "comments", "albums", "todos", "users"];
const LABELS = ["Post:", "Comment:", "Album:", "To-do:", "User:"];

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest of each stream", async ({ page, server }) => {
    await page.goto(`${server.url}/simple`);
    await expect(page.locator(".boxes > .box h2")).toHaveText(["Posts", "Comments", "Albums", "To-dos", "Users"]);
    await expect(page.locator(".box .content .item .title b")).toHaveText(LABELS);
  });
});

test("@csr shows five streams, each in its box", async ({ page, server }) => {
  await openLive(page, `${server.url}/simple`);
  await isLive(page, 5);
  await expect(page.locator(".box .content .item .title b")).toHaveText(LABELS);
  const items = page.locator(".box .content .item");
  for (const index of TOPICS.keys()) {
    const before = await items.nth(index).innerHTML();
    await expect.poll(() => items.nth(index).innerHTML(), `box ${index} must change`).not.toBe(before);
  }
  await server.expectStats(
    ({ topics, sse_connections }) => sse_connections === 5 && TOPICS.every((topic) => topics[topic]?.subscribers === 1),
    "one reader of each topic",
  );
});
