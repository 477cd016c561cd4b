//! Reads what somebody types in one line: a goal with its target (`New ARR: 1.2M`), and products with their budgets (`Core 60k, Pro 40k`).

use thiserror::Error;

use crate::plan::quantity::{Quantity, SignMeans, Unit};

/// A goal, with its target where that stands apart from the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Its name, or the sentence that it was said in.
    pub name: String,
    /// The target, as it is written.
    pub target: Option<String>,
}

impl Aim {
    /// Reads `New ARR: 1.2M`; any other text is a name, in which the audit finds a number by itself.
    ///
    /// # Errors
    /// [`AnswerError::TwoAmounts`]
    pub fn read(text: &str) -> Result<Self, AnswerError> {
        // "LTV:CAC of 3:1" has marks of its own.
        let parts = text.rsplit_once(": ").or_else(|| text.rsplit_once(" = "));
        let parts = parts.map(|(name, target)| (name.trim(), target.trim())).filter(|(name, _)| !name.is_empty());
        let quantity = |target| Quantity::parse(target, None, SignMeans::Change).ok();
        match parts.and_then(|(name, target)| Some((name, target, quantity(target)?))) {
            Some((_, target, quantity)) if quantity.amount.is_unsettled() => {
                Err(AnswerError::TwoAmounts { text: target.to_owned() })
            }
            Some((name, target, _)) => Ok(Self { name: name.to_owned(), target: Some(target.to_owned()) }),
            None => Ok(Self { name: text.to_owned(), target: None }),
        }
    }
}

/// A product, with the money meant for it where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    /// Its name.
    pub name: String,
    /// The amount, as it is written.
    pub budget: Option<String>,
}

/// Why an answer cannot be read, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// `60k`
    #[error("`{amount}` has no name before it: write one, such as Core {amount}")]
    NoName {
        /// The amount as written.
        amount: String,
    },
    /// `Core: 60kk`
    #[error("`{text}` is not an amount: write one, such as 60k or 60 000")]
    NotAnAmount {
        /// The text as written.
        text: String,
    },
    /// `Core 60.000`
    #[error("`{text}` can be two amounts, in thousands or with a fraction: write it as in 60k or 60 000")]
    TwoAmounts {
        /// The text as written.
        text: String,
    },
}

impl Sold {
    /// Reads names, each with its amount behind it where there is one, between commas, semicolons or line ends.
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn list(text: &str) -> Result<Vec<Self>, AnswerError> {
        items(text).into_iter().map(str::trim).filter(|item| !item.is_empty()).map(one).collect()
    }
}

/// The parts of a line; a comma between digits is part of a number.
fn items(text: &str) -> Vec<&str> {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let parts = |(at, c): (usize, char)| match c {
        ';' | '\n' => true,
        ',' => {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + 1..).and_then(|after| after.chars().next());
            !(is_digit(before) && is_digit(after))
        }
        _ => false,
    };
    let mut items = Vec::new();
    let mut from = 0;
    for (at, _) in text.char_indices().filter(|&place| parts(place)) {
        items.extend(text.get(from..at));
        from = at + 1;
    }
    items.extend(text.get(from..));
    items
}

fn one(item: &str) -> Result<Sold, AnswerError> {
    if amount(item).is_some() {
        return Err(AnswerError::NoName { amount: item.to_owned() });
    }
    let marked = item.rsplit_once([':', '=']).map(|(name, after)| (name.trim(), after.trim()));
    if let Some((name, after)) = marked.filter(|(name, _)| !name.is_empty())
        && let Some(quantity) = amount(after)
    {
        return with_budget(name, after, &quantity);
    }
    // The longest text at the end that is an amount: "60 000", "60k EUR".
    let starts = item.char_indices().filter(|(_, c)| c.is_whitespace() || *c == '(').map(|(at, c)| at + c.len_utf8());
    for start in starts {
        let (name, after) = item.split_at_checked(start).unwrap_or((item, ""));
        let after = after.trim().trim_end_matches(')');
        match amount(after) {
            Some(quantity) if is_meant_as_money(&quantity) => return with_budget(name, after, &quantity),
            _ => {}
        }
    }
    match marked {
        Some((_, after)) if after.starts_with(|c: char| c.is_ascii_digit()) => {
            Err(AnswerError::NotAnAmount { text: after.to_owned() })
        }
        _ => Ok(Sold { name: item.to_owned(), budget: None }),
    }
}

