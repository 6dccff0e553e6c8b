/**
 * Cross-site scripting (S27 to S29): text that means harm, in everything that a server publishes as data and in every
 * property and name that takes text, on pages without a policy, under a strict one, and with Trusted Types. Nothing runs.
 *
 * That the HTML is escaped is shown by `src/server/tests/xss.rs`, with the same texts; here a browser judges.
 */

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { isCsr, isDev, NOT_RENDERED } from "../build_mode.ts";
import { expect, hydrated, test, type ShowcaseServer } from "../live.ts";
import { connected } from "../live_page.ts";
import { uniqueTopic } from "../unique_topic.ts";

const VECTORS = JSON.parse(
  readFileSync(new URL("../../src/server/tests/xss_vectors.json", import.meta.url), "utf8"),
) as string[];

const POLICIES = ["none", "strict", "trusted-types"] as const;
type Policy = (typeof POLICIES)[number];

/** So many texts are the properties of one page each; the loads are dear. */
const PAGES_EACH = 12;
/**
 * Without a policy every text has its page, in the build that visitors get; in a developer's, and under a policy, which
 * only makes it harder, each of so many.
 */
const EVERY: Record<Policy, number> = isDev
  ? { none: 10, strict: 30, "trusted-types": 30 }
  : { none: 1, strict: 10, "trusted-types": 10 };

declare global {
  interface Window {
    /** What ran, and what a policy forbade. */
    __ran?: string[];
    __xss?: () => void;
  }
}

/** Runs in each page and frame before anything else. */
function watch(): void {
  const ran = (window.__ran ??= []);
  window.__xss = () => void ran.push("a script");
  document.addEventListener("securitypolicyviolation", (event) => {
    ran.push(`a violation of ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
}

/** Whatever a visitor may set off with mouse and keyboard, but no link is followed and no form sent. */
function rouse(): void {
  document.addEventListener("submit", (event) => event.preventDefault());
  for (const element of document.querySelectorAll<HTMLElement>("#main *")) {
    element.focus();
    for (const name of ["mouseover", "mouseenter", "animationstart", "toggle", "load"]) {
      element.dispatchEvent(new Event(name));
    }
  }
}

async function watched(page: Page): Promise<() => Promise<string[]>> {
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(watch);
  return async () => {
    await page.evaluate(rouse);
    return [...dialogs, ...(await page.evaluate(() => window.__ran ?? ["the page was left"]))];
  };
}

async function openHostile(page: Page, server: ShowcaseServer, topic: string, text: string, policy: Policy) {
  const query = new URLSearchParams({ topic, text, csp: policy });
  const response = await page.goto(`${server.url}/testkit/hostile?${query}`);
  const header = (await response?.headerValue("content-security-policy")) ?? "";
  expect(header.includes("'nonce-")).toBe(policy !== "none");
  expect(header.includes("require-trusted-types-for")).toBe(policy === "trusted-types");
  await hydrated(page);
}

async function publishText(server: ShowcaseServer, topic: string, event: string | undefined, text: string) {
  const query = new URLSearchParams({ topic, ...(event === undefined ? {} : { event }) });
  return fetch(`${server.url}/testkit/publish-text?${query}`, { method: "POST", body: text });
}

/** What a page shows of a text: lines end with LF, and HTML knows no NUL. */
const shownAs = (text: string) => text.replace(/\r\n?/g, "\n").replaceAll("\0", "");

test.skip(isCsr, NOT_RENDERED);

for (const policy of POLICIES) {
  test(`S27, S29: published as data under the policy "${policy}", no text runs, and each is shown`, async ({
    page,
    server,
  }) => {
    const ran = await watched(page);
    const topic = uniqueTopic("xss");
    await page.routeWebSocket(/\/testkit\/envelopes$/, () => {});
    await openHostile(page, server, topic, "harmless", policy);
    await connected(page);
    for (const vector of VECTORS) expect((await publishText(server, topic, undefined, vector)).status).toBe(200);
    const shown = page.locator("#shown i.shown");
    await expect(shown).toHaveCount(VECTORS.length);
    const texts = await shown.evaluateAll((all) => all.map((element) => element.textContent ?? ""));
    expect(texts.map((text) => text.replaceAll("\0", ""))).toEqual(VECTORS.map(shownAs));
    expect(await ran()).toEqual([]);
  });

  const chosen = VECTORS.filter((_, index) => index % EVERY[policy] === 0);
  for (let first = 0; first < chosen.length; first += PAGES_EACH) {
    const title = `S27, S28, S29: as properties and names under the policy "${policy}", no text runs`;
    test(`${title} (from ${first + 1} on)`, async ({ page, server, allowConsole }) => {
      // Texts that are no vocabulary of anything are reported.
      allowConsole(/leptos-live: /);
      const ran = await watched(page);
      let answer = (_frame: string) => {};
      await page.routeWebSocket(/\/testkit\/envelopes$/, (socket) => {
        answer = (frame) => socket.send(frame);
      });
      for (const vector of chosen.slice(first, first + PAGES_EACH)) {
        const topic = uniqueTopic("xss");
        await openHostile(page, server, topic, vector, policy);
        await connected(page);
        // As the name of an event and of a topic, where it can be one.
        for (const response of [
          await publishText(server, topic, vector, vector),
          await publishText(server, vector, undefined, vector),
        ]) {
          expect([200, 400]).toContain(response.status);
          if (response.status === 400) expect(response.headers.get("content-type")).toContain("text/plain");
        }
        const content = `<b id="enveloped">x</b>`;
        for (const field of ["target", "swap", "select", "event", "position", "request_id"]) {
          answer(JSON.stringify({ content, [field]: vector }));
        }
        answer(JSON.stringify({ content, event: vector, target: "#enveloped", swap: "outerHTML" }));
        // As the value of a field.
        await page.locator("#plain").click();
        await expect(page.locator("#echo")).toContainText('"text"');
        await page.locator("#hostile-send").click();
        await publishText(server, topic, undefined, "the last");
        await expect(page.locator("#shown i.shown").last()).toHaveText("the last");
        expect(await ran(), vector).toEqual([]);
      }
    });
  }
}

test("S29: without a policy called default the browser refuses HTML, and the page says so and lives on", async ({
  page,
  server,
  allowConsole,
}) => {
  allowConsole(/Trusted/);
  const topic = uniqueTopic("xss");
  await page.routeWebSocket(/\/testkit\/envelopes$/, () => {});
  await page.addInitScript(() => {
    // Somebody forbids the app its policy.
    const { trustedTypes } = window as unknown as { trustedTypes: object };
    Object.defineProperty(trustedTypes, "createPolicy", { value: () => {} });
  });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  await openHostile(page, server, topic, "harmless", "trusted-types");
  await connected(page);
  await publishText(server, topic, undefined, "text");
  await expect.poll(() => complaints.join("\n")).toContain("expected a Trusted Types policy called `default`");
  await expect(page.locator("#shown i.shown")).toHaveCount(0);
  await expect(page.locator("#source")).toHaveAttribute("data-state", "open");
});
