/**
 * What axe-core can tell of the pages: nothing serious or critical on any of them, by day or by night, wide or narrow;
 * and that one can get along with the keyboard.
 */

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { showsItsSource } from "../demo_controls.ts";
import { DEMO_PAGES, TESTKIT_PAGES } from "../demo_pages.ts";
import { expect, hydrated, test } from "../live.ts";
import { openLive } from "../live_page.ts";

const GRAVE = ["serious", "critical"];

/** What is gravely wrong, with the places: of everything, or of these rules alone. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // No page has frames. Without this mode each run opens a page of its own to put its result together.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze();
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ""))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** By day and wide; by night and narrow; and whether the wide layout's colours do by night, too. */
async function isAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  expect(await violations(page), "light and wide").toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, ["color-contrast"]), "dark and wide").toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await violations(page), "dark and narrow").toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "a phone must not have to scroll sideways").toBeLessThanOrEqual(0);
}

for (const path of ["/", ...DEMO_PAGES.map(({ path }) => path)]) {
  test(`${path} by day and by night, wide and narrow`, async ({ page, server }) => {
    await page.goto(server.url + path);
    await hydrated(page);
    await isAccessible(page);
  });
}

test("an address that does not exist", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 404/);
  await page.goto(`${server.url}/no-such-page`);
  await hydrated(page);
  await expect(page.locator("h1")).toHaveText("Nothing here");
  await isAccessible(page);
});

test("a page with its source open", async ({ page, server }) => {
  await openLive(page, `${server.url}/multiple`);
  await showsItsSource(page, "multiple.rs", "pub fn Multiple");
  await isAccessible(page);
});

// They stand outside of the layout and its styles, so one look is enough.
for (const path of TESTKIT_PAGES) {
  test(`${path}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(server.url + path);
    await hydrated(page);
    expect(await violations(page)).toEqual([]);
  });
}

test("light and dark are different", async ({ page, server }) => {
  await page.goto(server.url);
  const background = async (colorScheme: "light" | "dark") => {
    await page.emulateMedia({ colorScheme });
    return page.evaluate(() => {
      const colors = [document.body, document.documentElement].map((each) => getComputedStyle(each).backgroundColor);
      return colors.find((color) => color !== "rgba(0, 0, 0, 0)");
    });
  };
  expect(await background("light")).not.toBe(await background("dark"));
});

test("the keyboard: a way past the navigation, and the focus goes with the page", async ({ page, server }) => {
  await openLive(page, `${server.url}/simple`);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeInViewport();
  await page.locator("nav").getByRole("link", { name: "Echo" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText("Echo");
  await expect(page.locator("main")).toBeFocused();
});
