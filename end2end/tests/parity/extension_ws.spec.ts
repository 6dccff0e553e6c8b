/**
 * The cases of the suite for htmx 2's extension `ws`, under their names, in its spelling.
 */

import { expect, test, type WorkArea } from "../../parity/work_area.ts";

const ADDRESS = "ws://upstream.example/room";

/** A socket with something inside. */
const socket = (inside: string, more = "") => `<section id="source" hx-ext="ws" ws-connect="${ADDRESS}" ${more}>${inside}</section>`;

/** A socket with an element that sends on a click. */
const SENDER = socket('<p id="sender" ws-send>send</p>');

/** A socket with two places for frames. */
const PLACES = socket('<p id="first">-</p><p id="second">-</p>');

/** Replaces one of the places. */
const REPLACEMENT = '<p id="first">replaced</p>';

/** What is sent when each of the two submitters has been clicked. */
const BOTH_SUBMITTERS = [
  { hidden: "1", action: "save" },
  { hidden: "1", action: "draft" },
];

test("can establish connection with the server", async ({ area }) => {
  expect(await area.sockets()).toEqual([]);
  await area.make(socket(""));
  expect(await area.sockets()).toEqual([{ url: ADDRESS, state: "open", sent: [] }]);
});

test("is closed after removal by swap", async ({ area }) => {
  area.answers["/parity/next"] = "clicked";
  await area.make(socket("-", 'hx-get="/parity/next" hx-swap="outerHTML"'));
  await area.click("#source");
  await area.shows("#work-area", "clicked");
  expect((await area.socket()).state).toBe("closed");
  await area.tick(120_000);
  expect(await area.sockets(), "it must not come back").toHaveLength(1);
});

test("is closed after removal by js when message is received", async ({ area }) => {
  await area.make(socket("-"));
  await area.remove("#source");
  expect((await area.socket()).state, "nobody has noticed yet").toBe("open");
  await area.frame("no element");
  expect((await area.socket()).state).toBe("closed");
});

test("sends data to the server", async ({ area }) => {
  await area.make(SENDER);
  await area.click("#sender");
  expect(await area.sentValues()).toEqual([{}]);
});

test("sends data to the server with specific trigger", async ({ area }) => {
  await area.make(socket('<p id="sender" ws-send hx-trigger="click">send</p><p id="other" ws-send hx-trigger="keyup">send</p>'));
  await area.click("#other");
  expect(await area.sent()).toEqual([]);
  await area.click("#sender");
  expect(await area.sentValues()).toEqual([{}]);
});

test("sends data to the server with polling trigger", async ({ area }) => {
  await area.make(socket('<p id="sender" ws-send hx-trigger="every 1s">send</p>'));
  await area.tick(2_000);
  await area.click("#sender");
  expect(await area.sentValues(), "the click is no trigger").toEqual([{}, {}]);
});

test("sends expected headers to the server", async ({ area }) => {
  await area.make(
    socket('<button id="sender" name="button" ws-send hx-target="#place">send</button><output id="place"></output>'),
  );
  await area.click("#sender");
  const [message, ...more] = await area.sent();
  expect(message?.["HEADERS"]).toEqual({
    "HX-Request": "true",
    "HX-Trigger": "sender",
    "HX-Trigger-Name": "button",
    "HX-Target": "place",
    "HX-Current-URL": await area.run(() => location.href),
  });
  expect(more).toEqual([]);
});

// DIFFERENCE: upstream computes the value by `js:`. Nothing evaluates strings here, and the developer is told so.
test("sends hx-vals server (DIFFERENCE: VAL-08)", async ({ area }) => {
  const sender = '<p id="sender" ws-send>send</p>';
  await area.make(socket(`<div hx-vals="js:{computed: 6 * 7}">${sender}</div>`, `hx-vals='{"answer": 42}'`));
  await area.click("#sender");
  expect(await area.sentValues()).toEqual([{ answer: 42 }]);
});

test("handles message from the server", async ({ area }) => {
  await area.make(PLACES);
  await area.frame(REPLACEMENT);
  expect(await area.texts("#first", "#second")).toEqual(["replaced", "-"]);
});

test("raises lifecycle events (connecting, open, close) in correct order", async ({ area }) => {
  await area.make(socket("-"));
  await area.remove("#source");
  await area.frame("no element");
  const names = ["htmx:wsConnecting", "htmx:wsOpen", "htmx:wsClose"];
  expect(await area.told(...names)).toEqual(names.map((name) => `${name} source`));
  const types = await Promise.all(names.map((name) => area.details(name, ({ event }) => event.type)));
  expect(types).toEqual([["connecting"], ["open"], ["close"]]);
});

