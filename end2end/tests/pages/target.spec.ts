/** “Target”: five hidden elements listen to one name each, and write into one box. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";
import { shownTexts } from "../../shown_texts.ts";

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the box and what it waits for", async ({ page, server }) => {
    await page.goto(`${server.url}/target`);
    await expect(page.locator("#other-node")).toHaveText("Nothing yet.");
    await expect(page.locator('[hx-target="#other-node"]')).toHaveCount(5);
  });
});

test("@csr SSW-09: all kinds are written into the same box, and nowhere else", async ({ page, server }) => {
  await openLive(page, `${server.url}/target`);
  await isLive(page, 1);
  const shown = await shownTexts(page, "#other-node", ".title b");
  // Each kind comes once in one to two seconds.
  const kinds = async () => [...new Set(await shown())].sort();
  await expect.poll(kinds).toEqual(["Album:", "Comment:", "Post:", "To-do:", "User:"]);
  await expect(page.locator("#other-node .item")).toHaveCount(1);
  for (const listener of await page.locator('[hx-target="#other-node"]').all()) await expect(listener).toBeEmpty();
});
