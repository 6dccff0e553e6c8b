/**
 * What axe-core can tell of the pages: nothing serious or critical on any of them, by day or by night, wide or narrow;
 * and that one can get along with the keyboard.
 */

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { DEMO_PAGES, TESTKIT_PAGES } from "../demo_pages.ts";
import { expect, hydrated, test } from "../live.ts";
import { openLive } from "../live_page.ts";

const GRAVE = ["serious", "critical"];

/** What is gravely wrong, with the places. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ""))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

const paths = ["/", ...DEMO_PAGES.map(({ path }) => path), ...TESTKIT_PAGES];
for (const path of paths) {
  test(`${path} in light and dark, wide and narrow`, async ({ page, server }) => {
    test.setTimeout(60_000);
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
    await page.goto(server.url + path);
    await hydrated(page);
    expect(await violations(page), "light").toEqual([]);
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
    expect(await violations(page), "dark").toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(page), "narrow").toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, "a phone must not have to scroll sideways").toBeLessThanOrEqual(0);
  });
}

test("light and dark are different", async ({ page, server }) => {
  await page.goto(server.url);
  const background = async (colorScheme: "light" | "dark") => {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
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
