//! Numbers in sentences: how each kind of figure is written, and how a sentence's `{slots}` are filled with them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::facts::interval::Interval;

/// A number or a name that a sentence shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A count: 3, 1,984.
    Count(f64),
    /// An amount of the plan's currency, as a budget is written: 45k, 1.2M, 605.
    Money(f64),
    /// A derived amount for one customer, where tenths matter below a hundred: 33.3, 5,620.
    Worth(Interval),
    /// A share: 25%.
    Share(f64),
    /// A chance, which is never certain: about 38%, under 1%, over 99%.
    Chance(f64),
    /// A share of which one decimal matters: 17.6%.
    Gain(f64),
    /// A rate from stage to stage, or from try to success, with the decimals that it has: 25%, 17.5%, 0.35%.
    Rate(f64),
    /// LTV:CAC: 0.96, 2.8:1.
    Ratio(Interval),
    /// ROAS and other multiples: 4, 2.5.
    Multiple(Interval),
    /// A number between 0 and 1 that is no share: an evenness.
    Index(f64),
    /// A number of months.
    Months(Interval),
    /// A number of years: 5.0.
    Years(f64),
    /// A text of the plan.
    Text(String),
    /// Names of the plan, the first few of them shown.
    Names(Vec<String>),
    /// A short list of our own words, all of it shown.
    All(Vec<String>),
}

/// A chance as drawn odds tell it: never that something is certain.
pub(crate) fn odds(chance: f64) -> String {
    match is_nearly_certain(chance) {
        true if chance < 0.5 => "under 1%".to_owned(),
        true => "over 99%".to_owned(),
        false => Figure::Share(chance).to_string(),
    }
}

/// Whether a chance would round to none or all.
fn is_nearly_certain(chance: f64) -> bool {
    const HALF_A_PER_CENT: f64 = 0.005;
    !(HALF_A_PER_CENT..1.0 - HALF_A_PER_CENT).contains(&chance)
}

/// Letters of a text of the plan that a sentence repeats.
const LONGEST_TEXT: usize = 120;

/// How many names of a list are shown.
const NAMES_SHOWN: usize = 3;

impl Figure {
    /// The number itself; a range's middle; a list's length. `None` for a text.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Count(value)
            | Self::Money(value)
            | Self::Share(value)
            | Self::Chance(value)
            | Self::Gain(value)
            | Self::Rate(value)
            | Self::Index(value)
            | Self::Years(value) => Some(*value),
            Self::Worth(range) | Self::Ratio(range) | Self::Multiple(range) | Self::Months(range) => {
                Some(range.middle())
            }
            Self::Names(names) | Self::All(names) => Some(names.len() as f64),
            Self::Text(_) => None,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(value) => formatter.write_str(&count(*value)),
            Self::Money(value) => formatter.write_str(&money(*value)),
            Self::Worth(range) => formatter.write_str(&ranged(*range, worth)),
            Self::Share(value) => write!(formatter, "{}%", decimals(value * 100.0, 0)),
            Self::Chance(value) if is_nearly_certain(*value) => formatter.write_str(&odds(*value)),
            Self::Chance(value) => write!(formatter, "about {}", odds(*value)),
            Self::Gain(value) => write!(formatter, "{}%", decimals(value * 100.0, 1)),
            Self::Rate(value) => formatter.write_str(&rate(*value)),
            Self::Ratio(range) => formatter.write_str(&ratios(*range)),
            Self::Multiple(range) => formatter.write_str(&ranged(*range, |value| trimmed(value, 2))),
            Self::Index(value) => formatter.write_str(&decimals(*value, 2)),
            Self::Months(range) => formatter.write_str(&ranged(*range, |value| decimals(value, 1))),
            Self::Years(value) => formatter.write_str(&decimals(*value, 1)),
            Self::Text(text) => formatter.write_str(&clipped(text, LONGEST_TEXT)),
            Self::Names(names) => formatter.write_str(&list(names)),
            Self::All(names) => formatter.write_str(&whole_list(names)),
        }
    }
}

