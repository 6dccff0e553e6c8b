/**
 * What every demo page must do besides its own thing: say that it is live, count, recover from the two buttons that
 * disturb it, and show its source.
 */

import type { Locator, Page } from "@playwright/test";
import { expect } from "./live.ts";
import { connected } from "./live_page.ts";

/** One of the page's counters. */
export function counter(page: Page, name: "connections" | "events" | "gaps"): Locator {
  return page.getByTestId(name);
}

/** A counter's value now. */
export async function count(page: Page, name: "connections" | "events" | "gaps"): Promise<number> {
  return Number(await counter(page, name).textContent());
}

/** Waits until the page has counted so many more events; one alone might have been on its way before. */
export async function moreEvents(page: Page, atLeast = 2): Promise<void> {
  const enough = (await count(page, "events")) + atLeast;
  await expect.poll(() => count(page, "events"), "events must go on arriving").toBeGreaterThanOrEqual(enough);
}

/** The page is live: each badge says so, of which a page with sources has some, and each source has opened once. */
export async function isLive(page: Page, sources: number): Promise<void> {
  const badges = page.locator("main .state");
  const texts = () => badges.allTextContents().then((all) => [...new Set(all)]);
  await expect.poll(texts, "every badge must say so").toEqual(sources === 0 ? [] : ["live"]);
  await expect(counter(page, "connections")).toHaveText(String(sources));
}

/** “Drop my connection”: each source comes back once, without a loss and without a reload. */
export async function dropAndRecover(page: Page, sources: number): Promise<void> {
  const before = await count(page, "connections");
  const gaps = await count(page, "gaps");
  await mark(page);
  await page.getByTestId("drop").click();
  await expect(counter(page, "connections")).toHaveText(String(before + sources));
  await connected(page);
  await expect(counter(page, "gaps"), "a drop loses nothing").toHaveText(String(gaps));
  await isMarked(page);
}

/** “Restart the stream”: each source comes back; those of streams are told that history is lost. */
export async function restartAndRecover(page: Page, sources: { all: number; streams: number }): Promise<void> {
  const before = await count(page, "connections");
  const gaps = await count(page, "gaps");
  await mark(page);
  await page.getByTestId("restart").click();
  await expect(counter(page, "connections")).toHaveText(String(before + sources.all));
  await connected(page);
  await expect(counter(page, "gaps")).toHaveText(String(gaps + sources.streams));
  if (sources.streams > 0) await expect(page.getByTestId("last-gap")).toContainText("the stream was restarted");
  await isMarked(page);
}

/** Presses a button where there is no JavaScript: its form posts, and the answer leads to the page, rendered anew. */
export async function pressPlainly(page: Page, button: "drop" | "restart"): Promise<void> {
  const root = page.locator("html");
  // Each page that is rendered has a number of its own.
  const before = (await root.getAttribute("data-visit")) ?? "";
  const { pathname } = new URL(page.url());
  const posted = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByTestId(button).click();
  expect([302, 303], "the answer must lead somewhere").toContain((await posted).status());
  await expect(root).not.toHaveAttribute("data-visit", before);
  await expect(page).toHaveURL((url) => url.pathname === pathname);
}

/** The page shows the file that it is made of. */
export async function showsItsSource(page: Page, file: string, line: string): Promise<void> {
  const source = page.locator("section.source");
  await source.getByText(`showcase/src/demos/${file}`).click();
  await expect(source.locator("code")).toBeVisible();
  await expect(source.locator("code")).toContainText(line);
}

/** Leaves a mark in the document, which a reload would lose. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
}

/** The document is the one that was marked. */
export async function isMarked(page: Page): Promise<void> {
  await expect(page.locator("html"), "the page must not have been loaded again").toHaveAttribute("data-marked");
}
