//! A name as words: case and accents folded, snake_case and camelCase parted, numbers kept whole. The build script reads
//! the data's phrases with it.

use std::ops::Range;

use deunicode::deunicode_char;

/// How many words and numbers of a name are read; a name that goes on after that is no name.
pub(crate) const WORDS_READ: usize = 64;

/// What one stretch of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word, which may hold digits ("G2", "Q1", "24/7").
    Word,
    /// An amount, a share, a count.
    Number(Number),
    /// A calendar date, as `2027-03-31`.
    Date(i16, u8, u8),
    /// Punctuation that parts what stands around it.
    Mark(Mark),
}

/// What the signs around a number say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Number {
    /// It ends in `%`.
    pub percent: bool,
    /// A currency sign stands before or after it.
    pub money: bool,
    /// A letter or sign follows that a bare number has not: `k`, `x`, `+`, `pp`, a point or a comma.
    pub dressed: bool,
    /// It is a place in an order (`1st`).
    pub ordinal: bool,
    /// Its value, where it is a bare whole number under 10,000: it may be a year, or a name's own ("Google Analytics 4").
    pub small: Option<i16>,
}

/// Punctuation with a meaning. The others (quotes, comparators) are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// `,` or `;` or a full stop
    Comma,
    /// `/`
    Slash,
    /// `:`
    Colon,
    /// A dash with space around it, or `|`
    Dash,
}

/// One stretch of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the name.
    pub range: Range<usize>,
    /// Its bytes in the folded text; empty for marks.
    pub folded: Range<usize>,
    /// How its letters are written.
    pub case: Case,
    /// It is a sign that means something: `%`, `→`.
    pub is_sign: bool,
}

impl Token {
    /// Whether a phrase may go on over it: "LTV:CAC", "LTV/CAC".
    pub(crate) const fn joins(&self) -> bool {
        matches!(self.kind, TokenKind::Mark(Mark::Slash | Mark::Colon | Mark::Dash))
    }

    /// Whether it is punctuation.
    pub(crate) const fn is_mark(&self) -> bool {
        matches!(self.kind, TokenKind::Mark(_))
    }
}

/// How the letters of a word are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// "shop", and all that is no word.
    Small,
    /// "Shop", "iPhone"
    Capital,
    /// "DACH", "B2B", "MQLs"
    Capitals,
}

impl Case {
    fn of(word: &str) -> Self {
        let (mut capitals, mut letters) = (0, 0);
        for letter in word.strip_suffix('s').unwrap_or(word).chars() {
            capitals += usize::from(letter.is_uppercase());
            letters += usize::from(letter.is_alphabetic());
        }
        match capitals {
            0 => Self::Small,
            _ if capitals > 1 && capitals >= letters => Self::Capitals,
            _ => Self::Capital,
        }
    }
}

/// A name, read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    folded: String,
    /// What the name is made of, in order.
    pub tokens: Vec<Token>,
}

impl Text {
    /// Reads `name`, up to 64 words of it.
    pub(crate) fn read(name: &str) -> Self {
        const TYPICAL: usize = 12;
        let mut text = Self { folded: String::with_capacity(name.len()), tokens: Vec::with_capacity(TYPICAL) };
        let mut at = 0;
        let mut words = 0;
        while let Some(rest) = name.get(at..).filter(|rest| !rest.is_empty() && words < WORDS_READ) {
            if rest.starts_with(' ') {
                at += 1;
                continue;
            }
            let tokens = text.tokens.len();
            let token = scan(rest, name.get(..at).unwrap_or_default());
            let range = at..at + token.length.max(1);
            at = range.end;
            match token.found {
                Scanned::Nothing => {}
                Scanned::Mark(mark) => text.push_mark(mark, range),
                Scanned::Number(number) => text.push(TokenKind::Number(number), range, token.text, Case::Small),
                Scanned::Date(year, month, day) => {
                    text.push(TokenKind::Date(year, month, day), range, token.text, Case::Small);
                }
                Scanned::Sign(word) => {
                    text.push(TokenKind::Word, range, word, Case::Small);
                    if let Some(sign) = text.tokens.last_mut() {
                        sign.is_sign = true;
                    }
                }
                Scanned::Word => text.push_words(token.text, range.start),
            }
            words += usize::from(text.tokens.len() > tokens);
        }
        text
    }

