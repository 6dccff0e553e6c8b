/**
 * `<WsSend>`: a button or a container that sends over a socket: its values, its trigger, and what they become.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { domEvents, expect, test, type ShowcaseServer } from "../live.ts";
import { openLive } from "../live_page.ts";
import { stopTime, takeTime } from "../page_clock.ts";
import { SocketStandIn } from "../socket_stand_in.ts";

const formUrl = (base: string) => `${base}/testkit/form`;

async function echoed(page: Page): Promise<unknown> {
  return JSON.parse((await page.locator("#echo").textContent()) ?? "");
}

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("WSS-01: carries htmx's attributes", async ({ page, server }) => {
    await page.goto(formUrl(server.url));
    await expect(page.locator("button#single")).toHaveAttribute("hx-ws", "send");
    await expect(page.locator("button#single")).toHaveAttribute(
      "hx-vals",
      '{"text": "by value", "extra": ["1", "2"]}',
    );
    await expect(page.locator("div#holder")).toHaveAttribute("hx-trigger", "click");
  });
});

test("@csr WSS-01, WSS-08: a button sends its values when it is clicked", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.locator("#single").click();
  await expect(page.locator("#room p")).toHaveText(["by value"]);
  await expect(page.locator("#echo")).toContainText("by value");
  expect(await echoed(page)).toEqual({ text: "by value", extra: ["1", "2"] });
});

test("WSS-01: a button is triggered from the keyboard too", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.locator("#single").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await expect(page.locator("#room p")).toHaveText(["by value", "by value"]);
});

test("VAL-13: a container sends every field inside it", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.locator("#holder [name=loose]").fill("changed");
  await page.locator("#holder").dispatchEvent("click");
  await expect(page.locator("#echo")).toContainText("changed");
  expect(await echoed(page)).toEqual({ loose: "changed" });
});

test("WSS-04: names itself in the headers", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.locator("#single").click();
  await expect(page.locator("#echo")).toHaveAttribute("data-headers", /"HX-Trigger":"single"/);
});

test("WSV-02: tells scripts on the button", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  const names = ["htmx:wsConfigSend", "htmx:wsBeforeSend", "htmx:wsAfterSend"];
  const read = await domEvents(page, "#single", names);
  await page.locator("#single").click();
  await expect.poll(async () => (await read()).map(({ name }) => name)).toEqual(names);
  expect((await read())[0]).toMatchObject({
    cancelable: true,
    detail: {
      elt: "<button#single>",
      parameters: { text: "by value", extra: "[Array]" },
      triggeringEvent: { type: "click" },
      errors: [],
    },
  });
});

test.describe("in markup that a frame has brought", () => {
  /** The page with a stand-in for the server, and this markup in `#echo`. */
  async function place(page: Page, server: ShowcaseServer, markup: string): Promise<SocketStandIn> {
    const standIn = await SocketStandIn.on(page);
    await openLive(page, formUrl(server.url));
    standIn.send(`<div id="echo">${markup}</div>`);
    await expect(page.locator("#echo > *").first()).toBeVisible();
    return standIn;
  }

  /** What was sent, without the headers. */
  function values(standIn: SocketStandIn): unknown[] {
    return standIn.received.map((text) => {
      const { HEADERS: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
      return rest;
    });
  }

  test("WSS-11: a button outside of any form sends its own name and value", async ({ page, server }) => {
    const standIn = await place(page, server, '<button hx-ws="send" name="own" value="1">send</button>');
    await page.locator("#echo button").click();
    await expect.poll(() => values(standIn)).toEqual([{ own: "1" }]);
  });

  test("WSS-01, VAL-12: a field sends itself when it has changed", async ({ page, server }) => {
    const standIn = await place(page, server, '<input hx-ws="send" name="field" value="old">');
    await page.locator("#echo input").fill("new");
    await page.locator("#echo input").press("Tab");
    await expect.poll(() => values(standIn)).toEqual([{ field: "new" }]);
  });

  test("WSS-02: on load, and every second", async ({ page, server }) => {
    await takeTime(page);
    const markup = `<p hx-ws="send" hx-trigger="load, every 1s" hx-vals='"beat": 1'>beats</p>`;
    const standIn = await place(page, server, markup);
    await expect.poll(() => values(standIn)[0]).toEqual({ beat: 1 });
    await stopTime(page);
    const before = standIn.received.length;
    await page.clock.runFor(3_000);
    await expect.poll(() => standIn.received.length).toBe(before + 3);
    // Swapped away, it sends no more.
    standIn.send('<div id="echo">quiet</div>');
    await expect(page.locator("#echo")).toHaveText("quiet");
    await page.clock.runFor(3_000);
    await page.evaluate(() => 0);
    expect(standIn.received.length).toBe(before + 3);
  });

  test("WSS-08, WSS-24: values of its surroundings win over fields and keep their types", async ({ page, server }) => {
    const form = '<form hx-ws="send"><input name="a" value="field"><input name="b" value="field"><button>go</button></form>';
    const standIn = await place(page, server, `<div hx-vals='{"a": 7, "c": false}'>${form}</div>`);
    await page.locator("#echo button").click();
    await expect.poll(() => values(standIn)).toEqual([{ b: "field", a: 7, c: false }]);
  });

  test("WSS-14: a link that sends is not followed", async ({ page, server }) => {
    const standIn = await place(page, server, '<a href="/testkit/answer" hx-ws="send" hx-vals=\'{"by": "link"}\'>go</a>');
    await page.locator("#echo a").click();
    await expect.poll(() => values(standIn)).toEqual([{ by: "link" }]);
    expect(page.url()).toBe(formUrl(server.url));
  });
});
