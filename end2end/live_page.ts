/**
 * Opening a page and waiting until it is live: hydrated, and each of its sources connected.
 *
 * Without server rendering only what is published after that moment reaches the page; with it, what is published after
 * rendering does. Tests of the gap between the two wait for less.
 */

import type { Page } from "@playwright/test";
import { expect, hydrated } from "./live.ts";

const SOURCES = '[hx-sse*="connect:"], [hx-ws*="connect:"]';

/** Loads a page and waits until it is live. */
export async function openLive(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await hydrated(page);
  await connected(page);
}

/** Waits until every source on the page is connected. */
export async function connected(page: Page): Promise<void> {
  const sources = page.locator(SOURCES);
  await expect(sources, "the page must have sources").not.toHaveCount(0);
  const states = () => sources.evaluateAll((all) => [...new Set(all.map((each) => each.getAttribute("data-state")))]);
  await expect.poll(states, "every source must be connected").toEqual(["open"]);
}

/** Tells the page that the network is back: a source that waits for its next attempt makes it at once. */
export async function nudge(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
}
