/**
 * Fails a test whose pages complained: console errors, uncaught exceptions, crashes, and whatever speaks of hydration
 * or of a panic, in every context of the browser that the test opens.
 *
 * A fault test makes the browser itself report errors; it allows those by pattern, and by name, so that no other
 * passes with them.
 */

import type { Browser, BrowserContext, ConsoleMessage, Page, WebError } from "@playwright/test";

/**
 * What Chromium prints when a connection fails or ends early: for `allowConsole` in tests that cause it. An answer of
 * the server, such as a refused handshake, is not among it.
 */
export const NETWORK_ERRORS = new RegExp(
  [
    "net::ERR_CONNECTION_(REFUSED|RESET|CLOSED|ABORTED|TIMED_OUT)",
    "net::ERR_(EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)",
    "net::ERR_(NETWORK_CHANGED|NETWORK_IO_SUSPENDED|INTERNET_DISCONNECTED)",
    "WebSocket connection to '[^']*' failed(?!: Error during WebSocket handshake: Unexpected response code)",
  ].join("|"),
);

/** A page that is only slow answers within this, also on a machine that is starved of processor time. */
const PATIENCE_MS = 10_000;

/** Never harmless, not even as a warning. */
const ALARMING = [/hydrat/i, /unreachable/i, /panicked/i];

/**
 * A mistake in markup. Pages of the test kit make some on purpose; what visitors see has none. That a page has many streams
 * is no mistake of markup: the first of the demos has five, as its model has.
 */
const OF_MARKUP = /^leptos-live: (?!.* expected three streams at most )/;
const ON_PURPOSE = /\/(testkit|parity)\//;

interface Complaint {
  text: string;
  fatal: boolean;
}

export class ConsoleGuard {
  readonly #browser: Browser;
  readonly #contexts = new Set<BrowserContext>();
  readonly #complaints: Complaint[] = [];
  readonly #allowed: RegExp[] = [];
  readonly #crashes = new Map<Page, Promise<void>>();
  #stopped: Promise<void> | undefined;

  constructor(browser: Browser) {
    this.#browser = browser;
    browser.on("context", this.#watch);
    for (const context of browser.contexts()) this.#watch(context);
  }

  /** From here on and for what was already said: complaints that match do not fail the test. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** All errors and warnings so far, allowed or not, oldest first. */
  get messages(): string[] {
    return this.#complaints.map(({ text }) => text);
  }

  /**
   * Stops listening, after what the pages have said so far has arrived. Servers and proxies that go away at the end of
   * a test call this first, since their going makes pages complain.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Throws if there was anything that is not allowed. */
  async judge(): Promise<void> {
    await this.stop();
    const allowed = (text: string) => this.#allowed.some((pattern) => text.search(pattern) >= 0);
    const unexpected = this.#complaints.filter(({ fatal, text }) => fatal && !allowed(text));
    if (unexpected.length === 0) return;
    const list = unexpected.map(({ text }) => `  ${text}`).join("\n");
    const all = this.messages.map((text) => `  ${text}`).join("\n");
    throw new Error(`expected a quiet console, found\n${list}\nall errors and warnings were\n${all}`);
  }

  async #stop(): Promise<void> {
    const pages = [...this.#contexts].flatMap((context) => context.pages());
    await Promise.all(pages.map((page) => this.#hearOut(page)));
    this.#browser.off("context", this.#watch);
    for (const context of this.#contexts) {
      context.off("console", this.#onConsole);
      context.off("weberror", this.#onError);
      context.off("page", this.#onPage);
    }
  }

  /**
   * The browser's messages keep their order, so whatever a page said comes before its answer. A page that has crashed
   * gives none; one that hangs may have more to say, and fails the test, or its last complaint would be missed.
   */
  async #hearOut(page: Page): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const hangs = new Promise<"hangs">((resolve) => {
      timer = setTimeout(() => resolve("hangs"), PATIENCE_MS);
    });
    // A page that was closed meanwhile has said all that it will.
    const heard = page.evaluate("0").catch(() => {});
    const ended = await Promise.race([heard, this.#crashes.get(page) ?? hangs, hangs]);
    clearTimeout(timer);
    if (ended !== "hangs") return;
    this.#complaints.push({ text: `no answer within ${PATIENCE_MS} ms: ${page.url()}`, fatal: true });
  }

  readonly #watch = (context: BrowserContext): void => {
    this.#contexts.add(context);
    context.on("console", this.#onConsole);
    context.on("weberror", this.#onError);
    context.on("page", this.#onPage);
    context.pages().forEach(this.#onPage);
  };

  readonly #onConsole = (message: ConsoleMessage): void => {
    const type = message.type();
    if (type !== "error" && type !== "warning") return;
    const { url, lineNumber } = message.location();
    const text = `${type}: ${message.text()} (${url}:${lineNumber})`;
    const isMistake = OF_MARKUP.test(message.text()) && !ON_PURPOSE.test(message.page()?.url() ?? "");
    const isAlarming = ALARMING.some((each) => each.test(message.text()));
    this.#complaints.push({ text, fatal: type === "error" || isAlarming || isMistake });
  };

  readonly #onError = (webError: WebError): void => {
    const error = webError.error();
    this.#complaints.push({ text: `uncaught: ${error.stack ?? error.message}`, fatal: true });
  };

  readonly #onPage = (page: Page): void => {
    const crash = new Promise<void>((resolve) => page.once("crash", () => resolve()));
    this.#crashes.set(page, crash);
    void crash.then(() => {
      if (this.#stopped === undefined) this.#complaints.push({ text: `crashed: ${page.url()}`, fatal: true });
    });
  };
}
