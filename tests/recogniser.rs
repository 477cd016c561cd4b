//! How often the recogniser is right: a table by language and kind, with every miss.
//!
//!     cargo test --test recogniser -- --nocapture
//!
//! On names of your own, labelled `lang,name,kind,vanity` as `tests/data/kpi_names.csv` is:
//!
//!     KPI_NAMES=names.csv cargo test --test recogniser -- --nocapture

#![allow(clippy::print_stdout, reason = "the table is made to be read")]

use std::collections::BTreeMap;
use std::fmt::Write;

use kpi_audit::metrics::{Kind, Vanity, dictionary};

const NAMES: &str = include_str!("data/kpi_names.csv");

/// More names of the same sort, by others; `docs/recogniser.md` says how many were right when they were new.
const MORE_NAMES: &str = include_str!("data/kpi_names_more.csv");

struct Row {
    language: String,
    name: String,
    kind: Kind,
    vanity: Vanity,
}

/// Rows of `lang,name,kind,vanity`; only the name may be quoted. Each row of the data is one, which a test holds.
fn rows(text: &str) -> Vec<Row> {
    let row = |line: &str| {
        let (language, rest) = line.split_once(',')?;
        let (rest, vanity) = rest.rsplit_once(',')?;
        let (name, kind) = rest.rsplit_once(',')?;
        let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        let name = quoted.unwrap_or(name).replace("\"\"", "\"");
        Some(Row { language: language.into(), name, kind: Kind::parse(kind)?, vanity: Vanity::parse(vanity.trim())? })
    };
    text.lines().skip(1).filter_map(row).collect()
}

#[derive(Default, Clone, Copy)]
struct Tally {
    rows: u32,
    right: u32,
    unknown: u32,
}

impl Tally {
    fn share(self) -> f64 {
        f64::from(self.right) / f64::from(self.rows)
    }
}

#[derive(Default)]
struct Accuracy {
    all: Tally,
    languages: BTreeMap<String, Tally>,
    kinds: BTreeMap<&'static str, BTreeMap<String, Tally>>,
    /// Of names labelled either way: called vanity rightly, called so, and labelled so.
    vanity: (u32, u32, u32),
    misses: String,
}

impl Accuracy {
    fn of(rows: &[Row]) -> Self {
        let mut accuracy = Self::default();
        for row in rows {
            let found = dictionary().recognise(&row.name);
            let kind = found.as_ref().map(|found| found.kind);
            let tallies = [
                &mut accuracy.all,
                accuracy.languages.entry(row.language.clone()).or_default(),
                accuracy.kinds.entry(row.kind.word()).or_default().entry(row.language.clone()).or_default(),
            ];
            for tally in tallies {
                tally.rows += 1;
                tally.right += u32::from(kind == Some(row.kind));
                tally.unknown += u32::from(kind.is_none());
            }
            if kind != Some(row.kind) {
                let found = kind.map_or("unknown", Kind::word);
                let _ =
                    writeln!(accuracy.misses, "  {}: {} is {}, found {found}", row.language, row.name, row.kind.word());
            }
            let called = found.as_ref().map(|found| found.vanity);
            // "Depends" agrees with either answer.
            if row.vanity != Vanity::Depends && called != Some(Vanity::Depends) {
                let is_yes = |vanity| matches!(vanity, Vanity::Yes | Vanity::Output);
                let (is, called_so) = (is_yes(row.vanity), called.is_some_and(is_yes));
                accuracy.vanity.0 += u32::from(is && called_so);
                accuracy.vanity.1 += u32::from(called_so);
                accuracy.vanity.2 += u32::from(is);
                if is != called_so {
                    let called = called.map_or("unknown", Vanity::word);
                    let _ = writeln!(
                        accuracy.misses,
                        "  {}: {}: vanity {}, found {called}",
                        row.language,
                        row.name,
                        row.vanity.word()
                    );
                }
            }
        }
        accuracy
    }

    fn precision(&self) -> f64 {
        f64::from(self.vanity.0) / f64::from(self.vanity.1.max(1))
    }

    fn recall(&self) -> f64 {
        f64::from(self.vanity.0) / f64::from(self.vanity.2.max(1))
    }

    /// Right of all, by kind and language; then the misses.
    fn print(&self) -> String {
        let mut out = format!("{:<16}", "");
        let cell = |tally: Tally| match tally.rows {
            0 => String::new(),
            rows => format!("{}/{rows}", tally.right),
        };
        for language in self.languages.keys() {
            let _ = write!(out, " {language:>9}");
        }
        for (kind, tallies) in &self.kinds {
            let _ = write!(out, "\n{kind:<16}");
            for language in self.languages.keys() {
                let _ = write!(out, " {:>9}", cell(tallies.get(language).copied().unwrap_or_default()));
            }
        }
        let _ = write!(out, "\n{:<16}", "all");
        for tally in self.languages.values() {
            let _ = write!(out, " {:>9}", cell(*tally));
        }
        let _ = write!(out, "\n{:<16}", "right");
        for tally in self.languages.values() {
            let _ = write!(out, " {:>8.1}%", 100.0 * tally.share());
        }
        let (all, unknown) = (self.all, self.all.unknown);
        let _ = writeln!(out, "\n\n{} right, {:.1}%; {unknown} unknown", cell(all), 100.0 * all.share());
        let _ = writeln!(out, "vanity: precision {:.3}, recall {:.3}", self.precision(), self.recall());
        let _ = write!(out, "misses:\n{}", self.misses);
        out
    }

    /// Holds the least that must be right: of all names, and in every language.
    fn hold(&self, all: f64, language: f64) {
        println!("{}", self.print());
        assert!(self.all.share() >= all, "{}", self.print());
        for (name, tally) in &self.languages {
            assert!(tally.share() >= language, "{name}\n{}", self.print());
        }
        assert!(self.precision() >= 0.97, "{}", self.print());
        assert!(self.recall() >= 0.95, "{}", self.print());
    }
}

#[test]
fn names_of_seven_languages_are_told_apart() {
    Accuracy::of(&rows(NAMES)).hold(0.97, 0.93);
}

#[test]
fn more_names_are_told_apart() {
    Accuracy::of(&rows(MORE_NAMES)).hold(0.97, 0.96);
}

#[test]
fn every_row_of_the_data_is_read() {
    for names in [NAMES, MORE_NAMES] {
        assert_eq!(rows(names).len(), names.lines().count() - 1);
    }
}

/// Names that hold a word of a metric and are something else: `lang,name,not,right`.
const LOOK_ALIKES: &str = include_str!("data/look_alikes.csv");

#[test]
fn look_alikes_are_not_taken_for_what_they_resemble() {
    let mut fired = String::new();
    for line in LOOK_ALIKES.lines().skip(1) {
        let (language, rest) = line.split_once(',').unwrap();
        let (rest, _right) = rest.rsplit_once(',').unwrap();
        let (name, not) = rest.rsplit_once(',').unwrap();
        let name = name.trim_matches('"').replace("\"\"", "\"");
        let found = dictionary().recognise(&name).map(|found| found.kind.word());
        if let Some(kind) = found.filter(|kind| not.split(' ').any(|not| not == *kind)) {
            let _ = writeln!(fired, "  {language}: {name} is taken for {kind}");
        }
    }
    println!("{fired}");
    assert_eq!(fired, "");
}

#[test]
fn names_of_your_own_are_counted() {
    let Some(file) = std::env::var_os("KPI_NAMES") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let rows = rows(&text);
    println!("{} of {} rows below the heading are read\n", rows.len(), text.lines().count().saturating_sub(1));
    println!("{}", Accuracy::of(&rows).print());
}
