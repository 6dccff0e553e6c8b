/**
 * Holds a page between rendering and hydration: its HTML is there, its program is not yet.
 *
 * On a fast machine that time is too short to do anything in it; here a test decides how long it lasts.
 */

import type { Page } from "@playwright/test";

/** The page's program waits until the returned function is called. To be called before the page is loaded. */
export async function holdWasm(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\.wasm(\?|$)/, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}
