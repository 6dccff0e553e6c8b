/** “Triggers”: events as signals; each makes a box fetch a page of its own. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("says that nothing was fetched", async ({ page, server }) => {
    await page.goto(`${server.url}/triggers`);
    await expect(page.locator(".box .waiting")).toHaveText(Array(4).fill("Nothing fetched yet."));
  });
});

test("@csr SST-01: every box fetches, and answers are counted", async ({ page, server }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === "/page/random") fetched.push(request.method());
  });
  await openLive(page, `${server.url}/triggers`);
  await isLive(page, 1);
  await expect(page.locator(".box .content .item .poem")).toHaveCount(4);
  const answers = page.getByTestId("answers");
  const before = Number(await answers.textContent());
  await expect.poll(async () => Number(await answers.textContent())).toBeGreaterThan(before);
  expect(new Set(fetched)).toEqual(new Set(["GET"]));
  // Read in this order: an answer that comes in between was requested before.
  const answered = Number(await answers.textContent());
  expect(fetched.length).toBeGreaterThanOrEqual(answered);
});
