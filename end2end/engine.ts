/**
 * A server of an engine, on which several showcases are one site: as Debian ships it, with a port and a folder of its own that
 * outlive its process, and with every write on disk before it is answered.
 */

import { Companion, HOST } from "./companion.ts";
import { freePort } from "./free_port.ts";
import { findProgram } from "./program.ts";

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
  readonly #companion: Companion;
  readonly #arguments: string[];

  private constructor(name: EngineName, program: string, port: number) {
    // As a crash would.
    this.#companion = new Companion(program, port, "SIGKILL");
    this.#arguments = LAUNCHES[name].arguments(port, this.#companion.folder);
    this.url = `${name}://${HOST}:${port}`;
  }

  /** A server that takes connections. */
  static async start(name: EngineName, program: string): Promise<Engine> {
    const engine = new Engine(name, program, await freePort());
    await engine.start();
    return engine;
  }

  /** Starts the process, again after `kill` and with what is in its folder. */
  start(): Promise<void> {
    return this.#companion.start(this.#arguments, "ignore");
  }

  /** Ends the process as a crash would. */
  kill(): Promise<void> {
    return this.#companion.end();
  }

  /** Ends it and forgets its files. */
  remove(): Promise<void> {
    return this.#companion.remove();
  }
}
