/**
 * How the suite runs: one browser, real servers on ports of their own, no retries.
 *
 * A retry would hide exactly what the suite is for (lost events, races at reconnection), so a test that fails once has
 * failed. Each worker starts its own showcase (see `live.ts`); hence no `webServer` here.
 */

import { defineConfig, type ReporterDescription } from "@playwright/test";
import { NOT_ASKED } from "./build_mode.ts";
import { launchOptions } from "./chromium.ts";

/** `cargo xtask test` reads the counts from this file. */
const jsonFile = process.env["PLAYWRIGHT_JSON_OUTPUT_FILE"];

const reporter: ReporterDescription[] = [["line"]];
if (jsonFile) reporter.push(["json", { outputFile: jsonFile }]);

export default defineConfig({
  testDir: "tests",
  testIgnore: NOT_ASKED,
  fullyParallel: true,
  // More than a small machine's two processors: half of a test's time is waiting for a server, a timer or a reconnection.
  workers: 5,
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  // Conditions end a wait; these only end a test on a machine that is starved of processor time.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter,
  use: {
    // Animations are drawn in software here, which costs the processor time that pages and servers need.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    trace: process.env["TRACE"] ? "retain-on-failure" : "off",
  },
  projects: [{ name: "chromium", use: { browserName: "chromium", launchOptions } }],
});
