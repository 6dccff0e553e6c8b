/**
 * The work area of the upstream cases: a test puts markup into the empty page `/testkit/blank`, plays the network, and
 * sees what the markup does.
 *
 * One page serves all cases of a worker. After each one the area is emptied, and nothing may stay open or come back.
 * The page's time stands still unless a case lets it go on.
 */

import type { Page } from "@playwright/test";
import { expect, hydrated, test as base, type ShowcaseServer } from "../live.ts";
import { skipTime, stopTime, takeTime } from "../page_clock.ts";
import {
  installDriver,
  type Driver,
  type Network,
  type RequestFacts,
  type SocketFacts,
  type State,
  type StreamFacts,
} from "./driver.ts";

export { expect };

/** Longer than any delay before a new attempt. */
const ALL_DELAYS_MS = 120_000;
/** Whoever waits for an answer over HTTP looks often, since it takes a few milliseconds. */
const SOON = { intervals: [2, 4, 8, 16, 32, 64] };

export class WorkArea {
  /** What requests are answered, by path; others get nothing. */
  readonly answers: Record<string, string> = {};
  readonly #page: Page;
  readonly #address: string;

  private constructor(page: Page) {
    this.#page = page;
    this.#address = page.url();
  }

  /** The page for all cases of a worker. */
  static async prepare(page: Page, server: ShowcaseServer): Promise<void> {
    await takeTime(page);
    await page.addInitScript(installDriver);
    await page.goto(`${server.url}/testkit/blank`);
    await hydrated(page);
    await page.waitForFunction(() => window.leptosLive !== undefined);
    await page.evaluate(() => window.parity.prepare());
    await stopTime(page);
  }

  /** The empty area of one case. */
  static async begin(page: Page): Promise<WorkArea> {
    const area = new WorkArea(page);
    await page.route("**/parity/**", (route) => {
      const { pathname } = new URL(route.request().url());
      return route.fulfill({ contentType: "text/html", body: area.answers[pathname] ?? "" });
    });
    await page.evaluate(() => window.parity.begin());
    return area;
  }

