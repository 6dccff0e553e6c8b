/**
 * A TCP proxy on 127.0.0.1 that breaks connections on demand.
 *
 * The browser's own "offline" does not stop a stream that is already running, and a server can only be stopped, not
 * cut off. Here a test stands between the two and can do at any moment what networks do: refuse, reset, cut in the
 * middle of an answer, stall, swallow, delay. It knows TCP only; HTTP and WebSocket pass through unread.
 *
 * The five modes exclude each other and each holds until the next is chosen; `delay` goes with any of them.
 */

import { createServer, type Server, type Socket } from "node:net";
import { freePort } from "./free_port.ts";
import { ProxiedConnection, type ByteCounts, type Conditions, type Traffic } from "./proxied_connection.ts";

const HOST = "127.0.0.1";

/** Whatever listens: a `ShowcaseServer` is one. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export class FaultProxy {
  readonly host = HOST;
  readonly port: number;
  /** Connections accepted since the start. */
  accepted = 0;
  readonly #upstream: Upstream;
  readonly #conditions: Conditions = { traffic: "flowing", delayMs: 0 };
  readonly #counts: ByteCounts = { toUpstream: 0, toClient: 0, swallowed: 0 };
  readonly #connections = new Set<ProxiedConnection>();
  #cutAfter: number | undefined;
  #listener: Server | undefined;

  private constructor(upstream: Upstream, port: number) {
    this.#upstream = upstream;
    this.port = port;
  }

  /** A proxy in front of `upstream` that passes everything, listening on a free port. */
  static async start(upstream: Upstream): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream, await freePort());
    await proxy.#listen();
    return proxy;
  }

  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Connections that clients hold open now. */
  get open(): number {
    return [...this.#connections].filter((connection) => connection.open).length;
  }

  /** Bytes handed on, each way, and those that a black hole took. */
  get bytes(): Readonly<ByteCounts> {
    return { ...this.#counts };
  }

  /**
   * Everything goes through. A stall ends with the delivery of what it held; limits of `cutAfterBytes` are lifted.
   * A connection that was in a black hole stays dead, as bytes of it are missing; but if one side has closed it
   * meanwhile, the other side is told now.
   */
  async pass(): Promise<void> {
    for (const connection of this.#connections) connection.lift();
    await this.#enter("flowing");
  }

  /** New connections are refused, as by a machine that is up with no server on it; existing ones are reset. */
  async refuse(): Promise<void> {
    const closed = this.#stopListening();
    this.#reset();
    await closed;
  }

  /** Resets all connections that exist (RST to both sides). New ones pass. */
  async cut(): Promise<void> {
    this.#reset();
    await this.pass();
  }

  /**
   * Each connection accepted from now on ends (FIN) when exactly `count` bytes from upstream have reached the client.
   * With 0 it ends at upstream's first byte: the request was served, the answer is lost. Existing ones pass; a browser
   * keeps idle ones and uses them again, so a `cut` before this makes sure that its next request opens a new one.
   */
  async cutAfterBytes(count: number): Promise<void> {
    if (!Number.isInteger(count) || count < 0) throw new Error(`expected a count of bytes, found ${count}`);
    await this.#enter("flowing", count);
  }

  /** Connections are accepted and kept, but nothing moves in either direction until another mode is chosen. */
  async stall(): Promise<void> {
    await this.#enter("stalled");
  }

  /** Connections are accepted and kept, what they carry disappears, nobody is told when a side closes. */
  async blackHole(): Promise<void> {
    await this.#enter("swallowed");
  }

  /** What arrives from now on is delivered `ms` later, in each direction; 0 ends it. */
  delay(ms: number): void {
    this.#conditions.delayMs = ms;
  }

  /** Resets what is open and stops listening. */
  async close(): Promise<void> {
    await this.refuse();
  }

  async #enter(traffic: Traffic, cutAfter?: number): Promise<void> {
    this.#conditions.traffic = traffic;
    this.#cutAfter = cutAfter;
    for (const connection of this.#connections) connection.update();
    await this.#listen();
  }

  #reset(): void {
    for (const connection of this.#connections) connection.reset();
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    const connection: ProxiedConnection = new ProxiedConnection(
      client,
      { host: this.#upstream.host, port: this.#upstream.port },
      this.#conditions,
      this.#counts,
      this.#cutAfter,
      () => this.#connections.delete(connection),
    );
    this.#connections.add(connection);
  }

  async #listen(): Promise<void> {
    if (this.#listener !== undefined) return;
    const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => this.#accept(client));
    this.#listener = listener;
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.port, HOST, resolve);
    });
  }

  async #stopListening(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    await new Promise<void>((resolve) => listener.close(() => resolve()));
  }
}