    /// The folded text of the tokens `from..to`, marks left out, one space between.
    pub(crate) fn phrase(&self, from: usize, to: usize) -> &str {
        let tokens = self.tokens.get(from..to).unwrap_or_default();
        let mut words = tokens.iter().filter(|token| !token.is_mark());
        let Some(first) = words.next() else { return "" };
        let last = words.next_back().unwrap_or(first);
        self.folded.get(first.folded.start..last.folded.end).unwrap_or_default()
    }

    /// The folded text of a token; nothing for a mark.
    pub(crate) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|token| self.folded.get(token.folded.clone())).unwrap_or_default()
    }

    /// The folded words, without marks.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.tokens.iter().filter(|token| !token.is_mark());
        words.filter_map(|word| self.folded.get(word.folded.clone()))
    }

    /// Whether a mark parts what stands around it: "active / bought", not "LTV/CAC" nor "LTV / CAC".
    pub(crate) fn parts(&self, mark: usize) -> bool {
        let Some(token) = self.tokens.get(mark) else { return false };
        let before = mark.checked_sub(1).and_then(|before| self.tokens.get(before));
        let after = self.tokens.get(mark + 1);
        let spaced = before.is_some_and(|before| before.range.end < token.range.start)
            || after.is_some_and(|after| token.range.end < after.range.start);
        spaced && before.into_iter().chain(after).any(|token| token.case != Case::Capitals)
    }

    /// Parts the word at a token; `parts` are bytes of its folded text. In the name, all of them lie where the word lies.
    pub(crate) fn part(&mut self, at: usize, parts: impl Iterator<Item = Range<usize>>) {
        let Some(word) = self.tokens.get(at).cloned() else { return };
        let start = word.folded.start;
        let parts = parts.map(|part| Token { folded: start + part.start..start + part.end, ..word.clone() });
        self.tokens.splice(at..=at, parts);
    }

    fn push_mark(&mut self, mark: Mark, range: Range<usize>) {
        let at = self.folded.len();
        self.tokens.push(Token {
            kind: TokenKind::Mark(mark),
            range,
            folded: at..at,
            case: Case::Small,
            is_sign: false,
        });
    }

    fn push(&mut self, kind: TokenKind, range: Range<usize>, folded: &str, case: Case) {
        if !self.folded.is_empty() {
            self.folded.push(' ');
        }
        let start = self.folded.len();
        self.folded.push_str(folded);
        self.tokens.push(Token { kind, range, folded: start..self.folded.len(), case, is_sign: false });
    }

    fn push_words(&mut self, word: &str, start: usize) {
        for part in camel_parts(word) {
            if self.tokens.len() >= WORDS_READ {
                return;
            }
            let letters = word.get(part.clone()).unwrap_or_default();
            let before = self.folded.len();
            if before > 0 {
                self.folded.push(' ');
            }
            let from = self.folded.len();
            fold(letters, &mut self.folded);
            if self.folded.len() == from {
                self.folded.truncate(before);
                continue;
            }
            let folded = from..self.folded.len();
            let range = start + part.start..start + part.end;
            self.tokens.push(Token { kind: TokenKind::Word, range, folded, case: Case::of(letters), is_sign: false });
        }
    }
}

/// Lower case without accents, onto `folded`.
fn fold(word: &str, folded: &mut String) {
    for letter in word.chars() {
        if letter.is_ascii() {
            folded.push(letter.to_ascii_lowercase());
        } else {
            let plain = deunicode_char(letter).unwrap_or_default();
            folded.extend(plain.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()));
        }
    }
}