fn with_budget(name: &str, amount: &str, quantity: &Quantity) -> Result<Sold, AnswerError> {
    if quantity.amount.is_unsettled() {
        return Err(AnswerError::TwoAmounts { text: amount.to_owned() });
    }
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || "-–—(".contains(c));
    Ok(Sold { name: name.to_owned(), budget: Some(amount.to_owned()) })
}

/// An amount of money, in any currency.
fn amount(text: &str) -> Option<Quantity> {
    let quantity = Quantity::parse(text, None, SignMeans::Negative).ok()?;
    let is_money = quantity.nonnegative().is_ok() && quantity.money(None).is_ok();
    is_money.then_some(quantity)
}

/// Whether a number that ends a name is an amount: in "Office 365" and "Version 2.0" it is part of the name.
fn is_meant_as_money(quantity: &Quantity) -> bool {
    const LEAST_BARE: f64 = 10_000.0;
    let is_bare = quantity.unit == Unit::None && !quantity.text.contains(char::is_alphabetic);
    !is_bare || quantity.amount.is_unsettled() || quantity.amount.middle().is_some_and(|amount| amount >= LEAST_BARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let sold = Sold::list(text).unwrap();
        sold.into_iter().map(|sold| (sold.name, sold.budget.unwrap_or_default())).collect()
    }

    #[test]
    fn a_target_behind_a_mark_is_apart_and_any_other_text_is_a_name() {
        let aim = |text| Aim::read(text).map(|aim| (aim.name, aim.target)).unwrap();
        assert_eq!(aim("New ARR: 1.2M"), ("New ARR".to_owned(), Some("1.2M".to_owned())));
        assert_eq!(aim("Revenue = +20%"), ("Revenue".to_owned(), Some("+20%".to_owned())));
        assert_eq!(aim("LTV:CAC: 3:1"), ("LTV:CAC".to_owned(), Some("3:1".to_owned())));
        assert!(matches!(Aim::read("Receita: 60.000"), Err(AnswerError::TwoAmounts { text }) if text == "60.000"));
        for sentence in ["Reach 1M ARR by end of March", "Our aim: grow", ": 5", "Reach an LTV:CAC of 3:1"] {
            assert_eq!(aim(sentence), (sentence.to_owned(), None));
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, name, budget) in [
            ("Core 60k", "Core", "60k"),
            ("Core: 60,000", "Core", "60,000"),
            ("Core = 500", "Core", "500"),
            ("Core (60k)", "Core", "60k"),
            ("Core - 60k", "Core", "60k"),
            ("Core 60 000", "Core", "60 000"),
            ("Core 60 tys. zł", "Core", "60 tys. zł"),
            ("Core Plus €60k", "Core Plus", "€60k"),
            ("Core R$ 400k", "Core", "R$ 400k"),
            ("LTV:CAC tool 60k", "LTV:CAC tool", "60k"),
            ("TV 4K 60k EUR", "TV 4K", "60k EUR"),
        ] {
            assert_eq!(read(text), [(name.to_owned(), budget.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_comma_in_a_number_parts_nothing() {
        let names = |text| read(text).into_iter().map(|(name, budget)| format!("{name}={budget}")).collect::<Vec<_>>();
        assert_eq!(names("Core 60,000,Pro 40,000"), ["Core=60,000", "Pro=40,000"]);
        assert_eq!(names("Core 60k, 2nd line;; Pro,"), ["Core=60k", "2nd line=", "Pro="]);
    }

    #[test]
    fn a_number_that_belongs_to_a_name_is_no_budget() {
        for name in
            ["Office 365", "Version 2.0 beta", "Model 3", "Plan 2027", "Core: the basics", "Core 30%", "短い名前です"]
        {
            assert_eq!(read(name), [(name.to_owned(), String::new())]);
        }
    }

    #[test]
    fn what_could_be_two_amounts_or_none_is_asked_again() {
        assert!(matches!(Sold::list("Core 60.000"), Err(AnswerError::TwoAmounts { text }) if text == "60.000"));
        assert!(matches!(Sold::list("Core: 6x0k"), Err(AnswerError::NotAnAmount { .. })));
        assert!(matches!(Sold::list("60k, 40k"), Err(AnswerError::NoName { .. })));
    }
}
