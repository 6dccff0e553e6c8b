/**
 * The cases of htmx 4.0.0-beta5's suite for its extension `hx-ws` that are to be kept, under their names.
 * They are written in the attributes of htmx 1.9 and 2, because those of htmx 4 are not read (ACT-13), and
 * the events have htmx 2's names (decision 10).
 *
 * Not mirrored, because markup has no words for it here: when a source connects, its retry policy and the JSON envelope
 * are props of the component, tried in its own tests (of 'Connection Lifecycle' the four about `hx-trigger`; 'does not
 * reconnect when config.reconnect is false'; of 'Configuration' all but the two below; 'Target and Swap Overrides';
 * 'json.payload'; 'reconnectJitter Boolean Compatibility'). Nor what was optional: 'creates own connection if hx-ws:send
 * has path', and what tells an answer by the id of its request.
 */

import { expect, test, type WorkArea } from "../../parity/work_area.ts";

/** A socket with something inside. */
const socket = (inside: string, more = "") => `<section id="source" hx-ws="connect:/parity/room" ${more}>${inside}</section>`;

/** A socket with a button that sends. */
const sender = (more = "") => socket(`<button id="sender" hx-ws="send" ${more}>send</button>`);

/** A socket with a place for frames. */
const place = (more = "") => socket('<p id="content">-</p>', more);

/** Two owners of one socket. */
const TWO_OWNERS = '<p id="first" hx-ws="connect:/parity/room">-</p><p id="second" hx-ws="connect:/parity/room">-</p>';

/** The newest socket is lost; returns after how many milliseconds the next one is opened. */
async function reopenedAfter(area: WorkArea, step: number): Promise<number> {
  const before = (await area.sockets()).length;
  for (let ms = step; ms <= 70_000; ms += step) {
    await area.tick(step);
    if ((await area.sockets()).length > before) return ms;
  }
  throw new Error("expected a new socket within 70 s, found none");
}

/** Replaces the owner by a swap, as its own request asks for. */
async function swapAway(area: WorkArea): Promise<void> {
  area.answers["/parity/next"] = "swapped";
  await area.click("#source");
  await area.shows("#work-area", "swapped");
}

/** For an owner that a click swaps away. */
const REPLACEABLE = 'hx-get="/parity/next" hx-swap="outerHTML"';

test.describe("Connection Lifecycle", () => {
  test("auto-connects on load by default", async ({ area }) => {
    await area.make(socket(""));
    expect(await area.sockets()).toEqual([{ url: expect.stringMatching(/^ws:.*\/parity\/room$/), state: "open", sent: [] }]);
  });

  test("reuses connection for same URL", async ({ area }) => {
    await area.make(TWO_OWNERS);
    expect(await area.sockets()).toHaveLength(1);
    await area.frame("no element");
    expect(await area.told("htmx:wsBeforeMessage"), "both hear of it").toEqual([
      "htmx:wsBeforeMessage first",
      "htmx:wsBeforeMessage second",
    ]);
  });

  test("creates separate connections for different URLs", async ({ area }) => {
    await area.make('<p hx-ws="connect:/parity/one"></p><p hx-ws="connect:/parity/two"></p>');
    expect((await area.sockets()).map(({ url }) => url.split("/").at(-1))).toEqual(["one", "two"]);
  });

  test("closes connection when last element is removed", async ({ area }) => {
    await area.make(socket("-", REPLACEABLE));
    await swapAway(area);
    expect((await area.socket()).state).toBe("closed");
  });

  test("keeps connection open when one of multiple elements is removed", async ({ area }) => {
    await area.make(TWO_OWNERS);
    await area.remove("#first");
    await area.frame("no element");
    expect((await area.socket()).state).toBe("open");
    await area.remove("#second");
    await area.frame("no element");
    expect((await area.socket()).state).toBe("closed");
  });

  test("fires error events on live element after original element is removed", async ({ area }) => {
    await area.make(TWO_OWNERS);
    await area.remove("#first");
    await area.failSocket();
    expect(await area.told("htmx:wsError")).toEqual(["htmx:wsError second"]);
  });
});

