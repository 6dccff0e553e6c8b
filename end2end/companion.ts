/** A server of somebody else's that runs beside the showcase, with a port and a folder of its own that outlive its process. */

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where they all listen. */
export const HOST = "127.0.0.1";

const START_MS = 10_000;

export class Companion {
  readonly folder: string;
  readonly #program: string;
  readonly #port: number;
  readonly #signal: NodeJS.Signals;
  #process: ChildProcess | undefined;

  /** Nothing runs until `start`; `signal` is what ends the process, with those that it has started. */
  constructor(program: string, port: number, signal: NodeJS.Signals) {
    this.#port = port;
    this.#signal = signal;
    this.folder = mkdtempSync(join(tmpdir(), `leptos-live-${basename(program)}-`));
    this.#program = program;
  }

  /** Starts the process, again after `end` and with what is in its folder; returns when it takes connections. */
  async start(args: readonly string[], complaints: "ignore" | "inherit"): Promise<void> {
    const child = spawn(this.#program, args, { stdio: ["ignore", "ignore", complaints] });
    this.#process = child;
    const endWithUs = () => child.kill(this.#signal);
    process.once("exit", endWithUs);
    child.once("close", () => process.off("exit", endWithUs));
    const deadline = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (performance.now() > deadline) throw new Error(`${this.#program} did not answer within ${START_MS} ms`);
      await sleep(20);
    }
  }

  /** Ends the process. */
  async end(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("close", resolve));
    running.kill(this.#signal);
    await ended;
  }

  /** Ends it and forgets its files. */
  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
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
