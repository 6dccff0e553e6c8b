/**
 * What the fault proxy is tried on: a small HTTP server behind it, and a bare TCP client before it.
 */

import { randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test as base } from "@playwright/test";
import { FaultProxy, type Upstream } from "../fault_proxy.ts";
import { freePort } from "../free_port.ts";

/** Everything here is over within milliseconds; the default looks again after 100, 250 and 500. */
export const SOON = { intervals: [2, 5, 10, 25, 50, 100] };

export const HELLO = "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";
const STREAM = "GET /stream HTTP/1.1\r\nHost: test\r\n\r\n";
export const LARGE = "GET /large HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";

/** Answers `/hello` and `/large` at once; keeps `/stream` open and writes to it when told. */
class Origin implements Upstream {
  readonly host = "127.0.0.1";
  readonly large = randomBytes(8 << 20);
  port = 0;
  requests = 0;
  connections = 0;
  streams: ServerResponse[] = [];
  answers: ServerResponse[] = [];
  readonly #server = createServer((request, response) => {
    this.requests += 1;
    this.answers.push(response);
    if (request.url === "/hello") response.end("hello");
    else if (request.url === "/large") response.end(this.large);
    else {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      this.streams.push(response);
    }
  });

  constructor() {
    this.#server.on("connection", (socket) => {
      this.connections += 1;
      socket.on("close", () => (this.connections -= 1));
    });
  }

  /** Starts, or starts again on the same port. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    await new Promise<void>((resolve) => this.#server.listen(this.port, this.host, resolve));
  }

  /** Bytes of answers that the network has not taken yet. */
  get unsent(): number {
    return this.answers.reduce((sum, answer) => sum + answer.writableLength, 0);
  }

  emit(text: string): void {
    for (const stream of this.streams) stream.write(text);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A bare TCP client that remembers what came and how it ended. */
class Client {
  readonly socket: Socket;
  /** "none" while it lasts, then "end" or the error's code. */
  ending = "none";
  connected = false;
  #chunks: Buffer[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1" });
    this.socket.on("connect", () => (this.connected = true));
    this.socket.on("data", (chunk) => this.#chunks.push(chunk));
    this.socket.on("end", () => (this.ending = "end"));
    this.socket.on("error", (error: NodeJS.ErrnoException) => (this.ending = error.code ?? error.message));
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.received.toString("latin1");
  }

  /** Waits for an answer that contains `part`. */
  async sees(part: string): Promise<void> {
    await expect.poll(() => this.text, SOON).toContain(part);
  }

  async ends(how: string): Promise<void> {
    await expect.poll(() => this.ending, SOON).toBe(how);
  }
}

interface Bench {
  origin: Origin;
  proxy: FaultProxy;
  /** Another proxy in front of the same server, for what goes on past the fault. */
  healthy: FaultProxy;
  /** Opens a connection through the proxy and sends `request`. */
  open: (request?: string) => Client;
  /** Opens a stream through the proxy and waits until its head has arrived. */
  stream: () => Promise<Client>;
  /** Three exchanges past the fault: afterwards whatever was under way has arrived. */
  meanwhile: () => Promise<void>;
}

export const test = base.extend<{ bench: Bench }>({
  bench: async ({}, use) => {
    const origin = new Origin();
    await origin.start();
    const proxy = await FaultProxy.start(origin);
    const healthy = await FaultProxy.start(origin);
    const clients: Client[] = [];
    const dial = (port: number, request = "") => {
      const client = new Client(port);
      clients.push(client);
      if (request !== "") client.socket.write(request);
      return client;
    };
    await use({
      origin,
      proxy,
      healthy,
      open: (request) => dial(proxy.port, request),
      stream: async () => {
        const before = origin.streams.length;
        const client = dial(proxy.port, STREAM);
        await client.sees("\r\n\r\n");
        expect(origin.streams.length).toBe(before + 1);
        return client;
      },
      meanwhile: async () => {
        for (let i = 0; i < 3; i += 1) {
          const client = dial(healthy.port, HELLO);
          await client.sees("hello");
          client.socket.destroy();
        }
      },
    });
    for (const client of clients) client.socket.destroy();
    await proxy.close();
    await healthy.close();
    await origin.stop();
  },
});
