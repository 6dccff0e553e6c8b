/**
 * The cases of htmx 1.9's suite for the attribute `hx-sse`, under their names.
 */

import { expect, test } from "../../parity/work_area.ts";

test("handles basic sse triggering", async ({ area }) => {
  area.answers["/parity/first"] = "fetched first";
  area.answers["/parity/second"] = "fetched second";
  await area.make(`
    <section hx-sse="connect:/parity/stream">
      <p id="first" hx-trigger="sse:one" hx-get="/parity/first">-</p>
      <p id="second" hx-trigger="sse:two" hx-get="/parity/second">-</p>
    </section>`);
  await area.say("one", "the data is not used");
  await area.shows("#first", "fetched first");
  expect(await area.text("#second")).toBe("-");
  await area.say("two");
  await area.shows("#second", "fetched second");
  expect(await area.text("#first")).toBe("fetched first");
  expect(await area.requested()).toEqual(["GET /parity/first", "GET /parity/second"]);
});

test("does not trigger events that arent named", async ({ area }) => {
  area.answers["/parity/first"] = "fetched";
  await area.make(`
    <section hx-sse="connect:/parity/stream">
      <p id="first" hx-trigger="sse:one" hx-get="/parity/first">-</p>
    </section>`);
  for (const other of ["two", "One", "message"]) await area.say(other);
  expect(await area.requested()).toEqual([]);
  await area.say("one");
  await area.shows("#first", "fetched");
});

test("does not trigger events not on descendents", async ({ area }) => {
  await area.make(`
    <section hx-sse="connect:/parity/stream"></section>
    <p id="outside" hx-trigger="sse:one" hx-get="/parity/first">-</p>`);
  for (const name of ["one", "two"]) await area.say(name);
  expect(await area.requested()).toEqual([]);
  expect(await area.text("#outside")).toBe("-");
});

test("is closed after removal", async ({ area }) => {
  area.answers["/parity/next"] = "clicked";
  await area.make(`
    <section id="source" hx-sse="connect:/parity/stream" hx-get="/parity/next" hx-swap="outerHTML">
      <p hx-trigger="sse:one" hx-get="/parity/first">-</p>
    </section>`);
  expect((await area.stream()).state).toBe("open");
  await area.click("#source");
  await area.shows("#work-area", "clicked");
  expect((await area.stream()).state).toBe("closed");
});

test("is closed after removal with no close and activity", async ({ area }) => {
  await area.make(`
    <section id="source" hx-sse="connect:/parity/stream" hx-get="/parity/next" hx-swap="outerHTML">
      <p hx-trigger="sse:one" hx-get="/parity/first">-</p>
    </section>`);
  await area.remove("#source");
  expect((await area.stream()).state, "nobody has noticed yet").toBe("open");
  await area.say("one");
  expect((await area.stream()).state).toBe("closed");
  expect(await area.requested()).toEqual([]);
});

test("swaps content properly on SSE swap", async ({ area }) => {
  await area.make(`
    <section hx-sse="connect:/parity/stream">
      <p id="first" hx-sse="swap:one"></p>
      <p id="second" hx-sse="swap:two"></p>
    </section>`);
  expect(await area.texts("#first", "#second")).toEqual(["", ""]);
  await area.say("one", "for the first");
  expect(await area.texts("#first", "#second")).toEqual(["for the first", ""]);
  await area.say("two", "for the <b>second</b>");
  expect(await area.texts("#first", "#second")).toEqual(["for the first", "for the second"]);
});

test("swaps swapped in content", async ({ area }) => {
  await area.make(`
    <section hx-sse="connect:/parity/stream">
      <p id="first" hx-sse="swap:one" hx-swap="outerHTML"></p>
    </section>`);
  await area.say("one", '<p id="second" hx-sse="swap:two">new</p>');
  expect(await area.texts("#first", "#second")).toEqual([undefined, "new"]);
  await area.say("two", "live");
  expect(await area.text("#second")).toBe("live");
  // Whoever was replaced is not listened for any more.
  await area.say("one", "for nobody");
  expect((await area.stream()).heard).toEqual({ two: 1 });
});
