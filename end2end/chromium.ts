/**
 * Which Chromium the suite drives, and how it is started.
 *
 * A machine's own Chromium is preferred to Playwright's download, because the suite has to run where that download is
 * out of reach. The flags are those that a container without GPU and without a sandbox needs, those that keep the
 * browser from talking to anything but the server under test, and those that let a test measure memory.
 */

import { accessSync, constants } from "node:fs";
import { basename, delimiter, join } from "node:path";
import type { LaunchOptions } from "@playwright/test";

/** Without a window: they need less than half of the processor time. */
const SHELLS = ["chromium-headless-shell", "chrome-headless-shell"];
const WINDOWED = ["chromium", "chromium-browser", "google-chrome"];

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
  return process.env["CHROMIUM"] || onPath([...SHELLS, ...WINDOWED]);
}

/** The same, but one that has everything that a visitor's browser has. */
function windowedExecutable(): string | undefined {
  const named = process.env["CHROMIUM"];
  return named && !SHELLS.includes(basename(named)) ? named : onPath(WINDOWED);
}

function onPath(names: string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
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

const windowed = windowedExecutable();

/**
 * The same with the back/forward cache, which Playwright turns off by default, browsers without a window do not have, and
 * real visitors have on. For `test.use({ launchOptions: launchOptionsWithBackForwardCache })` at the top of a spec file. A
 * restored page fires no `load`, so such a test goes back with `page.goBack({ waitUntil: "commit" })`.
 */
export const launchOptionsWithBackForwardCache: LaunchOptions = {
  args: ARGS,
  ...(windowed === undefined ? { channel: "chromium" } : { executablePath: windowed }),
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
};
