/**
 * Where we differ from htmx by decision. What stands here stands in the parity table of the documentation as well.
 *
 * Most steps end in 1 or 2, because each payload comes twice: the second time meets what the first has left.
 */

import type { Difference } from "./difference.ts";

/** The styles that put the payload somewhere, as patterns of their steps. */
const inserting = (what: string): string[] =>
  ["innerHTML", "outerHTML", "beforebegin", "afterbegin", "beforeend", "afterend"].map(
    (style) => `style ${style}: ${what}`,
  );

const SWAPS: readonly Difference[] = [
  {
    ids: ["SSW-14", "CON-19"],
    reason: "A message without content leaves its target alone.",
    steps: ["style innerHTML: empty *", "style outerHTML: empty *", "style textContent: empty *"],
  },
  {
    ids: ["SSW-13", "CON-19"],
    reason: "A message of out-of-band parts alone leaves its target alone.",
    steps: ["style innerHTML: part alone *", "style outerHTML: part alone *"],
  },
  {
    ids: ["SET-07", "WSM-25"],
    reason: "Scripts in what is swapped in run only where the app has asked for it.",
    steps: [...inserting("script *"), "oob a script in it *", "frame a script in it *"],
  },
  {
    ids: ["SSW-25"],
    reason:
      "A title in a message is the page's title only with ignoreTitle:false; htmx 2 needs ignoreTitle:true to leave it.",
    from: "htmx 2",
    steps: [
      "style innerHTML: title *",
      "style outerHTML: title 1",
      "style beforebegin: title *",
      "style afterbegin: title *",
      "style beforeend: title *",
      "style afterend: title *",
      "style delete: title 1",
      "style none: title *",
    ],
  },
  {
    ids: ["SWP-09"],
    reason: "htmx 1 has no textContent and takes it for innerHTML.",
    from: "htmx 1",
    steps: [
      ...["attributes to settle", "autofocus", "blank", "blanks", "comment", "consumer", "consumer, called at once"],
      ...["document", "element", "entities", "fields", "itself", "other elements", "part alone", "part and main"],
      ...["part inside", "preserved", "same id", "same tag", "script", "several nodes", "title", "unclosed"],
    ]
      .map((payload) => `style textContent: ${payload} ?`)
      .concat(["tbody", "tr", "ul", "select", "svg"].map((kind) => `${kind} textContent ?`)),
  },
  {
    ids: ["SSW-27"],
    reason: "Blanks at the beginning are kept; htmx 1 parses a document, which drops them.",
    from: "htmx 1",
    steps: inserting("blank*"),
  },
  {
    ids: ["ACT-07", "SSW-19"],
    reason: "What is swapped in is live at once; in htmx 2 it misses what comes before it has settled.",
    from: "htmx 2",
    steps: inserting("consumer, called at once *"),
  },
  {
    ids: ["SWP-26"],
    reason: "What comes for a drawing is drawn; in htmx all but a plain innerHTML is HTML there.",
    steps: ["innerHTML", "outerHTML", "beforebegin", "afterbegin", "beforeend", "afterend"].map(
      (style) => `svg ${style} ?`,
    ),
  },
  {
    ids: ["SSW-15", "SSW-16", "CON-18"],
    reason: "hx-select and hx-select-oob hold for messages too; htmx 2 ignores them there.",
    from: "htmx 2",
    steps: ["hx-select on a consumer: an event", "hx-select-oob on a consumer: an event"],
  },
];

const MODIFIERS: readonly Difference[] = [
  {
    ids: ["SSW-11", "CON-17", "SET-05"],
    reason:
      "Modifiers hold for messages as for answers, and content settles; htmx 1 reads the style only and settles at once.",
    from: "htmx 1",
    steps: [
      ...[
        "innerHTML settle:200ms",
        "beforeend settle:200ms",
        "innerHTML swap:0",
        "innerHTML transition:false",
        "settle:10ms",
      ],
      ...["innerHTML scroll:top", "innerHTML show:none", "innerHTML ignoreTitle:true"],
    ]
      .map((text) => `modifier ${text} (*) 2`)
      .concat(
        [
          ...["innerHTML swap:100ms", "beforeend swap:100ms settle:100ms", "innerHTML transition:true"],
          ...["innerHTML scroll:bottom", "beforeend scroll:bottom", "innerHTML scroll:#{id}-other:bottom"],
          ...[
            "innerHTML show:top",
            "innerHTML show:bottom",
            "innerHTML show:#{id}-other:top",
            "innerHTML show:window:top",
          ],
          ...["innerHTML focus-scroll:true", "innerHTML focus-scroll:false", "innerHTML ignoreTitle:false"],
        ].map((text) => `modifier ${text} (*) ?`),
        ["outerHTML swap:100ms", "outerHTML transition:true", "delete swap:100ms"].map(
          (text) => `modifier ${text} (*) 1`,
        ),
      ),
  },
  {
    ids: ["SWP-19", "SET-04"],
    reason:
      "In a view transition nothing settles later, since the browser itself animates from the old state to the new.",
    from: "htmx 2",
    steps: ["modifier innerHTML transition:true (*) 2"],
  },
];

