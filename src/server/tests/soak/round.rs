//! A round: pages and sockets come, chaos for some seconds, peace, judgement; then everybody leaves, and the server has to
//! hold what it held before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::super::schedules::source::Source;
use super::super::schedules::truth::VALUES;
use super::chance::Chance;
use super::exchange::ask;
use super::fault_proxy::{FaultProxy, Flow};
use super::hostile::attack;
use super::levels::Levels;
use super::publisher::{Publisher, Record};
use super::server_process::ServerProcess;
use super::socket_reader::SocketReader;
use super::stream_reader::{Judgement, PageOrder, StreamReader};
use super::tally::Tally;
use super::wanderer::Wanderer;
use crate::wire::Position;

/// Pages, each with one source or more, and sockets.
const PAGES: usize = 160;
const SOCKETS: usize = 24;
const WANDERERS: usize = 16;
const CHAOS: Duration = Duration::from_millis(6_500);
/// How many events a later round may still meet, in what the server keeps.
const KEPT: usize = 4_000;
/// Until everybody has everything, when nothing disturbs any more.
const PEACE: Duration = Duration::from_secs(30);

/// What a round may do to the process of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fall {
    None,
    Restart,
    Kill,
}

impl Fall {
    /// The processes between live longer, so that what they lose bit by bit shows.
    fn in_round(round: u32) -> Self {
        match round % 10 {
            0 => Self::Restart,
            1 => Self::Kill,
            _ => Self::None,
        }
    }
}

/// A round on a server that lives on.
pub(super) struct Round<'a> {
    number: u32,
    server: &'a mut ServerProcess,
    chance: Chance,
    record: Arc<Record>,
    proxy: FaultProxy,
    pages: Vec<StreamReader>,
    sockets: Vec<SocketReader>,
    wanderers: Vec<Wanderer>,
    tally: Tally,
}

impl<'a> Round<'a> {
    /// Plays it, and returns what came of it and what the server holds afterwards.
    pub(super) async fn play(
        number: u32,
        server: &'a mut ServerProcess,
        record: Arc<Record>,
        mut chance: Chance,
    ) -> Result<(Tally, Levels), String> {
        let before = record.begun();
        let proxy = FaultProxy::start(server.address, chance.fork()).await;
        let publisher = Publisher::start(server.address, record.clone(), chance.fork());
        let mut round = Self {
            number,
            server,
            chance,
            record,
            proxy,
            pages: Vec::new(),
            sockets: Vec::new(),
            wanderers: Vec::new(),
            tally: Tally::default(),
        };
        round.open().await;
        round.chaos().await?;
        round.heal().await;
        publisher.finish().await;
        round.judge().await?;
        let Self {
            proxy,
            pages,
            sockets,
            wanderers,
            mut tally,
            server,
            record,
            ..
        } = round;
        (tally.connections, tally.cut) = proxy.counts();
        tally.published = record.begun() - before;
        record.truth.lock().unwrap().forget_all_but(KEPT);
        drop((pages, sockets, wanderers, proxy));
        Ok((tally, server.levels_when_all_have_left().await))
    }

    async fn open(&mut self) {
        for number in 0..PAGES {
            // Some programs are slow to read.
            let pace = if number % 10 == 0 {
                20 + self.chance.below(100)
            } else {
                0
            };
            let pace = pace as u64;
            let page = StreamReader::start(self.proxy.address, self.record.clone(), pace);
            let source = self.source().await;
            page.order(PageOrder::Join(Box::new(source))).await;
            self.pages.push(page);
        }
        self.sockets
            .extend((0..SOCKETS).map(|_| SocketReader::start(self.proxy.address)));
        for _ in 0..WANDERERS {
            let wanderer = Wanderer::start(self.proxy.address, self.server.address, self.chance.fork());
            self.wanderers.push(wanderer);
        }
    }

    /// A source as a page has it that was rendered a moment ago, or one that comes in the browser.
    async fn source(&mut self) -> Source {
        let wants = u8::try_from(self.chance.below(8)).unwrap();
        if self.chance.one_in(4) {
            return Source::new(None, Vec::new(), wants, 0);
        }
        let Ok((200, page)) = ask(self.server.address, "GET", "/render", "").await else {
            // The server is down; then there is no page either.
            return Source::new(None, Vec::new(), wants, 0);
        };
        let mut lines = page.lines();
        let position: Position = lines.next().unwrap().parse().unwrap();
        let mut content: Vec<(String, usize)> = lines
            .map(|line| {
                let (name, number) = line.split_once(' ').unwrap();
                (name.to_owned(), number.parse().unwrap())
            })
            .collect();
        content.sort_by_key(|(_, number)| *number);
        let mut source = Source::new(Some((position, 0)), content, wants, 0);
        // How many events lie before it, the record knows only later.
        source.begins = None;
        source.first_snapshot = Some(position);
        source
    }

