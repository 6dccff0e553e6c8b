/**
 * `<WsForm>`: what a form sends over its socket, what keeps it from sending, and what becomes of messages while the
 * socket is down. The server echoes the values that it has read into `#echo`, and the headers into its `data-headers`.
 */

import type { Page } from "@playwright/test";
import { isCsr, NOT_RENDERED } from "../build_mode.ts";
import { expect, NETWORK_ERRORS, test } from "../live.ts";
import { openLive } from "../live_page.ts";

const formUrl = (base: string, query = "") => `${base}/testkit/form${query}`;
const echo = (page: Page) => page.locator("#echo");

/** The values that the server has read last. */
async function echoed(page: Page): Promise<Record<string, unknown>> {
  return JSON.parse((await echo(page).textContent()) ?? "") as Record<string, unknown>;
}

/** Clicks, and waits until the server has read a message with this text. */
async function send(page: Page, button: string, text: string): Promise<Record<string, unknown>> {
  await page.locator("#form [name=text]").fill(text);
  await page.locator(button).click();
  await expect(echo(page)).toContainText(`"text":"${text}"`);
  return echoed(page);
}

test.describe("as the server renders it", () => {
  test.skip(isCsr, NOT_RENDERED);
  test.use({ javaScriptEnabled: false });

  test("is a form that posts", async ({ page, server, allowConsole }) => {
    // The answer is a fragment, which names no icon.
    allowConsole(/favicon\.ico/);
    await page.goto(formUrl(server.url));
    await expect(page.locator("#form")).toHaveAttribute("hx-ws", "send");
    await expect(page.locator("#form")).toHaveAttribute("action", "/testkit/answer");
    await expect(page.locator("#form")).toHaveAttribute("method", "post");
    await page.locator("#save").click();
    await expect(page.locator(".answer")).toHaveAttribute("data-method", "POST");
    await expect(page.locator(".answer")).toHaveAttribute("data-body", /(^|&)text=hello&.*&act=save$/);
  });
});

test("@csr WSS-03, WSS-09, VAL-03: sends every field as the browser sees it", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  expect(await send(page, "#plain", 'typed "text"'.replaceAll('"', "'"))).toEqual({
    hidden: "hidden value",
    text: "typed 'text'",
    required: "given",
    number: "5",
    date: "2026-01-31",
    long: "one\ntwo",
    one: "b",
    some: ["a", "c"],
    box: ["1", "3"],
    radio: "y",
  });
  expect(page.url()).toBe(formUrl(server.url));
});

test("WSS-04: sends htmx's headers beside the values", async ({ page, server }) => {
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => frames.push(String(payload))));
  await openLive(page, formUrl(server.url));
  await send(page, "#plain", "with headers");
  const message = JSON.parse(frames.at(-1) ?? "") as { HEADERS?: unknown };
  const headers = {
    "HX-Request": "true",
    "HX-Trigger": "form",
    "HX-Trigger-Name": null,
    "HX-Target": "form",
    "HX-Current-URL": page.url(),
  };
  expect(message.HEADERS).toEqual(headers);
  expect(JSON.parse((await echo(page).getAttribute("data-headers")) ?? "")).toEqual(headers);
});

test("@csr WSS-10: the button that was clicked counts, also from outside the form", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  expect(await send(page, "#save", "1")).toMatchObject({ act: "save" });
  expect(await send(page, "#plain", "2")).not.toHaveProperty("act");
  expect(await send(page, "#outside", "3")).toMatchObject({ act: "outside" });
  await page.locator("#form [name=text]").fill("4");
  await page.locator("#form [name=text]").press("Enter");
  await expect(echo(page)).toContainText('"text":"4"');
  // The browser takes the form's first button, which has no name.
  expect(await echoed(page)).not.toHaveProperty("act");
});

test("WSS-13, WSS-15: what is not valid is not sent, and the page stays", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  const halted = page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        document.addEventListener("htmx:validation:halted", (event) => {
          const errors = (event as CustomEvent<{ elt: HTMLInputElement; message: string }[]>).detail;
          resolve(errors.map(({ elt, message }) => `${elt.name}: ${message === "" ? "no reason" : "a reason"}`));
        });
      }),
  );
  // A form with `novalidate` would not be checked by the browser itself; the library must.
  await page.locator("#form [name=required]").fill("");
  await page.locator("#form [name=number]").fill("10");
  // The browser's own check would stop the submit before anybody hears of it.
  await page.locator("#form").evaluate((form: HTMLFormElement) => form.dispatchEvent(new SubmitEvent("submit", { cancelable: true, bubbles: true })));
  expect(await halted).toEqual(["required: a reason", "number: a reason"]);
  await expect(page.locator("#form [name=required]")).toBeFocused();
  await page.locator("#form [name=required]").fill("given");
  await page.locator("#form [name=number]").fill("9");
  expect(await send(page, "#plain", "valid")).toMatchObject({ number: "9" });
  await expect(page.locator("#room p")).toHaveText(["valid"]);
});

