/**
 * Which Chromium the suite drives, and how it is started.
 *
 * A machine's own Chromium is preferred to Playwright's download, because the suite has to run where that download is
 * out of reach. The flags are those that a container without GPU and without a sandbox needs, those that keep the
 * browser from talking to anything but the server under test, and those that let a test measure memory.
 */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { LaunchOptions } from "@playwright/test";

/** The one without a window first: it needs less than half of the processor time. */
const NAMES = ["chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome"];

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  // A fault proxy forwards TCP; over QUIC a page could go round it.
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  // `gc()` and exact `performance.memory`, for the tests that look for leaks.
  "--js-flags=--expose-gc",
  "--enable-precise-memory-info",
];

/** The Chromium named by `CHROMIUM`, else the first on `PATH`; `undefined` leaves the choice to Playwright. */
export function chromiumExecutable(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const executablePath = chromiumExecutable();

/** How every test of the suite starts its browser. */
export const launchOptions: LaunchOptions = {
  args: ARGS,
  ...(executablePath === undefined ? {} : { executablePath }),
};

/**
 * The same with the back/forward cache, which Playwright turns off by default and real visitors have on. For
 * `test.use({ launchOptions: launchOptionsWithBackForwardCache })` at the top of a spec file. A restored page fires no
 * `load`, so such a test goes back with `page.goBack({ waitUntil: "commit" })`.
 */
export const launchOptionsWithBackForwardCache: LaunchOptions = {
  ...launchOptions,
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
};
