/**
 * Everything that a place of the page has shown, in order.
 *
 * Reading the place again and again sees some of it; what is replaced between two looks is missed, and with it exactly
 * the content that should not have been there.
 */

import type { Page } from "@playwright/test";

declare global {
  interface Window {
    __shown?: string[];
  }
}

/**
 * Records the texts of the elements matching `part` in the element matching `place`: those that are there and each that
 * is added, before anything can replace it. Returns a function that reads them.
 */
export async function shownTexts(page: Page, place: string, part: string): Promise<() => Promise<string[]>> {
  await page.locator(place).evaluate((element, part) => {
    const shown: string[] = (window.__shown = []);
    const note = (added: Node) => {
      if (!(added instanceof Element)) return;
      const parts = [...(added.matches(part) ? [added] : []), ...added.querySelectorAll(part)];
      shown.push(...parts.map(({ textContent }) => textContent ?? ""));
    };
    element.childNodes.forEach(note);
    // The nodes of a record hold their text also when the page has replaced them since.
    const observer = new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach(note)));
    observer.observe(element, { childList: true, subtree: true });
  }, part);
  return () => page.evaluate(() => window.__shown ?? []);
}
