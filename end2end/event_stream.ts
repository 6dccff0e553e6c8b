/**
 * An event stream as raw text, read without a browser: for what the server puts on the wire.
 */

import { get, type IncomingMessage } from "node:http";
import { expect } from "@playwright/test";

export class EventStream {
  /** What has arrived. */
  text = "";
  /** Whether the server has ended the stream. */
  ended = false;
  readonly #response: IncomingMessage;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      this.text += chunk;
    });
    response.on("end", () => {
      this.ended = true;
    });
    // Closing our side early is no failure.
    response.on("error", () => {});
  }

  /** Requests the stream and waits for the head of the answer. */
  static open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      get(url, { headers, agent: false }, (response) => resolve(new EventStream(response))).on("error", reject);
    });
  }

  get status(): number {
    return this.#response.statusCode ?? 0;
  }

  /** A header of the answer, by its name in lower case. */
  header(name: string): string | undefined {
    return this.#response.headers[name]?.toString();
  }

  /** Waits until this text has arrived. */
  async sees(text: string): Promise<void> {
    await expect.poll(() => this.text, `the stream must bring ${JSON.stringify(text)}`).toContain(text);
  }

  close(): void {
    this.#response.destroy();
  }
}
