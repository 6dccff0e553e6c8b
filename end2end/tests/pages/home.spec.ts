/** The first page: what this is, every demo in reach, and the footer that the layout keeps on every page. */

import { DEMO_PAGES, HOME_TITLE } from "../../demo_pages.ts";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const CLOCK = /^\d\d:\d\d:\d\d$/;

test("@smoke @csr comes alive without a complaint", async ({ page, server }) => {
  await openLive(page, server.url);
  await expect(page.locator("h1")).toHaveText(HOME_TITLE);
  await expect(page).toHaveTitle(/leptos-live/);
  await expect(page.locator("footer .state")).toHaveText("live");
});

test("is rendered by the server, footer included", async ({ browser, server }) => {
  test.skip(isCsr, NOT_RENDERED);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(server.url);
  await expect(page.locator("h1")).toHaveText(HOME_TITLE);
  await expect(page.locator("#site-clock")).toHaveText(CLOCK);
  await expect(page.locator("#site-pages")).toHaveText(/^\d+ pages? open$/);
  await context.close();
});

test("@csr lists every demo, in the navigation and in the index", async ({ page, server }) => {
  await openLive(page, server.url);
  const index = page.locator("main section.index a");
  const titles = DEMO_PAGES.map(({ title }) => title);
  for (const links of [page.locator("nav a"), index]) {
    await expect(links).toHaveText(titles);
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(addresses).toEqual(DEMO_PAGES.map(({ path }) => path));
  }
  await index.first().click();
  for (const { path, title } of DEMO_PAGES) {
    await page.locator("nav").getByRole("link", { name: title, exact: true }).click();
    await expect(page.locator("h1")).toHaveText(title);
    await expect(page).toHaveURL(server.url + path);
    await expect(page.locator("nav a[aria-current=page]")).toHaveText(title);
  }
  await page.getByRole("link", { name: "leptos-live" }).click();
  await expect(page.locator("h1")).toHaveText(HOME_TITLE);
});

test("@csr the footer's clock goes, and open pages are counted", async ({ page, server, browser }) => {
  await openLive(page, server.url);
  const clock = page.locator("#site-clock");
  await expect(clock).toHaveText(CLOCK);
  const before = await clock.textContent();
  await expect(clock).not.toHaveText(before ?? "");
  await expect(page.locator("#site-pages")).toHaveText("1 page open");
  const context = await browser.newContext();
  await openLive(await context.newPage(), server.url);
  await expect(page.locator("#site-pages")).toHaveText("2 pages open");
  await context.close();
  await expect(page.locator("#site-pages")).toHaveText("1 page open");
});

test("an address that does not exist says so, with a way back", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 404/);
  const response = await page.goto(`${server.url}/no-such-page`);
  if (!isCsr) expect(response?.status()).toBe(404);
  await expect(page.locator("h1")).toHaveText("Nothing here");
  await page.getByRole("link", { name: "All demos" }).click();
  await expect(page.locator("h1")).toHaveText(HOME_TITLE);
});
