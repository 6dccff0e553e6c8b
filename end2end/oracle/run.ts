/** The page under one engine, and the script played to it. */

import { test, type Browser, type Page } from "@playwright/test";
import { expect } from "../live.ts";
import { answerRequests } from "./answers.ts";
import { forEngine, pageFor, type Engine } from "./engine.ts";
import { installNetwork } from "./page/network.ts";
import { installPlayer } from "./page/player.ts";
import { installSnapshot } from "./page/snapshot.ts";
import { installTime } from "./page/time.ts";
import { NO_SECTION, type Act, type Step } from "./step.ts";

/** So many steps at a time, so that the trace of a run that hangs says about where. */
const AT_A_TIME = 50;

export class Run {
  readonly engine: Engine;
  readonly page: Page;

  private constructor(engine: Engine, page: Page) {
    this.engine = engine;
    this.page = page;
  }

  /** Opens the page that holds `html` at `url`, and waits until it is live and its connections are open. */
  static async open(browser: Browser, engine: Engine, url: string, html: string): Promise<Run> {
    const page = await browser.newPage({ reducedMotion: "reduce" });
    await page.exposeFunction("answerHeld", await answerRequests(page, engine));
    for (const install of [installTime, installNetwork, installSnapshot, installPlayer]) {
      await page.addInitScript(install);
    }
    const body = pageFor(engine, html);
    await page.route(
      ({ href }) => href === url,
      (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }),
    );
    await page.goto(url);
    if (engine.scripts.length === 0) {
      const isHydrated = () => page.evaluate(() => document.documentElement.hasAttribute("data-hydrated"));
      await expect.poll(isHydrated, "the page must hydrate").toBe(true);
    }
    const run = new Run(engine, page);
    await run.play([{ name: "connections open", section: NO_SECTION, acts: [] }]);
    return run;
  }

  /** Plays the steps, and returns what each has led to: everything that is compared, as lines. */
  async play(steps: readonly Step[]): Promise<string[][]> {
    const results: string[][] = [];
    for (let first = 0; first < steps.length; first += AT_A_TIME) {
      const some = steps.slice(first, first + AT_A_TIME).map((step) => this.#spelled(step));
      const play = () => this.page.evaluate((steps) => window.play(steps), some);
      results.push(...(await test.step(`from “${some[0]?.name}” on`, play)));
    }
    return results;
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  #spelled(step: Step): Step {
    const spelled = (html: string) => forEngine(this.engine, html);
    const acts = step.acts.map((act): Act => {
      if ("say" in act) return { ...act, data: spelled(act.data) };
      return "frame" in act ? { ...act, frame: spelled(act.frame) } : act;
    });
    return { ...step, acts };
  }
}
