/**
 * The cases of htmx 1.9's suite for the attribute `hx-ws`, under their names.
 */

import { expect, test } from "../../parity/work_area.ts";

test("handles a basic call back", async ({ area }) => {
  await area.make(`
    <section hx-ws="connect:/parity/room">
      <p id="first">-</p>
      <p id="second">-</p>
    </section>`);
  await area.frame('<p id="first">replaced</p>');
  expect(await area.texts("#first", "#second")).toEqual(["replaced", "-"]);
});

test("handles a basic send", async ({ area }) => {
  await area.make(`
    <section hx-ws="connect:/parity/room">
      <p id="sender" hx-ws="send">send</p>
    </section>`);
  await area.click("#sender");
  const [message, ...more] = await area.sent();
  expect(message?.["HEADERS"]).toMatchObject({ "HX-Request": "true", "HX-Trigger": "sender" });
  expect(more).toEqual([]);
});

test("is closed after removal", async ({ area }) => {
  area.answers["/parity/next"] = "clicked";
  await area.make('<p id="source" hx-ws="connect:wss:/parity/room" hx-get="/parity/next" hx-swap="outerHTML">-</p>');
  // WSC-07: a scheme alone keeps the host.
  expect(await area.socket()).toMatchObject({ url: `wss://${await area.run(() => location.host)}/parity/room`, state: "open" });
  await area.click("#source");
  await area.shows("#work-area", "clicked");
  expect((await area.socket()).state).toBe("closed");
});

test("is closed after removal with no close and activity", async ({ area }) => {
  await area.make('<section id="source" hx-ws="connect:/parity/room"></section>');
  await area.remove("#source");
  expect((await area.socket()).state, "nobody has noticed yet").toBe("open");
  await area.frame('<p id="first">for nobody</p>');
  expect((await area.socket()).state).toBe("closed");
});
