/** “Answer”: the response to a POST comes word by word and ends; it can be stopped, replaced, broken off and refused. */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../../build_mode.ts";
import { count } from "../../demo_controls.ts";
import { expect, NETWORK_ERRORS, test } from "../../live.ts";
import { openLive } from "../../live_page.ts";

/** The answer at one moment. */
interface Seen {
  question: string;
  words: number;
  /** What the bar says. */
  bar: number;
}

declare global {
  interface Window {
    __answers?: Seen[];
  }
}

const QUESTION = "Who paints <b>the</b> ferry?";
const COMPLETE = "The answer is complete.";
const STOPPED = "Stopped: what has arrived stays.";

/** Records every state of the answer from now on. Returns a function that reads them. */
async function states(page: Page): Promise<() => Promise<Seen[]>> {
  await page.locator("#answer").evaluate((answer) => {
    const seen: Seen[] = (window.__answers = []);
    const note = () => {
      const text = answer.querySelector("#answer-text")?.textContent ?? "";
      seen.push({
        question: answer.querySelector("blockquote")?.textContent ?? "",
        words: text.split(/\s+/).filter((word) => word !== "").length,
        bar: answer.querySelector("progress")?.value ?? 0,
      });
    };
    new MutationObserver(note).observe(answer, { childList: true, subtree: true, attributes: true });
  });
  return () => page.evaluate(() => window.__answers ?? []);
}

async function ask(page: Page, question: string, fate = "come to its end"): Promise<void> {
  await page.getByLabel("Question").fill(question);
  await page.getByLabel("Let the answer").selectOption(fate);
  await page.getByRole("button", { name: "Ask" }).click();
}

/** Waits until the answer to this question has so many words. */
async function hasWords(page: Page, question: string, atLeast: number): Promise<void> {
  await expect(page.locator("#answer blockquote")).toHaveText(question);
  const bar = page.locator("#answer-progress");
  await expect.poll(() => bar.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThanOrEqual(atLeast);
}

/** How many words the whole answer has. */
function total(page: Page): Promise<number> {
  return page.locator("#answer-progress").evaluate((bar: HTMLProgressElement) => bar.max);
}

test.describe("without JavaScript", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("the form posts, and the answer comes with the next page", async ({ page, server }) => {
    await page.goto(`${server.url}/answer`);
    await expect(page.locator("#answer")).toHaveText("Nothing asked yet.");
    await ask(page, QUESTION);
    await expect(page).toHaveURL(({ pathname, searchParams }) => {
      return pathname === "/answer" && searchParams.get("question") === QUESTION;
    });
    await expect(page.locator("#answer blockquote")).toHaveText(QUESTION);
    await expect(page.locator("#answer-text")).toHaveText(/^(\S+ ){30,}\S+\.$/);
    await expect(page.getByLabel("Question")).toHaveValue(QUESTION);
  });
});

test("@csr SS4-01, SS4-05, SS4-12: the answer comes word by word, and ends", async ({ page, server }) => {
  await openLive(page, `${server.url}/answer`);
  const seen = await states(page);
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await ask(page, QUESTION);
  const response = await answered;
  expect(response.headers()["content-type"]).toBe("text/event-stream");
  await expect(page.getByTestId("course")).toHaveText("The answer is arriving.");
  await expect(page.locator("#answer")).toHaveAttribute("aria-busy", "true");
  await expect(page.getByTestId("course")).toHaveText(COMPLETE);
  await expect(page.locator("#answer")).toHaveAttribute("aria-busy", "false");
  // What somebody asks is text, wherever it is shown.
  await expect(page.locator("#answer blockquote")).toHaveText(QUESTION);
  const words = (await seen()).map(({ words }) => words);
  expect(words, "no word is ever taken back").toEqual(words.toSorted((one, other) => one - other));
  const all = await total(page);
  expect(words.at(-1)).toBe(all);
  // Some may share a packet, where the machine is busy.
  expect(new Set(words).size, "one after the other").toBeGreaterThan(all / 2);
  expect((await seen()).at(-1)?.bar, "the bar comes with the words").toBe(all);
  expect([await count(page, "connections"), await count(page, "events")]).toEqual([1, all + 1]);
  // The same question has the same answer, whichever way it comes.
  if (isCsr) return;
  const text = await page.locator("#answer-text").textContent();
  await page.goto(`${server.url}/answer?question=${encodeURIComponent(QUESTION)}`);
  await expect(page.locator("#answer-text")).toHaveText(text?.trim() ?? "");
});

