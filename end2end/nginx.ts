/**
 * nginx in front of one server or several, as Debian ships it and with its default buffering.
 *
 * The program is the one that the variable `NGINX` names, or one on PATH or in `/usr/sbin`.
 */

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "./program.ts";

const HOST = "127.0.0.1";
const START_MS = 10_000;

/** One server, and everything else as nginx does it by itself. */
export function inFrontOfOne(port: number, app: string): string {
  return `
      map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
      server {
        listen ${HOST}:${port};
        location / {
          proxy_pass ${app};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
        }
      }`;
}

/** Several, as the documentation recommends it: the showcase's own file, at these ports. */
export function inFrontOfSeveral(port: number, nodes: readonly { port: number }[]): string {
  const ports = [port, ...nodes.map((node) => node.port)];
  const example = readFileSync(new URL("../showcase/nginx.conf", import.meta.url), "utf8");
  return example.replace(/127\.0\.0\.1:300(\d)/g, (_, index) => `${HOST}:${ports[Number(index)]}`);
}

/** A site, at the level of `http`, in one process of nginx. */
function configuration(site: string): string {
  return `daemon off; pid nginx.pid; error_log stderr crit; worker_processes 1;
    # What is connected when the configuration is read anew is cut, and not kept until it leaves by itself.
    worker_shutdown_timeout 200ms;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events { worker_connections 128; }
    http {
      access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      gzip on;
      ${site}
    }`;
}

/** Where the program is; `undefined` on a machine without it. */
export function nginxProgram(): string | undefined {
  return findProgram("nginx", "NGINX");
}

export class Nginx {
  readonly url: string;
  readonly #program: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "leptos-live-nginx-"));
  #process: ChildProcess | undefined;

  /** Nothing runs until `start`. */
  constructor(program: string, port: number, site: string) {
    this.#program = program;
    this.#port = port;
    this.url = `http://${HOST}:${port}`;
    writeFileSync(join(this.#folder, "nginx.conf"), configuration(site));
  }

  /** Starts it; returns when it takes connections. */
  async start(): Promise<void> {
    this.#process = spawn(this.#program, this.#arguments(), { stdio: ["ignore", "ignore", "inherit"] });
    const deadline = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (performance.now() > deadline) throw new Error(`nginx did not answer within ${START_MS} ms`);
      await sleep(20);
    }
  }

  /** Reads the configuration anew, as after a deploy: new workers take over, and the old ones end. */
  reload(): void {
    const asked = spawnSync(this.#program, [...this.#arguments(), "-s", "reload"], { encoding: "utf8" });
    if (asked.status !== 0) throw new Error(`nginx -s reload: expected 0, found ${asked.status}: ${asked.stderr}`);
  }

  /** Ends it at once, with all connections. */
  async stop(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("close", resolve));
    // Its fast shutdown, which takes the workers along.
    running.kill("SIGTERM");
    await ended;
  }

  /** Ends it and forgets its files. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #arguments(): string[] {
    return ["-e", "stderr", "-p", this.#folder, "-c", join(this.#folder, "nginx.conf")];
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
