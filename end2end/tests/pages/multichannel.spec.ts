/** “Multi-channel”: four boxes on one connection, each with a name of its own. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const NAMES = ["Event1", "Event2", "Event3", "Event4"];
const LINES = NAMES.map((name) => `event: ${name}`);

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest event of each name", async ({ page, server }) => {
    await expect(async () => {
      await page.goto(`${server.url}/multichannel`);
      await expect(page.locator(".box .content .event")).toHaveText(LINES, { timeout: 500 });
    }).toPass();
  });
});

test("@csr SSW-07: each box shows its own name, over one connection", async ({ page, server }) => {
  await openLive(page, `${server.url}/multichannel`);
  await isLive(page, 1);
  await expect(page.locator(".box h2")).toHaveText(NAMES);
  await expect(page.locator(".box .content .event")).toHaveText(LINES);
  const items = page.locator(".box .content .item");
  for (const index of NAMES.keys()) {
    const before = await items.nth(index).innerHTML();
    await expect.poll(() => items.nth(index).innerHTML(), `box ${index} must change`).not.toBe(before);
  }
  await expect(page.locator(".box .content .event")).toHaveText(LINES);
  await server.expectStats(
    ({ sse_connections, topics }) => sse_connections === 1 && topics["posts/named"]?.subscribers === 1,
    "one stream for four boxes",
  );
});
