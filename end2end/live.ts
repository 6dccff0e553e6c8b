/**
 * The suite's `test`: Playwright's, with a showcase, fault proxies, and a guard over console and server.
 *
 * A spec imports everything from here. What a test does not name is not started, except the guard.
 */

import { expect, test as base, type Page, type TestInfo } from "@playwright/test";
import { ConsoleGuard } from "./console_guard.ts";
import { FaultProxy, type Upstream } from "./fault_proxy.ts";
import { ShowcaseServer } from "./server.ts";

export { launchOptionsWithBackForwardCache } from "./chromium.ts";
export { NETWORK_ERRORS } from "./console_guard.ts";
export { domEvents, type DomEvent } from "./dom_events.ts";
export { FaultProxy, ShowcaseServer, expect };
export type { ServerStats } from "./server.ts";

export interface LiveFixtures {
  /** Environment of `ownServer` on top of the usual; set it with `test.use({ serverEnv: { … } })`. */
  serverEnv: Record<string, string | undefined>;
  /** A showcase for this test alone, which it may stop, kill and restart. */
  ownServer: ShowcaseServer;
  /** Puts a fault proxy in front of a server; it is closed when the test ends. */
  makeProxy: (upstream: Upstream) => Promise<FaultProxy>;
  /** A fault proxy in front of `server`. (`proxy` is taken: it is Playwright's name for the browser's HTTP proxy.) */
  faultProxy: FaultProxy;
  /** Lets the test's pages complain about what matches; everything else still fails the test. */
  allowConsole: (pattern: RegExp) => void;
  /** Always there. */
  consoleGuard: ConsoleGuard;
  /** Always there: shows what the servers printed when the test fails, and fails it if one of them panicked. */
  serverOutput: void;
}

export interface LiveWorkerFixtures {
  /** One showcase for all tests of a worker. They run one after another, but must not stop it. */
  server: ShowcaseServer;
  /** The showcases whose output belongs to the current test. */
  servers: Set<ShowcaseServer>;
}

export const test = base.extend<LiveFixtures, LiveWorkerFixtures>({
  servers: [async ({}, use) => use(new Set()), { scope: "worker" }],

  server: [
    async ({ servers }, use) => {
      const server = await ShowcaseServer.start();
      servers.add(server);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  serverOutput: [
    async ({ servers }, use, testInfo) => {
      const marks = new Map([...servers].map((server) => [server, server.outputMark]));
      await use();
      const panics: string[] = [];
      for (const server of servers) {
        const output = server.outputSince(marks.get(server) ?? 0);
        panics.push(...output.split("\n").filter((line) => line.includes("panicked at")));
        const failed = testInfo.status !== testInfo.expectedStatus || panics.length > 0;
        if (failed && output !== "") await show(testInfo, server, output);
        if (!server.running) servers.delete(server);
      }
      expect(panics, "the server must not panic").toEqual([]);
    },
    { auto: true },
  ],

  // Naming `context` makes pages outlive the guard's judgement, and naming `serverOutput` puts the judgement before
  // the decision whether to show the output. Whatever makes pages complain when it ends names the guard.
  consoleGuard: [
    async ({ browser, context, serverOutput }, use) => {
      void [context, serverOutput];
      const guard = new ConsoleGuard(browser);
      await use(guard);
      await guard.judge();
    },
    { auto: true },
  ],

  allowConsole: async ({ consoleGuard }, use) => use((pattern) => consoleGuard.allow(pattern)),

  serverEnv: [{}, { option: true }],

  ownServer: async ({ serverEnv, servers, consoleGuard }, use) => {
    const server = await ShowcaseServer.start({ env: serverEnv });
    servers.add(server);
    await use(server);
    await consoleGuard.stop();
    await server.stop();
  },

  makeProxy: async ({ consoleGuard }, use) => {
    const proxies: FaultProxy[] = [];
    await use(async (upstream) => {
      const proxy = await FaultProxy.start(upstream);
      proxies.push(proxy);
      return proxy;
    });
    await consoleGuard.stop();
    for (const proxy of proxies) await proxy.close();
  },

  faultProxy: async ({ makeProxy, server }, use) => use(await makeProxy(server)),
});

/** Waits until the page's wasm has taken over the server's markup: the showcase then marks `<html data-hydrated>`. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("html"), "the page must hydrate").toHaveAttribute("data-hydrated");
}

/** The numbers in `#seq` in the order of the DOM. For `expect.poll(() => sequence(page)).toEqual([…])`. */
export async function sequence(page: Page): Promise<number[]> {
  return page.locator("#seq li").evaluateAll((items) => items.map((item) => Number(item.getAttribute("data-seq"))));
}

async function show(testInfo: TestInfo, server: ShowcaseServer, output: string): Promise<void> {
  await testInfo.attach(`showcase ${server.port}`, { body: output, contentType: "text/plain" });
  const lines = output.split("\n").slice(-40).join("\n");
  process.stdout.write(`\n--- ${testInfo.title}: the last the showcase at ${server.url} printed ---\n${lines}\n---\n`);
}
