/**
 * Every page is loaded, hydrated, used for a moment, left by a link and come back to, without an error in the console
 * and without a word about hydration. The guard of live.ts does this for every test of the suite; here nothing else is
 * tried, nothing is allowed, and no page is left out. Warnings count too.
 */

import { DEMO_PAGES, TESTKIT_PAGES } from "../demo_pages.ts";
import { expect, hydrated, test } from "../live.ts";
import { connected, openLive } from "../live_page.ts";

test.afterEach(async ({ consoleGuard }) => {
  await consoleGuard.stop();
  // The first of the demos has five streams, as its model has, and the developer is told what that means.
  const complaints = consoleGuard.messages.filter((text) => !text.includes(" expected three streams at most "));
  expect(complaints, "not even a warning").toEqual([]);
});

for (const { path, title } of DEMO_PAGES) {
  test(`@csr ${path}`, async ({ page, server }) => {
    await openLive(page, server.url + path);
    await page.getByRole("link", { name: "leptos-live" }).click();
    await connected(page);
    await page.locator("nav").getByRole("link", { name: title, exact: true }).click();
    await expect(page.locator("h1")).toHaveText(title);
    await connected(page);
    await page.reload();
    await hydrated(page);
    await connected(page);
  });
}

for (const path of TESTKIT_PAGES) {
  test(`@csr ${path}`, async ({ page, server }) => {
    await page.goto(server.url + path);
    await hydrated(page);
    await page.reload();
    await hydrated(page);
    await page.goto("about:blank");
  });
}

test("@csr from page to page by every link", async ({ page, server }) => {
  await openLive(page, server.url);
  for (const { title } of DEMO_PAGES) {
    await page.locator("nav").getByRole("link", { name: title, exact: true }).click();
    await expect(page.locator("h1")).toHaveText(title);
    await connected(page);
  }
});
