/** “Out of band”: one event changes a list that listens and four places that do not. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the places as they are before any order", async ({ page, server }) => {
    await page.goto(`${server.url}/out-of-band`);
    await expect(page.locator("#orders-count")).toHaveText("0");
    await expect(page.locator("#orders-customer")).toHaveText("nobody yet");
    await expect(page.locator("#orders ol")).toBeEmpty();
  });
});

test("@csr OOB-01 to OOB-04, OOB-11, OOB-14: the parts of each order find their places", async ({ page, server }) => {
  await openLive(page, `${server.url}/out-of-band`);
  await isLive(page, 1);
  const lines = page.locator("#orders ol > li");
  await expect.poll(() => lines.count()).toBeGreaterThan(2);
  // All of it is one event, so at no moment is one place ahead of another.
  const seen = await page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? "");
    return {
      lines: all("#orders ol > li"),
      customers: all("#orders .customers > li"),
      count: all("#orders-count"),
      newest: all("#orders-customer"),
      sum: all("#orders .sum"),
      instructions: document.querySelectorAll("[hx-swap-oob], hx-partial").length,
    };
  });
  expect(seen.customers).toHaveLength(seen.lines.length);
  expect(seen.newest).toEqual([seen.customers.at(-1)]);
  const numbers = seen.lines.map((line) => Number(/^No\. (\d+):/.exec(line)?.[1]));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  expect(seen.count).toEqual([String(numbers.at(-1))]);
  // All orders together, of which the page has seen the last ones.
  expect(seen.sum[0]).toMatch(/^\d+\.\d\d €$/);
  const shown = seen.lines.map((line) => Number(/([\d.]+) €$/.exec(line)?.[1])).reduce((sum, price) => sum + price, 0);
  expect(Number.parseFloat(seen.sum[0] ?? "")).toBeGreaterThanOrEqual(Math.floor(shown));
  expect(seen.instructions, "OOB-08: what is inserted does not carry its instruction").toBe(0);
});

test("@csr however long the page is open, its lists stay as long as a page can bear", async ({ page, server }) => {
  await openLive(page, `${server.url}/out-of-band`);
  for (let number = 1; number <= 60; number += 1) {
    const part = `<hx-partial hx-target="#orders .customers" hx-swap="beforeend"><li>of the test ${number}</li></hx-partial>`;
    await server.publish("orders", "order", `<li>of the test ${number}</li>${part}`);
  }
  for (const list of ["#orders ol", "#orders .customers"]) {
    const lines = page.locator(`${list} > li`);
    await expect(lines.filter({ hasText: "of the test 60" })).toHaveCount(1);
    // The parts may come after the list was cut.
    await expect.poll(() => lines.count()).toBeLessThanOrEqual(31);
    expect(await lines.count()).toBeGreaterThanOrEqual(30);
  }
});