  /** Empties the area; then nothing is open any more, and nothing comes back. */
  async end(): Promise<void> {
    const left = "a connection whose element has gone";
    expect(await this.#call("end"), left).toEqual([]);
    await skipTime(this.#page, ALL_DELAYS_MS);
    expect(await this.#call("end"), `${left}, opened later`).toEqual([]);
    expect(this.#page.url(), "the page must stay").toBe(this.#address);
    await this.#page.unroute("**/parity/**");
  }

  /** Makes this the content of the area, and live; its connections meet the network. */
  make(markup: string): Promise<void> {
    return this.#call("make", markup);
  }

  click(selector: string): Promise<void> {
    return this.#call("click", selector);
  }

  /** Takes an element away as a foreign script does. */
  remove(selector: string): Promise<void> {
    return this.#call("remove", selector);
  }

  /** What connections meet from now on; `accepts` at first. */
  async network(network: Network): Promise<void> {
    await this.#call("setNetwork", network);
  }

  /** What is drawn from now on wherever chance decides, from 0 to 1. */
  async chance(chance: number): Promise<void> {
    await this.#call("setChance", chance);
  }

  /** Lets the page's time go on. */
  async tick(ms: number): Promise<void> {
    await this.#page.clock.runFor(ms);
    await this.#call("rest");
  }

  /** The streams that were opened in this case. */
  streams(): Promise<StreamFacts[]> {
    return this.#call("streams");
  }

  /** The newest stream. */
  async stream(): Promise<StreamFacts> {
    const newest = (await this.streams()).at(-1);
    if (newest === undefined) throw new Error("expected a stream, found none");
    return newest;
  }

  /** A message on the newest stream, with an id if it has one. */
  say(name: string, data = "", id = ""): Promise<void> {
    return this.#call("say", name, data, id);
  }

  /** The newest stream is lost, and the browser has given up on it. */
  loseStream(): Promise<void> {
    return this.#call("loseStream");
  }

  /** The sockets that were opened in this case. */
  sockets(): Promise<SocketFacts[]> {
    return this.#call("sockets");
  }

  /** The newest socket. */
  async socket(): Promise<SocketFacts> {
    const newest = (await this.sockets()).at(-1);
    if (newest === undefined) throw new Error("expected a socket, found none");
    return newest;
  }

  /** The messages that were sent on the newest socket. */
  async sent(): Promise<Record<string, unknown>[]> {
    return (await this.socket()).sent.map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  /** The same without their headers. */
  async sentValues(): Promise<Record<string, unknown>[]> {
    return (await this.sent()).map(({ HEADERS: _, ...values }) => values);
  }

  /** A frame on the newest socket. */
  frame(data: string): Promise<void> {
    return this.#call("frame", data);
  }

  /** The newest socket ends; 1006 is a lost connection. */
  endSocket(code = 1006): Promise<void> {
    return this.#call("endSocket", code);
  }

  /** The newest socket reports an error. */
  failSocket(): Promise<void> {
    return this.#call("failSocket");
  }

  /**
   * Runs in the page whenever this event reaches the document, so it has to hold everything that it uses but what it is
   * `given`.
   */
  async on<A>(name: string, listener: (event: CustomEvent, given: A) => void, given?: A): Promise<void> {
    const bound = `(event) => (${listener})(event, ${JSON.stringify(given)})`;
    await this.#page.evaluate(`window.parity.listen(${JSON.stringify(name)}, ${bound})`);
  }

  /** The events of these names that elements were told, in their order: `name element`. */
  told(...names: string[]): Promise<string[]> {
    return this.#page.evaluate((names) => {
      const meant = window.parity.told.filter(({ type }) => names.includes(type));
      return meant.map(({ type, target }) => `${type} ${(target as Element).id || (target as Element).localName}`);
    }, names);
  }

  /** What `read` finds in each event of a name. It runs in the page, so it has to hold everything that it uses. */
  async details<T>(name: string, read: (detail: any, event: CustomEvent) => T): Promise<T[]> {
    const events = `window.parity.told.filter(({ type }) => type === ${JSON.stringify(name)})`;
    return this.#page.evaluate<T[]>(`${events}.map((event) => (${read})(event.detail, event))`);
  }

  /** What was requested, as `GET /path`. */
  async requested(): Promise<string[]> {
    return (await this.requests()).map(({ line }) => line);
  }

  requests(): Promise<RequestFacts[]> {
    return this.#page.evaluate(() => window.parity.requests);
  }

  /** What became of the answers to requests of `/parity/streamed…`, which are event streams. */
  streamedAnswers(): Promise<State[]> {
    return this.#call("answers");
  }

  /** More of the newest such answer, as it stands on the wire. */
  write(text: string): Promise<void> {
    return this.#call("write", text);
  }

  /** The newest such answer ends in good order. */
  finish(): Promise<void> {
    return this.#call("finish");
  }

  /** The newest such answer ends in the middle. */
  breakOff(): Promise<void> {
    return this.#call("breakOff");
  }

  /** The text of an element, every character of it; `undefined` if there is no such element. */
  async text(selector: string): Promise<string | undefined> {
    const found = await this.#page.evaluate((selector) => document.querySelector(selector)?.textContent, selector);
    return found ?? undefined;
  }

  /** The texts of some elements. */
  texts(...selectors: string[]): Promise<(string | undefined)[]> {
    return Promise.all(selectors.map((selector) => this.text(selector)));
  }

  /** Waits for this text, which an answer over HTTP brings. */
  async shows(selector: string, text: string): Promise<void> {
    await expect.poll(() => this.text(selector), { ...SOON, message: `the text of ${selector}` }).toBe(text);
    await this.#call("rest");
  }

  /** Something else about the page, asked or done by a script. */
  async run<T, A>(script: (argument: A) => T, argument: A): Promise<T>;
  async run<T>(script: () => T): Promise<T>;
  async run(script: (argument: unknown) => unknown, argument?: unknown): Promise<unknown> {
    const answer = await this.#page.evaluate(script, argument);
    await this.#call("rest");
    return answer;
  }

  /** Calls a function of the driver in the page. */
  #call<K extends keyof Driver>(
    name: K,
    ...given: Driver[K] extends (...given: infer A) => unknown ? A : never
  ): Promise<Driver[K] extends (...given: never[]) => infer R ? Awaited<R> : never> {
    return this.#page.evaluate(`window.parity.${name}(...${JSON.stringify(given)})`);
  }
}

export const test = base.extend<{ area: WorkArea }, { blankPage: Page }>({
  blankPage: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const page = await context.newPage();
      await WorkArea.prepare(page, server);
      await use(page);
      await context.close();
    },
    { scope: "worker" },
  ],

  area: async ({ blankPage, consoleGuard }, use) => {
    void consoleGuard;
    const area = await WorkArea.begin(blankPage);
    await use(area);
    await area.end();
  },
});
