//! `src/docs/parity.md` as rows.

/// The behaviours of htmx, section by section. The table must have a row for each.
pub(super) const SECTIONS: [(&str, usize); 26] = [
    ("ACT", 14),
    ("SSE", 18),
    ("SSW", 27),
    ("SST", 13),
    ("SSX", 9),
    ("SSR", 14),
    ("SSV", 8),
    ("SS4", 41),
    ("WSC", 19),
    ("WSM", 29),
    ("WSS", 31),
    ("WSQ", 10),
    ("WSR", 23),
    ("WSV", 5),
    ("MPT", 7),
    ("SWP", 29),
    ("OOB", 17),
    ("SET", 12),
    ("TGT", 6),
    ("TRG", 12),
    ("VAL", 13),
    ("LIF", 12),
    ("INH", 4),
    ("CFG", 9),
    ("SRV", 8),
    ("CON", 34),
];

/// How many points the checklist of htmx's defects has; its rows are `27.01` and so on.
pub(super) const DEFECTS: usize = 29;
pub(super) const DEFECT: &str = "27.";

/// The mark of a cell in which nothing is missing.
pub(super) const NOTHING: &str = "–";
/// The mark of a test that is missing.
pub(super) const MISSING: &str = "?";
/// Between the entries of a cell.
pub(super) const BREAK: &str = "<br>";

/// What is to become of a behaviour of htmx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Change,
    /// A defect.
    Avoid,
    Optional,
    /// Versions of htmx contradict each other, and one way was chosen.
    Decided,
}

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where it stands in the file, the first line being 0.
    pub(super) line: usize,
    pub(super) id: String,
    pub(super) verdict: Verdict,
    pub(super) what: String,
    pub(super) places: String,
    pub(super) tests: String,
    pub(super) note: String,
}

impl Row {
    /// The behaviours that show this row to be true, all of them together: itself, or else those that it names where it is
    /// a decision or a point of the checklist.
    pub(super) fn subjects(&self, is_tested: impl Fn(&str) -> bool) -> Vec<String> {
        let stands_for_others = match self.verdict {
            _ if self.id.starts_with(DEFECT) => true,
            Verdict::Decided => !is_tested(&self.id),
            _ => false,
        };
        let others = ids_in(&self.what);
        if stands_for_others && !others.is_empty() {
            others
        } else {
            vec![self.id.clone()]
        }
    }

    pub(super) fn differs(&self) -> bool {
        self.note.starts_with("DIFFERENCE:")
    }

    /// The row with other tests, as a line of the file.
    pub(super) fn with_tests(&self, tests: &str) -> String {
        let verdict = self.verdict.letter();
        let Self {
            id,
            what,
            places,
            note,
            ..
        } = self;
        format!("| {id} | {verdict} | {what} | {places} | {tests} | {note} |")
    }
}

impl Verdict {
    const ALL: [Self; 5] = [
        Self::Keep,
        Self::Change,
        Self::Avoid,
        Self::Optional,
        Self::Decided,
    ];

    fn letter(self) -> char {
        match self {
            Self::Keep => 'K',
            Self::Change => 'C',
            Self::Avoid => 'D',
            Self::Optional => 'O',
            Self::Decided => 'A',
        }
    }
}

/// Reads every row.
///
/// # Panics
/// When a line that begins like a row is none.
pub(super) fn rows(table: &str) -> Vec<Row> {
    let lines = table.lines().enumerate();
    lines
        .filter(|(_, line)| is_row(line))
        .map(|(number, line)| {
            read(number, line).unwrap_or_else(|problem| panic!("parity.md:{}: {problem}\n{line}", number + 1))
        })
        .collect()
}

fn is_row(line: &str) -> bool {
    let id = line
        .strip_prefix("| ")
        .and_then(|rest| rest.split(' ').next())
        .unwrap_or_default();
    id.starts_with(DEFECT) || ids_in(id).len() == 1
}

fn read(line: usize, text: &str) -> Result<Row, String> {
    let cells: Vec<&str> = text
        .trim()
        .trim_start_matches('|')
        .trim_end_matches('|')
        .split('|')
        .map(str::trim)
        .collect();
    let [id, verdict, what, places, tests, note] = *cells else {
        return Err(format!("expected 6 cells, found {}", cells.len()));
    };
    if cells.contains(&"") {
        return Err(format!(
            "expected something in each cell, or {NOTHING}, found nothing"
        ));
    }
    let verdict = Verdict::ALL
        .into_iter()
        .find(|known| known.letter().to_string() == verdict)
        .ok_or_else(|| format!("expected one of K, C, D, O and A, found {verdict}"))?;
    Ok(Row {
        line,
        id: id.to_owned(),
        verdict,
        what: what.to_owned(),
        places: places.to_owned(),
        tests: tests.to_owned(),
        note: note.to_owned(),
    })
}

/// The ids in a text, `WSQ-01 to WSQ-04` being four.
pub(super) fn ids_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut end = 0;
    for (dash, _) in text.match_indices('-') {
        let Some((section, number)) = id_at(text, dash) else {
            continue;
        };
        let is_range = text.get(end..dash.saturating_sub(section.len())) == Some(" to ");
        let first = found
            .last()
            .and_then(|id| number_in(id, section))
            .filter(|_| is_range);
        for number in first.map_or(number, |first| first + 1)..=number {
            found.push(format!("{section}-{number:02}"));
        }
        end = dash + "-00".len();
    }
    found
}

/// The id around a dash.
fn id_at(text: &str, dash: usize) -> Option<(&'static str, usize)> {
    let before = text.get(..dash)?;
    let (section, _) = SECTIONS
        .into_iter()
        .find(|(section, _)| before.ends_with(section))?;
    let number = text.get(dash + 1..dash + 3)?;
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let stands_alone = ends(before.strip_suffix(section)?.chars().next_back())
        && ends(text.get(dash + 3..)?.chars().next())
        && number.bytes().all(|byte| byte.is_ascii_digit());
    stands_alone
        .then(|| number.parse().ok())
        .flatten()
        .map(|number| (section, number))
}

fn number_in(id: &str, section: &str) -> Option<usize> {
    id.strip_prefix(section)?.strip_prefix('-')?.parse().ok()
}

#[test]
fn ids_are_found() {
    for (text, expected) in [
        ("", ""),
        ("SSW-15", "SSW-15"),
        ("(SSW-15), SSW-16: x", "SSW-15 SSW-16"),
        ("WSQ-01 to WSQ-03", "WSQ-01 WSQ-02 WSQ-03"),
        ("WSQ-01 to SSW-03", "WSQ-01 SSW-03"),
        ("XSSW-15 SSW-155 SSW-1 UTF-80 SSW-é", ""),
    ] {
        assert_eq!(ids_in(text).join(" "), expected, "{text}");
    }
}
