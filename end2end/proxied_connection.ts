/**
 * One connection through the fault proxy: two sockets, and a queue for each direction between them.
 *
 * Every byte and every end of stream passes through a queue, also when nothing is wrong. So a fault can begin in the
 * middle of anything, and what a stall holds back comes out afterwards complete and in order. The browser's side is
 * called the client, the server's side the upstream.
 */

import { connect, type Socket } from "node:net";

/** What the network between client and upstream does. */
export type Traffic = "flowing" | "stalled" | "swallowed";

/** The proxy's state as its connections see it; one object, shared, changed in place. */
export interface Conditions {
  traffic: Traffic;
  delayMs: number;
}

/** Bytes that arrived at the other side, and bytes that a black hole took. */
export interface ByteCounts {
  toUpstream: number;
  toClient: number;
  swallowed: number;
}

/** A queue this long stops reading from its source, as a full socket buffer would. */
const QUEUE_BYTES = 1 << 20;

/** An `undefined` chunk is the end of the stream. */
interface Arrival {
  chunk: Buffer | undefined;
  due: number;
}

/** One direction of a connection. */
class Direction {
  /** Bytes that may still pass before `onLimit`; `undefined` is no limit. */
  limit: number | undefined;
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #conditions: Conditions;
  readonly #onBytes: (count: number) => void;
  readonly #onLimit: () => void;
  #queue: Arrival[] = [];
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    source: Socket,
    sink: Socket,
    conditions: Conditions,
    onBytes: (count: number) => void,
    onLimit: () => void,
  ) {
    this.#source = source;
    this.#sink = sink;
    this.#conditions = conditions;
    this.#onBytes = onBytes;
    this.#onLimit = onLimit;
    source.on("data", (chunk) => this.#arrive(chunk));
    source.on("end", () => this.#arrive(undefined));
    sink.on("drain", () => this.pump());
    this.pump();
  }

  /** Forgets what is queued and forwards nothing more, for ever. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#queue = [];
  }

  /** Delivers what is due, and decides whether to read more. To be called whenever the conditions changed. */
  pump(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const flowing = this.#conditions.traffic === "flowing";
    while (flowing && !this.#sink.writableNeedDrain) {
      const head = this.#queue[0];
      if (head === undefined) break;
      const wait = head.due - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.pump(), wait);
        break;
      }
      this.#queue.shift();
      this.#deliver(head.chunk);
      if (this.#stopped) return;
    }
    if (flowing && this.#queuedBytes < QUEUE_BYTES) this.#source.resume();
    else this.#source.pause();
  }

  #arrive(chunk: Buffer | undefined): void {
    if (this.#stopped) return;
    this.#queue.push({ chunk, due: performance.now() + this.#conditions.delayMs });
    this.#queuedBytes += chunk?.length ?? 0;
    this.pump();
  }

  #deliver(chunk: Buffer | undefined): void {
    if (chunk === undefined) {
      this.#sink.end();
      return;
    }
    this.#queuedBytes -= chunk.length;
    const passing = this.limit === undefined ? chunk : chunk.subarray(0, this.limit);
    if (passing.length > 0 && !this.#sink.destroyed) {
      this.#sink.write(passing);
      this.#onBytes(passing.length);
    }
    if (this.limit === undefined) return;
    this.limit -= passing.length;
    if (this.limit === 0) this.#onLimit();
  }
}

/** One client connection with its upstream connection, if it has come to one. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #upstreamAddress: { host: string; port: number };
  readonly #conditions: Conditions;
  readonly #counts: ByteCounts;
  readonly #onClosed: () => void;
  #upstream: Socket | undefined;
  #up: Direction | undefined;
  #down: Direction | undefined;
  #downLimit: number | undefined;
  /** In a black hole, from which nothing comes back: bytes are missing, so what follows would be another stream. */
  #lost = false;

  /** `client` must have been accepted paused; `onClosed` is called when both sides are gone. */
  constructor(
    client: Socket,
    upstreamAddress: { host: string; port: number },
    conditions: Conditions,
    counts: ByteCounts,
    downLimit: number | undefined,
    onClosed: () => void,
  ) {
    this.#client = client;
    this.#upstreamAddress = upstreamAddress;
    this.#conditions = conditions;
    this.#counts = counts;
    this.#downLimit = downLimit;
    this.#onClosed = onClosed;
    client.setNoDelay(true);
    client.on("error", () => this.#broken());
    client.on("close", () => this.#closed());
    this.update();
  }

  /** Whether the client still holds its end. */
  get open(): boolean {
    return !this.#client.destroyed && !(this.#lost && this.#client.readableEnded);
  }

  /** To be called after the conditions changed. */
  update(): void {
    if (this.#conditions.traffic === "swallowed") this.#lose();
    if (this.#conditions.traffic !== "flowing") {
      this.#pump();
      return;
    }
    if (this.#lost) this.#tellOfClosing();
    else if (this.#upstream === undefined) this.#connect();
    else this.#pump();
  }

  /** Takes back the limit that `cutAfterBytes` set on this connection. */
  lift(): void {
    this.#downLimit = undefined;
    if (this.#down !== undefined) this.#down.limit = undefined;
  }

  /** Ends both sides with RST; what is queued is gone. */
  reset(): void {
    this.#up?.stop();
    this.#down?.stop();
    this.#client.resetAndDestroy();
    this.#upstream?.resetAndDestroy();
  }

  #connect(): void {
    const client = this.#client;
    // Half-open is allowed, because an end of stream has to wait in the queue behind the bytes before it.
    const upstream = connect({ ...this.#upstreamAddress, allowHalfOpen: true, noDelay: true });
    this.#upstream = upstream;
    upstream.on("error", () => this.#broken());
    upstream.on("close", () => this.#closed());
    const up = (count: number) => void (this.#counts.toUpstream += count);
    const down = (count: number) => void (this.#counts.toClient += count);
    this.#up = new Direction(client, upstream, this.#conditions, up, () => {});
    this.#down = new Direction(upstream, client, this.#conditions, down, () => this.#limitReached());
    this.#down.limit = this.#downLimit;
  }

  #pump(): void {
    this.#up?.pump();
    this.#down?.pump();
  }

  #closed(): void {
    if (this.#client.destroyed && this.#upstream?.destroyed !== false) this.#onClosed();
  }

  /** One side failed: the other is told as abruptly, unless a black hole is between them. */
  #broken(): void {
    if (!this.#lost) this.reset();
  }

  /**
   * The client gets a FIN here and not an RST, because only a FIN promises that all bytes before it are delivered, and
   * the count has to be exact. What it still sends is thrown away.
   */
  #limitReached(): void {
    this.#up?.stop();
    this.#down?.stop();
    this.#upstream?.resetAndDestroy();
    this.#client.end();
    this.#client.resume();
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#up?.stop();
    this.#down?.stop();
    for (const socket of [this.#client, this.#upstream]) {
      socket?.on("data", (chunk) => void (this.#counts.swallowed += chunk.length));
      socket?.resume();
    }
  }

  /** The network is back for a connection that lost bytes: if one side has gone, the other hears of it now. */
  #tellOfClosing(): void {
    const gone = (socket: Socket | undefined) => socket !== undefined && (socket.destroyed || socket.readableEnded);
    if (gone(this.#client) || gone(this.#upstream)) this.reset();
  }
}