test.describe("Message Sending", () => {
  test("sends message on load trigger (waits for socket open)", async ({ area }) => {
    await area.network("is silent");
    await area.make(socket(`<p hx-ws="send" hx-trigger="load" hx-vals='{"on": "load"}'>-</p>`));
    expect(await area.sent()).toEqual([]);
    await area.network("accepts");
    await area.tick(1);
    expect(await area.sentValues()).toEqual([{ on: "load" }]);
  });

  // DIFFERENCE: the values stand at the top of the frame, the headers beside them under `HEADERS`, as in htmx 1.9 and 2.
  test("sends message with hx-ws:send on form submit (DIFFERENCE: CON-05)", async ({ area }) => {
    await area.make(socket('<form id="form" hx-ws="send"><input name="text" value="hello"><button id="button">go</button></form>'));
    await area.click("#button");
    const [message] = await area.sent();
    expect(message).toMatchObject({ text: "hello", HEADERS: { "HX-Request": "true", "HX-Trigger": "form" } });
  });

  test("includes hx-vals in sent message", async ({ area }) => {
    await area.make(sender(`hx-vals='{"more": "data"}'`));
    await area.click("#sender");
    expect(await area.sentValues()).toEqual([{ more: "data" }]);
  });

  test("preserves JS types (number, boolean) from hx-vals", async ({ area }) => {
    await area.make(sender(`hx-vals='{"whole": 42, "part": 1.5, "yes": true}'`));
    await area.click("#sender");
    expect(await area.sentValues()).toEqual([{ whole: 42, part: 1.5, yes: true }]);
  });

  test("hx-vals overrides form field with correct type", async ({ area }) => {
    const form = `<form hx-ws="send" hx-vals='{"count": 99}'><input name="count" value="1"><button id="button">go</button></form>`;
    await area.make(socket(form));
    await area.click("#button");
    expect(await area.sentValues()).toEqual([{ count: 99 }]);
  });

  // DIFFERENCE: nothing evaluates strings.
  test("includes async hx-vals (js:) in sent message (DIFFERENCE: VAL-08)", async ({ area }) => {
    await area.make(sender(`hx-vals="js:{answer: await Promise.resolve(42)}"`));
    await area.click("#sender");
    expect(await area.sentValues()).toEqual([{}]);
  });

  test("finds connection from nearest ancestor", async ({ area }) => {
    await area.make(`
      <main hx-ws="connect:/parity/outer">
        <div><section hx-ws="connect:/parity/inner"><button id="sender" hx-ws="send">send</button></section></div>
      </main>`);
    await area.click("#sender");
    const sent = (await area.sockets()).map(({ url, sent }) => [url.split("/").at(-1), sent.length]);
    expect(sent).toEqual([
      ["outer", 0],
      ["inner", 1],
    ]);
  });

  test("send respects delay modifier", async ({ area }) => {
    await area.make(sender('hx-trigger="click delay:100ms"'));
    await area.click("#sender");
    await area.tick(99);
    expect(await area.sent()).toEqual([]);
    await area.tick(1);
    expect(await area.sentValues()).toEqual([{}]);
  });

  // DIFFERENCE: the id alone, as in htmx 2's extension.
  test("includes HX-Target when hx-target is set (DIFFERENCE: CON-12)", async ({ area }) => {
    await area.make(`${sender('hx-target="#place"')}<p id="place">-</p>`);
    await area.click("#sender");
    expect((await area.sent())[0]?.["HEADERS"]).toMatchObject({ "HX-Target": "place" });
  });
});

