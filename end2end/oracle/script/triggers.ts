/** What events make elements ask for, and what sources make of names, failures and each other. */

import { run, say, type Act, type Step } from "../step.ts";

const event = (name: string): Act[] => [say(name, "data of the event")];

/** Each: the case, what is done, and how long it takes. */
const TRIGGERS: readonly (readonly [section: string, what: string, acts: readonly Act[], ms?: number])[] = [
  ...["get", "post", "put", "patch", "delete", "none", "place", "outer", "refused", "empty", "field", "form"].flatMap(
    (what) => [1, 2].map((round) => [`trigger-${what}`, `event ${round}`, event(`trigger-${what}`)] as const),
  ),
  ["trigger-names", "first name", event("trigger-names")],
  ["trigger-names", "second name", event("trigger-names-too")],
  ["trigger-names", "a third name", event("trigger-names-not")],
  ["trigger-once", "first", event("trigger-once")],
  ["trigger-once", "second", event("trigger-once")],
  [
    "trigger-delay",
    "two within the delay",
    [...event("trigger-delay"), run(60), ...event("trigger-delay"), run(60), { look: "before its end" }],
    100,
  ],
  [
    "trigger-throttle",
    "three within the time",
    [
      ...event("trigger-throttle"),
      run(50),
      { look: "after the first" },
      ...event("trigger-throttle"),
      ...event("trigger-throttle"),
      run(50),
      { look: "after the third" },
    ],
    400,
  ],
  [
    "trigger-queue",
    "two while a request is under way",
    [
      ...event("trigger-queue"),
      ...event("trigger-queue"),
      ...event("trigger-queue"),
      run(50),
      { look: "under way" },
      { release: true },
      run(50),
      { look: "the first is answered" },
      { release: true },
      run(50),
      { look: "the second is answered" },
      { release: true },
    ],
  ],
];

/** The steps of `trigger-…`. */
export function triggerSteps(): Step[] {
  return TRIGGERS.map(([section, what, acts, ms = 60]) => ({ name: `${section}: ${what}`, section, acts, ms }));
}

const SOURCES: readonly (readonly [section: string, what: string, acts: readonly Act[], ms?: number])[] = [
  ["source-names", "first name", [say("source-names", "<b>one</b>")]],
  ["source-names", "second name", [say("source-names-too", "<b>two</b>")]],
  ["source-names", "a third name", [say("source-names-not", "<b>three</b>")]],
  ["source-message", "an event without a name", [say("message", "<b>message</b>")]],
  ["source-message", "an event called open", [say("open", "<b>open</b>")]],
  ["source-case", "in small letters", [say("source-case", "<b>small</b>")]],
  ["source-case", "as written", [say("source-Case", "<b>as written</b>")]],
  ["source-colon", "whole", [say("source:colon", "<b>whole</b>")]],
  ["source-colon", "a part of it", [say("source", "<b>part</b>")]],
  ["source-twice", "both hear", [say("source-twice", "<b>both</b>")]],
  ["source-order", "both append", [say("source-order", "<b>x</b>"), say("source-order", "<b>y</b>")]],
  ["source-around", "the inner one hears", [say("source-around-inner", "<b>inner</b>")]],
  ["source-around", "the outer one appends", [say("source-around", "<b>outer</b>")]],
  ["source-around", "the inner one still hears", [say("source-around-inner", "<b>inner again</b>")]],
  [
    "source-inner",
    "on the inner stream",
    [say("source-inner", "<b>x</b>"), on("/oracle/inner", "source-inner", "<b>i</b>")],
  ],
  ["source-inner", "on the outer stream", [say("source-inner", "<b>outer</b>")]],
  ["source-both", "an event", [on("/oracle/both", "source-both", "<b>new</b>")]],
  ["source-both", "another", [on("/oracle/both", "source-both", "<b>newer</b>")]],
  ["source-both", "on the outer stream", [say("source-both", "<b>outer</b>")]],
  [
    "source-replaced",
    "by its own event with another source",
    [on("/oracle/replaced", "source-replaced-own", '<p hx-sse="connect:/oracle/second swap:second">second</p>')],
  ],
  ["source-replaced", "the other source hears", [on("/oracle/second", "second", "<b>heard</b>")]],
  ["source-replaced", "by the consumer around it", [say("source-replaced", "<b>no source</b>")]],
  ["source-shared", "both hear", [on("/oracle/shared", "source-shared", "<b>heard</b>")]],
  ["source-fails", "the browser tries again", [{ fail: "/oracle/fails", gaveUp: false }]],
  ["source-fails", "and the stream goes on", [on("/oracle/fails", "source-fails", "<b>on</b>")]],
  ["source-fails", "the browser gives up", [{ fail: "/oracle/fails", gaveUp: true }], 5_000],
  ["source-fails", "and a new stream goes on", [on("/oracle/fails", "source-fails", "<b>and on</b>")]],
  ["source-removed", "one is gone", [{ remove: "#source-removed" }, say("source-removed", "<b>heard</b>")]],
  ["source-removed", "for good", [say("source-removed", "<b>heard again</b>")]],
  ["source-other", "the stream around it", [say("source-other", "<b>heard</b>")]],
  ["source-other", "its own", [on("/oracle/silent", "source-other", "<b>heard</b>")]],
];

function on(address: string, name: string, data: string): Act {
  return { say: name, data, on: address };
}

/** The steps of `source-…`. */
export function sourceSteps(): Step[] {
  return SOURCES.map(([section, what, acts, ms = 60]) => ({ name: `${section}: ${what}`, section, acts, ms }));
}