/// Parts `costPerLead`, and leaves `LinkedIn`, `eNPS` and `MQLs` whole: each part must have three letters.
fn camel_parts(word: &str) -> impl Iterator<Item = Range<usize>> {
    const SHORTEST_PART: usize = 3;
    let mut last_small = false;
    let humps = move |(at, letter): (usize, char)| {
        let hump = last_small && letter.is_uppercase();
        last_small = letter.is_lowercase();
        hump.then_some(at)
    };
    let bounds = word.char_indices().filter_map(humps);
    let (mut start, mut fits) = (0, true);
    for bound in bounds.clone().chain([word.len()]) {
        fits &= bound - start >= SHORTEST_PART;
        start = bound;
    }
    let mut start = 0;
    bounds.filter(move |_| fits).chain([word.len()]).map(move |bound| {
        let part = start..bound;
        start = bound;
        part
    })
}

/// What stands at the start of a rest of a name.
struct Scan<'t> {
    found: Scanned,
    length: usize,
    text: &'t str,
}

enum Scanned {
    Nothing,
    Mark(Mark),
    Number(Number),
    Date(i16, u8, u8),
    Sign(&'static str),
    Word,
}

/// Signs that mean something, as the data of each language writes them.
const SIGNS: [(char, &str); 11] = [
    ('$', "$"),
    ('€', "€"),
    ('£', "£"),
    ('¥', "¥"),
    ('₹', "₹"),
    ('%', "%"),
    ('→', "→"),
    ('⇒', "→"),
    ('÷', "÷"),
    ('#', "#"),
    ('&', "&"),
];

/// Signs of currencies, which may stand before a number.
const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '₹'];

/// What may stand between the thousands of a number: a space, one that does not break, a thin one.
const THOUSANDS_SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// Letters that may be written onto a number.
const SUFFIXES: [&str; 17] =
    ["k", "m", "mm", "mn", "mln", "mio", "b", "bn", "x", "pp", "pt", "pts", "bp", "bps", "h", "d", "s"];

fn scan<'t>(rest: &'t str, before: &str) -> Scan<'t> {
    let mut letters = rest.chars();
    let first = letters.next().unwrap_or_default();
    let second = letters.next();
    let one = |found| Scan { found, length: first.len_utf8(), text: "" };
    if first.is_ascii_digit() {
        return number(rest, 0);
    }
    if first.is_alphanumeric() {
        return word(rest, before);
    }
    if let Some((_, sign)) = SIGNS.iter().find(|(sign, _)| *sign == first) {
        let amount = CURRENCIES.contains(&first).then(|| amount(rest, first.len_utf8())).flatten();
        return amount.unwrap_or_else(|| one(Scanned::Sign(sign)));
    }
    let spaced = before.is_empty() || before.ends_with(char::is_whitespace);
    match first {
        '-' if second == Some('>') => Scan { length: 2, ..one(Scanned::Sign("→")) },
        '(' | '[' | '{' => one(Scanned::Mark(Mark::Open)),
        ')' | ']' | '}' => one(Scanned::Mark(Mark::Close)),
        ',' | ';' => one(Scanned::Mark(Mark::Comma)),
        '.' if is_abbreviation(before) || is_ordinal(before, rest) => one(Scanned::Nothing),
        '.' | '!' | '?' if second.is_some_and(char::is_whitespace) => one(Scanned::Mark(Mark::Comma)),
        '/' => one(Scanned::Mark(Mark::Slash)),
        ':' | '=' => one(Scanned::Mark(Mark::Colon)),
        '|' | '—' => one(Scanned::Mark(Mark::Dash)),
        '-' | '–' if spaced && second.is_some_and(char::is_whitespace) => one(Scanned::Mark(Mark::Dash)),
        _ => one(Scanned::Nothing),
    }
}

/// Whether a full stop behind this ends a short word rather than a sentence ("Avg.", "Nº.").
fn is_abbreviation(before: &str) -> bool {
    const LONGEST: usize = 4;
    let letters = before.chars().rev().take_while(|letter| letter.is_alphanumeric());
    let (count, digits) =
        letters.fold((0, false), |(count, digits), letter| (count + 1, digits || letter.is_numeric()));
    (1..=LONGEST).contains(&count) && !digits
}

