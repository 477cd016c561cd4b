//! Parts of the year as sheets write them: in a title, in a heading, in a cell.

use super::vocabulary::{Said, fold, says};
use crate::plan::period::Period;

/// The one period that a text names; a part of a year without one is in `year`. None where it names two, or a fiscal year.
pub(super) fn find(text: &str, year: Option<i16>) -> Option<Period> {
    let words = words(text);
    if words.iter().any(|word| names_less_or_more(word)) || holds_a_day(text) {
        return None;
    }
    let mut years: Vec<i16> = words.iter().filter_map(|word| full_year(word)).collect();
    let mut parts: Vec<(usize, String)> =
        words.iter().enumerate().filter_map(|(at, word)| Some((at, part(word)?))).collect();
    if parts.is_empty() {
        match said_part(&words) {
            Ok(said) => parts.extend(said),
            Err(Unclear) => return None,
        }
    }
    years.dedup();
    if let (true, [(at, _)]) = (years.is_empty(), parts.as_slice()) {
        // "Q1'27"
        years.extend(words.get(at + 1).and_then(|word| short_year(word)));
    }
    let year = match years.as_slice() {
        [year] => *year,
        [] => year?,
        _ => return None,
    };
    let mut named = parts.into_iter().map(|(_, part)| part);
    match (named.next(), named.next()) {
        (Some(part), None) => Period::parse(&format!("{year}-{part}")).ok(),
        (None, None) if !years.is_empty() => Period::parse(&year.to_string()).ok(),
        _ => None,
    }
}

/// The period of a text that says nothing else.
pub(super) fn whole(text: &str, year: Option<i16>) -> Option<Period> {
    words(text).iter().all(|word| is_span(word) || short_year(word).is_some()).then(|| find(text, year)).flatten()
}

/// A fiscal year, a month, or a week of the year: what stands beside it is not the period.
fn names_less_or_more(word: &str) -> bool {
    let week = word.strip_prefix("kw").or_else(|| word.strip_prefix('w'));
    word.starts_with("fy")
        || says(word, Said::Month)
        || week.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a word of a heading is a year or a part of one.
pub(super) fn is_span(word: &str) -> bool {
    let words = words(word);
    !words.is_empty()
        && words.iter().all(|word| part(word).is_some() || full_year(word).is_some() || short_year(word).is_some())
        && words.iter().any(|word| part(word).is_some() || full_year(word).is_some())
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// A quarter or a half is named, and not which one.
struct Unclear;

/// "1º trimestre", "2. Quartal", "first half" is not understood: a year beside it would be more than it says.
fn said_part(words: &[String]) -> Result<Option<(usize, String)>, Unclear> {
    const QUARTERS: [&str; 4] = ["quarter", "trimestre", "kwartal", "quartal"];
    const HALVES: [&str; 4] = ["half", "semestre", "polrocze", "halbjahr"];
    let begins = |word: &str, names: &[&str]| names.iter().any(|name| fold(word).starts_with(name));
    let Some(at) = words.iter().position(|word| begins(word, &QUARTERS) || begins(word, &HALVES)) else {
        return Ok(None);
    };
    let (letter, most) = if begins(words.get(at).map_or("", String::as_str), &QUARTERS) { ('Q', 4) } else { ('H', 2) };
    // The ordinal's own ending: "1º", "1er", "2nd".
    let ordinal = |word: &String| {
        let digit = word.chars().next().and_then(|first| first.to_digit(10)).filter(|digit| (1..=most).contains(digit));
        digit.filter(|_| word.chars().skip(1).all(char::is_alphabetic))
    };
    let before = at.checked_sub(1).and_then(|before| words.get(before)).and_then(ordinal);
    let digit = before.or_else(|| words.get(at + 1).and_then(ordinal)).ok_or(Unclear)?;
    Ok(Some((at, format!("{letter}{digit}"))))
}

/// `Q1`, `1Q`, `T1` (trimestre), `H1`, `S1` (semestre). Not `KW1`, a week in German.
fn part(word: &str) -> Option<String> {
    let [first, second] = word.as_bytes() else { return None };
    let (letter, digit) = if first.is_ascii_digit() { (second, first) } else { (first, second) };
    match (letter, digit) {
        (b'q' | b't', b'1'..=b'4') => Some(format!("Q{}", char::from(*digit))),
        (b'h' | b's', b'1' | b'2') => Some(format!("H{}", char::from(*digit))),
        _ => None,
    }
}

fn full_year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| word.len() == 4 && (2015..=2060).contains(year))
}

fn short_year(word: &str) -> Option<i16> {
    word.parse::<i16>().ok().filter(|year| word.len() == 2 && (15..=60).contains(year)).map(|year| 2000 + year)
}

/// Whether a whole date stands in it: "as of 2027-03-31" names no period.
fn holds_a_day(text: &str) -> bool {
    let words = words(text);
    words.windows(3).any(|three| match three {
        [first, second, third] => {
            let small = |word: &String| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
            (full_year(first).is_some() && small(second) && small(third))
                || (small(first) && small(second) && full_year(third).is_some())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_one_period_or_none() {
        let cases = [
            ("KPIs Q1 2027", "2027-Q1"),
            ("Plano 1T2027 / T1 2027", "2027-Q1"),
            ("okr-2027-q3", "2027-Q3"),
            ("Q1'27 plan", "2027-Q1"),
            ("Plan S2 2027", "2027-H2"),
            ("OKR 2027", "2027"),
            ("Indicadores do 1º trimestre de 2027", "2027-Q1"),
            ("Kennzahlen 2. Quartal 2027", "2027-Q2"),
            ("Plan na 1 półrocze 2027", "2027-H1"),
            ("2nd quarter 2027", "2027-Q2"),
            ("Trimestre 3 2027", "2027-Q3"),
        ];
        for (text, period) in cases {
            assert_eq!(find(text, None).map(|period| period.text).as_deref(), Some(period), "{text}");
        }
        for text in [
            "Q1 to Q2 2027",
            "2026 and 2027",
            "FY2027 Q1",
            "as of 2027-03-31",
            "31.03.2027",
            "KPIs",
            "Q1",
            "KW1 2027",
            "Janeiro 2027",
            "Primeiro trimestre de 2027",
            "Second half of 2027",
            "IV kwartał 2027",
            "5º trimestre 2027",
        ] {
            assert_eq!(find(text, None), None, "{text}");
        }
        assert_eq!(find("Q1", Some(2027)).unwrap().text, "2027-Q1");
    }
}
