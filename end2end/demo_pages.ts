/** The showcase's pages, for the specs that visit all of them. */

export interface DemoPage {
  path: string;
  /** Its `h1` and its link in the navigation. */
  title: string;
  /** Its file in `showcase/src/demos`. */
  file: string;
  /** The function that makes it, in that file. */
  component: string;
  /** How many sources its content has, besides the footer's. */
  sources: number;
  /** How many of them are streams; the others are sockets, which have no history to lose. */
  streams: number;
  /** Whether events arrive without anybody's doing. */
  feeds: boolean;
}

/** What most pages are: one stream, on which events arrive by themselves. */
const STREAM = { sources: 1, streams: 1, feeds: true };

/** The demos, in the order of the navigation. */
export const DEMO_PAGES: readonly DemoPage[] = [
  { ...STREAM, path: "/simple", title: "Simple", file: "simple.rs", component: "Simple", sources: 5, streams: 5 },
  { ...STREAM, path: "/multiple", title: "Multiple", file: "multiple.rs", component: "Multiple" },
  { ...STREAM, path: "/multichannel", title: "Multi-channel", file: "multichannel.rs", component: "Multichannel" },
  { ...STREAM, path: "/triggers", title: "Triggers", file: "triggers.rs", component: "Triggers" },
  { ...STREAM, path: "/target", title: "Target", file: "target.rs", component: "Target" },
  { ...STREAM, path: "/settling", title: "Settling", file: "settling.rs", component: "Settling" },
  { ...STREAM, path: "/out-of-band", title: "Out of band", file: "out_of_band.rs", component: "OutOfBand" },
  { ...STREAM, path: "/table", title: "Table", file: "table.rs", component: "Table" },
  { ...STREAM, path: "/morph", title: "Morph", file: "morph.rs", component: "Morph" },
  // It has a stream only while it answers.
  { path: "/answer", title: "Answer", file: "answer.rs", component: "Answer", sources: 0, streams: 0, feeds: false },
  { ...STREAM, path: "/echo", title: "Echo", file: "echo.rs", component: "Echo", streams: 0, feeds: false },
  { ...STREAM, path: "/heartbeat", title: "Heartbeat", file: "heartbeat.rs", component: "Heartbeat", streams: 0 },
  { ...STREAM, path: "/reconnect", title: "Reconnect", file: "reconnect.rs", component: "Reconnect", sources: 2 },
  { ...STREAM, path: "/chat", title: "Chat", file: "chat.rs", component: "Chat", sources: 2, feeds: false },
  { ...STREAM, path: "/dashboard", title: "Dashboard", file: "dashboard.rs", component: "Dashboard" },
  { ...STREAM, path: "/log", title: "Request log", file: "request_log.rs", component: "RequestLog", feeds: false },
];

/** The title of the first page. */
export const HOME_TITLE = "Live pages, rendered on the server";

/** The pages of the test kit, which stand outside of the site's layout. */
export const TESTKIT_PAGES = [
  "/testkit/sequence",
  "/testkit/mounts",
  "/testkit/components",
  "/testkit/two",
  "/testkit/reactive",
  "/testkit/late",
  "/testkit/raw",
  "/testkit/spread",
  "/testkit/swap",
  "/testkit/form",
  "/testkit/blank",
  "/testkit/slow",
] as const;
