/** Everything that sends over the socket; what was sent is compared, without regard to the order of its keys. */

import { run, type Act, type Step } from "../step.ts";

const press = (id: string): Act => ({ click: `#${id}` });
const event = (id: string, type = "my-event"): Act => ({ dispatch: `#${id}`, type });

const SENDERS: readonly (readonly [section: string, what: string, acts: readonly Act[], ms?: number])[] = [
  ["send-form", "a button outside", [press("send-form-outside")]],
  ["send-form", "a button without a name", [press("send-form-plain")]],
  ["send-form", "a button with a name", [press("send-form-save")]],
  ["send-form", "what is in a button", [{ click: "#send-form-save b" }]],
  ["send-form", "an input", [press("send-form-input")]],
  ["send-form", "a button of another type", [press("send-form-other")]],
  [
    "send-form",
    "other values",
    [
      { fill: "[name=text]", value: 'über "&<>\\' },
      { fill: "[name=number]", value: "9" },
      { fill: "[name=long]", value: "one\ntwo\n" },
      { fill: "[name=one]", value: "c" },
      { fill: "[name=some]", value: [] },
      { fill: "[name=alone]", value: true },
      { fill: "[name=radio][value=x]", value: true },
      press("send-form-plain"),
    ],
  ],
  ["send-form", "a value that is not valid", [{ fill: "[name=number]", value: "11" }, press("send-form-plain")]],
  ["send-required", "empty", [press("send-required-send")]],
  ["send-required", "empty, without validation", [press("send-required-draft")]],
  ["send-required", "filled", [{ fill: "#send-required-text", value: "x" }, press("send-required-send")]],
  ...[
    "send-vals",
    "send-inherited",
    "send-headers",
    "send-named",
    "send-target",
    "send-within",
    "send-include",
    "send-link",
  ].map((id) => [id, "a click", [press(id)]] as const),
  ["send-container", "a click", [press("send-container")]],
  ["send-override", "submitted", [{ click: "button" }]],
  ["send-include-form", "submitted", [{ click: "button" }]],
  ...["send-params-all", "send-params-none", "send-params-some", "send-params-not"].map(
    (id) => [id, "submitted", [{ click: "button" }]] as const,
  ),
  ["send-text", "filled", [{ fill: "#send-text", value: "second" }]],
  ["send-area", "filled", [{ fill: "#send-area", value: "one\ntwo" }]],
  ["send-select", "chosen", [{ fill: "#send-select", value: "b" }]],
  ["send-several", "chosen", [{ fill: "#send-several", value: ["a", "b"] }]],
  ["send-box", "ticked", [{ fill: "#send-box", value: true }]],
  ["send-box", "not ticked", [{ fill: "#send-box", value: false }]],
  ["send-submit", "a click", [press("send-submit")]],
  ["send-submit", "filled", [{ dispatch: "#send-submit", type: "change" }]],
  ["send-custom", "a click", [press("send-custom")]],
  ["send-custom", "its event", [event("send-custom")]],
  ["send-once", "first", [press("send-once")]],
  ["send-once", "second", [press("send-once")]],
  ["send-delay", "two", [press("send-delay"), run(60), press("send-delay"), run(60), { look: "before" }], 100],
  ["send-throttle", "three", [press("send-throttle"), press("send-throttle"), run(50), press("send-throttle")], 400],
  ["send-filter", "plain", [press("send-filter")]],
  ["send-filter", "with it", [{ click: "#send-filter", ctrlKey: true }]],
  ["send-from", "on itself", [press("send-from")]],
  ["send-from", "on the other", [press("send-from-other")]],
  ["send-changed", "unchanged", [event("send-changed", "keyup")]],
  ["send-changed", "changed", [{ fill: "#send-changed", value: "b" }, event("send-changed", "keyup")]],
  ["send-two", "first", [event("send-two")]],
  ["send-two", "second", [press("send-two")]],
  ["send-sse", "an event", [{ say: "send-sse", data: "", on: "/oracle/prompts" }]],
];

/** While the socket is closed; it is the last of all that is done to the socket. */
const CLOSED: readonly (readonly [section: string, what: string, acts: readonly Act[], ms?: number])[] = [
  ["send-vals", "the socket is lost", [{ close: "/oracle/socket", code: 1006 }], 10],
  ["send-vals", "while it is lost", [press("send-vals")], 10],
  ["send-vals", "it is back", [], 5_000],
  ["send-vals", "a click when it is back", [press("send-vals")]],
];

/** The steps of `send-…`. */
export function senderSteps(): Step[] {
  return [...SENDERS, ...CLOSED].map(([section, what, acts, ms = 60]) => ({
    name: `${section}: ${what}`,
    section,
    acts,
    ms,
  }));
}