/// Names as a sentence lists them: "a, b and c", or "a, b and 4 more".
pub fn list(names: &[String]) -> String {
    listed(names, NAMES_SHOWN)
}

/// All of a few words, as a sentence lists them: "a, b, c and d".
pub fn list_whole(names: &[String]) -> String {
    listed(names, names.len())
}

fn listed(names: &[String], most: usize) -> String {
    let show = |name: &String| clipped(name, LONGEST_TEXT).into_owned();
    let shown = |names: &[String]| names.iter().map(show).collect::<Vec<_>>().join(", ");
    match names {
        [] => String::new(),
        [one] => show(one),
        [first @ .., last] if names.len() <= most => format!("{} and {}", shown(first), show(last)),
        _ => {
            let (first, rest) = names.split_at(most.saturating_sub(1));
            format!("{} and {} more", shown(first), rest.len())
        }
    }
}

/// "a, b, c and d".
fn whole_list(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

fn clipped(text: &str, letters: usize) -> Cow<'_, str> {
    if text.len() <= letters {
        return text.into();
    }
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()).into(),
        None => text.into(),
    }
}

fn ranged(range: Interval, write: impl Fn(f64) -> String) -> String {
    let (low, high) = (write(range.low()), write(range.high()));
    if low == high { low } else { format!("{low} to {high}") }
}

/// LTV:CAC: both ends of a range in the same form.
fn ratios(range: Interval) -> String {
    let low = ratio(range.low());
    let high = ratio(range.high());
    match high.strip_suffix(":1") {
        Some(_) if low == high => high,
        Some(_) => format!("{} to {high}", decimals(range.low(), 1)),
        None => ranged(range, ratio),
    }
}

/// A whole number with its thousands apart; a fraction keeps one decimal.
pub fn count(value: f64) -> String {
    trimmed(value, 1)
}

/// An amount as a budget is written: whole below ten thousand, then in k, M and bn.
pub fn money(value: f64) -> String {
    let size = value.abs();
    match size {
        s if s >= 999_950_000.0 => format!("{}bn", trimmed(value / 1e9, 2)),
        s if s >= 999_950.0 => format!("{}M", trimmed(value / 1e6, 2)),
        s if s >= 10_000.0 => format!("{}k", trimmed(value / 1e3, 1)),
        _ => trimmed(value, 2),
    }
}

/// What one customer costs or brings: tenths below a hundred, whole from there.
fn worth(value: f64) -> String {
    let size = value.abs();
    if size < 100.0 {
        decimals(value, 1)
    } else if size < 10_000.0 {
        decimals(value, 0)
    } else {
        money(value)
    }
}

/// A number as it stands in a sentence with so many decimals. What is compared with a threshold is what the reader sees:
/// "3.0:1 is under 3:1" would be no reason.
pub fn as_shown(value: f64, places: usize) -> f64 {
    format!("{value:.places$}").parse().unwrap_or(value)
}

/// A ratio as a sentence shows it.
pub fn ratio_as_shown(value: f64) -> f64 {
    as_shown(value, ratio_places(value))
}

fn ratio_places(value: f64) -> usize {
    if value < 2.495 { 2 } else { 1 }
}

/// A rate with the decimals that matter: one, and three below a per cent.
fn rate(value: f64) -> String {
    const PER_CENT: f64 = 0.01;
    format!("{}%", trimmed(value * 100.0, if value < PER_CENT { 3 } else { 1 }))
}

/// A ratio to one. Below 2.5, where hundredths part a loss from a profit, both decimals are shown.
fn ratio(value: f64) -> String {
    match ratio_places(value) {
        1 => format!("{}:1", decimals(value, 1)),
        places => decimals(value, places),
    }
}

