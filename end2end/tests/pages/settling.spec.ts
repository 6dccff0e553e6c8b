/** “Settling”: one stream, five boxes that keep the marks of new content for 50 to 250 milliseconds. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const TIMES = [50, 100, 150, 200, 250];

/** How long a swap took to settle, and whether the marks were there at its beginning and gone at its end. */
interface Settled {
  box: number;
  time: number;
  marked: boolean;
  /** Nothing to judge by if the box was swapped again meanwhile: then the marks are those of the later swap. */
  clean: boolean | undefined;
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
    // What has begun and not settled is later than this one. Events that the page catches up with come at once.
    const swappedAgain = (begun.get(target)?.length ?? 0) > 0;
    const clean = swappedAgain
      ? undefined
      : !target.classList.contains("htmx-settling") && !has(target, ".htmx-added");
    settled.push({ box: boxOf(target), time: Date.now() - begin.at, marked: begin.marked, clean });
  });
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the newest comment in every box", async ({ page, server }) => {
    const items = page.locator(".content .item");
    // A server that has just started may not have published a comment yet.
    await expect(async () => {
      await page.goto(`${server.url}/settling`);
      await expect(items).toHaveCount(5, { timeout: 1 });
    }).toPass();
    await expect(page.locator(".box h2")).toHaveText(TIMES.map((time) => `settle:${time}ms`));
    expect(new Set(await items.allInnerTexts()).size).toBe(1);
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
  const settled = () => page.evaluate(() => window.__settled ?? []);
  const of = (all: Settled[], wanted: number) => all.filter(({ box }) => box === wanted);
  await expect.poll(async () => of(await settled(), TIMES.length - 1).length).toBeGreaterThan(6);
  const swapped = await page.evaluate(() => window.__swapped ?? []);
  expect(swapped).toEqual(swapped.map((_, index) => index % TIMES.length));
  const all = await settled();
  for (const { box, time, marked, clean } of all) {
    expect(marked, `box ${box} must be marked at first`).toBe(true);
    // The page's clock counts whole milliseconds.
    expect(time, `box ${box}`).toBeGreaterThanOrEqual((TIMES[box] ?? 0) - 1);
    expect(clean, `box ${box} must be clean once it has settled`).not.toBe(false);
  }
  // The fast boxes settle before any next event, so there is always something to judge.
  expect(of(all, 0).some(({ clean }) => clean === true)).toBe(true);
  // An absolute limit would be one for the machine; the boxes are limits for each other.
  const medians = TIMES.map((_, box) => median(of(all, box).map(({ time }) => time)));
  for (const [box, time] of medians.slice(1).entries()) {
    expect(medians[box], `box ${box} must be faster than the next: ${medians}`).toBeLessThan(time);
  }
});