test("WSS-13: a button with formnovalidate sends what is not valid", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.locator("#form [name=required]").fill("");
  await page.locator("#save").click();
  expect(await send(page, "#draft", "a draft")).toMatchObject({ required: "", act: "draft" });
  await expect(page.locator("#room p")).toHaveText(["a draft"]);
});

for (const { query, text } of [
  { query: "?reset=1", text: "hello" },
  { query: "", text: "typed" },
]) {
  test(`@csr WSS-30: after sending, ${query === "" ? "without" : "with"} reset_on_send`, async ({ page, server }) => {
    await openLive(page, formUrl(server.url, query));
    await send(page, "#plain", "typed");
    await expect(page.locator("#form [name=text]")).toHaveValue(text);
  });
}

test("WSS-17: scripts may change a message, replace it, or hold it back", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.evaluate(() => {
    interface Config {
      parameters: Record<string, unknown>;
      headers: Record<string, string>;
      messageBody?: string;
    }
    document.addEventListener("htmx:wsConfigSend", (event) => {
      const { detail } = event as CustomEvent<Config>;
      if (detail.parameters["text"] === "hold") event.preventDefault();
      if (detail.parameters["text"] === "replace") detail.messageBody = '{"text": "replaced", "HEADERS": {}}';
      if (detail.parameters["text"] === "change") {
        detail.parameters["added"] = [1, true];
        detail.headers["X-Added"] = "yes";
      }
    });
  });
  await page.locator("#form [name=text]").fill("hold");
  await page.locator("#plain").click();
  expect(await send(page, "#plain", "change")).toMatchObject({ added: [1, true], required: "given" });
  expect(await echo(page).getAttribute("data-headers")).toContain('"X-Added":"yes"');
  await page.locator("#form [name=text]").fill("replace");
  await page.locator("#plain").click();
  await expect(echo(page)).toHaveText('{"text":"replaced"}');
  await expect(page.locator("#room p")).toHaveText(["change", "replaced"]);
});

test("WSS-20, WSS-21: scripts hear of each transmission, and may drop it", async ({ page, server }) => {
  await openLive(page, formUrl(server.url));
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const name of ["htmx:wsBeforeSend", "htmx:wsAfterSend"]) {
      document.addEventListener(name, (event) => {
        const { detail, target } = event as CustomEvent<{ message: string; elt: Element }>;
        const { text } = JSON.parse(detail.message) as { text: string };
        heard.push(`${name} ${text} ${(target as Element).id} ${detail.elt === target}`);
        if (text === "drop") event.preventDefault();
      });
    }
  });
  await page.locator("#form [name=text]").fill("drop");
  await page.locator("#plain").click();
  await send(page, "#plain", "keep");
  await expect(page.locator("#room p")).toHaveText(["keep"]);
  expect(await page.evaluate("window.heard")).toEqual([
    "htmx:wsBeforeSend drop form true",
    "htmx:wsBeforeSend keep form true",
    "htmx:wsAfterSend keep form true",
  ]);
});

test("WSQ-01, WSQ-02: while the socket is down messages wait, and go out in order, once", async ({
  page,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  await openLive(page, formUrl(faultProxy.url, "?reset=1"));
  await faultProxy.refuse();
  await expect(page.locator("#source")).toHaveAttribute("data-state", "reconnecting");
  for (const text of ["first", "second", "third"]) {
    await page.locator("#form [name=text]").fill(text);
    await page.locator("#plain").click();
    // It was taken, so the form is ready for the next.
    await expect(page.locator("#form [name=text]")).toHaveValue("hello");
  }
  await expect(echo(page)).toHaveText("no answer");
  await faultProxy.pass();
  await expect(echo(page)).toContainText('"text":"third"');
  await expect(page.locator("#room p")).toHaveText(["first", "second", "third"]);
  await expect(page.locator("#error")).toBeEmpty();
});

test("WSQ-04: a message for which there is no room is an error that one sees", async ({
  page,
  faultProxy,
  allowConsole,
}) => {
  allowConsole(NETWORK_ERRORS);
  await openLive(page, formUrl(faultProxy.url));
  await faultProxy.refuse();
  await expect(page.locator("#source")).toHaveAttribute("data-state", "reconnecting");
  const submit = (text: string) =>
    page.evaluate((text) => {
      const form = document.querySelector<HTMLFormElement>("#form");
      const field = form?.querySelector<HTMLInputElement>("[name=text]");
      if (form && field) {
        field.value = text;
        form.requestSubmit();
      }
    }, text);
  for (let number = 1; number <= 100; number += 1) await submit(String(number));
  await expect(page.locator("#error")).toBeEmpty();
  await submit("one too many");
  await expect(page.locator("#error")).toContainText("100");
  await faultProxy.pass();
  await expect(page.locator("#room p")).toHaveCount(100);
  const texts = await page.locator("#room p").allTextContents();
  expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)));
});
