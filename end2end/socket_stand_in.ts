/**
 * A stand-in for the server behind the test kit's socket: a test sends frames and close codes that the showcase does
 * not send, and reads what the page has sent.
 */

import type { Page, WebSocketRoute } from "@playwright/test";

export class SocketStandIn {
  /** What the page has sent, over all its sockets. */
  readonly received: string[] = [];
  /** The sockets that the page has opened, the newest last. */
  readonly sockets: WebSocketRoute[] = [];

  private constructor() {}

  /** Takes the place of the server for the sockets that the page opens from now on. */
  static async on(page: Page): Promise<SocketStandIn> {
    const standIn = new SocketStandIn();
    await page.routeWebSocket(/\/testkit\/ws$/, (socket) => {
      standIn.sockets.push(socket);
      socket.onMessage((message) => standIn.received.push(String(message)));
    });
    return standIn;
  }

  /** Sends a frame on the newest socket. */
  send(frame: string): void {
    const newest = this.sockets.at(-1);
    if (newest === undefined) throw new Error("expected an open socket, found none");
    newest.send(frame);
  }
}
