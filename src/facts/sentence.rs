//! What a sentence of a plan holds that can be checked: a date, and a number that is not that date's.
//!
//! It reads the dictionary's seven languages, and sees too much rather than too little: whoever is told that a date is
//! missing must not find it in the sentence.

use deunicode::deunicode_char;

use crate::phrases::{Phrases, phrases};

/// What was seen in a sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// A date, or a part of the calendar by whose end something is so.
    pub date: bool,
    /// A number that is no part of a date, or a word for one.
    pub number: bool,
}

/// Letters of a sentence that are read.
const READ: usize = 4_000;

/// Months, folded, in full and in the usual short forms.
const MONTHS: Phrases = phrases!(
    "january february march april june july august september october november december feb apr aug sept oct \
     nov janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro enero \
     febrero marzo mayo junio julio septiembre setiembre octubre noviembre diciembre xaneiro febreiro xuno \
     xullo decembro styczen stycznia luty lutego marzec kwiecien kwietnia czerwiec czerwca lipiec lipca \
     sierpien sierpnia wrzesien wrzesnia pazdziernik pazdziernika listopad listopada grudzien grudnia januar \
     janner februar marz juni juli oktober dezember janvier fevrier avril juin juillet aout septembre octobre \
     novembre decembre"
);

/// Months whose name means something else as well: they count beside a number only.
const MONTHS_BESIDE_A_NUMBER: Phrases = phrases!(
    "may mai mars marca maja maj jan mar jun jul sep set dec dez dic ene abr ago out okt fev avr juil kwi cze \
     lip sie wrz paz lis gru sty lut"
);

/// Parts of the calendar: "by the end of the quarter", "w kwartale".
const CALENDAR: Phrases = phrases!(
    "q1 q2 q3 q4 h1 h2 t1 t2 t3 t4 1t 2t 3t 4t s1 s2 1s 2s 1q 2q 3q 4q quarter trimestre kwartal kwartalu \
     kwartale quartal quartals quartalsende year yearend ano roku rok jahr jahres jahresende annee month mes \
     miesiac miesiaca monat monats monatsende mois semester semestre halbjahr polrocze polrocza days weeks \
     months dias semanas meses dni tygodni miesiecy tage tagen wochen monate monaten jours semaines christmas \
     navidad natal nadal weihnachten noel"
);

/// Words that say how much without a digit.
const NUMBER_WORDS: Phrases = phrases!(
    "double doubled doubles doubling twice triple tripled half halve halved third quarter dobrar dobro \
     duplicar duplicado doble dobre triplicar triplo metade mitad terco podwoic podwoimy dwukrotnie polowe \
     polowa verdoppeln verdoppelt verdopplung doppelt verdreifacht halbiert halbieren halfte doubler tripler \
     moitie hundred thousand million dozen cento cem cien mil sto tysiac hundert tausend cent mille"
);

impl Seen {
    /// Reads a sentence; `years` are those that a date of this plan can name.
    pub fn in_sentence(text: &str, years: std::ops::RangeInclusive<i16>) -> Self {
        let folded = folded(text);
        let words = words(&folded);
        let is_year = |word: &str| word.len() == 4 && word.parse().is_ok_and(|year| years.contains(&year));
        let beside = |at: usize| (at.saturating_sub(2)..=at + 2).filter(move |near| *near != at);
        let near_month = |at: usize| beside(at).filter_map(|near| words.get(near)).any(|word| is_month(word.text));
        let near_number = |at: usize| beside(at).filter_map(|near| words.get(near)).any(|word| word.has_digit());
        let mut seen = Self::default();
        for (at, word) in words.iter().enumerate() {
            let calendar = CALENDAR.has(word.text);
            let month = MONTHS.has(word.text) || MONTHS_BESIDE_A_NUMBER.has(word.text) && near_number(at);
            let of_date = word.is_dated || is_year(word.text) || word.is_day() && near_month(at);
            seen.date |= calendar || month || of_date;
            seen.number |= word.has_digit() && !of_date && !calendar;
            seen.number |= NUMBER_WORDS.has(word.text);
        }
        seen
    }
}

fn is_month(word: &str) -> bool {
    MONTHS.has(word) || MONTHS_BESIDE_A_NUMBER.has(word)
}

/// A word, folded.
struct Word<'t> {
    text: &'t str,
    /// Whether it is a part of `2027-03-31` or `31/03/2027`.
    is_dated: bool,
}

impl Word<'_> {
    fn has_digit(&self) -> bool {
        self.text.contains(|letter: char| letter.is_ascii_digit())
    }

    /// A day of a month: `31`, `1st`, `1er`, `3º`.
    fn is_day(&self) -> bool {
        let digits = self.text.chars().take_while(char::is_ascii_digit).count();
        (1..=2).contains(&digits) && self.text.len() <= digits + 2 && !self.text.ends_with(['k', 'm', 'x', '%'])
    }
}

/// What is read of a text, in small letters without accents.
fn folded(text: &str) -> String {
    let letters = text.chars().take(READ).map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    let mut folded: String = letters.filter_map(deunicode_char).collect();
    folded.make_ascii_lowercase();
    folded
}

fn words(folded: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for piece in folded.split_ascii_whitespace() {
        let trimmed = piece.trim_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != '%');
        let is_dated = is_numeric_date(trimmed);
        let parts = trimmed.split(|letter: char| !letter.is_ascii_alphanumeric() && !"%.,".contains(letter));
        let parts = parts.map(|part| part.trim_matches(['.', ','])).filter(|part| !part.is_empty());
        words.extend(parts.map(|text| Word { text, is_dated }));
    }
    words
}

/// Three groups of digits, one of them a year: `2027-03-31`, `31.03.2027`, `3/31/2027`.
fn is_numeric_date(word: &str) -> bool {
    if !word.bytes().all(|byte| byte.is_ascii_digit() || b"-/.".contains(&byte)) {
        return false;
    }
    let lengths: Vec<usize> = word.split(['-', '/', '.']).map(str::len).collect();
    matches!(lengths.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4 | 2] | [4, 1..=2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> (bool, bool) {
        let seen = Seen::in_sentence(text, 2024..=2030);
        (seen.date, seen.number)
    }

    #[test]
    fn dates_are_seen_in_seven_languages() {
        for text in [
            "By 31 March 2027 we are better known",
            "By the end of March, sales trusts marketing",
            "Até 31 de março de 2027 somos conhecidos",
            "El 30 de junio de 2027 nos conocen",
            "O 30 de xuño de 2027 somos coñecidos",
            "Do 31 marca 2027 jesteśmy znani",
            "Do końca roku jesteśmy znani",
            "Am 31. März 2027 kennt man uns",
            "Le 1er mai 2027 on nous connaît",
            "Q1 2027: we are known",
            "2027-03-31: known everywhere",
            "Bis 31.03.2027 kennt man uns",
            "In 2027 we are known",
        ] {
            assert_eq!(seen(text), (true, false), "{text}");
        }
    }

    #[test]
    fn a_number_is_one_that_is_not_the_dates() {
        for text in
            ["we have won 120 customers", "added 1.2M of new ARR", "we double what we sell", "LTV:CAC of 3:1", "25%"]
        {
            assert_eq!(seen(text), (false, true), "{text}");
        }
        assert_eq!(seen("By 31 March 2027 we have won 120 customers"), (true, true));
        assert_eq!(seen("O 30 de xuño de 2027 os seis hoteis ingresan 3.000.000 €"), (true, true));
        assert_eq!(seen("we may sell to people whom our brand moves"), (false, false));
        assert_eq!(seen(""), (false, false));
    }
}