/// Whether a full stop makes an ordinal of a number: "1. Oktober".
fn is_ordinal(before: &str, rest: &str) -> bool {
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let mut behind = rest.chars().skip(1);
    (1..=2).contains(&digits) && behind.next() == Some(' ') && behind.next().is_some_and(char::is_alphabetic)
}

/// A number behind a currency sign of `sign` bytes.
fn amount(rest: &str, sign: usize) -> Option<Scan<'_>> {
    let after = rest.get(sign..)?;
    let gap = after.len() - after.trim_start_matches([' ', '\u{a0}']).len();
    let digits = after.get(gap..)?;
    if gap > 1 || !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let scan = number(digits, sign + gap);
    let Scanned::Number(number) = scan.found else { return None };
    let number = Number { money: true, small: None, ..number };
    Some(Scan { found: Scanned::Number(number), ..scan })
}

/// A number at the start of `rest`, `lead` bytes into what is scanned.
fn number(rest: &str, lead: usize) -> Scan<'_> {
    let digits = digits_length(rest);
    let mut number = Number::default();
    let body = rest.get(..digits).unwrap_or_default();
    if let Some((year, month, day)) = date(body) {
        return Scan { found: Scanned::Date(year, month, day), length: lead + digits, text: body };
    }
    let after = rest.get(digits..).unwrap_or_default();
    let letters = after.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(after.len());
    let suffix = after.get(..letters).unwrap_or_default().to_ascii_lowercase();
    let mut length = digits;
    if ["st", "nd", "rd", "th"].contains(&suffix.as_str()) {
        number.ordinal = true;
        length += letters;
    } else if SUFFIXES.contains(&suffix.as_str()) {
        number.dressed = true;
        length += letters;
    } else if !suffix.is_empty() || body.contains(['/', '-']) {
        let text = rest.get(..digits + letters).unwrap_or_default();
        return Scan { found: Scanned::Word, length: lead + text.len(), text };
    }
    let tail = rest.get(length..).unwrap_or_default();
    if tail.starts_with('+') {
        number.dressed = true;
        length += 1;
    }
    let tail = rest.get(length..).unwrap_or_default();
    let gap = tail.len() - tail.trim_start_matches([' ', '\u{a0}']).len();
    let sign = tail.get(gap..).unwrap_or_default().chars().next().unwrap_or_default();
    if gap <= 1 && sign == '%' {
        number.percent = true;
        length += gap + 1;
    } else if gap <= 1 && matches!(sign, '$' | '€' | '£') && !followed_by_digit(tail, gap + sign.len_utf8()) {
        number.money = true;
        length += gap + sign.len_utf8();
    }
    let bare = length == digits && body.len() <= 4;
    number.small = bare.then(|| body.parse().ok()).flatten();
    number.dressed |= body.len() != body.bytes().filter(u8::is_ascii_digit).count();
    Scan { found: Scanned::Number(number), length: lead + length, text: body }
}

fn followed_by_digit(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Digits with the signs that may stand between two of them; spaces only between groups of three, as in `12 000 000`.
fn digits_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let groups = grouped_length(rest);
    if groups > 0 {
        return groups;
    }
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    loop {
        if digit(at) {
            at += 1;
        } else if digit(at + 1) && matches!(bytes.get(at), Some(b'.' | b',' | b'_' | b'\'' | b':' | b'/')) {
            at += 2;
        } else if at == 4 && bytes.get(at) == Some(&b'-') && date(rest.get(..10).unwrap_or_default()).is_some() {
            at += 6;
        } else {
            return at;
        }
    }
}

/// The length of a number whose thousands are set apart by spaces; 0 where it is none.
fn grouped_length(rest: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(rest);
    if !(1..=3).contains(&first) || rest.starts_with('0') {
        return 0;
    }
    let mut length = first;
    while let Some(space) =
        rest.get(length..).and_then(|rest| rest.chars().next()).filter(|c| THOUSANDS_SPACES.contains(c))
    {
        let group = length + space.len_utf8();
        if rest.get(group..).map_or(0, digits) != 3 {
            break;
        }
        length = group + 3;
    }
    if length > first { length } else { 0 }
}

