/** “Request log”: every request to the server, the newest first. */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { dropAndRecover, isLive, restartAndRecover } from "../../demo_controls.ts";
import { expect, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";
import { uniqueTopic } from "../../unique_topic.ts";

const lines = (page: Page) => page.locator("#log-lines > li");
/** The lines of requests to paths with this word. */
const linesOf = (page: Page, word: string) => lines(page).filter({ has: page.locator("code", { hasText: word }) });

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("shows the requests so far, the newest first", async ({ page, server, request }) => {
    const word = uniqueTopic("log");
    await request.get(`${server.url}/${word}-1`);
    await request.get(`${server.url}/${word}-2`);
    await page.goto(`${server.url}/log`);
    await expect(linesOf(page, word).locator("code")).toHaveText([`/${word}-2`, `/${word}-1`]);
  });
});

test("@csr shows each request once, as it is answered", async ({ page, server, request }) => {
  const word = uniqueTopic("log");
  await openLive(page, `${server.url}/log`);
  await isLive(page, 1);
  await request.get(`${server.url}/page/random?${word}`);
  await request.get(`${server.url}/streams/${word}`);
  await request.post(`${server.url}/echo/${word}`);
  await expect(linesOf(page, word)).toHaveCount(2);
  const newest = linesOf(page, word).first();
  await expect(newest.locator("b")).toHaveText("POST");
  await expect(newest.locator("code")).toHaveText(`/echo/${word}`);
  await expect(linesOf(page, word).last().locator("b")).toHaveText("GET");
  await expect(linesOf(page, word).last().locator(".refused")).toHaveText("404");
  await expect(linesOf(page, "/page/random").first().locator(".fine")).toHaveText("200");
});

test("a path is text, never markup", async ({ page, server, request }) => {
  const word = uniqueTopic("log");
  await openLive(page, `${server.url}/log`);
  // References that are not escaped again would be shown as the brackets that they stand for.
  const path = `/${word}&lt;b&gt;%3Cscript%3Ewindow.__xss=1%3C/script%3E`;
  await request.get(server.url + path);
  await expect(linesOf(page, word).locator("code")).toHaveText([path]);
  await expect(lines(page).locator("script, code *")).toHaveCount(0);
  await page.reload();
  await expect(linesOf(page, word).locator("code")).toHaveText([path]);
  await expect(lines(page).locator("script, code *")).toHaveCount(0);
  expect(await page.evaluate(() => "__xss" in window)).toBe(false);
});

test("keeps a hundred lines, the newest", async ({ page, server, request }) => {
  const word = uniqueTopic("log");
  await openLive(page, `${server.url}/log`);
  for (let number = 1; number <= 120; number += 1) await request.get(`${server.url}/streams/${word}-${number}`);
  await expect(lines(page).first().locator("code")).toHaveText(`/streams/${word}-120`);
  await expect(lines(page)).toHaveCount(100);
  await expect(linesOf(page, `${word}-21`)).toHaveCount(1);
});

test("@csr recovers from a drop and from a restart, and misses no request", async ({ page, server, request }) => {
  const word = uniqueTopic("log");
  await openLive(page, `${server.url}/log`);
  await isLive(page, 1);
  await request.get(`${server.url}/streams/${word}-1`);
  await expect(linesOf(page, word)).toHaveCount(1);
  const drops = await linesOf(page, "/controls/drop").count();
  await dropAndRecover(page, 1);
  await request.get(`${server.url}/streams/${word}-2`);
  await expect(linesOf(page, word).locator("code")).toHaveText([2, 1].map((number) => `/streams/${word}-${number}`));
  // The drop itself was a request, answered while the page was away; its line is older than the last.
  await expect(linesOf(page, "/controls/drop")).toHaveCount(drops + 1);
  await restartAndRecover(page, { all: 1, streams: 1 });
  await request.get(`${server.url}/streams/${word}-3`);
  await expect(linesOf(page, word)).toHaveCount(3);
});
