/** “Settling”: one stream, five boxes that keep the marks of new content for 50 to 250 milliseconds. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { dropAndRecover, isLive, moreEvents, restartAndRecover, showsItsSource } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const TIMES = [50, 100, 150, 200, 250];

/** How long a swap took to settle, and whether the marks were there at its beginning and gone at its end. */
interface Settled {
  box: number;
  time: number;
  marked: boolean;
  clean: boolean;
}

declare global {
  interface Window {
    /** The boxes in the order in which they were swapped. */
    __swapped?: number[];
    __settled?: Settled[];
  }
}

/** Runs in the page before anything else, so it has to hold everything that it uses. */
function watchSettling(): void {
  // Slow boxes are swapped again before they have settled.
  const begun = new Map<Element, { at: number; marked: boolean }[]>();
  const swapped = (window.__swapped = []) as number[];
  const settled = (window.__settled = []) as Settled[];
  const boxOf = (target: EventTarget | null) => [...document.querySelectorAll<Element>(".settles")].indexOf(target as Element);
  const has = (box: Element, added: string) => box.querySelector(added) !== null;
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (!(target instanceof Element) || boxOf(target) < 0) return;
    const marked = target.classList.contains("htmx-settling") && has(target, ":scope > .htmx-added");
    begun.set(target, [...(begun.get(target) ?? []), { at: Date.now(), marked }]);
    swapped.push(boxOf(target));
  });
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    const begin = target instanceof Element ? begun.get(target)?.shift() : undefined;
    if (!(target instanceof Element) || begin === undefined) return;
    // Events that the page catches up with come at once; then the box has been swapped again meanwhile.
    const swappedAgain = (begun.get(target)?.length ?? 0) > 0;
    const clean = swappedAgain || (!target.classList.contains("htmx-settling") && !has(target, ".htmx-added"));
    settled.push({ box: boxOf(target), time: Date.now() - begin.at, marked: begin.marked, clean });
  });
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest comment in every box", async ({ page, server }) => {
    await page.goto(`${server.url}/settling`);
    await expect(page.locator(".box h2")).toHaveText(TIMES.map((time) => `settle:${time}ms`));
    const items = await page.locator(".content .item").allInnerTexts();
    expect(items).toHaveLength(5);
    expect(new Set(items).size).toBe(1);
    const swaps = await page.locator(".content").evaluateAll((all) => all.map((each) => each.getAttribute("hx-swap")));
    expect(swaps).toEqual(TIMES.map((time) => `innerHTML settle:${time}ms`));
  });
});

test("@csr SET-12, SWP-17, SSW-06: every box takes every event, in order, and settles in its own time", async ({
  page,
  server,
}) => {
  await page.addInitScript(watchSettling);
  await openLive(page, `${server.url}/settling`);
  await isLive(page, 1);
  const slowest = TIMES.length - 1;
  const settled = () => page.evaluate(() => window.__settled ?? []);
  await expect.poll(async () => (await settled()).filter(({ box }) => box === slowest).length).toBeGreaterThan(3);
  const swapped = await page.evaluate(() => window.__swapped ?? []);
  expect(swapped).toEqual(swapped.map((_, index) => index % TIMES.length));
  for (const { box, time, marked, clean } of await settled()) {
    expect(marked, `box ${box} must be marked at first`).toBe(true);
    // The page's clock counts whole milliseconds.
    expect(time, `box ${box}`).toBeGreaterThanOrEqual((TIMES[box] ?? 0) - 1);
    expect(clean, `box ${box} must be clean once it has settled`).toBe(true);
  }
});

test("@csr recovers from a drop and from a restart", async ({ page, server }) => {
  await openLive(page, `${server.url}/settling`);
  await isLive(page, 1);
  await dropAndRecover(page, 1);
  await moreEvents(page);
  await restartAndRecover(page, { all: 1, streams: 1 });
  await moreEvents(page);
});

test("shows its source", async ({ page, server }) => {
  await openLive(page, `${server.url}/settling`);
  await showsItsSource(page, "settling.rs", "pub fn Settling() -> impl IntoView {");
});