/// A date as ISO 8601 writes it, or with full stops (`31.3.2027`), or with slashes where no month can be meant by the day.
fn date(text: &str) -> Option<(i16, u8, u8)> {
    let sign = text.find(['-', '.', '/']).and_then(|at| text.get(at..=at))?;
    let mut parts = text.split(sign);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let small = |text: &str| text.parse::<u8>().ok().filter(|_| text.len() <= 2);
    let (year, month, day) = match sign {
        "-" if (first.len(), second.len(), third.len()) == (4, 2, 2) => (first, small(second)?, small(third)?),
        "." => (third, small(second)?, small(first)?),
        "/" if small(first)? > 12 => (third, small(second)?, small(first)?),
        "/" if small(second)? > 12 => (third, small(first)?, small(second)?),
        _ => return None,
    };
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// A word, or nothing where it is the `s` of a genitive.
fn word<'t>(rest: &'t str, before: &str) -> Scan<'t> {
    let length = rest.find(|letter: char| !letter.is_alphanumeric() && !is_silent(letter)).unwrap_or(rest.len());
    let text = rest.get(..length).unwrap_or_default();
    let genitive = text.eq_ignore_ascii_case("s") && before.ends_with(['\'', '’']);
    Scan { found: if genitive { Scanned::Nothing } else { Scanned::Word }, length, text }
}

/// What stands inside a word and is no letter of its own: an accent that follows its letter, a soft hyphen, a joiner.
const fn is_silent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(name: &str) -> String {
        Text::read(name).folded
    }

    #[test]
    fn case_accents_and_joints_fold_away() {
        assert_eq!(folded("Taxa de Conversões"), "taxa de conversoes");
        assert_eq!(folded("Conversa\u{303}o, Kun\u{ad}den"), "conversao kunden");
        assert_eq!(folded("monthly_new_leads"), "monthly new leads");
        assert_eq!(folded("costPerLead"), "cost per lead");
        assert_eq!(folded("LinkedIn MQLs"), "linkedin mqls");
        assert_eq!(folded("client's MQL→SQL"), "client mql → sql");
    }

    #[test]
    fn a_number_keeps_its_signs() {
        let name = "from $12.5m to 24 % and 1,000+ in 2027, 12 000 000 and 5 000 of 10 20 or 3 0001";
        let text = Text::read(name);
        let numbers: Vec<_> = text
            .tokens
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Number(_)))
            .map(|token| name.get(token.range.clone()).unwrap())
            .collect();
        assert_eq!(numbers, ["$12.5m", "24 %", "1,000+", "2027", "12 000 000", "5 000", "10", "20", "3", "0001"]);
    }

    #[test]
    fn digits_in_a_word_are_no_number() {
        for name in ["G2", "B2B", "24/7", "5xx", "CO2", "Q1"] {
            assert_eq!(Text::read(name).tokens.first().map(|token| token.kind), Some(TokenKind::Word), "{name}");
        }
    }

    #[test]
    fn a_word_keeps_how_it_was_written() {
        for (word, case) in [
            ("shop", Case::Small),
            ("Shop", Case::Capital),
            ("LinkedIn", Case::Capital),
            ("DACH", Case::Capitals),
            ("MQLs", Case::Capitals),
            ("B2B", Case::Capitals),
            ("A", Case::Capital),
        ] {
            assert_eq!(Text::read(word).tokens.first().map(|token| token.case), Some(case), "{word}");
        }
    }

    #[test]
    fn a_date_is_a_date() {
        let text = Text::read("by 2027-03-31");
        assert_eq!(text.tokens.last().map(|token| token.kind), Some(TokenKind::Date(2027, 3, 31)));
    }

    proptest! {
        #[test]
        fn every_range_lies_on_letters_of_the_name(name in "\\PC{0,80}") {
            let text = Text::read(&name);
            for token in &text.tokens {
                prop_assert!(name.get(token.range.clone()).is_some());
            }
        }
    }
}