const PARTS: readonly Difference[] = [
  {
    ids: ["OOB-08"],
    reason: "What was placed does not carry the instruction any more; htmx 1 leaves hx-swap-oob on it.",
    from: "htmx 1",
    text: / hx-swap-oob="(?:[^"\\]|\\.)*"/g,
    steps: [
      ...["true", "outerHTML", "outerHTML:<one>", "outerHTML:<several>", "attributes to settle"].flatMap((form) => [
        `oob ${form} ?`,
        `frame ${form} ?`,
      ]),
      ...[...inserting("part and main ?"), "style delete: part and main ?", "style none: part and main ?"],
    ],
  },
  {
    ids: ["OOB-02", "SWP-09"],
    reason: "textContent holds out of band, too; in htmx it is innerHTML there.",
    steps: ["oob textContent ?", "frame textContent ?"],
  },
  {
    ids: ["CON-20", "OOB-12"],
    reason: "Parts are placed after the main content, which may have brought their place.",
    steps: ["oob for what the main part brings ?"],
  },
  {
    ids: ["OOB-09"],
    reason: "Ids are looked up as they are; htmx 1 makes a selector of them without escaping it.",
    from: "htmx 1",
    steps: ["oob an id to be escaped ?", "frame an id to be escaped ?"],
  },
  {
    ids: ["OOB-10"],
    reason: "Parts may come in a template; htmx 1 does not look into it.",
    from: "htmx 1",
    steps: ["oob in a template ?"],
  },
  {
    ids: ["WSM-05", "CON-21"],
    reason: "Frames are searched like messages: for parts inside of elements and of templates.",
    steps: ["frame in a template ?", "frame a template of places ?", "frame a part inside ?"],
  },
  {
    ids: ["SWP-29"],
    reason: "hx-preserve holds for frames, too; in htmx 1 it does not.",
    from: "htmx 1",
    steps: ["frame preserved 2"],
  },
  {
    ids: ["OOB-11"],
    reason: "hx-swap-oob takes modifiers, as in htmx 4; in 1 and 2 the colon makes a selector of them.",
    steps: ["oob with a modifier ?", "frame with a modifier ?"],
  },
];

const TRIGGERS: readonly Difference[] = [
  {
    ids: ["SST-05", "CON-11"],
    reason: "Filters and modifiers hold for sse: triggers as for all others; htmx 1 drops them.",
    from: "htmx 1",
    steps: [
      ...["trigger-once: second", "trigger-delay: two within the delay", "hx-trigger=sse:ID-x once: second"],
      ...["hx-trigger=sse:ID-x delay:100ms: an event", "hx-trigger=sse:ID-x[detail.data=='yes']: no"],
    ],
  },
  {
    ids: ["TRG-04", "CON-27"],
    reason: "throttle: also runs the last of those that came meanwhile, as htmx's own documentation says.",
    steps: [
      ...["trigger-throttle: three within the time", "hx-trigger=sse:ID-x throttle:200ms: three"],
      ...["hx-trigger=click throttle:200ms: three", "send-throttle: three"],
    ],
  },
];

const SOURCES: readonly Difference[] = [
  {
    ids: ["SSR-13"],
    reason: "When the browser has given up, the status is asked for: after some of them nobody must come back.",
    from: "htmx 2",
    text: /\n?requested GET \/oracle\/fails/g,
    steps: ["source-fails: the browser gives up"],
  },
  {
    ids: ["SSR-01", "SSR-13"],
    reason: "A stream that the browser has given up is opened again; in htmx 1 it is lost for good.",
    from: "htmx 1",
    steps: ["source-fails: the browser gives up", "source-fails: and a new stream goes on"],
  },
];

const TARGET_OF_SENDERS: Difference = {
  ids: ["WSS-05", "CON-12"],
  reason: "HX-Target is the id of the target, as in htmx 2; in htmx 1 it is that of the socket's element.",
  from: "htmx 1",
  text: /"HX-Target":(?:"[^"]*"|null)/g,
  steps: ["send-*", "frame a sender ?"],
};

const SENDERS: readonly Difference[] = [
  TARGET_OF_SENDERS,
  {
    ids: ["WSS-02"],
    reason: "A sender takes every trigger with its filter and modifiers; htmx 1 takes the name of the first.",
    from: "htmx 1",
    steps: [
      ...["send-once: second", "send-delay: two", "send-filter: plain", "send-from: *", "send-changed: unchanged"],
      ...["send-two: second", "send-sse: an event"],
    ],
  },
  {
    ids: ["VAL-01"],
    reason: "The values of DELETE stand in its address, as in htmx 2; htmx 1 sends them as a body.",
    from: "htmx 1",
    steps: ["a form's own trigger, hx-delete: submitted"],
  },
  {
    ids: ["VAL-04"],
    reason: "A list of which nothing is chosen is not sent, as forms do it; htmx 1 sends an empty array.",
    from: "htmx 1",
    steps: ["send-form: other values"],
  },
  {
    ids: ["VAL-13", "CON-16"],
    reason: "An element that is no form and no field sends the fields inside of it, as in htmx 4.",
    steps: ["send-container: a click"],
  },
  {
    ids: ["WSS-10"],
    reason: "The button that has submitted counts, wherever it stands; htmx guesses from clicks inside of the form.",
    steps: ["send-form: a button outside"],
  },
  {
    ids: ["CON-06", "WSQ-01"],
    reason: "What is sent while the socket is lost waits for it; in htmx 1 it is an error and gone.",
    from: "htmx 1",
    steps: ["send-vals: it is back"],
  },
  {
    ids: ["VAL-09"],
    reason: "hx-params may list names; in htmx 2 that throws for sockets, and nothing is sent.",
    from: "htmx 2",
    steps: ["send-params-some: submitted", "send-params-not: submitted"],
  },
];

export const DIFFERENCES: readonly Difference[] = [
  ...SWAPS,
  ...MODIFIERS,
  ...PARTS,
  ...TRIGGERS,
  ...SOURCES,
  ...SENDERS,
];

/** The same for the pages of the showcase, by path. */
export const SHOWCASE_DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {
  "/echo": [{ ...TARGET_OF_SENDERS, steps: ["form 1"] }],
};
