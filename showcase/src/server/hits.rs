//! A radio station, which is made up: a dozen songs that rise and fall all the time, and what is on air.

use std::cmp::Reverse;
use std::time::Duration;

use leptos_live::server::{Fragment, Hub};
use leptos_live::{EventName, InvalidName};
use showcase::demos::{Song, air, chart};

use super::dice::{between, one_of};
use super::feeds::{every, latest, run};

const TITLES: [&str; 12] = [
    "Blue Harbour",
    "Paper Radio",
    "Slow Engines",
    "Copper Weather",
    "Winter Gardens",
    "Distant Stairs",
    "Salt Letters",
    "Morning Islands",
    "The Night Train",
    "Green Paint",
    "Canal Side",
    "Forty Years",
];

/// Starts it.
///
/// # Errors
/// None in practice: the names are written here.
pub(crate) fn start(hub: &Hub) -> Result<(), InvalidName> {
    let topic = latest(hub, "hits")?;
    let (chart_event, air_event) = (EventName::new("chart")?, EventName::new("air")?);
    let mut songs: Vec<_> = TITLES
        .into_iter()
        .zip(1..)
        .map(|(title, key)| Song {
            key,
            title,
            points: between(10, 90),
        })
        .collect();
    let played = songs.clone();
    run(hub, every(Duration::from_secs(4)), topic.clone(), move || {
        let song = one_of(&played).copied();
        (air_event.clone(), Fragment::render(|| song.map(air)))
    });
    let mut edition = 0;
    run(hub, every(Duration::from_millis(1_500)), topic, move || {
        edition += 1;
        for song in &mut songs {
            song.points = (song.points + between(0, 21)).saturating_sub(10).clamp(4, 100);
        }
        songs.sort_by_key(|song| (Reverse(song.points), song.key));
        (chart_event.clone(), Fragment::render(|| chart(edition, &songs)))
    });
    Ok(())
}
