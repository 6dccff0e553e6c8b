/**
 * A server of an engine, on which several showcases are one site: as Debian ships it, with a port and a folder of its own that
 * outlive its process, and with every write on disk before it is answered.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free_port.ts";
import { findProgram } from "./program.ts";

const HOST = "127.0.0.1";
const START_MS = 10_000;

/** How an engine is started. */
interface Launch {
  program: string;
  variable: string;
  arguments(port: number, folder: string): string[];
}

const LAUNCHES = {
  redis: {
    program: "redis-server",
    variable: "REDIS_SERVER",
    arguments: (port, folder) => [
      ...["--port", `${port}`, "--bind", HOST, "--dir", folder],
      ...["--appendonly", "yes", "--appendfsync", "always", "--save", ""],
    ],
  },
  nats: {
    program: "nats-server",
    variable: "NATS_SERVER",
    arguments: (port, folder) => ["-a", HOST, "-p", `${port}`, "-js", "-sd", folder],
  },
} satisfies Record<string, Launch>;

export type EngineName = keyof typeof LAUNCHES;

export const ENGINES = Object.keys(LAUNCHES) as EngineName[];

/** Where the program of an engine is; `undefined` on a machine without it. */
export function engineProgram(name: EngineName): string | undefined {
  return findProgram(LAUNCHES[name].program, LAUNCHES[name].variable);
}

export class Engine {
  /** What a showcase is told in `LEPTOS_LIVE_BROKER`. */
  readonly url: string;
  readonly #program: string;
  readonly #port: number;
  readonly #arguments: string[];
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(name: EngineName, program: string, port: number) {
    this.#program = program;
    this.#port = port;
    this.#folder = mkdtempSync(join(tmpdir(), `leptos-live-${name}-`));
    this.#arguments = LAUNCHES[name].arguments(port, this.#folder);
    this.url = `${name}://${HOST}:${port}`;
  }

  /** A server that takes connections. */
  static async start(name: EngineName, program: string): Promise<Engine> {
    const engine = new Engine(name, program, await freePort());
    await engine.start();
    return engine;
  }

  /** Starts the process, again after `kill` and with what is in its folder. */
  async start(): Promise<void> {
    const child = spawn(this.#program, this.#arguments, { stdio: "ignore" });
    this.#process = child;
    const killWithUs = () => child.kill("SIGKILL");
    process.once("exit", killWithUs);
    child.once("close", () => process.off("exit", killWithUs));
    const deadline = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (performance.now() > deadline) throw new Error(`${this.#program} did not answer within ${START_MS} ms`);
      await sleep(20);
    }
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("close", resolve));
    running.kill("SIGKILL");
    await ended;
  }

  /** Ends it and forgets its files. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, HOST);
      socket.once("error", () => resolve(false));
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
    });
  }
}