    async fn chaos(&mut self) -> Result<(), String> {
        self.proxy.set_rough(true);
        let began = Instant::now();
        let mut fall = Some(Fall::in_round(self.number)).filter(|fall| *fall != Fall::None);
        let falls_at = CHAOS / 4 + self.chance.milliseconds(2_000);
        while began.elapsed() < CHAOS {
            if began.elapsed() > falls_at
                && let Some(fall) = fall.take()
            {
                self.fall(fall).await;
            }
            self.disturb().await?;
            sleep(self.chance.milliseconds(100)).await;
        }
        Ok(())
    }

    async fn fall(&mut self, fall: Fall) {
        match fall {
            Fall::None => return,
            Fall::Restart => self.server.restart().await,
            Fall::Kill => self.server.kill_and_restart().await,
        }
        self.tally.falls += 1;
        self.record.served_by(self.server);
    }

    async fn disturb(&mut self) -> Result<(), String> {
        let page = self.chance.below(self.pages.len());
        let order = match self.chance.below(24) {
            0..4 => return self.network(8, Flow::Cut),
            4 => return self.network(1, Flow::Cut),
            5..7 => return self.network(6, Flow::Stall),
            7 => return self.network(20, Flow::Swallow),
            8..11 => {
                self.proxy.heal();
                return Ok(());
            }
            11 => {
                self.proxy.set_refusing(true);
                sleep(self.chance.milliseconds(300)).await;
                self.proxy.set_refusing(false);
                return Ok(());
            }
            12..14 => {
                self.tally.attacks += 1;
                return attack(self.server.address, &mut self.chance).await;
            }
            14 if self.chance.one_in(4) => {
                let time = self.chance.milliseconds(1_500);
                self.server.pause(time).await;
                return Ok(());
            }
            14..18 => PageOrder::Join(Box::new(self.source().await)),
            18 => PageOrder::Leave(self.chance.below(3)),
            19..21 => PageOrder::Consume {
                source: self.chance.below(2),
                value: self.chance.below(VALUES.len()),
                now: self.record.begun(),
            },
            21 => PageOrder::Hide,
            22 => PageOrder::Show,
            _ => PageOrder::Nudge,
        };
        self.pages[page].order(order).await;
        Ok(())
    }

    fn network(&self, one_of: usize, flow: Flow) -> Result<(), String> {
        self.proxy.turn_some(one_of, flow);
        Ok(())
    }

    async fn heal(&self) {
        self.proxy.set_rough(false);
        self.proxy.heal();
        for page in &self.pages {
            page.hurry();
            page.order(PageOrder::Show).await;
        }
    }

    /// Waits until everybody has everything. Something wrong is wrong at once.
    async fn judge(&mut self) -> Result<(), String> {
        let began = Instant::now();
        let everybody = self.pages.len() + self.sockets.len() + self.wanderers.len();
        let mut waiting: Vec<usize> = (0..everybody).collect();
        loop {
            let mut incomplete = None;
            let mut still = Vec::new();
            for index in waiting {
                match self.judgement(index).await {
                    Judgement::Well(accounts) => {
                        self.tally.sources += accounts.len();
                        for account in accounts {
                            self.tally.expected += account.expected;
                            self.tally.told += account.told;
                        }
                    }
                    Judgement::Incomplete(why) => {
                        incomplete.get_or_insert(why);
                        still.push(index);
                    }
                    Judgement::Wrong(why) => return Err(self.explained(&why)),
                }
            }
            match incomplete {
                None => return Ok(()),
                Some(why) if began.elapsed() > PEACE => {
                    return Err(self.explained(&format!(
                        "{} of {everybody} are incomplete after {PEACE:?} of peace; the first: {why}",
                        still.len()
                    )));
                }
                Some(_) => {}
            }
            // A link may have been born with a fault right before the peace began.
            for page in still.iter().filter_map(|index| self.pages.get(*index)) {
                page.order(PageOrder::Nudge).await;
            }
            self.proxy.heal();
            waiting = still;
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn judgement(&self, index: usize) -> Judgement {
        if let Some(page) = self.pages.get(index) {
            return page.judge().await;
        }
        let index = index - self.pages.len();
        match self.sockets.get(index) {
            Some(socket) => socket.judge(&self.record),
            None => self.wanderers[index - self.sockets.len()].judge(&self.record),
        }
    }

    fn explained(&self, why: &str) -> String {
        let truth = self.record.truth.lock().unwrap();
        format!("in round {}: {why}\npublished: {truth}", self.number)
    }
}
