//! How a schedule ends: nothing is disturbed any more, and what the page has is compared with the truth.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::page::Transport;
use super::source::Source;
use super::step::Step;
use super::truth::{STREAMS, VALUES};
use super::world::{MOST_MOMENTS, World};
use crate::browser::connection::machine::Input;
use crate::server::tests::topic;
use crate::wire::Topic;

/// In peace everything that an engine has reaches a page within this time.
const COMES_WITHIN: Duration = Duration::from_secs(3);

impl World {
    /// Nothing is disturbed any more: everything arrives that has been published, and what is published now.
    pub(crate) async fn settle(&mut self) -> Result<(), String> {
        while !self.rendered.is_empty() {
            self.take(&Step::Hydrate).await?;
        }
        for source in 0..self.page.sources.len() {
            for _ in VALUES {
                self.take(&Step::HydrateLate { source }).await?;
            }
        }
        self.page.drive(Input::PageShown);
        self.rest().await?;
        for stream in 1..STREAMS.len() {
            self.insist(stream).await?;
            self.flow().await?;
        }
        self.truth.has_lost_values = false;
        self.rest().await
    }

    /// Waits until the page is live and has everything. From an engine it comes when it comes.
    async fn rest(&mut self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            self.calm().await?;
            self.learn();
            let judged = self.judge();
            if judged.is_ok() || !self.is_real || began.elapsed() > COMES_WITHIN {
                return judged;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn calm(&mut self) -> Result<(), String> {
        if self.page.sources.is_empty() {
            return Ok(());
        }
        for _ in 0..300 {
            self.flow().await?;
            let is_well = |transport: &Transport| !transport.is_black_hole && transport.under_way.is_empty();
            if self.page.is_open() && self.page.transport.as_ref().is_some_and(is_well) {
                return Ok(());
            }
            self.pass(Duration::from_secs(1)).await;
        }
        Err(format!(
            "after five minutes of peace the page is not live: {:?}",
            self.page
        ))
    }

    fn judge(&self) -> Result<(), String> {
        // Topics that are forgotten and replays that are cut short are told as gaps that may be larger than the loss.
        let is_exact = !self.is_real && self.settings.idle_topics > 0 && self.settings.replay_events > 100;
        let explained = |source: &Source, checked: Result<(), String>| {
            checked.map_err(|error| {
                format!(
                    "{error}\n{source}\npublished: {}\nthe page{}",
                    self.truth, self.page.story
                )
            })
        };
        for source in self.page.left.iter().chain(&self.page.sources) {
            explained(source, self.truth.check_order(source))?;
        }
        for source in &self.page.sources {
            explained(source, self.truth.check_complete(source, is_exact).map(|_| ()))?;
        }
        Ok(())
    }

    /// Whether no node keeps more than it may, once all of them have read everything.
    pub(crate) fn check_bounds(&self) -> Result<(), String> {
        for (hub, (topic, most)) in self
            .hubs
            .iter()
            .flat_map(|hub| self.bounds().map(|bound| (hub, bound)))
        {
            let kept = hub.stats().topics.get(&topic).map_or(0, |topic| topic.retained);
            if kept > most as u64 {
                return Err(format!(
                    "{kept} events of {topic} are kept, which are {most} at most"
                ));
            }
        }
        Ok(())
    }

    /// The most that a node may keep.
    fn bounds(&self) -> [(Topic, usize); 4] {
        let log = self.settings.log_events;
        [
            ("log", log),
            ("other-log", log),
            ("latest", VALUES.len()),
            ("moment", MOST_MOMENTS),
        ]
        .map(|(name, most)| (topic(name), most))
    }
}