test("raises htmx:wsConfigSend when sending, allows message modification", async ({ area }) => {
  await area.make(SENDER);
  await area.on("htmx:wsConfigSend", ({ detail }) => {
    detail.parameters.added = "by a script";
  });
  await area.click("#sender");
  expect(await area.told("htmx:wsConfigSend")).toEqual(["htmx:wsConfigSend sender"]);
  expect(await area.sentValues()).toEqual([{ added: "by a script" }]);
});

test("passes socketWrapper to htmx:wsConfigSend", async ({ area }) => {
  await area.make(SENDER);
  await area.on("htmx:wsConfigSend", (event) => {
    event.preventDefault();
    event.detail.socketWrapper.send('{"own":"message"}', event.detail.elt);
  });
  await area.click("#sender");
  expect(await area.sent()).toEqual([{ own: "message" }]);
  const wrapper = await area.details("htmx:wsConfigSend", ({ socketWrapper }) => ({
    send: typeof socketWrapper.send,
    sendImmediately: typeof socketWrapper.sendImmediately,
    isQueue: Array.isArray(socketWrapper.queue),
  }));
  expect(wrapper).toEqual([{ send: "function", sendImmediately: "function", isQueue: true }]);
});

test("cancels sending when htmx:wsConfigSend is cancelled", async ({ area }) => {
  await area.make(SENDER);
  await area.on("htmx:wsConfigSend", (event) => event.preventDefault());
  await area.click("#sender");
  expect(await area.told("htmx:wsConfigSend", "htmx:wsBeforeSend")).toEqual(["htmx:wsConfigSend sender"]);
  expect(await area.sent()).toEqual([]);
});

test("raises htmx:wsBeforeSend when sending", async ({ area }) => {
  await area.make(SENDER);
  await area.click("#sender");
  expect(await area.told("htmx:wsBeforeSend")).toEqual(["htmx:wsBeforeSend sender"]);
  expect(await area.details("htmx:wsBeforeSend", ({ message }) => message)).toEqual((await area.socket()).sent);
});

test("cancels sending when htmx:wsBeforeSend is cancelled", async ({ area }) => {
  await area.make(SENDER);
  await area.on("htmx:wsBeforeSend", (event) => event.preventDefault());
  await area.click("#sender");
  expect(await area.told("htmx:wsBeforeSend", "htmx:wsAfterSend")).toEqual(["htmx:wsBeforeSend sender"]);
  expect(await area.sent()).toEqual([]);
});

test("raises htmx:wsAfterSend when sending", async ({ area }) => {
  await area.make(SENDER);
  await area.click("#sender");
  expect(await area.told("htmx:wsAfterSend")).toEqual(["htmx:wsAfterSend sender"]);
  expect(await area.details("htmx:wsAfterSend", ({ message }) => message)).toEqual((await area.socket()).sent);
});

test("raises htmx:wsBeforeMessage when receiving message from the server", async ({ area }) => {
  await area.make(PLACES);
  await area.frame(REPLACEMENT);
  expect(await area.told("htmx:wsBeforeMessage")).toEqual(["htmx:wsBeforeMessage source"]);
  expect(await area.details("htmx:wsBeforeMessage", ({ message }) => message)).toEqual([REPLACEMENT]);
});

test("cancels swap when htmx:wsBeforeMessage was cancelled", async ({ area }) => {
  await area.make(PLACES);
  await area.on("htmx:wsBeforeMessage", (event) => event.preventDefault());
  await area.frame(REPLACEMENT);
  await area.tick(100);
  expect(await area.told("htmx:wsBeforeMessage", "htmx:wsAfterMessage")).toEqual(["htmx:wsBeforeMessage source"]);
  expect(await area.texts("#first", "#second")).toEqual(["-", "-"]);
});

test("raises htmx:wsAfterMessage when message was completely processed", async ({ area }) => {
  await area.make(PLACES);
  await area.on("htmx:wsAfterMessage", ({ detail }) => {
    detail.shown = document.querySelector("#first")?.textContent;
  });
  await area.frame(REPLACEMENT);
  // Settling takes a moment.
  await area.tick(100);
  const details = await area.details("htmx:wsAfterMessage", ({ message, shown, elt }) => ({ message, shown, elt: elt.id }));
  expect(details).toEqual([{ message: REPLACEMENT, shown: "replaced", elt: "source" }]);
});

