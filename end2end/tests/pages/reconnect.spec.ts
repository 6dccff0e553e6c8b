/** “Reconnect”: numbers that go on without a hole, and notes that wait until the socket is back. */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { dropAndRecover, isLive, isMarked, mark, restartAndRecover, showsItsSource } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { connected, openLive } from "../../live_page.ts";
import { range } from "../../numbers.ts";

const receipts = (page: Page) => page.locator("#receipts li span");

async function numbers(page: Page): Promise<number[]> {
  return page.locator("#numbers li").evaluateAll((items) => items.map((item) => Number(item.getAttribute("data-seq"))));
}

/** Waits for so many more numbers; all that are shown must follow each other. */
async function moreNumbers(page: Page, more: number): Promise<void> {
  const last = (await numbers(page)).at(-1) ?? 0;
  await expect.poll(async () => (await numbers(page)).at(-1) ?? 0).toBeGreaterThanOrEqual(last + more);
  const shown = await numbers(page);
  expect(shown).toEqual(range(shown[0] ?? 0, shown.at(-1) ?? 0));
}

async function note(page: Page, text: string): Promise<void> {
  await page.getByLabel("Note").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows both boxes, and the buttons work as plain forms", async ({ page, server }) => {
    await page.goto(`${server.url}/reconnect`);
    await expect(page.locator(".box h2")).toHaveText(["A number a second", "A note to the server"]);
    await expect(page.locator("main .state")).toHaveText(["idle", "idle"]);
    await page.getByTestId("drop").click();
    await expect(page).toHaveURL(/\/reconnect\??$/);
    await expect(page.locator("h1")).toHaveText("Reconnect");
  });

  test("a note is posted, and the page is there again", async ({ page, server }) => {
    await page.goto(`${server.url}/reconnect`);
    await note(page, "by post");
    await expect(page).toHaveURL(`${server.url}/reconnect?note=by%20post`);
    await expect(page.locator("h1")).toHaveText("Reconnect");
  });
});

test("@csr numbers come one after the other, and notes are acknowledged as text", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await note(page, "first");
  await expect(receipts(page)).toHaveText(["first"]);
  await note(page, "<i>second</i>");
  await expect(receipts(page)).toHaveText(["<i>second</i>", "first"]);
  await expect(page.getByLabel("Note")).toHaveValue("");
  await moreNumbers(page, 3);
});

test("@csr a drop makes no hole", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await moreNumbers(page, 1);
  await dropAndRecover(page, 2);
  await moreNumbers(page, 3);
});

test("@csr a restart is told, and the numbers go on", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await moreNumbers(page, 1);
  await restartAndRecover(page, { all: 2, streams: 1 });
  const last = (await numbers(page)).at(-1) ?? 0;
  await expect.poll(async () => (await numbers(page)).at(-1) ?? 0).toBeGreaterThan(last);
  const shown = await numbers(page);
  expect(new Set(shown).size, "none is shown twice").toBe(shown.length);
});

test("@csr cut off for ten seconds: no hole, and the notes of that time arrive in order", async ({
  page,
  server,
  allowConsole,
}) => {
  test.setTimeout(90_000);
  allowConsole(/status of 503|Unexpected response code: 503/);
  await openLive(page, `${server.url}/reconnect`);
  await isLive(page, 2);
  await moreNumbers(page, 1);
  await mark(page);
  await page.getByTestId("outage").click();
  const states = page.locator("main .state");
  await expect(states.first()).toHaveText(/^attempt \d+: /);
  await expect(states.last()).toHaveText(/^attempt \d+: /);
  await note(page, "one");
  await note(page, "two");
  await expect(page.getByLabel("Note")).toHaveValue("");
  await expect(receipts(page)).toHaveCount(0);
  await expect(states, "attempts are spread, so the last wait may be long").toHaveText(["live", "live"], {
    timeout: 60_000,
  });
  await connected(page);
  await expect(receipts(page)).toHaveText(["two", "one"]);
  await moreNumbers(page, 2);
  await expect(page.getByTestId("gaps")).toHaveText("0");
  await isMarked(page);
});

test("shows its source", async ({ page, server }) => {
  await openLive(page, `${server.url}/reconnect`);
  await showsItsSource(page, "reconnect.rs", "pub fn Reconnect() -> impl IntoView {");
});