/// A number with so many decimals, and its thousands apart; one that is far beyond any plan with its power of ten, since hundreds of
/// digits tell nobody more.
pub fn decimals(value: f64, places: usize) -> String {
    const BEYOND: f64 = 1e18;
    if value.abs() >= BEYOND {
        return format!("{value:.1e}");
    }
    let text = plain_decimals(value.abs(), places);
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let zero = text.bytes().all(|digit| matches!(digit, b'0' | b'.'));
    let mut written = String::with_capacity(text.len() + text.len() / 3 + 1);
    if value < 0.0 && !zero {
        written.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    if let Some(fraction) = fraction {
        written.push('.');
        written.push_str(fraction);
    }
    written
}

/// Whole numbers, as most are, are written as such: the digits of a float take ten times as long.
fn plain_decimals(size: f64, places: usize) -> String {
    const WHOLE_UP_TO: f64 = 9e15;
    // What is far too small for a digit is zero; its own digits would be hundreds.
    const NEXT_TO_NOTHING: f64 = 1e-12;
    let size = if size < NEXT_TO_NOTHING && places < 12 { 0.0 } else { size };
    if size.fract() != 0.0 || size > WHOLE_UP_TO {
        return format!("{size:.places$}");
    }
    let mut text = (size as u64).to_string();
    if places > 0 {
        text.push('.');
        text.extend(std::iter::repeat_n('0', places));
    }
    text
}

/// At most so many decimals: none that are zero at the end.
pub fn trimmed(value: f64, places: usize) -> String {
    let text = decimals(value, places);
    let is_plain = text.contains('.') && !text.contains('e');
    if is_plain { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A sentence with `{slots}`, and `{slot:one|many}` for a word that follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template<'t>(pub &'t str);

impl<'t> Template<'t> {
    /// The sentence with its slots filled. A slot without a figure stays as it is, which a test catches.
    pub fn fill(self, figures: &[(&str, Figure)]) -> String {
        let mut filled = String::with_capacity(self.0.len() + 32);
        for piece in self.pieces() {
            match piece {
                Piece::Words(words) => filled.push_str(words),
                Piece::Slot { whole, name, forms } => {
                    let figure = figures.iter().find(|(given, _)| *given == name).map(|(_, figure)| figure);
                    match (figure, forms) {
                        (Some(figure), None) => {
                            // A text takes whatever is written to it.
                            let _ = write!(filled, "{figure}");
                        }
                        (Some(figure), Some((one, many))) => {
                            filled.push_str(if figure.number() == Some(1.0) { one } else { many });
                        }
                        (None, _) => filled.push_str(whole),
                    }
                }
            }
        }
        filled
    }

    /// The sentence with an ellipsis where a plan's own words and numbers will stand.
    pub fn outline(self) -> String {
        let figures: Vec<(&str, Figure)> = self.slots().map(|slot| (slot, Figure::Text("…".to_owned()))).collect();
        self.fill(&figures)
    }

    /// The names of the slots.
    pub fn slots(self) -> impl Iterator<Item = &'t str> {
        self.pieces().filter_map(|piece| match piece {
            Piece::Slot { name, .. } => Some(name),
            Piece::Words(_) => None,
        })
    }

    fn pieces(self) -> impl Iterator<Item = Piece<'t>> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (words, after) = split_once(rest, b'{').unwrap_or((rest, ""));
            if !words.is_empty() {
                let from = words.len();
                rest = rest.get(from..).unwrap_or_default();
                return Some(Piece::Words(words));
            }
            let (inside, after) = split_once(after, b'}').unwrap_or((after, ""));
            let whole = rest.strip_suffix(after).unwrap_or(rest);
            rest = after;
            let (name, forms) = match split_once(inside, b':') {
                Some((name, forms)) => (name, split_once(forms, b'|')),
                None => (inside, None),
            };
            Some(Piece::Slot { whole, name, forms })
        })
    }
}

/// As `str::split_once`, whose search takes four times as long on a sentence.
fn split_once(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(sign, text.as_bytes())?;
    text.get(..at).zip(text.get(at + 1..))
}

