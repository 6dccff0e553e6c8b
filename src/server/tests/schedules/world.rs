//! The hub, the page, and the network between them.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::time::advance;

use super::page::{Page, Transport};
use super::source::Source;
use super::step::{Settings, Step};
use super::truth::{STREAMS, TOPICS, Truth, VALUES};
use crate::browser::connection::machine::Input;
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::server::tests::{stream, topic};
use crate::server::{Hub, HubConfig, Retention};
use crate::wire::{EventName, Position};

/// The most bytes that are under way to a page; a server whose page does not read writes no more.
const MOST_UNDER_WAY: usize = 2_000;

#[derive(Debug)]
pub(super) struct World {
    settings: Settings,
    hub: Hub,
    truth: Truth,
    page: Page,
    /// Rendered, and not hydrated yet.
    rendered: Vec<Source>,
}

impl World {
    pub(super) fn new(settings: Settings) -> Self {
        let hub = Hub::new(HubConfig {
            retention: Retention::Log {
                max_events: settings.log_events,
                max_bytes: 1 << 20,
                max_age: Duration::from_secs(60),
            },
            max_replay_events: settings.replay_events,
            max_idle_topics: settings.idle_topics,
            transient_events: 4,
            ..HubConfig::default()
        });
        hub.declare(topic("latest"), Retention::Latest);
        hub.declare(topic("moment"), Retention::Transient);
        let mut truth = Truth::default();
        truth.begun(hub.head().epoch);
        Self {
            settings,
            hub,
            truth,
            page: Page::new(RetryPolicy::default()),
            rendered: Vec::new(),
        }
    }

    pub(super) async fn take(&mut self, step: &Step) {
        match *step {
            Step::Publish { stream, count } => {
                for _ in 0..count {
                    self.publish(stream).await;
                }
            }
            Step::Render {
                together,
                between,
                wants,
                late,
            } => self.render(together, between, wants, late).await,
            Step::Hydrate if !self.rendered.is_empty() => {
                let source = self.rendered.remove(0);
                self.page.join(source);
            }
            Step::Hydrate => {}
            Step::HydrateLate { source } => self.page.hydrate_late(source),
            Step::Mount { wants } => self.page.join(Source::new(None, Vec::new(), wants, 0)),
            Step::Consume { source, value } => self.page.consume(source, VALUES[value], self.truth.next()),
            Step::Unmount { source } => self.page.leave(source),
            Step::Serve => self.serve(),
            Step::Write { twice } => self.write(twice),
            Step::Arrive { bytes } => self.arrive(bytes),
            Step::Flow => self.flow(),
            Step::Lose => {
                if self.page.transport.is_some() {
                    self.page.drive(Input::Lost);
                }
            }
            Step::BlackHole => {
                if let Some(transport) = &mut self.page.transport {
                    transport.is_black_hole = true;
                }
            }
            Step::Reap => self.page.dead.clear(),
            Step::Kick => self.hub.disconnect_all(),
            Step::Reset => {
                let head = self.hub.reset().await.unwrap();
                self.truth.begun(head.epoch);
            }
            Step::Wait { milliseconds } => {
                advance(Duration::from_millis(milliseconds)).await;
                self.page.tick();
            }
            Step::Nudge => self.page.drive(Input::Nudge),
            Step::Hide => self.page.drive(Input::PageHidden),
            Step::Show => self.page.drive(Input::PageShown),
        }
    }

    async fn publish(&mut self, stream: usize) {
        let (to, name) = STREAMS[stream];
        let number = self.truth.next().to_string();
        let position = self
            .hub
            .publish(&topic(to), &EventName::new(name).unwrap(), number)
            .await
            .unwrap();
        self.truth.published(name, Some(position));
    }

    /// A page's data is read from the hub, as an app does it: with its position in one call, or after the head was
    /// taken, and cut there.
    async fn render(&mut self, together: bool, between: usize, wants: u8, late: u8) {
        let (mut at, mut begins) = (self.hub.head(), self.truth.next());
        for n in 0..between {
            self.publish((n * 3 + usize::from(wants)) % STREAMS.len()).await;
        }
        if together {
            (at, begins) = (self.hub.retained(&topic("latest")).position, self.truth.next());
        }
        let mut content: Vec<(Position, String, usize)> = Vec::new();
        for name in TOPICS {
            let events = self.hub.retained(&topic(name)).events;
            content.extend(events.into_iter().filter_map(|event| {
                let position = event.position.filter(|position| position.is_covered_by(at))?;
                Some((position, event.name.to_string(), event.data.parse().unwrap()))
            }));
        }
        content.sort_by_key(|(position, ..)| position.offset);
        let content = content
            .into_iter()
            .map(|(_, name, number)| (name, number))
            .collect();
        self.rendered
            .push(Source::new(Some((at, begins)), content, wants, late));
    }