test.describe("Message Receiving and HTML Handling", () => {
  test("swaps HTML partial into target element", async ({ area }) => {
    await area.make(place());
    await area.frame('<hx-partial id="content"><b>new</b></hx-partial>');
    expect(await area.text("p#content > b")).toBe("new");
  });

  test("uses default swap strategy (innerHTML)", async ({ area }) => {
    await area.make(place());
    await area.frame('<hx-partial hx-target="#content">new</hx-partial>');
    expect(await area.text("p#content")).toBe("new");
  });

  test("respects hx-swap attribute on partial", async ({ area }) => {
    await area.make(place());
    await area.frame('<hx-partial id="content" hx-swap="beforeend"><b>+</b></hx-partial>');
    expect(await area.text("#content")).toBe("-+");
  });

  test("handles multiple partials in one message", async ({ area }) => {
    await area.make(socket('<h2 id="head">-</h2><p id="content">-</p>'));
    await area.frame('<hx-partial id="head">title</hx-partial><hx-partial id="content">body</hx-partial>');
    expect(await area.texts("#head", "#content")).toEqual(["title", "body"]);
  });

  // DIFFERENCE: scripts run only where the swap says so.
  for (const [title, scripts, expected] of [
    ["executes script tags in swapped content", "<script>window.ran.push(1)</script>", [1]],
    [
      "executes multiple script tags in swapped content",
      "<script>window.ran.push(1)</script><b>new</b><script>window.ran.push(2)</script>",
      [1, 2],
    ],
    [
      "preserves script tag attributes when executing",
      '<script data-own="kept">window.ran.push(document.currentScript.dataset.own)</script>',
      ["kept"],
    ],
  ] as const) {
    test(`${title} (DIFFERENCE: WSM-25)`, async ({ area }) => {
      const ran = () => area.run(() => (window as unknown as { ran: unknown[] }).ran);
      await area.run(() => Object.assign(window, { ran: [] }));
      await area.make(place());
      await area.frame(`<hx-partial id="content">${scripts}</hx-partial>`);
      await area.tick(100);
      expect(await ran()).toEqual([]);
      await area.frame(`<hx-partial id="content" hx-swap="innerHTML scripts:true">${scripts}</hx-partial>`);
      await area.tick(100);
      expect(await ran()).toEqual(expected);
    });
  }
});

test.describe("Custom Channels", () => {
  test("does not swap JSON messages without content field", async ({ area }) => {
    const frame = '{"kind":"notice","text":"hello"}';
    await area.make(place());
    await area.frame(frame);
    await area.tick(100);
    expect(await area.details("htmx:wsAfterMessage", ({ message }) => message)).toEqual([frame]);
    expect(await area.text("#content")).toBe("-");
  });

  test("fires htmx:before:ws:message for all messages", async ({ area }) => {
    const frames = ['<p id="content">new</p>', '{"any":"thing"}', "text"];
    await area.make(place());
    for (const frame of frames) await area.frame(frame);
    expect(await area.details("htmx:wsBeforeMessage", ({ message }) => message)).toEqual(frames);
  });

  test("allows canceling message processing via event", async ({ area }) => {
    await area.make(place());
    await area.on("htmx:wsBeforeMessage", (event) => event.preventDefault());
    await area.frame('<hx-partial id="content">new</hx-partial>');
    expect(await area.text("#content")).toBe("-");
  });

  // DIFFERENCE: an element with an id replaces its namesake, as in htmx 1.9 and 2; without one it stays out of the page.
  test("uses swap:none for raw HTML when no hx-target is set (DIFFERENCE: CON-22)", async ({ area }) => {
    await area.make(place());
    await area.frame("<p>without an id</p>");
    expect(await area.text("#work-area")).toBe("-");
    await area.frame('<p id="content">new</p>');
    expect(await area.text("#work-area")).toBe("new");
  });

  // DIFFERENCE: a frame says by itself where its parts go; the owner's target has nothing to do with it.
  test("swaps raw HTML into hx-target when set (DIFFERENCE: WSM-06)", async ({ area }) => {
    await area.make(place('hx-target="#content"'));
    await area.frame("<b>without an id</b>");
    expect(await area.text("#content")).toBe("-");
    await area.frame('<b hx-swap-oob="innerHTML:#content">with a place</b>');
    expect(await area.text("#content")).toBe("with a place");
  });
});