for (const [kind, save, draft] of [
  [
    "button",
    '<button id="save" name="action" value="save">save</button>',
    '<button id="draft" name="action" value="draft">draft</button>',
  ],
  [
    "input",
    '<input id="save" type="submit" name="action" value="save">',
    '<input id="draft" type="submit" name="action" value="draft">',
  ],
] as const) {
  const hidden = '<input type="hidden" name="hidden" value="1">';
  const outside = (submitter: string) => submitter.replace(" id=", ' form="form" id=');
  for (const [where, markup] of [
    ["non-htmx form", `<form hx-ext="ws" ws-connect="${ADDRESS}" ws-send>${hidden}${save}${draft}</form>`],
    ["child non-htmx form", socket(`<form ws-send>${hidden}${save}${draft}</form>`)],
    [
      "external non-htmx form",
      socket(`<form id="form" ws-send>${hidden}</form>`) + outside(save) + outside(draft),
    ],
  ] as const) {
    test(`sends data to the server with ${where} + submit ${kind} & value`, async ({ area }) => {
      await area.make(markup);
      await area.click("#save");
      await area.click("#draft");
      expect(await area.sentValues()).toEqual(BOTH_SUBMITTERS);
    });
  }
}

test("maybeClose does not raise when there is no socket", async ({ area }) => {
  area.answers["/parity/next"] = "clicked";
  await area.make(socket("-", 'hx-get="/parity/next" hx-swap="outerHTML"'));
  // The server ends it for good, so none is left that could be closed. An exception would fail the test.
  await area.endSocket(1000);
  await area.click("#source");
  await area.shows("#work-area", "clicked");
  expect((await area.socket()).state).toBe("closed");
});

test("re-establishes closed connections using reconnect()", async ({ area }) => {
  await area.make(socket("-"));
  await area.on("htmx:wsClose", ({ detail }) => {
    setTimeout(() => detail.socketWrapper.reconnect());
  });
  await area.chance(1);
  await area.endSocket();
  await area.tick(1);
  expect(await area.told("htmx:wsConnecting", "htmx:wsClose")).toEqual([
    "htmx:wsConnecting source",
    "htmx:wsClose source",
    "htmx:wsConnecting source",
  ]);
  expect((await area.sockets()).map(({ state }) => state)).toEqual(["closed", "open"]);
});

test.describe("Send immediately", () => {
  /** Sends past the queue as soon as the socket is open, in the name of `sender`, a selector, or of nobody. */
  async function sendOnOpen(area: WorkArea, sender?: string): Promise<void> {
    const send = ({ detail }: CustomEvent, sender: string | undefined) => {
      const element = sender === undefined ? undefined : document.querySelector(sender);
      detail.socketWrapper.sendImmediately('{"own":"message"}', element);
    };
    await area.on("htmx:wsOpen", send, sender);
    await area.make(PLACES);
  }

  /** Each event of a name: where it was seen, its message, and whether its wrapper is that of the open socket. */
  function seen(area: WorkArea, name: string): Promise<unknown[]> {
    return area.details(name, ({ message, socketWrapper }, { target }) => {
      const opened = window.parity.told.find(({ type }) => type === "htmx:wsOpen");
      const element = target as Element;
      return [element.id || element.localName, message, opened?.detail.socketWrapper === socketWrapper];
    });
  }

  for (const [event, name] of [
    ["wsBeforeSend", "htmx:wsBeforeSend"],
    ["wsAfterSend", "htmx:wsAfterSend"],
  ] as const) {
    test(`triggers ${event} on body if provided to sendImmediately`, async ({ area }) => {
      await sendOnOpen(area, "body");
      expect(await seen(area, name)).toEqual([["body", '{"own":"message"}', true]]);
    });

    test(`triggers ${event} on any send element provided to sendImmediately`, async ({ area }) => {
      await sendOnOpen(area, "#first");
      expect(await seen(area, name)).toEqual([["first", '{"own":"message"}', true]]);
    });
  }

  test("sends message if event is not prevented", async ({ area }) => {
    await area.on("htmx:wsBeforeSend", () => {});
    await sendOnOpen(area, "#first");
    expect(await area.sent()).toEqual([{ own: "message" }]);
  });

  test("sends message if no sending element is provided", async ({ area }) => {
    await sendOnOpen(area);
    expect(await area.sent()).toEqual([{ own: "message" }]);
    expect(await area.told("htmx:wsBeforeSend", "htmx:wsAfterSend")).toEqual([]);
  });

  test("sends message if sending element has no event listener for beforeSend", async ({ area }) => {
    await sendOnOpen(area, "#first");
    expect(await area.sent()).toEqual([{ own: "message" }]);
  });

  test("does not send message if beforeSend is prevented", async ({ area }) => {
    await area.on("htmx:wsBeforeSend", (event) => event.preventDefault());
    await sendOnOpen(area, "#first");
    expect(await area.sent()).toEqual([]);
  });
});
