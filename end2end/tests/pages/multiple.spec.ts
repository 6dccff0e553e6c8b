/** “Multiple”: one box that takes the events of two names from a stream that carries four. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { dropAndRecover, isLive, moreEvents, restartAndRecover, showsItsSource } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const TAKEN = /^event: Event[12]$/;

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest event of either name", async ({ page, server }) => {
    // Which names have been drawn at the start is a matter of chance.
    await expect(async () => {
      await page.goto(`${server.url}/multiple`);
      await expect(page.locator(".content .event")).toHaveText(TAKEN, { timeout: 500 });
    }).toPass();
  });
});

test("@csr shows both names and no other", async ({ page, server }) => {
  await openLive(page, `${server.url}/multiple`);
  await isLive(page, 1);
  const shown = new Set<string>();
  await expect
    .poll(async () => {
      shown.add((await page.locator(".content .event").textContent()) ?? "");
      return shown.has("event: Event1") && shown.has("event: Event2");
    })
    .toBe(true);
  for (const text of shown) expect(text).toMatch(TAKEN);
});

test("@csr recovers from a drop and from a restart", async ({ page, server }) => {
  await openLive(page, `${server.url}/multiple`);
  await isLive(page, 1);
  await dropAndRecover(page, 1);
  await moreEvents(page);
  await restartAndRecover(page, { all: 1, streams: 1 });
  await moreEvents(page);
});

test("shows its source", async ({ page, server }) => {
  await openLive(page, `${server.url}/multiple`);
  await showsItsSource(page, "multiple.rs", "pub fn Multiple() -> impl IntoView {");
});
