/**
 * What stands in the page under the upstream cases: an EventSource and a WebSocket that a test drives, a record of the
 * events that elements were told, and the ways to touch the work area.
 *
 * Nothing here has a time of its own. A connection gets its answer when the page has come to rest, and whatever touches
 * the page returns when it has.
 */

/** What a connection meets. */
export type Network = "accepts" | "refuses" | "is silent";

export type State = "connecting" | "open" | "closed";

/** A stream that the page has opened. */
export interface StreamFacts {
  url: string;
  state: State;
  /** How many listeners each message name has; those of the transport and of control events are left out. */
  heard: Record<string, number>;
}

/** A socket that the page has opened. */
export interface SocketFacts {
  url: string;
  state: State;
  sent: string[];
}

/** A request of the page, by `fetch`. */
export interface RequestFacts {
  /** `GET /path` */
  line: string;
  headers: Record<string, string>;
}

/** The page's side. What happens to a connection, happens to the newest of its kind. */
export interface Driver {
  /** Once, when the page is live. */
  prepare(): Promise<void>;
  /** Makes this the content of the work area, and live. */
  make(markup: string): Promise<void>;
  click(selector: string): Promise<void>;
  /** Takes an element away as a foreign script does. */
  remove(selector: string): Promise<void>;
  /** Waits until the page has come to rest: nobody waits for an answer of the network. */
  rest(): Promise<void>;
  setNetwork(network: Network): void;
  /** What `Math.random` answers from now on. */
  setChance(chance: number): void;

  streams(): StreamFacts[];
  say(name: string, data: string, id: string): Promise<void>;
  /** The connection is lost, and the browser has given up. */
  loseStream(): Promise<void>;

  sockets(): SocketFacts[];
  frame(data: string): Promise<void>;
  /** The connection ends with this code. */
  endSocket(code: number): Promise<void>;
  /** The connection reports an error, and stays as it is. */
  failSocket(): Promise<void>;

  /** What became of the answers to requests of `/parity/streamed…`, which are event streams. */
  answers(): State[];
  /** More of such an answer, its end, or its breaking off. */
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  breakOff(): Promise<void>;

  /** The `htmx:…` and `sse:…` events that elements were told, in their order. */
  readonly told: CustomEvent[];
  readonly requests: RequestFacts[];
  /** Listens on the document, for this case. */
  listen(name: string, listener: (event: CustomEvent) => void): void;

  /** Forgets what was before. */
  begin(): void;
  /** Empties the work area by a swap, and returns the addresses of connections that stay open. */
  end(): Promise<string[]>;
}

declare global {
  interface Window {
    parity: Driver;
    leptosLive?: { process(element: Element): void };
  }
}

