//! The hub or the hubs, the page, and the network between them.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, advance, sleep};

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

/// How many events of a transient topic are kept for slow readers.
pub(super) const MOST_MOMENTS: usize = 4;

/// A node has to take an event within this time, or say that it does not; three times of what it waits for its engine.
const PUBLISHES_WITHIN: Duration = Duration::from_millis(1_500);

#[derive(Debug)]
pub(crate) struct World {
    pub(super) settings: Settings,
    /// The nodes; one, whose time can jump, or several on an engine.
    pub(super) hubs: Vec<Hub>,
    /// Whose answers the page gets, as the balancer decides.
    pub(super) serving: usize,
    /// Where the app publishes and renders.
    pub(super) working: usize,
    /// The nodes stand on an engine: time is real, and publishing may fail.
    pub(super) is_real: bool,
    pub(crate) truth: Truth,
    pub(super) page: Page,
    /// Rendered, and not hydrated yet.
    pub(super) rendered: Vec<Source>,
}

/// What the hubs of a schedule are told.
pub(crate) fn config(settings: Settings) -> HubConfig {
    HubConfig {
        retention: Retention::Log {
            max_events: settings.log_events,
            max_bytes: 1 << 20,
            max_age: Duration::from_secs(60),
        },
        max_replay_events: settings.replay_events,
        max_idle_topics: settings.idle_topics,
        transient_events: MOST_MOMENTS,
        ..HubConfig::default()
    }
}

/// Tells a hub which topics keep what.
pub(crate) fn declare(hub: &Hub) {
    hub.declare(topic("latest"), Retention::Latest);
    hub.declare(topic("moment"), Retention::Transient);
}

impl World {
    pub(super) fn new(settings: Settings) -> Self {
        let hub = Hub::new(config(settings));
        declare(&hub);
        Self::with(settings, vec![hub], false)
    }

    pub(super) fn with(settings: Settings, hubs: Vec<Hub>, is_real: bool) -> Self {
        let mut world = Self {
            settings,
            hubs,
            serving: 0,
            working: 0,
            is_real,
            truth: Truth::default(),
            page: Page::new(RetryPolicy::default()),
            rendered: Vec::new(),
        };
        world.learn();
        world
    }

    fn hub(&self) -> &Hub {
        &self.hubs[self.working]
    }

    /// The histories that the nodes know.
    pub(crate) fn learn(&mut self) {
        for hub in &self.hubs {
            self.truth.begun(hub.head().epoch);
        }
    }

    pub(super) async fn pass(&mut self, time: Duration) {
        if self.is_real {
            sleep((time / 50).min(Duration::from_millis(20))).await;
            self.page.jump(time);
        } else {
            advance(time).await;
            self.page.tick();
        }
    }

    pub(crate) async fn take(&mut self, step: &Step) -> Result<(), String> {
        match *step {
            Step::Publish { stream, count } => {
                for _ in 0..count {
                    if !self.publish(stream).await? {
                        break;
                    }
                }
            }
            Step::Render {
                together,
                between,
                wants,
                late,
            } => self.render(together, between, wants, late).await?,
            Step::Hydrate if !self.rendered.is_empty() => {
                let source = self.rendered.remove(0);
                self.page.join(source);
            }
            Step::Hydrate => {}
            Step::HydrateLate { source } => self.page.hydrate_late(source),
            Step::Mount { wants } => self.page.join(Source::new(None, Vec::new(), wants, 0)),
            Step::Consume { source, value } => self.page.consume(source, VALUES[value], self.truth.next()),
            Step::Unmount { source } => self.page.leave(source),
            Step::Serve => self.serve().await?,
            Step::Write { twice } => self.write(twice),
            Step::Arrive { bytes } => self.arrive(bytes),
            Step::Flow => self.flow().await?,
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
            Step::Kick => self.hubs[self.serving].disconnect_all(),
            Step::Reset => match self.hub().reset().await {
                Ok(head) => self.truth.begun(head.epoch),
                Err(error) if !self.is_real => return Err(error.to_string()),
                Err(_) => {}
            },
            Step::Wait { milliseconds } => self.pass(Duration::from_millis(milliseconds)).await,
            Step::Nudge => self.page.drive(Input::Nudge),
            Step::Hide => self.page.drive(Input::PageHidden),
            Step::Show => self.page.drive(Input::PageShown),
        }
        self.learn();
        Ok(())
    }

    /// Publishes an event, and says whether it was taken.
    async fn publish(&mut self, stream: usize) -> Result<bool, String> {
        let (to, name) = STREAMS[stream];
        let number = self.truth.next();
        let began = Instant::now();
        let (to, event) = (topic(to), EventName::new(name).unwrap());
        let published = self.hub().publish(&to, &event, number.to_string()).await;
        if began.elapsed() > PUBLISHES_WITHIN {
            return Err(format!("{number} took {:?}: {published:?}", began.elapsed()));
        }
        if let (Err(error), false) = (&published, self.is_real) {
            return Err(format!("{number} was not taken: {error}"));
        }
        self.truth
            .published_once(name, published.as_ref().ok().copied())?;
        Ok(published.is_ok())
    }

    /// Publishes events until one is taken.
    pub(super) async fn insist(&mut self, stream: usize) -> Result<(), String> {
        for _ in 0..20 {
            if self.publish(stream).await? {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err("in peace no event is taken".to_owned())
    }

    /// A page's data is read from the hub, as an app does it: with its position in one call, or after the head was
    /// taken, and cut there.
    async fn render(&mut self, together: bool, between: usize, wants: u8, late: u8) -> Result<(), String> {
        let mut at = self.hub().head();
        for n in 0..between {
            if !self.publish((n * 3 + usize::from(wants)) % STREAMS.len()).await? {
                break;
            }
        }
        if together {
            at = self.hub().retained(&topic("latest")).position;
        }
        self.learn();
        let begins = self.truth.count_up_to(at);
        let mut content: Vec<(Position, String, usize)> = Vec::new();
        for name in TOPICS {
            let events = self.hub().retained(&topic(name)).events;
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
        Ok(())
    }

    async fn serve(&mut self) -> Result<(), String> {
        let Some(transport) = self
            .page
            .transport
            .as_mut()
            .filter(|transport| !transport.is_black_hole)
        else {
            return Ok(());
        };
        let Some(request) = transport.request.take() else {
            return Ok(());
        };
        let response = stream(&self.hubs[self.serving], &TOPICS, &request).await;
        match response.status().as_u16() {
            200 => transport.body = Some(response.into_body().into_data_stream()),
            // A node that cannot judge the position.
            503 if self.is_real => {
                self.page.drive(Input::Lost);
                return Ok(());
            }
            status => return Err(format!("{request} was answered by {status}")),
        }
        if self.page.expects_heartbeats() {
            self.page.opened();
        }
        Ok(())
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
    pub(super) async fn flow(&mut self) -> Result<(), String> {
        for _ in 0..50 {
            self.serve().await?;
            self.write(false);
            self.arrive(usize::MAX);
        }
        Ok(())
    }

    /// How many events and gaps its sources got, and how many connections it took.
    pub(crate) fn counts(&self) -> (usize, usize, u64) {
        let sources = || self.page.left.iter().chain(&self.page.sources);
        let events = sources().map(|source| source.numbers().count()).sum();
        let gaps = sources().map(|source| source.gaps().count()).sum();
        (events, gaps, self.page.connections)
    }
}
