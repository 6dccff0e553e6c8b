/**
 * What stands in the page in place of the network: streams and sockets that the script drives, and a count of the
 * requests, which really leave the page and are answered by the test.
 */

import type { Time } from "./time.ts";

declare global {
  interface Window {
    network: Network;
    time: Time;
    /** Answers the requests that are held back, so many at least. Given by the test. */
    answerHeld: (count: number) => Promise<void>;
  }
}

export interface Network {
  /** What has happened: connected, disconnected, sent, requested. */
  readonly log: string[];
  /** An event of the open streams to this address. */
  say(address: string, name: string, data: string): void;
  /** A frame of the open sockets to this address. */
  frame(address: string, data: string): void;
  /** The streams fail; the browser tries again by itself, or has given up. */
  fail(address: string, gaveUp: boolean): void;
  /** The sockets close. */
  close(address: string, code: number): void;
  /** Answers what was held back. */
  release(): Promise<void>;
  /** Comes back when no request is under way; whether there was one since the last call. */
  idle(): Promise<boolean>;
}

/** To be run in the page after `installTime`; holds everything that it uses. */
export function installNetwork(): void {
  const log: string[] = [];
  const pathOf = (url: string) => new URL(url, document.baseURI).pathname;

  /** The open connections of a kind. Sources may share one or not, so an address counts once. */
  class Connections<T extends { readonly url: string }> {
    readonly #all = new Set<T>();

    to(path: string): T[] {
      return [...this.#all].filter(({ url }) => pathOf(url) === path);
    }

    add(one: T): void {
      if (this.to(pathOf(one.url)).length === 0) log.push(`connected ${pathOf(one.url)}`);
      this.#all.add(one);
    }

    remove(one: T): void {
      const removed = this.#all.delete(one);
      if (removed && this.to(pathOf(one.url)).length === 0) log.push(`disconnected ${pathOf(one.url)}`);
    }
  }
  const streams = new Connections<FakeEventSource>();
  const sockets = new Connections<FakeWebSocket>();

  /** An event target that also calls the handlers that were assigned to it. */
  class Target extends EventTarget {
    emit(event: Event): void {
      const handler: unknown = Reflect.get(this, `on${event.type}`);
      if (typeof handler === "function") Reflect.apply(handler, this, [event]);
      this.dispatchEvent(event);
    }
  }

  class FakeEventSource extends Target {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 2;
    readonly url: string;
    readonly withCredentials: boolean;
    readyState = 0;

    constructor(url: string | URL, init?: EventSourceInit) {
      super();
      this.url = new URL(url, document.baseURI).href;
      this.withCredentials = init?.withCredentials ?? false;
      streams.add(this);
      this.openSoon();
    }

    openSoon(): void {
      setTimeout(() => {
        if (this.readyState !== 0) return;
        this.readyState = 1;
        this.emit(new Event("open"));
      }, 0);
    }

    close(): void {
      this.readyState = 2;
      streams.remove(this);
    }
  }

  class FakeWebSocket extends Target {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly OPEN = 1;
    readonly url: string;
    readonly protocol = "";
    readonly extensions = "";
    readonly bufferedAmount = 0;
    binaryType = "blob";
    readyState = 0;

    constructor(url: string | URL) {
      super();
      this.url = new URL(url, document.baseURI).href;
      sockets.add(this);
      setTimeout(() => {
        if (this.readyState !== 0) return;
        this.readyState = 1;
        this.emit(new Event("open"));
      }, 0);
    }

    send(data: string): void {
      if (this.readyState === 0) throw new DOMException("still connecting", "InvalidStateError");
      if (this.readyState === 1) log.push(`sent ${pathOf(this.url)} ${canonical(data)}`);
    }

    close(code = 1005): void {
      if (this.readyState >= 2) return;
      this.readyState = 3;
      sockets.remove(this);
      setTimeout(() => this.emit(new CloseEvent("close", { code, wasClean: code !== 1006 })), 0);
    }
  }

  /** The order of keys means nothing, and pages differ in their queries. */
  function canonical(data: string): string {
    const sorted = (_: string, value: unknown): unknown => {
      if (typeof value === "string" && value.startsWith(location.origin)) return pathOf(value);
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    };
    try {
      return JSON.stringify(JSON.parse(data), sorted);
    } catch {
      return JSON.stringify(data);
    }
  }

  let underWay = 0;
  let hasAsked = false;
  const held = new Set<object>();
  /** Counts a request; returns what is to be called when it has ended. */
  const begin = (method: string, url: string): (() => void) | undefined => {
    if (!/^\/(oracle|page)\//.test(pathOf(url))) return undefined;
    log.push(`requested ${method} ${pathOf(url)}`);
    const request = {};
    hasAsked = true;
    if (pathOf(url).startsWith("/oracle/held/")) held.add(request);
    else underWay += 1;
    let isOver = false;
    return () => {
      if (!isOver && !held.delete(request)) underWay -= 1;
      isOver = true;
    };
  };
  const realFetch = window.fetch;
  const countedFetch: typeof fetch = async (input, init) => {
    const { method, url } = new Request(input, init);
    const done = begin(method, url);
    if (done === undefined) return realFetch(input, init);
    try {
      const response = await realFetch(input, init);
      const text = response.text.bind(response);
      response.text = () => {
        underWay += 1;
        return text().finally(() => (underWay -= 1));
      };
      return response;
    } finally {
      done();
    }
  };
  const { open, send } = XMLHttpRequest.prototype;
  const opened = new WeakMap<XMLHttpRequest, [method: string, url: string]>();
  XMLHttpRequest.prototype.open = function (method: string, url: string | URL, ...rest: unknown[]) {
    opened.set(this, [method.toUpperCase(), String(url)]);
    Reflect.apply(open, this, [method, url, ...rest]);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const done = begin(...(opened.get(this) ?? ["", ""]));
    if (done !== undefined) this.addEventListener("loadend", done);
    send.call(this, body);
  };

  Object.assign(window, { EventSource: FakeEventSource, WebSocket: FakeWebSocket, fetch: countedFetch });
  window.network = {
    log,
    say(address, name, data) {
      for (const stream of streams.to(address)) {
        if (stream.readyState === 1) stream.emit(new MessageEvent(name, { data, origin: location.origin }));
      }
    },
    frame(address, data) {
      for (const socket of sockets.to(address)) {
        if (socket.readyState === 1) socket.emit(new MessageEvent("message", { data, origin: location.origin }));
      }
    },
    fail(address, gaveUp) {
      for (const stream of streams.to(address)) {
        stream.readyState = gaveUp ? 2 : 0;
        if (gaveUp) streams.remove(stream);
        else stream.openSoon();
        stream.emit(new Event("error"));
      }
    },
    close(address, code) {
      for (const socket of sockets.to(address)) socket.close(code);
    },
    async release() {
      const count = held.size;
      underWay += count;
      held.clear();
      await window.answerHeld(count);
    },
    async idle() {
      do {
        await window.time.turn();
        await window.time.turn();
      } while (underWay > 0);
      await window.time.turn();
      const asked = hasAsked;
      hasAsked = false;
      return asked;
    },
  };
}
