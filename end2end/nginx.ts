/**
 * nginx in front of one server or several, as Debian ships it and with its default buffering.
 *
 * The program is the one that the variable `NGINX` names, or one on PATH or in `/usr/sbin`.
 */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Companion, HOST } from "./companion.ts";
import { findProgram } from "./program.ts";

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
  readonly #companion: Companion;

  /** Nothing runs until `start`. */
  constructor(program: string, port: number, site: string) {
    this.#program = program;
    // Its fast shutdown, which takes the workers along.
    this.#companion = new Companion(program, port, "SIGTERM");
    this.url = `http://${HOST}:${port}`;
    writeFileSync(join(this.#companion.folder, "nginx.conf"), configuration(site));
  }

  /** Starts it; returns when it takes connections. */
  start(): Promise<void> {
    return this.#companion.start(this.#arguments(), "inherit");
  }

  /** Reads the configuration anew, as after a deploy: new workers take over, and the old ones end. */
  reload(): void {
    const asked = spawnSync(this.#program, [...this.#arguments(), "-s", "reload"], { encoding: "utf8" });
    if (asked.status !== 0) throw new Error(`nginx -s reload: expected 0, found ${asked.status}: ${asked.stderr}`);
  }

  /** Ends it at once, with all connections. */
  stop(): Promise<void> {
    return this.#companion.end();
  }

  /** Ends it and forgets its files. */
  remove(): Promise<void> {
    return this.#companion.remove();
  }

  #arguments(): string[] {
    const { folder } = this.#companion;
    return ["-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")];
  }
}
