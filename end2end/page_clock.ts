/**
 * The page's own time, for what takes long: a test lets it jump, or stops it.
 *
 * Playwright's clock gives out timer numbers that do not fit into 32 bits. A program in wasm takes them for integers, as
 * real ones are, and could never cancel such a timer; so the page gets small numbers for them.
 */

import type { Page } from "@playwright/test";

/** After so many milliseconds without a sign of life, a page takes a connection for lost. */
export const SILENCE_MS = 37_500;

/** Puts the page's time into the test's hands; to be called before the page is loaded. It goes on as usual at first. */
export async function takeTime(page: Page): Promise<void> {
  await page.clock.install();
  await page.addInitScript(numberTimers);
}

/** Stops the page's timers. They jump by a few seconds, far less than any connection may be silent. */
export async function stopTime(page: Page): Promise<void> {
  await page.clock.pauseAt(Date.now() + 5_000);
}

/** Lets the page's time jump; what falls due meanwhile happens at most once. Returns when the page has come to rest. */
export async function skipTime(page: Page, ms: number): Promise<void> {
  await page.clock.fastForward(ms);
  await page.evaluate(() => 0);
}

/** Runs in the page, so it has to hold everything that it uses. */
function numberTimers(): void {
  const numbers = new Map<number, number>();
  let last = 0;
  const small = (real: number): number => {
    last += 1;
    numbers.set(last, real);
    return last;
  };
  const { setTimeout, setInterval, clearTimeout, clearInterval } = window;
  Object.assign(window, {
    setTimeout: (...timer: Parameters<typeof setTimeout>) => small(setTimeout(...timer)),
    setInterval: (...timer: Parameters<typeof setInterval>) => small(setInterval(...timer)),
    clearTimeout: (number: number) => clearTimeout(numbers.get(number)),
    clearInterval: (number: number) => clearInterval(numbers.get(number)),
  });
}
