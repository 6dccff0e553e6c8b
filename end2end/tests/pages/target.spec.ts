/** “Target”: five hidden elements listen to one name each, and write into one box. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { dropAndRecover, isLive, moreEvents, restartAndRecover, showsItsSource } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

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
  const kinds = new Set<string>();
  await expect
    .poll(async () => {
      kinds.add((await page.locator("#other-node .title b").textContent()) ?? "");
      return kinds.size;
    })
    .toBeGreaterThanOrEqual(3);
  for (const kind of kinds) expect(["Post:", "Comment:", "Album:", "To-do:", "User:"]).toContain(kind);
  await expect(page.locator("#other-node .item")).toHaveCount(1);
  for (const listener of await page.locator('[hx-target="#other-node"]').all()) await expect(listener).toBeEmpty();
});

test("@csr recovers from a drop and from a restart", async ({ page, server }) => {
  await openLive(page, `${server.url}/target`);
  await isLive(page, 1);
  await dropAndRecover(page, 1);
  await moreEvents(page);
  await restartAndRecover(page, { all: 1, streams: 1 });
  await moreEvents(page);
});

test("shows its source", async ({ page, server }) => {
  await openLive(page, `${server.url}/target`);
  await showsItsSource(page, "target.rs", "pub fn Target() -> impl IntoView {");
});