test.describe("Error Handling and Reconnection", () => {
  test("emits htmx:ws:error on connection error", async ({ area }) => {
    await area.make(socket(""));
    await area.failSocket();
    expect(await area.told("htmx:wsError", "htmx:error")).toEqual(["htmx:error source", "htmx:wsError source"]);
  });

  test("emits htmx:ws:close on connection close", async ({ area }) => {
    await area.make(socket(""));
    await area.endSocket(1000);
    expect(await area.details("htmx:wsClose", ({ event, elt }) => [elt.id, event.code])).toEqual([["source", 1000]]);
  });

  test("attempts reconnection on close when config.reconnect is true", async ({ area }) => {
    await area.make(place());
    await area.endSocket();
    await area.tick(500);
    expect((await area.sockets()).map(({ state }) => state)).toEqual(["closed", "open"]);
    await area.frame('<p id="content">after it</p>');
    expect(await area.text("#content")).toBe("after it");
  });

  test("emits htmx:before:ws:connection with attempt > 0 on reconnect", async ({ area }) => {
    await area.make(socket(""));
    await area.endSocket();
    await area.tick(500);
    expect(await area.details("htmx:wsConnecting", ({ attempt }) => attempt)).toEqual([0, 1]);
  });

  // DIFFERENCE: htmx 4 spreads each delay by 30 %; here chance decides between nothing and all of it.
  test("uses exponential backoff for reconnection (DIFFERENCE: CON-08)", async ({ area }) => {
    await area.make(socket(""));
    await area.chance(0.8);
    await area.network("refuses");
    await area.endSocket();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) delays.push(await reopenedAfter(area, 100));
    expect(delays).toEqual([400, 800, 1_600, 3_200]);
  });

  // DIFFERENCE: a message waits for the socket. It fails, visibly, when there will be none.
  for (const title of ["emits htmx:ws:error when send fails", "htmx:ws:error fires for send failures with error message"]) {
    test(`${title} (DIFFERENCE: CON-06)`, async ({ area }) => {
      await area.make(sender());
      await area.endSocket();
      await area.click("#sender");
      expect(await area.details("htmx:wsError", ({ elt }) => elt.id), "it waits").toEqual(["source"]);
      await area.tick(500);
      expect(await area.sent()).toHaveLength(1);
      await area.endSocket(1000);
      await area.click("#sender");
      const errors = await area.details("htmx:wsError", ({ elt, error }) => `${elt.id}: ${error}`);
      expect(errors.at(-1)).toMatch(/^sender: expected a connection, found it closed/);
    });
  }

  test("swaps non-JSON messages as raw HTML into hx-target", async ({ area }) => {
    await area.make(place('hx-target="#content"'));
    await area.frame('<hx-partial id="content"><b>raw</b></hx-partial>');
    expect(await area.text("p#content > b")).toBe("raw");
  });

  test("uses swap:none for non-JSON messages without hx-target", async ({ area }) => {
    await area.make(place());
    await area.frame("<p>from nowhere</p>");
    expect(await area.text("#source")).toBe("-");
  });

  test("processes hx-partial in non-JSON messages even without hx-target", async ({ area }) => {
    await area.make(place());
    await area.frame('<hx-partial id="content"><b>partial</b></hx-partial><i>not</i>');
    expect(await area.text("#source")).toBe("partial");
  });

  test("fires htmx:before:ws:message for non-JSON data with message=null", async ({ area }) => {
    await area.make(place());
    await area.frame("<i>raw</i>");
    expect(await area.details("htmx:wsBeforeMessage", ({ message }) => message)).toEqual(["<i>raw</i>"]);
  });

  test("prevents swap when htmx:before:ws:message is cancelled for raw data", async ({ area }) => {
    await area.make(place());
    await area.on("htmx:wsBeforeMessage", (event) => {
      if (!event.detail.message.startsWith("{")) event.preventDefault();
    });
    await area.frame('<p id="content">raw</p>');
    expect(await area.text("#content")).toBe("-");
  });
});

