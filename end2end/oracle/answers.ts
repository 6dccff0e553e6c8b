/** What the page gets for its requests: an answer that says what was asked, always the same for the same request. */

import { readFile } from "node:fs/promises";
import type { Page, Request, Route } from "@playwright/test";
import { type Engine, scriptPath } from "./engine.ts";

const HTML = "text/html; charset=utf-8";

/** The headers that say who asks; they become part of the page and so of what is compared. */
const TOLD = ["hx-request", "hx-trigger", "hx-trigger-name", "hx-target", "hx-current-url", "x-own", "x-far"];

/** Answers what was held back, so many requests at least. */
export type Release = (count: number) => Promise<void>;

/**
 * Answers everything below `/oracle/`: what is asked under `answer`, the same under `held` once the returned function is
 * called, and under `refused` and `empty` what these words say. The showcase's own `/page/…` is answered like `answer`,
 * since the server's answers are drawn by lot.
 */
export async function answerRequests(page: Page, engine: Engine): Promise<Release> {
  let held: Route[] = [];
  const scripts = engine.scripts.map((file) => readFile(file, "utf8"));
  const isAsked = ({ pathname }: URL) => /^\/(oracle\/(?!script)|page\/)/.test(pathname);
  await page.route(isAsked, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith("/oracle/held/")) held.push(route);
    else if (pathname === "/oracle/refused") await route.fulfill({ status: 500, contentType: HTML, body: "<p>no</p>" });
    else if (pathname === "/oracle/empty") await route.fulfill({ status: 204, body: "" });
    else await answer(route);
  });
  for (const [number, script] of scripts.entries()) {
    const body = await script;
    await page.route(`**${scriptPath(number)}`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  }
  return async (count) => {
    // The browser may have asked, and we may not have heard of it yet.
    while (held.length < count) await new Promise((resolve) => setImmediate(resolve));
    const routes = held;
    held = [];
    await Promise.all(routes.map(answer));
  };
}

async function answer(route: Route): Promise<void> {
  // A page that has asked anew may have withdrawn the request.
  await route.fulfill({ contentType: HTML, body: described(route.request()) }).catch(() => {});
}

function described(request: Request): string {
  const { pathname, search } = new URL(request.url());
  const headers = TOLD.flatMap((name) => {
    const value = request.headers()[name];
    return value === undefined ? [] : [`<li>${name}: ${escaped(withoutOrigin(value))}</li>`];
  });
  const body = request.postData() ?? "";
  return (
    `<p class="answer">${request.method()} ${escaped(pathname + search)}</p>` +
    `<p class="body">${escaped(body)}</p><ul class="headers">${headers.join("")}</ul>`
  );
}

/** Pages of different spellings differ in their queries. */
function withoutOrigin(value: string): string {
  return value.startsWith("http://") ? new URL(value).pathname : value;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
