/**
 * nginx in front of a server, as Debian ships it and with its default buffering.
 *
 * The program is the one that the variable `NGINX` names, or one on PATH or in `/usr/sbin`.
 */

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const HOST = "127.0.0.1";
const START_MS = 10_000;

/** Everything else is as nginx does it by itself. */
function configuration(port: number, app: string): string {
  return `daemon off; pid nginx.pid; error_log stderr; worker_processes 1;
    # What is connected when the configuration is read anew is cut, and not kept until it leaves by itself.
    worker_shutdown_timeout 200ms;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events { worker_connections 128; }
    http {
      access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      gzip on;
      map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
      server {
        listen ${HOST}:${port};
        location / {
          proxy_pass ${app};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
        }
      }
    }`;
}

/** Where the program is; `undefined` on a machine without it. */
export function nginxProgram(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  const candidates = [process.env["NGINX"] ?? "", ...folders.map((folder) => join(folder, "nginx"))];
  return candidates.find((file) => file !== "" && isProgram(file));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export class Nginx {
  readonly url: string;
  readonly #program: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "leptos-live-nginx-"));
  #process: ChildProcess | undefined;

  /** Nothing runs until `start`. */
  constructor(program: string, port: number, app: string) {
    this.#program = program;
    this.#port = port;
    this.url = `http://${HOST}:${port}`;
    writeFileSync(join(this.#folder, "nginx.conf"), configuration(port, app));
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