test.describe("Configuration", () => {
  test("applies reconnectJitter when enabled (DIFFERENCE: CON-08)", async ({ area }) => {
    await area.make(socket(""));
    const delays: number[] = [];
    for (const chance of [0.2, 0.5, 0.8]) {
      await area.chance(chance);
      await area.endSocket();
      delays.push(await reopenedAfter(area, 50));
      await area.frame("an event, so that the next loss is the first again");
    }
    expect(delays).toEqual([100, 250, 400]);
  });

  for (const [title, frame] of [
    ["raw messages go through before/after:ws:message with message=null", '<p id="content">raw</p>'],
    ["JSON messages go through before/after:ws:message with message object", '{"content":"x"}'],
  ] as const) {
    test(title, async ({ area }) => {
      await area.make(place());
      await area.frame(frame);
      await area.tick(100);
      expect(await area.told("htmx:wsBeforeMessage", "htmx:wsAfterMessage")).toEqual([
        "htmx:wsBeforeMessage source",
        "htmx:wsAfterMessage source",
      ]);
      expect(await area.details("htmx:wsAfterMessage", ({ message }) => message)).toEqual([frame]);
    });
  }
});

test.describe("Event Emission", () => {
  test("emits htmx:before:ws:connection before connection", async ({ area }) => {
    await area.network("is silent");
    await area.make(socket(""));
    expect(await area.told("htmx:wsConnecting", "htmx:wsOpen")).toEqual(["htmx:wsConnecting source"]);
  });

  test("emits htmx:after:ws:connection after connection", async ({ area }) => {
    await area.make(socket(""));
    expect(await area.told("htmx:wsConnecting", "htmx:wsOpen")).toEqual(["htmx:wsConnecting source", "htmx:wsOpen source"]);
  });

  test("can cancel initial connection via htmx:before:ws:connection", async ({ area }) => {
    await area.on("htmx:wsConnecting", (event) => event.preventDefault());
    await area.make(socket(""));
    expect(await area.sockets()).toEqual([]);
  });

  test("can cancel reconnection via htmx:before:ws:connection", async ({ area }) => {
    await area.make(socket(""));
    await area.on("htmx:wsConnecting", (event) => event.preventDefault());
    await area.endSocket();
    await area.tick(120_000);
    expect(await area.sockets()).toHaveLength(1);
  });

  test("emits htmx:before:ws:request before sending", async ({ area }) => {
    await area.make(sender());
    await area.on("htmx:wsBeforeSend", (event) => event.preventDefault());
    await area.click("#sender");
    expect(await area.told("htmx:wsBeforeSend")).toEqual(["htmx:wsBeforeSend sender"]);
    expect(await area.sent()).toEqual([]);
  });

  test("emits htmx:after:ws:request after sending", async ({ area }) => {
    await area.make(sender());
    await area.click("#sender");
    expect(await area.told("htmx:wsBeforeSend", "htmx:wsAfterSend")).toEqual([
      "htmx:wsBeforeSend sender",
      "htmx:wsAfterSend sender",
    ]);
  });

  test("allows modifying message via htmx:before:ws:request", async ({ area }) => {
    await area.make(sender());
    await area.on("htmx:wsConfigSend", ({ detail }) => {
      detail.parameters.added = "by a script";
      detail.headers["X-Own"] = "too";
    });
    await area.click("#sender");
    expect(await area.sent()).toEqual([{ added: "by a script", HEADERS: expect.objectContaining({ "X-Own": "too" }) }]);
  });

  test("can cancel send via htmx:before:ws:request", async ({ area }) => {
    await area.make(sender());
    await area.on("htmx:wsConfigSend", (event) => event.preventDefault());
    await area.click("#sender");
    expect(await area.sent()).toEqual([]);
  });
});

test.describe("Backward Compatibility", () => {
  // DIFFERENCE: here it is one of two spellings, and nothing to warn of.
  test("supports legacy ws-connect attribute with deprecation warning (DIFFERENCE: ACT-13)", async ({
    area,
    consoleGuard,
  }) => {
    await area.make('<p ws-connect="/parity/room">-</p>');
    expect((await area.socket()).state).toBe("open");
    expect(consoleGuard.messages).toEqual([]);
  });

  test("supports legacy ws-send attribute", async ({ area }) => {
    await area.make('<p ws-connect="/parity/room"><button id="sender" ws-send>send</button></p>');
    await area.click("#sender");
    expect(await area.sentValues()).toEqual([{}]);
  });
});

