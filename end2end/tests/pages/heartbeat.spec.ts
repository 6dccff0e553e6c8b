/** “Heartbeat”: a socket that only listens, and shows everybody the same number. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("says what it waits for", async ({ page, server }) => {
    await page.goto(`${server.url}/heartbeat`);
    await expect(page.locator("#idMessage")).toHaveText("Connecting…");
  });
});

test("@csr WSM-01: a number that changes, the same for two visitors", async ({ page, server, browser }) => {
  await openLive(page, `${server.url}/heartbeat`);
  await isLive(page, 1);
  const context = await browser.newContext();
  const other = await context.newPage();
  await openLive(other, `${server.url}/heartbeat`);
  const number = page.locator("#idMessage");
  await expect(number).toHaveText(/^\d+$/);
  const first = await number.textContent();
  await expect(number).not.toHaveText(first ?? "");
  await expect(number).toHaveText(/^\d+$/);
  const seen = () => Promise.all([number.textContent(), other.locator("#idMessage").textContent()]);
  await expect.poll(async () => new Set(await seen()).size, "both must show the same").toBe(1);
  await context.close();
});