    fn serve(&mut self) {
        let Some(transport) = self
            .page
            .transport
            .as_mut()
            .filter(|transport| !transport.is_black_hole)
        else {
            return;
        };
        let Some(request) = transport.request.take() else {
            return;
        };
        // Without a policy there is nothing to wait for.
        let response = stream(&self.hub, &TOPICS, &request).now_or_never().unwrap();
        assert_eq!(response.status(), 200);
        transport.body = Some(response.into_body().into_data_stream());
        if self.page.expects_heartbeats() {
            self.page.opened();
        }
    }

    /// Writes one chunk, if the server has one and there is room.
    fn write(&mut self, twice: bool) {
        let Some(transport) = &mut self.page.transport else {
            return;
        };
        let Transport {
            body: Some(body),
            under_way,
            ..
        } = transport
        else {
            return;
        };
        if under_way.len() > MOST_UNDER_WAY {
            return;
        }
        match body.next().now_or_never() {
            None => {}
            Some(None) => {
                transport.body = None;
                transport.has_ended = true;
            }
            Some(Some(chunk)) => {
                let chunk = chunk.unwrap();
                let text = String::from_utf8_lossy(&chunk);
                let has_control = text.contains("event: ll:");
                let times = if twice && !has_control && !transport.writes_snapshot {
                    2
                } else {
                    1
                };
                let (begins, ends) = (text.rfind("event: ll:snapshot"), text.rfind("event: ll:live"));
                if begins.is_some() || ends.is_some() {
                    transport.writes_snapshot = begins > ends;
                }
                if !transport.is_black_hole {
                    (0..times).for_each(|_| transport.under_way.extend(&chunk));
                }
            }
        }
    }

    fn arrive(&mut self, bytes: usize) {
        let Some(transport) = self
            .page
            .transport
            .as_mut()
            .filter(|transport| !transport.is_black_hole)
        else {
            return;
        };
        let here = transport.under_way.len();
        let is_first = !self.page.is_open() && !self.page.expects_heartbeats();
        let most = if is_first { here } else { bytes.min(here) };
        if most > 0 && !self.page.is_open() {
            self.page.opened();
        }
        let Some(transport) = &mut self.page.transport else {
            return;
        };
        let arrived: Vec<u8> = transport.under_way.drain(..most).collect();
        let is_over = transport.has_ended && transport.under_way.is_empty();
        self.page.arrive(&arrived);
        // Whoever was told something may have opened another connection.
        if is_over
            && self
                .page
                .transport
                .as_ref()
                .is_some_and(|transport| transport.has_ended)
        {
            self.page.drive(Input::Lost);
        }
    }

    /// Everything that can go its way now goes it.
    fn flow(&mut self) {
        for _ in 0..50 {
            self.serve();
            self.write(false);
            self.arrive(usize::MAX);
        }
    }

    /// Nothing is disturbed any more: everything arrives that has been published, and what is published now.
    pub(super) async fn settle(&mut self) -> Result<(), String> {
        while !self.rendered.is_empty() {
            self.take(&Step::Hydrate).await;
        }
        for source in 0..self.page.sources.len() {
            for _ in VALUES {
                self.take(&Step::HydrateLate { source }).await;
            }
        }
        self.page.drive(Input::PageShown);
        self.calm().await?;
        self.judge()?;
        for stream in 1..STREAMS.len() {
            self.publish(stream).await;
            self.flow();
        }
        self.calm().await?;
        self.judge()
    }

    async fn calm(&mut self) -> Result<(), String> {
        if self.page.sources.is_empty() {
            return Ok(());
        }
        for _ in 0..300 {
            self.flow();
            let is_well = |transport: &Transport| !transport.is_black_hole && transport.under_way.is_empty();
            if self.page.is_open() && self.page.transport.as_ref().is_some_and(is_well) {
                return Ok(());
            }
            advance(Duration::from_secs(1)).await;
            self.page.tick();
        }
        Err(format!(
            "after five minutes of peace the page is not live: {:?}",
            self.page
        ))
    }

    fn judge(&self) -> Result<(), String> {
        // Topics that are forgotten and replays that are cut short are told as gaps that may be larger than the loss.
        let is_exact = self.settings.idle_topics > 0 && self.settings.replay_events > 100;
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

    /// How many events and gaps its sources got, and how many connections it took.
    pub(super) fn counts(&self) -> (usize, usize, u64) {
        let sources = || self.page.left.iter().chain(&self.page.sources);
        let events = sources().map(|source| source.numbers().count()).sum();
        let gaps = sources().map(|source| source.gaps().count()).sum();
        (events, gaps, self.page.connections)
    }
}
