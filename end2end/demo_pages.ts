/** The showcase's pages, for the specs that visit all of them. */

export interface DemoPage {
  path: string;
  /** Its `h1` and its link in the navigation. */
  title: string;
  /** How many sources its content has, besides the footer's. */
  sources: number;
}

/** The demos, in the order of the navigation. */
export const DEMO_PAGES: readonly DemoPage[] = [
  { path: "/simple", title: "Simple", sources: 5 },
  { path: "/multiple", title: "Multiple", sources: 1 },
  { path: "/multichannel", title: "Multi-channel", sources: 1 },
  { path: "/triggers", title: "Triggers", sources: 1 },
  { path: "/target", title: "Target", sources: 1 },
  { path: "/settling", title: "Settling", sources: 1 },
  { path: "/echo", title: "Echo", sources: 1 },
  { path: "/heartbeat", title: "Heartbeat", sources: 1 },
  { path: "/reconnect", title: "Reconnect", sources: 2 },
  { path: "/chat", title: "Chat", sources: 2 },
  { path: "/dashboard", title: "Dashboard", sources: 1 },
  { path: "/log", title: "Request log", sources: 1 },
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
  "/testkit/raw",
  "/testkit/swap",
  "/testkit/form",
] as const;
