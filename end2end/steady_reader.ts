/**
 * A reader of numbers without a browser: comes back from where it was whenever its stream ends, as a page does, and keeps what
 * it has got. Many of them are a load that as many pages would be too heavy for.
 */

import { get, type IncomingMessage } from "node:http";

const COME_BACK_MS = 20;

export class SteadyReader {
  /** The numbers of the events `n`, in the order in which they came. */
  readonly numbers: number[] = [];
  /** What was told of losses. */
  readonly gaps: string[] = [];
  /** Streams that were opened. */
  connections = 0;
  readonly #url: string;
  #cursor: string | undefined;
  #response: IncomingMessage | undefined;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#response?.destroy();
  }

  #open(): void {
    if (this.#closed) return;
    const headers = this.#cursor === undefined ? {} : { "last-event-id": this.#cursor };
    const asked = get(this.#url, { headers, agent: false }, (response) => this.#read(response));
    asked.once("error", () => this.#comeBack());
  }

  #read(response: IncomingMessage): void {
    this.#response = response;
    const isStream = response.statusCode === 200;
    if (isStream) this.connections += 1;
    let unread = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      const messages = (unread + text).split("\n\n");
      // The last one is not complete yet, and never will be if the stream ends here.
      unread = messages.pop() ?? "";
      if (isStream) for (const message of messages) this.#take(message);
    });
    // A stream that breaks off is an error too, which `close` follows.
    response.on("error", () => {});
    response.once("close", () => this.#comeBack());
  }

  #take(message: string): void {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(message)?.[1];
    this.#cursor = field("id") ?? this.#cursor;
    const data = field("data") ?? "";
    if (field("event") === "ll:gap") this.gaps.push(data);
    if (field("event") === "n") this.numbers.push(Number(/data-seq="(\d+)"/.exec(data)?.[1]));
  }

  #comeBack(): void {
    setTimeout(() => this.#open(), COME_BACK_MS);
  }
}
