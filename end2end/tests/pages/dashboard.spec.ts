/** “Dashboard”: the machine that the site runs on, once a second, four events over one connection. */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { count, isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const box = (page: Page, title: string) => page.locator(".box").filter({ has: page.getByRole("heading", { name: title }) });

async function showsTheMachine(page: Page): Promise<void> {
  await expect(box(page, "Processors").locator(".figure")).toHaveText(/^\d+ %$/);
  await expect(box(page, "Processors").locator("meter").first()).toBeVisible();
  await expect(box(page, "Memory").locator(".figure")).toHaveText(/^\d+ %$/);
  await expect(box(page, "Memory")).toContainText(/\d+\.\d\d of \d+\.\d\d GiB/);
  await expect(box(page, "Load").locator(".figure")).toHaveText(/^\d+\.\d\d$/);
  await expect(box(page, "The last minute").getByRole("img")).toHaveAccessibleName(/now \d+ percent/);
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest measurement", async ({ page, server }) => {
    await page.goto(`${server.url}/dashboard`);
    await showsTheMachine(page);
  });
});

test("@csr measures once a second, over one connection", async ({ page, server }) => {
  await openLive(page, `${server.url}/dashboard`);
  await isLive(page, 1);
  await showsTheMachine(page);
  const line = box(page, "The last minute").locator("polyline");
  const events = await count(page, "events");
  // A new line each second. On a machine that has been busy for a minute it looks like the one before.
  for (let lines = 0; lines < 3; lines++) {
    await line.evaluate((element) => element.setAttribute("data-seen", ""));
    await expect(line).not.toHaveAttribute("data-seen");
  }
  const more = (await count(page, "events")) - events;
  expect(more, "four events a second").toBeGreaterThanOrEqual(5);
  await server.expectStats(
    ({ sse_connections, topics }) => sse_connections === 1 && topics["machine"]?.subscribers === 1,
    "one stream",
  );
});
