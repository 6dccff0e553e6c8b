/** “Table”: rows that listen, rows that are appended, and a footer that comes out of band. */

import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { isLive } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

const GOODS = ["Copper", "Cocoa", "Cotton", "Coffee"];

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows a row for each good", async ({ page, server }) => {
    await page.goto(`${server.url}/table`);
    await expect(page.getByRole("table", { name: "Prices" }).getByRole("rowheader")).toHaveText(GOODS);
  });
});

test("@csr SWP-26, OOB-10: rows and cells stay parts of their tables", async ({ page, server }) => {
  await openLive(page, `${server.url}/table`);
  await isLive(page, 1);
  const trades = page.getByRole("table", { name: "Trades" });
  await expect.poll(() => trades.locator("tbody > tr").count()).toBeGreaterThan(2);
  await expect(trades.locator("tbody > tr").first().locator("td")).toHaveCount(3);
  // Each trade carries what has been traded so far; the row that shows it is replaced, not doubled.
  await expect(trades.locator("tfoot > tr#volume")).toHaveCount(1);
  await expect(trades.locator("tfoot td")).not.toHaveText("0.00");
  const prices = page.getByRole("table", { name: "Prices" });
  await expect(prices.getByRole("rowheader")).toHaveText(GOODS);
  const cells = () => prices.locator("tbody > tr > td").allInnerTexts();
  const before = await cells();
  expect(before).toHaveLength(2 * GOODS.length);
  await expect.poll(cells).not.toEqual(before);
  await expect(page.locator("template")).toHaveCount(0);
});

test("@csr however long the page is open, the last trades stay and no more", async ({ page, server }) => {
  await openLive(page, `${server.url}/table`);
  const rows = page.getByRole("table", { name: "Trades" }).locator("tbody > tr");
  for (let number = 1; number <= 60; number += 1) {
    await server.publish("trades", "trade", `<tr><td>of the test ${number}</td><td></td><td></td></tr>`);
  }
  await expect(rows.filter({ hasText: "of the test 60" })).toHaveCount(1);
  await expect(rows).toHaveCount(30);
  await expect(rows.filter({ hasText: /of the test 1$/ })).toHaveCount(0);
});
