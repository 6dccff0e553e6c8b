/**
 * The showcase as a process of its own: started, asked, stopped, killed and started again by the tests.
 *
 * Each instance has a port that stays its own while the process is down, so that open pages can find the server again.
 * Questions go to the test kit (`/testkit/…`, see src/docs/testkit.md), each over a connection of its own: a pooled one
 * would die with the process and count among its connections.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { request } from "node:http";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "./free_port.ts";

/** Where the server runs, and what relative paths in the environment are relative to, as they are for the server. */
const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const START_MS = 20_000;
const STOP_MS = 10_000;
const POLL_MS = 25;
/** The newest output is kept up to this many characters. */
const OUTPUT_KEPT = 1 << 20;

/** What `GET /testkit/stats` answers. */
export interface ServerStats {
  sse_connections: number;
  ws_connections: number;
  topics: Record<string, { subscribers: number; published: number; retained: number }>;
  published: number;
  delivered: number;
  replayed: number;
  gaps: number;
  dropped: number;
  /** Refusals by reason. */
  refused: Record<string, number>;
  tasks: number;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerOptions {
  /** Default: a free one. */
  port?: number;
  /** Added to the environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
}

interface Running {
  process: ChildProcess;
  exited: Promise<Exit>;
}

export class ShowcaseServer {
  readonly host = "127.0.0.1";
  readonly port: number;
  /** How the latest process ended; `undefined` while it runs. */
  lastExit: Exit | undefined;
  readonly #env: Record<string, string | undefined>;
  #running: Running | undefined;
  #output = "";
  #outputLength = 0;

  private constructor(port: number, env: Record<string, string | undefined>) {
    this.port = port;
    this.#env = env;
  }

  /** A server that answers. */
  static async start(options: ServerOptions = {}): Promise<ShowcaseServer> {
    const server = new ShowcaseServer(options.port ?? (await freePort()), options.env ?? {});
    await server.start();
    return server;
  }

  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Whether the process is there. */
  get running(): boolean {
    return this.#running !== undefined && this.lastExit === undefined;
  }

  /** A place in the output, for `outputSince`. */
  get outputMark(): number {
    return this.#outputLength;
  }

  /** What the processes of this instance have printed since `mark`, standard output and error together. */
  outputSince(mark: number): string {
    const wanted = this.#outputLength - mark;
    return wanted <= 0 ? "" : this.#output.slice(-wanted);
  }

  /** Starts the process again after `stop` or `kill`, on the same port; returns when it answers. */
  async start(): Promise<void> {
    if (this.running) throw new Error(`the showcase at ${this.url} runs already`);
    const binary = resolve(REPOSITORY, process.env["SHOWCASE_BIN"] ?? "target/debug/showcase");
    if (!existsSync(binary)) {
      throw new Error(`expected the showcase at ${binary}, found nothing: build it, or set SHOWCASE_BIN`);
    }
    const child = spawn(binary, {
      cwd: REPOSITORY,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        LEPTOS_OUTPUT_NAME: "showcase",
        LEPTOS_SITE_ADDR: `${this.host}:${this.port}`,
        LEPTOS_SITE_ROOT: resolve(REPOSITORY, process.env["LEPTOS_SITE_ROOT"] ?? "target/site"),
        LEPTOS_SITE_PKG_DIR: "pkg",
        LEPTOS_LIVE_TESTKIT: "1",
        ...this.#env,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
    }
    const killWithUs = () => child.kill("SIGKILL");
    process.once("exit", killWithUs);
    this.lastExit = undefined;
    const exited = new Promise<Exit>((resolve) => {
      const ended = (exit: Exit) => {
        process.off("exit", killWithUs);
        this.lastExit = exit;
        resolve(exit);
      };
      child.once("error", (error) => {
        this.#keep(`cannot run ${binary}: ${error.message}\n`);
        ended({ code: null, signal: null });
      });
      child.once("close", (code, signal) => ended({ code, signal }));
    });
    this.#running = { process: child, exited };
    await this.#answers();
  }

  /**
   * Asks the server to end (SIGTERM) and returns how many milliseconds it took. One that is still there after ten
   * seconds is killed, and that is an error, as is one that had ended before it was asked.
   */
  async stop(): Promise<number> {
    const running = this.#running;
    if (running === undefined) return 0;
    if (!this.running) {
      this.#running = undefined;
      throw new Error(this.#describe("had ended before it was stopped"));
    }
    const began = performance.now();
    let overdue = false;
    const timer = setTimeout(() => {
      overdue = true;
      running.process.kill("SIGKILL");
    }, STOP_MS);
    running.process.kill("SIGTERM");
    await running.exited;
    clearTimeout(timer);
    this.#running = undefined;
    if (overdue) throw new Error(this.#describe(`did not end within ${STOP_MS} ms of SIGTERM and was killed`));
    return Math.round(performance.now() - began);
  }

  /** Ends the process as a crash would (SIGKILL). */
  async kill(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.process.kill("SIGKILL");
    await running.exited;
  }

  /** Stops if it runs, and starts on the same port: a new epoch, with nothing kept. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Publishes `data`, verbatim, and returns the event's Position. */
  async publish(topic: string, event: string, data: string | Uint8Array): Promise<string> {
    const query = new URLSearchParams({ topic, event });
    const { status, body } = await this.#ask("POST", `/testkit/publish?${query}`, data);
    if (status !== 200) throw new Error(`publish of ${event} to ${topic}: expected 200, found ${status}: ${body}`);
    const answer: unknown = JSON.parse(body);
    const known = typeof answer === "object" && answer !== null && "position" in answer;
    if (known && typeof answer.position === "string") return answer.position;
    throw new Error(`publish of ${event} to ${topic}: expected {"position": "…"}, found ${body}`);
  }

  /** The server's counters now. */
  async stats(): Promise<ServerStats> {
    const { status, body } = await this.#ask("GET", "/testkit/stats");
    if (status !== 200) throw new Error(`stats: expected 200, found ${status}: ${body}`);
    return JSON.parse(body) as ServerStats;
  }

  /** Waits until the counters satisfy `predicate` and returns them; `message` says what was expected. */
  async expectStats(
    predicate: (stats: ServerStats) => boolean,
    message: string,
    timeoutMs = 10_000,
  ): Promise<ServerStats> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const stats = await this.stats();
      if (predicate(stats)) return stats;
      if (performance.now() > deadline) {
        throw new Error(`expected ${message} within ${timeoutMs} ms, found ${JSON.stringify(stats, null, 2)}`);
      }
      await sleep(POLL_MS);
    }
  }

  async #answers(): Promise<void> {
    const deadline = performance.now() + START_MS;
    for (;;) {
      // Any answer will do: a test may have turned the test kit off.
      const answered = await this.#ask("GET", "/testkit/stats").then(
        () => true,
        () => false,
      );
      if (!this.running) {
        this.#running = undefined;
        throw new Error(this.#describe("ended instead of starting"));
      }
      if (answered) return;
      if (performance.now() > deadline) {
        await this.kill();
        throw new Error(this.#describe(`did not answer within ${START_MS} ms and was killed`));
      }
      await sleep(POLL_MS);
    }
  }

  #ask(method: string, path: string, data?: string | Uint8Array): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        const state = this.running ? "" : `, which does not run (${JSON.stringify(this.lastExit)})`;
        reject(new Error(`${method} ${path} on ${this.url}${state}: ${error.message}`));
      };
      const asked = request(
        { host: this.host, port: this.port, method, path, agent: false, timeout: STOP_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", failed);
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
          });
        },
      );
      asked.on("timeout", () => asked.destroy(new Error(`no answer within ${STOP_MS} ms`)));
      asked.on("error", failed);
      asked.end(data);
    });
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
    this.#outputLength += text.length;
  }

  #describe(what: string): string {
    const exit = JSON.stringify(this.lastExit ?? "still running");
    return `the showcase at ${this.url} ${what} (${exit}); its last output:\n${this.#output.slice(-4_000)}`;
  }
}
