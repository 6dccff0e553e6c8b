/**
 * A Chromium of its own for each measurement, driven over the DevTools protocol through a pipe.
 *
 * Not through Playwright, which keeps the protocol's Network domain on: every event of a stream is then reported to it,
 * which alone makes the plainest page several times dearer.
 */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--disable-default-apps",
  "--no-first-run",
  "--enable-precise-memory-info",
  "--js-flags=--expose-gc",
  "--remote-debugging-pipe",
];

export class Chromium {
  #process;
  #profile;
  #next = 1;
  #waiting = new Map();
  #text = "";

  /** Starts the program at `executable`. */
  static async start(executable) {
    const chromium = new Chromium();
    chromium.#profile = await mkdtemp(join(tmpdir(), "leptos-live-bench-"));
    const child = spawn(executable, [...FLAGS, `--user-data-dir=${chromium.#profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      // A group of its own: what is at the path may be a script that starts the program.
      detached: true,
    });
    chromium.#process = child;
    child.stdio[4].setEncoding("utf8");
    child.stdio[4].on("data", (chunk) => chromium.#read(chunk));
    const gone = (reason) => {
      for (const { reject } of chromium.#waiting.values()) reject(new Error(`Chromium is gone: ${reason}`));
      chromium.#waiting.clear();
    };
    child.on("exit", gone);
    child.on("error", gone);
    return chromium;
  }

  #read(chunk) {
    const messages = (this.#text + chunk).split("\0");
    this.#text = messages.pop() ?? "";
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message);
      const asked = this.#waiting.get(id);
      if (asked === undefined) continue;
      this.#waiting.delete(id);
      if (error) asked.reject(new Error(`${asked.method}: ${error.message}`));
      else asked.resolve(result);
    }
  }

  /** One command of the protocol. */
  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** A new page; `before` is run in it before any script of its own. */
  async open(url, before) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await page.send("Performance.enable", { timeDomain: "timeTicks" });
    if (before !== undefined) {
      await page.send("Page.enable");
      await page.send("Page.addScriptToEvaluateOnNewDocument", { source: before });
    }
    await page.send("Page.navigate", { url });
    return page;
  }

  async stop() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    // All of it: a browser that is left over takes time from those that are measured after it.
    try {
      process.kill(-this.#process.pid, "SIGKILL");
      if (this.#process.exitCode === null && this.#process.signalCode === null) await ended;
    } catch (error) {
      // It has ended by itself, which whoever waits for its answers is told.
      if (error.code !== "ESRCH") throw error;
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Page {
  #chromium;
  #session;
  #target;

  constructor(chromium, session, target) {
    this.#chromium = chromium;
    this.#session = session;
    this.#target = target;
  }

  async close() {
    await this.#chromium.send("Target.closeTarget", { targetId: this.#target });
  }

  send(method, params) {
    return this.#chromium.send(method, params, this.#session);
  }

  /** The value of an expression in the page, awaited. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`in the page: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  /** Waits until an expression is true in the page. */
  async until(expression, what, limit = 120_000) {
    const end = Date.now() + limit;
    while (!(await this.evaluate(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`${what}: not so after ${limit / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** How long the main thread has been busy, in seconds. */
  async busy() {
    const { metrics } = await this.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  }
}