enum Piece<'t> {
    Words(&'t str),
    Slot { whole: &'t str, name: &'t str, forms: Option<(&'t str, &'t str)> },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_small_for_a_digit_is_zero_and_of_the_rest_the_last_is_rounded() {
        let sizes = [1e-300, 1e-13, 0.0049, 0.005_1, -1e-300];
        assert_eq!(sizes.map(|size| decimals(size, 2)), ["0.00", "0.00", "0.00", "0.01", "0.00"]);
    }

    #[test]
    fn what_is_far_beyond_any_plan_is_written_with_its_power_of_ten() {
        let sizes = [2.36e107, -1e18, 9.99e17];
        assert_eq!(sizes.map(|size| decimals(size, 0)), ["2.4e107", "-1.0e18", "999,000,000,000,000,000"]);
        assert_eq!(trimmed(1e20, 1), "1.0e20");
    }

    #[test]
    fn amounts_are_written_as_budgets_are() {
        let written = [605.0, 80.0, 33.25, 9_600.0, 10_000.0, 65_620.0, 180_000.0, 1_200_000.0, 2.5e9].map(money);
        assert_eq!(written, ["605", "80", "33.25", "9,600", "10k", "65.6k", "180k", "1.2M", "2.5bn"]);
        assert_eq!(money(999_960.0), "1M");
        assert_eq!(money(-45_000.0), "-45k");
    }

    #[test]
    fn derived_figures_show_the_digits_that_matter() {
        let worth = |value| Figure::Worth(Interval::point(value).unwrap()).to_string();
        assert_eq!([worth(33.333), worth(32.0), worth(5_620.3)], ["33.3", "32.0", "5,620"]);
        assert_eq!([0.05, 0.025, 0.0035, 0.00004].map(rate), ["5%", "2.5%", "0.35%", "0.004%"]);
        let ratio = |value| Figure::Ratio(Interval::point(value).unwrap()).to_string();
        assert_eq!([ratio(0.96), ratio(2.19), ratio(2.81), ratio(5.0)], ["0.96", "2.19", "2.8:1", "5.0:1"]);
    }

    #[test]
    fn what_is_compared_is_what_is_shown() {
        let shown = [2.949, 2.951, 0.994, 0.996, 5.04].map(ratio_as_shown);
        assert_eq!(shown, [2.9, 3.0, 0.99, 1.0, 5.0]);
        assert!(ratio_as_shown(f64::INFINITY).is_infinite());
    }

    #[test]
    fn whole_numbers_are_written_as_any_other() {
        for value in [0.0, -0.0, 1.0, 999.0, 1e3, 1_234_567.0, 9e15, 9.1e15, 0.5, 1e22, f64::INFINITY, f64::NAN] {
            for places in 0..4 {
                assert_eq!(plain_decimals(value, places), format!("{:.places$}", value.abs()), "{value}");
            }
        }
    }

    #[test]
    fn a_range_shows_both_ends_and_a_point_one() {
        assert_eq!(Figure::Worth(Interval::new(20.0, 66.67).unwrap()).to_string(), "20.0 to 66.7");
        assert_eq!(Figure::Multiple(Interval::point(4.0).unwrap()).to_string(), "4");
    }

    #[test]
    fn slots_are_filled_and_words_agree_with_their_number() {
        let template = Template("{n} {n:KPI|KPIs} of {name}");
        let fill = |n| template.fill(&[("n", Figure::Count(n)), ("name", Figure::Text("a {b}".to_owned()))]);
        assert_eq!(fill(1.0), "1 KPI of a {b}");
        assert_eq!(fill(2.0), "2 KPIs of a {b}");
        assert_eq!(template.slots().collect::<Vec<_>>(), ["n", "n", "name"]);
    }

    #[test]
    fn long_lists_end_in_a_count() {
        let names = |n: usize| (1..=n).map(|at| format!("k{at}")).collect::<Vec<_>>();
        assert_eq!(list(&names(3)), "k1, k2 and k3");
        assert_eq!(list(&names(6)), "k1, k2 and 4 more");
        assert_eq!(Figure::All(names(5)).to_string(), "k1, k2, k3, k4 and k5");
        assert_eq!(Figure::All(names(1)).to_string(), "k1");
    }
}
