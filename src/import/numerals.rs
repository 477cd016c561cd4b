//! How the numbers of a sheet are written: what its cells prove of points and commas.

use crate::metrics::Language;
use crate::plan::quantity::{Amount, Locale, Quantity};

/// What the numerals of a sheet prove.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// `12,5` or `1.234.567`
    pub(super) decimal_comma: bool,
    /// `12.5` or `1,234,567`
    pub(super) decimal_point: bool,
    /// `1,200`: either.
    pub(super) lone_comma: bool,
    /// `1.200`: either.
    pub(super) lone_point: bool,
}

impl Marks {
    /// Adds what one text shows.
    pub(super) fn see(&mut self, text: &str) {
        for numeral in text.split(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',') {
            self.see_numeral(numeral.trim_matches(['.', ',']));
        }
    }

    fn see_numeral(&mut self, numeral: &str) {
        let (points, commas) = (numeral.matches('.').count(), numeral.matches(',').count());
        let groups: Vec<&str> = numeral.split(['.', ',']).collect();
        let threes = groups.iter().skip(1).all(|group| group.len() == 3);
        let could_group = threes && groups.first().is_some_and(|whole| whole.len() <= 3 && !whole.starts_with('0'));
        match (points, commas) {
            (1, 0) if could_group => self.lone_point = true,
            (0, 1) if could_group => self.lone_comma = true,
            (1, 0) => self.decimal_point = true,
            (0, 1) => self.decimal_comma = true,
            (2.., 0) if could_group => self.decimal_comma = true,
            (0, 2..) if could_group => self.decimal_point = true,
            (1.., 1) if numeral.rfind(',') > numeral.rfind('.') => self.decimal_comma = true,
            (1, 1..) if numeral.rfind('.') > numeral.rfind(',') => self.decimal_point = true,
            _ => {}
        }
    }

    /// The locale that a plan needs for these numbers, where the headings' language and the cells agree on one.
    pub(super) fn locale(self, language: Language) -> Option<Locale> {
        let said = match language {
            Language::English => return None,
            Language::Portuguese => Locale::Portuguese,
            Language::Spanish => Locale::Spanish,
            Language::Galician => Locale::Galician,
            Language::Polish => Locale::Polish,
            Language::German => Locale::German,
            Language::French => Locale::French,
        };
        let needed = self.lone_point;
        // `1,200` in Spanish is a thousand in Mexico.
        let denied = self.decimal_point || (self.lone_comma && !self.decimal_comma);
        (needed && !denied).then_some(said)
    }

    /// Whether `1,200` and `12,5` stand in one sheet: then nobody can tell what `1,200` is.
    pub(super) fn comma_is_unclear(self) -> bool {
        self.lone_comma && self.decimal_comma
    }
}

/// A number whose points can only stand between thousands, since the sheet's other numbers have decimal commas.
pub(super) fn settled(text: &str, marks: Marks, locale: Option<Locale>) -> Option<String> {
    let quantity = Quantity::parse(text, locale, crate::plan::quantity::SignMeans::Change).ok()?;
    let unsettled = matches!(quantity.amount, Amount::Unsettled { .. } | Amount::UnsettledRange { .. });
    let proven = marks.decimal_comma && !marks.decimal_point && !text.contains("..");
    (unsettled && proven).then(|| text.replace('.', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(texts: &[&str]) -> Marks {
        let mut marks = Marks::default();
        for text in texts {
            marks.see(text);
        }
        marks
    }

    #[test]
    fn the_locale_is_what_the_headings_and_the_cells_agree_on() {
        let locale = |texts: &[&str], language| marks(texts).locale(language);
        assert_eq!(locale(&["1.200", "12,5%"], Language::Portuguese), Some(Locale::Portuguese));
        assert_eq!(locale(&["1.200"], Language::Portuguese), Some(Locale::Portuguese));
        assert_eq!(locale(&["1.200"], Language::English), None);
        assert_eq!(locale(&["1.200", "12.5"], Language::Portuguese), None);
        assert_eq!(locale(&["1.200", "1,300"], Language::Spanish), None);
        assert_eq!(locale(&["300"], Language::Polish), None);
    }

    #[test]
    fn a_point_is_settled_by_the_other_numbers_of_the_sheet() {
        let comma = marks(&["12,5", "1.200"]);
        assert_eq!(settled("1.200", comma, None).as_deref(), Some("1200"));
        assert_eq!(settled("1.200 €", comma, None).as_deref(), Some("1200 €"));
        assert_eq!(settled("1.200", marks(&["1.200"]), None), None);
        assert_eq!(settled("12", comma, None), None);
        assert!(marks(&["12,5", "1,200"]).comma_is_unclear());
    }
}