/** Runs in the page before everything else, so it has to hold all that it uses. */
export function installDriver(): void {
  const EMPTYING = "/parity/emptying";
  const STREAMED = "/parity/streamed";

  let network: Network = "accepts";
  let chance: number | undefined;
  let listening = new AbortController();
  let emptying: FakeEventSource | undefined;
  const streams: FakeEventSource[] = [];
  const sockets: FakeWebSocket[] = [];
  const told: CustomEvent[] = [];
  const requests: RequestFacts[] = [];
  const answers: StreamedAnswer[] = [];

  const { EventSource, WebSocket, fetch } = window;
  const { random } = Math;
  const { dispatchEvent } = EventTarget.prototype;

  class FakeEventSource extends EventTarget {
    readonly url: string;
    readyState: number = EventSource.CONNECTING;
    readonly heard: Record<string, number> = {};

    constructor(url: string) {
      super();
      this.url = url;
      if (url.startsWith(EMPTYING)) emptying = this;
      else streams.push(this);
    }

    override addEventListener(...listener: Parameters<EventTarget["addEventListener"]>): void {
      this.heard[listener[0]] = (this.heard[listener[0]] ?? 0) + 1;
      super.addEventListener(...listener);
    }

    override removeEventListener(...listener: Parameters<EventTarget["removeEventListener"]>): void {
      this.heard[listener[0]] = (this.heard[listener[0]] ?? 0) - 1;
      super.removeEventListener(...listener);
    }

    close(): void {
      this.readyState = EventSource.CLOSED;
    }

    answer(): void {
      if (network === "refuses") return this.lose();
      this.readyState = EventSource.OPEN;
      this.dispatchEvent(new Event("open"));
    }

    lose(): void {
      this.readyState = EventSource.CLOSED;
      this.dispatchEvent(new Event("error"));
    }

    say(name: string, data: string, lastEventId: string): void {
      if (this.readyState !== EventSource.OPEN) throw new Error(`expected an open stream, found ${this.url} closed`);
      this.dispatchEvent(new MessageEvent(name, { data, lastEventId }));
    }
  }

  class FakeWebSocket extends EventTarget {
    readonly url: string;
    readyState: number = WebSocket.CONNECTING;
    binaryType = "blob";
    readonly sent: string[] = [];

    constructor(url: string) {
      super();
      this.url = url;
      sockets.push(this);
    }

    send(data: string): void {
      if (this.readyState === WebSocket.CONNECTING) throw new DOMException("still connecting", "InvalidStateError");
      if (this.readyState === WebSocket.OPEN) this.sent.push(data);
    }

    close(code = 1005): void {
      if (this.readyState >= WebSocket.CLOSING) return;
      this.readyState = WebSocket.CLOSING;
      queueMicrotask(() => this.end(code));
    }

    answer(): void {
      if (network === "refuses") return this.end(1006);
      this.readyState = WebSocket.OPEN;
      this.dispatchEvent(new Event("open"));
    }

    end(code: number): void {
      this.readyState = WebSocket.CLOSED;
      if (code === 1006) this.dispatchEvent(new Event("error"));
      this.dispatchEvent(new CloseEvent("close", { code }));
    }

    frame(data: string): void {
      if (this.readyState !== WebSocket.OPEN) throw new Error(`expected an open socket, found ${this.url} closed`);
      this.dispatchEvent(new MessageEvent("message", { data }));
    }
  }

  /** The answer to a request, an event stream that a test writes. */
  class StreamedAnswer {
    state: State = "open";
    #controller!: ReadableStreamDefaultController<Uint8Array>;
    readonly response = new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.state = "closed";
        },
      }),
      { headers: { "Content-Type": "text/event-stream" } },
    );

    constructor(signal: AbortSignal | null | undefined) {
      signal?.addEventListener("abort", () => this.breakOff(signal.reason));
      answers.push(this);
    }

    write(text: string): void {
      this.#controller.enqueue(new TextEncoder().encode(text));
    }

    finish(): void {
      this.state = "closed";
      this.#controller.close();
    }

    breakOff(reason: unknown): void {
      if (this.state === "closed") return;
      this.state = "closed";
      this.#controller.error(reason);
    }
  }

  /** One turn of the page's event loop, after all of its microtasks; timers may stand still meanwhile. */
  function turn(): Promise<void> {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  }

  async function rest(): Promise<void> {
    for (;;) {
      await turn();
      const all = [...streams, ...sockets, ...(emptying === undefined ? [] : [emptying])];
      const waiting = network === "is silent" ? [] : all.filter((each) => state(each.readyState) === "connecting");
      if (waiting.length === 0) return;
      for (const each of waiting) each.answer();
    }
  }

  /** The numbers of connecting and open are the same for both kinds; a socket that is closing is heard no more. */
  function state(readyState: number): State {
    return readyState === EventSource.CONNECTING ? "connecting" : readyState === EventSource.OPEN ? "open" : "closed";
  }

  function newest<T>(all: T[]): T {
    const found = all.at(-1);
    if (found === undefined) throw new Error("expected a connection, found none");
    return found;
  }

  function element(selector: string): HTMLElement {
    const found = document.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`expected an element ${selector}, found none`);
    return found;
  }

  Object.assign(window, {
    EventSource: FakeEventSource,
    WebSocket: FakeWebSocket,
    fetch: (url: string, init?: RequestInit) => {
      requests.push({ line: `${init?.method ?? "GET"} ${url}`, headers: Object.fromEntries(new Headers(init?.headers)) });
      if (!url.startsWith(STREAMED)) return fetch(url, init);
      return Promise.resolve(new StreamedAnswer(init?.signal).response);
    },
  });
  Math.random = () => chance ?? random();
  // Seen here, events count also on elements that have left the page.
  EventTarget.prototype.dispatchEvent = function (event) {
    if (this instanceof Element && event instanceof CustomEvent && /^(htmx|sse):/.test(event.type)) told.push(event);
    return dispatchEvent.call(this, event);
  };

  window.parity = {
    told,
    requests,
    rest,
    async prepare() {
      // Stands outside of the work area and empties it by a swap, as nothing else ends everything at once.
      const consumer = document.createElement("div");
      consumer.setAttribute("hx-sse", `connect:${EMPTYING} swap:empty`);
      consumer.setAttribute("hx-target", "#work-area");
      document.body.append(consumer);
      window.leptosLive?.process(consumer);
      await rest();
    },
    async make(markup) {
      const area = element("#work-area");
      area.innerHTML = markup.trim();
      window.leptosLive?.process(area);
      await rest();
    },
    click(selector) {
      element(selector).click();
      return rest();
    },
    remove(selector) {
      element(selector).remove();
      return rest();
    },
    setNetwork(next) {
      network = next;
    },
    setChance(next) {
      chance = next;
    },
    streams() {
      const isMessage = ([name, count]: [string, number]) => !/^(open|error|ll:.*)$/.test(name) && count > 0;
      return streams.map(({ url, readyState, heard }) => ({
        url,
        state: state(readyState),
        heard: Object.fromEntries(Object.entries(heard).filter(isMessage)),
      }));
    },
    say(name, data, id) {
      newest(streams).say(name, data, id);
      return rest();
    },
    loseStream() {
      newest(streams).lose();
      return rest();
    },
    sockets() {
      return sockets.map(({ url, readyState, sent }) => ({ url, state: state(readyState), sent: [...sent] }));
    },
    frame(data) {
      newest(sockets).frame(data);
      return rest();
    },
    endSocket(code) {
      newest(sockets).end(code);
      return rest();
    },
    failSocket() {
      newest(sockets).dispatchEvent(new Event("error"));
      return rest();
    },
    answers() {
      return answers.map(({ state }) => state);
    },
    write(text) {
      newest(answers).write(text);
      return rest();
    },
    finish() {
      newest(answers).finish();
      return rest();
    },
    breakOff() {
      newest(answers).breakOff(new TypeError("network error"));
      return rest();
    },
    listen(name, listener) {
      document.addEventListener(name, (event) => listener(event as CustomEvent), { signal: listening.signal });
    },
    begin() {
      network = "accepts";
      chance = undefined;
      for (const list of [streams, sockets, answers, told, requests]) list.length = 0;
    },
    async end() {
      listening.abort();
      listening = new AbortController();
      emptying?.say("empty", "<!-- nothing -->", "");
      element("#work-area").textContent = "";
      await rest();
      const left = [...streams, ...sockets].filter((each) => state(each.readyState) !== "closed");
      return [...left.map(({ url }) => url), ...answers.filter((each) => each.state !== "closed").map(() => STREAMED)];
    },
  };
}