test.describe("Integration Scenarios", () => {
  test("handles chat application pattern", async ({ area }) => {
    await area.make(socket('<ul id="lines"></ul><form hx-ws="send"><input name="text" value="hi"><button id="button">go</button></form>'));
    await area.click("#button");
    expect(await area.sentValues()).toEqual([{ text: "hi" }]);
    for (const line of ["hi", "hi, too"]) {
      await area.frame(`<hx-partial id="lines" hx-swap="beforeend"><li>${line}.</li></hx-partial>`);
    }
    expect(await area.text("#lines")).toBe("hi.hi, too.");
  });

  test("handles live notifications pattern", async ({ area }) => {
    await area.make(socket('<ul id="notices"></ul>'));
    for (const number of [1, 2, 3]) await area.frame(`<ul id="notices" hx-swap-oob="afterbegin"><li>${number}</li></ul>`);
    expect(await area.text("#notices")).toBe("321");
  });

  test("handles real-time dashboard with multiple widgets", async ({ area }) => {
    const widgets = ["load", "memory", "users"];
    await area.make(socket(widgets.map((id) => `<p id="${id}">-</p>`).join("")));
    await area.frame(widgets.map((id) => `<hx-partial id="${id}"><b>${id}!</b></hx-partial>`).join(""));
    expect(await area.texts("#load", "#memory", "#users")).toEqual(["load!", "memory!", "users!"]);
  });
});

test.describe("Bug Regressions", () => {
  test("htmx:after:ws:connection reports correct attempt number on reconnect", async ({ area }) => {
    await area.make(socket(""));
    await area.endSocket();
    await area.tick(500);
    expect(await area.details("htmx:wsOpen", ({ attempt }) => attempt)).toEqual([0, 1]);
  });

  test("htmx:before:ws:message includes raw data string", async ({ area }) => {
    const frame = '{"content": "<b>spaced</b>"}';
    await area.make(place());
    await area.frame(frame);
    expect(await area.details("htmx:wsBeforeMessage", ({ message }) => message)).toEqual([frame]);
  });
});

test.describe("Orphaned Connection Cleanup", () => {
  test("closes WebSocket when connect element is swapped out mid-connection", async ({ area }) => {
    await area.network("is silent");
    await area.make(socket("-", REPLACEABLE));
    expect((await area.socket()).state).toBe("connecting");
    await swapAway(area);
    expect((await area.socket()).state).toBe("closed");
    expect(await area.told("htmx:wsOpen")).toEqual([]);
  });

  test("cleans up connection when element is removed and message arrives", async ({ area }) => {
    await area.make(`${socket("-")}<p id="content">-</p>`);
    await area.remove("#source");
    await area.frame('<p id="content">for nobody</p>');
    expect((await area.socket()).state).toBe("closed");
    expect(await area.text("#content")).toBe("-");
  });

  test("cleans up connection on close when element is gone (no reconnect)", async ({ area }) => {
    await area.make(socket("-"));
    await area.remove("#source");
    await area.endSocket();
    await area.tick(120_000);
    expect(await area.sockets()).toHaveLength(1);
  });

  test("cleans up when element removed during reconnect delay", async ({ area }) => {
    await area.make(socket("-"));
    await area.chance(0.9);
    await area.endSocket();
    await area.remove("#source");
    await area.tick(120_000);
    expect(await area.sockets()).toHaveLength(1);
  });
});

test.describe("Deep Review Fixes", () => {
  test("closeConnection aborts the AbortController", async ({ area }) => {
    await area.make(socket("-", REPLACEABLE));
    await swapAway(area);
    const before = await area.told("htmx:wsClose", "htmx:wsError", "htmx:wsConnecting");
    // Whatever the old socket still says is heard by nobody.
    await area.endSocket();
    await area.tick(120_000);
    expect(await area.told("htmx:wsClose", "htmx:wsError", "htmx:wsConnecting")).toEqual(before);
    expect(await area.sockets()).toHaveLength(1);
  });
});