test("@csr SS4-35, SS4-36: an answer that is stopped stays as far as it has come", async ({ page, server }) => {
  await openLive(page, `${server.url}/answer`);
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeDisabled();
  const seen = await states(page);
  await ask(page, "First?");
  await hasWords(page, "First?", 4);
  await stop.click();
  await expect(page.getByTestId("course")).toHaveText(STOPPED);
  await expect(stop).toBeDisabled();
  const stopped = (await seen()).length;
  const { words } = (await seen()).at(-1) ?? { words: 0 };
  expect(words).toBeLessThan(await total(page));
  // While another one is answered to its end, nothing of the first comes any more.
  await ask(page, "Second?");
  await expect(page.getByTestId("course")).toHaveText(COMPLETE);
  const later = (await seen()).slice(stopped).filter(({ question }) => question !== "Second?");
  expect(new Set(later.map(({ words }) => words)).size).toBeLessThanOrEqual(1);
  expect(later.every((state) => state.words === words)).toBe(true);
});

test("@csr SS4-34: a second question takes the place of the first, whose answer was arriving", async ({
  page,
  server,
}) => {
  await openLive(page, `${server.url}/answer`);
  const seen = await states(page);
  const given = page.waitForEvent("requestfailed", (request) => request.method() === "POST");
  await ask(page, "First?");
  await hasWords(page, "First?", 4);
  await ask(page, "Second?");
  await given;
  await expect(page.locator("#answer blockquote")).toHaveText("Second?");
  await expect(page.getByTestId("course")).toHaveText(COMPLETE);
  const questions = (await seen()).map(({ question }) => question);
  expect(questions.lastIndexOf("First?"), "nothing of the first comes after").toBeLessThan(questions.indexOf("Second?"));
  const of = (await seen()).filter(({ question }) => question === "Second?").map(({ words }) => words);
  expect([of[0], of.at(-1)]).toEqual([0, await total(page)]);
  await expect(page.locator("#answer > *")).toHaveCount(3);
});

test("@csr SS4-02, SS4-19: an answer that breaks off says so, and is not asked for again", async ({
  page,
  server,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  let requests = 0;
  page.on("request", (request) => (requests += Number(request.method() === "POST")));
  await openLive(page, `${server.url}/answer`);
  await ask(page, QUESTION, "break off half way");
  await expect(page.getByTestId("course")).toHaveText(/^Failed: .*expected the rest of the answer/);
  const all = await total(page);
  await hasWords(page, QUESTION, Math.floor(all / 2));
  expect((await page.locator("#answer-text").innerText()).trim().split(/\s+/)).toHaveLength(Math.floor(all / 2));
  expect(requests).toBe(1);
  // Nothing is left over that could disturb the next one.
  await ask(page, "And now?");
  await expect(page.getByTestId("course")).toHaveText(COMPLETE);
  await hasWords(page, "And now?", await total(page));
});

test("@csr an answer that is refused leaves the one before", async ({ page, server, allowConsole }) => {
  allowConsole(/status of 503|found status 503/);
  await openLive(page, `${server.url}/answer`);
  await ask(page, QUESTION);
  await expect(page.getByTestId("course")).toHaveText(COMPLETE);
  const text = await page.locator("#answer").innerText();
  await ask(page, "Another?", "be refused");
  await expect(page.getByTestId("course")).toHaveText(/^Failed: .*status 503/);
  expect(await page.locator("#answer").innerText()).toBe(text);
});

test("@csr SS4-38: who leaves the page leaves the answer, and may come back", async ({ page, server }) => {
  await openLive(page, server.url);
  const link = (name: string) => page.locator("nav").getByRole("link", { name, exact: true }).click();
  await link("Answer");
  const left = page.waitForEvent("requestfailed", (request) => request.method() === "POST");
  await ask(page, QUESTION);
  await hasWords(page, QUESTION, 2);
  await link("Echo");
  await left;
  await link("Answer");
  await expect(page.locator("#answer")).toHaveText("Nothing asked yet.");
  await ask(page, QUESTION);
  await expect(page.getByTestId("course")).toHaveText(COMPLETE);
});
