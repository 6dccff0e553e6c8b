//! What the feeds talk about: posts, comments, albums, to-dos and people, put together from a few words
//! of our own.

use super::dice::one_of;

/// A piece of news.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// What kind of thing it is, as an event is called.
    pub(crate) kind: Kind,
    /// Its heading.
    pub(crate) title: String,
    /// What there is to say besides.
    pub(crate) details: Vec<String>,
}

/// The kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Post,
    Comment,
    Album,
    Todo,
    User,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Post, Self::Comment, Self::Album, Self::Todo, Self::User];

    /// The name of its events where several kinds share a stream.
    pub(crate) const fn event(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Comment => "comment",
            Self::Album => "album",
            Self::Todo => "todo",
            Self::User => "user",
        }
    }

    /// The topic of its own.
    pub(crate) const fn topic(self) -> &'static str {
        match self {
            Self::Post => "posts",
            Self::Comment => "comments",
            Self::Album => "albums",
            Self::Todo => "todos",
            Self::User => "users",
        }
    }

    /// The topic under whose events it has a name.
    pub(crate) const fn named_topic(self) -> &'static str {
        match self {
            Self::Post => "kinds/post",
            Self::Comment => "kinds/comment",
            Self::Album => "kinds/album",
            Self::Todo => "kinds/todo",
            Self::User => "kinds/user",
        }
    }

    /// What it is called before its title.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Post => "Post",
            Self::Comment => "Comment",
            Self::Album => "Album",
            Self::Todo => "To-do",
            Self::User => "User",
        }
    }
}

const FIRST: [&str; 12] = [
    "Ada", "Bruno", "Chiara", "Dmitri", "Efua", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Kemi", "Lena",
];
const LAST: [&str; 10] = [
    "Abel", "Brandt", "Castro", "Dahl", "Endo", "Fischer", "Green", "Haddad", "Ivanov", "Jensen",
];
const STREETS: [&str; 8] = [
    "Mill Lane",
    "Harbour Road",
    "Lime Walk",
    "Station Street",
    "North Quay",
    "Orchard Hill",
    "Bell Yard",
    "Canal Side",
];
const TOWNS: [&str; 8] = [
    "Aldersund",
    "Brackwell",
    "Corvale",
    "Dunmere",
    "Eastholm",
    "Farrow",
    "Glenport",
    "Hartwick",
];
const SUBJECTS: [&str; 10] = [
    "The ferry",
    "A bakery",
    "The old mill",
    "The school choir",
    "A cargo bike",
    "The night train",
    "The library",
    "A beekeeper",
    "The tide pool",
    "The town clock",
];
const HAPPENINGS: [&str; 10] = [
    "opens again on Monday",
    "has moved across the river",
    "wins a quiet prize",
    "is looking for volunteers",
    "runs late, and nobody minds",
    "gets a coat of green paint",
    "celebrates forty years",
    "closes for the winter",
    "found its missing key",
    "goes electric",
];
const REASONS: [&str; 8] = [
    "The council agreed without a vote.",
    "Rain is expected, so bring a coat.",
    "The neighbours paid for it together.",
    "Nobody remembers who began it.",
    "Entry is free for children.",
    "It took three attempts and a ladder.",
    "A second one may follow next year.",
    "The photographs are in the town hall.",
];
const OPINIONS: [&str; 8] = [
    "About time.",
    "I was there, it was lovely.",
    "Has anybody asked the ducks?",
    "Please bring back the benches.",
    "Best news this week.",
    "I still prefer the old one.",
    "Who pays for the paint?",
    "See you there.",
];
const MOODS: [&str; 8] = [
    "Blue", "Slow", "Paper", "Salt", "Morning", "Copper", "Winter", "Distant",
];
const THINGS: [&str; 8] = [
    "Harbour", "Letters", "Radio", "Gardens", "Engines", "Weather", "Stairs", "Islands",
];
const CHORES: [&str; 10] = [
    "Return the ladder",
    "Call the plumber",
    "Water the tomatoes",
    "Oil the bicycle chain",
    "Answer the letter",
    "Buy stamps",
    "Sharpen the knives",
    "Book the ferry",
    "Clean the gutters",
    "Mend the blue jacket",
];

fn word(words: &[&'static str]) -> &'static str {
    one_of(words).copied().unwrap_or_default()
}

/// One thing of a kind, at random.
pub(crate) fn item(kind: Kind) -> Item {
    let name = format!("{} {}", word(&FIRST), word(&LAST));
    let (title, details) = match kind {
        Kind::Post => (
            format!("{} {}", word(&SUBJECTS), word(&HAPPENINGS)),
            vec![word(&REASONS).to_owned()],
        ),
        Kind::Comment => (name.clone(), vec![address(&name), word(&OPINIONS).to_owned()]),
        Kind::Album => (
            format!("{} {}", word(&MOODS), word(&THINGS)),
            vec![format!("by {name}")],
        ),
        Kind::Todo => (
            word(&CHORES).to_owned(),
            vec![word(&["done", "open", "open"]).to_owned()],
        ),
        Kind::User => (
            name.clone(),
            vec![address(&name), format!("{}, {}", word(&STREETS), word(&TOWNS))],
        ),
    };
    Item { kind, title, details }
}

fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "."))
}

/// Three lines that are nearly a poem.
pub(crate) fn haiku() -> [&'static str; 3] {
    const FIRST_LINES: [&str; 4] = [
        "One event arrives;",
        "The page did not ask,",
        "Bytes fall like soft rain;",
        "A socket listens;",
    ];
    const SECOND_LINES: [&str; 4] = [
        "the server has changed its mind",
        "and still the answer is here",
        "somewhere a timer lets go",
        "nobody pressed the button",
    ];
    const THIRD_LINES: [&str; 4] = [
        "again, as always.",
        "before you noticed.",
        "The box turns over.",
        "Refresh is resting.",
    ];
    [word(&FIRST_LINES), word(&SECOND_LINES), word(&THIRD_LINES)]
}
