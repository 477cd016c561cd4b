//! The questions of `init`: plain lines, so that a screen reader, a copy of the screen and a paste all work; an answer that cannot be
//! read is asked for again.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use jiff::civil::Date;

use kpi_audit::metrics;
use kpi_audit::plan::period::{Period, PeriodError};
use kpi_audit::plan::quantity::{Currency, CurrencyCode, Quantity, SignMeans, Unit};
use kpi_audit::plan::{Aim, Answers, Business, NoFiles, Sold, read};
use kpi_audit::report::View;
use kpi_audit::report::text::clean;
use kpi_audit::source::Source;
use kpi_audit::words::nearest;

/// What comes from the terminal.
pub(super) enum Typed {
    /// A line, without its end.
    Line(Vec<u8>),
    /// Ctrl-C.
    Interrupt,
    /// No more lines.
    End,
}

/// Why there are no answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// Ctrl-C.
    Interrupted,
    /// The input ended, by Ctrl-D or a closed terminal.
    Ended,
}

impl Stopped {
    pub(super) fn words(self) -> String {
        match self {
            Self::Interrupted => "\nstopped: nothing is written\n".to_owned(),
            Self::Ended => "\nerror: the input ended before the last question: nothing is written\n".to_owned(),
        }
    }

    pub(super) fn status(self) -> u8 {
        match self {
            // By the convention of shells: 128 and the number of the signal.
            Self::Interrupted => 130,
            Self::Ended => 2,
        }
    }
}

/// What is typed from now on, and Ctrl-C.
pub(super) fn typed_lines() -> Receiver<Typed> {
    let (to, typed) = mpsc::channel();
    let interrupt = to.clone();
    // Without a handler Ctrl-C still ends the run, and writes as little; only the word on it is missing.
    let _ = ctrlc::set_handler(move || {
        if interrupt.send(Typed::Interrupt).is_err() {
            std::process::exit(i32::from(Stopped::Interrupted.status()));
        }
    });
    // A thread, since a read that waits for a line hears neither Ctrl-C nor that a paste is over.
    thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
            if to.send(Typed::Line(line)).is_err() {
                return;
            }
        }
        // The handler holds this channel open, so that it does not end by itself.
        let _ = to.send(Typed::End);
    });
    typed
}

/// One question, but for the last one, which takes several lines.
struct Question {
    asks: &'static str,
    /// What is offered by number.
    choices: &'static [Business],
    /// What Enter takes.
    on_enter: fn(&Answers) -> String,
    /// Enters an answer, with a note where it is taken in another form than it was typed in; or says why it cannot be read.
    enter: fn(&str, &mut Answers) -> Result<Option<String>, String>,
}

const QUESTIONS: [Question; 6] = [
    Question {
        asks: "Period, such as 2027-Q1, 2027-H1 or 2027-03",
        choices: &[],
        on_enter: |answers| answers.period.text.clone(),
        enter: enter_period,
    },
    Question {
        asks: "Name of the plan, as the meeting calls it",
        choices: &[],
        on_enter: Answers::name,
        enter: |typed, answers| {
            answers.name = Some(typed.to_owned());
            Ok(None)
        },
    },
    Question {
        asks: "Currency of its amounts",
        choices: &[],
        on_enter: |answers| answers.currency.clone(),
        enter: enter_currency,
    },
    Question {
        asks: "How does the business earn, and who sells? Give a number",
        choices: Business::ALL,
        on_enter: |_| "not sure".to_owned(),
        enter: enter_business,
    },
    Question {
        asks: "The main goal and its target, such as New ARR: 1.2M, or in a sentence\n   ",
        choices: &[],
        on_enter: |answers| answers.usual_goal().to_owned(),
        enter: |typed, answers| {
            answers.goal = Some(Aim::read(typed).map_err(|error| error.to_string())?);
            Ok(None)
        },
    },
    Question {
        asks: "Products with their budgets, such as: Core 60k, Pro 40k\n   ",
        choices: &[],
        on_enter: |_| "none yet".to_owned(),
        enter: enter_products,
    },
];

const COUNT: usize = QUESTIONS.len() + 1;

/// Asks everything. `today` says which quarter is next.
pub(super) fn ask(today: Date, typed: &Receiver<Typed>, to: &mut dyn Write, view: &View) -> Result<Answers, Stopped> {
    let mut talk = Talk { typed, heard: None, to, view };
    let mut answers = Answers::on(today);
    talk.say(&format!("{COUNT} questions, and the plan is begun. Enter takes what stands in [ ].\n"))?;
    talk.say("Ctrl-C ends the questions, and nothing is written.\n\n")?;
    for (at, question) in QUESTIONS.iter().enumerate() {
        talk.question(at + 1, question, &mut answers)?;
    }
    talk.kpis(&mut answers)?;
    Ok(answers)
}

struct Talk<'t> {
    typed: &'t Receiver<Typed>,
    /// What was heard already, and is still to be read.
    heard: Option<Typed>,
    to: &'t mut dyn Write,
    view: &'t View,
}

impl Talk<'_> {
    /// Asks until there is an answer that can be read.
    fn question(&mut self, number: usize, question: &Question, answers: &mut Answers) -> Result<(), Stopped> {
        self.say(&format!("{number}/{COUNT} {}", question.asks))?;
        for (at, business) in question.choices.iter().enumerate() {
            self.say(&format!("\n      {} {}", at + 1, business.words))?;
        }
        let on_enter = (question.on_enter)(answers);
        let prompt = if question.choices.is_empty() { "" } else { "\n   " };
        self.say(&format!("{prompt} [{}]: ", clean(&on_enter)))?;
        loop {
            let typed = self.answer()?;
            if typed.as_ref().is_ok_and(String::is_empty) {
                return Ok(());
            }
            match typed.and_then(|typed| entered(question, &typed, answers)) {
                Ok((next, note)) => {
                    *answers = next;
                    return note.map_or(Ok(()), |note| self.say(&self.view.wrap("    taken as: ", &note)));
                }
                Err(why) => self.say_again(&why, &on_enter)?,
            }
        }
    }

    fn say_again(&mut self, why: &str, on_enter: &str) -> Result<(), Stopped> {
        self.say(&self.view.wrap("    ", why))?;
        self.say(&format!("    again, please [{}]: ", clean(on_enter)))
    }

    /// The KPIs, one a line, as they are pasted from a mail or a slide.
    fn kpis(&mut self, answers: &mut Answers) -> Result<(), Stopped> {
        self.say(&format!(
            "{COUNT}/{COUNT} The KPIs you were handed, one a line, such as: Cut cost per lead by 30%\n    \
             An empty line ends them [none yet]:\n"
        ))?;
        loop {
            let typed = match self.answer()? {
                Ok(typed) => typed,
                Err(why) => {
                    self.say(&self.view.wrap("    ", &format!("{why}; that line is left out")))?;
                    continue;
                }
            };
            let kpi = without_bullet(&typed);
            if !kpi.is_empty() {
                answers.kpis.push(kpi.to_owned());
            } else if !self.pasted_behind()? {
                return Ok(());
            }
        }
    }

    /// Whether more lines came with the last one: a paste may hold empty lines, and what is left of it would go to the shell.
    fn pasted_behind(&mut self) -> Result<bool, Stopped> {
        const SOON: Duration = Duration::from_millis(150);
        self.heard = self.typed.recv_timeout(SOON).ok();
        match self.heard {
            Some(Typed::Interrupt) => Err(Stopped::Interrupted),
            Some(Typed::Line(_)) => Ok(true),
            Some(Typed::End) | None => Ok(false),
        }
    }

    /// The next line as it is meant: one line of text, or why it is none.
    fn answer(&mut self) -> Result<Result<String, String>, Stopped> {
        let typed = self.heard.take().or_else(|| self.typed.recv().ok());
        match typed {
            Some(Typed::Line(bytes)) => Ok(text(bytes)),
            Some(Typed::Interrupt) => Err(Stopped::Interrupted),
            Some(Typed::End) | None => Err(Stopped::Ended),
        }
    }

    fn say(&mut self, words: &str) -> Result<(), Stopped> {
        // Where nobody can be asked, nobody answers.
        self.to.write_all(words.as_bytes()).and_then(|()| self.to.flush()).map_err(|_| Stopped::Ended)
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    const ESCAPE: char = '\u{1b}';
    let text = String::from_utf8(bytes).map_err(|_| "that is not text in UTF-8".to_owned())?;
    if text.contains(ESCAPE) {
        return Err("a key such as an arrow got into the answer".to_owned());
    }
    // Slides part the lines of a bullet with other controls.
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    Ok(words.collect::<Vec<_>>().join(" "))
}

/// A line of a list without the mark before it: `- leads`, `• leads`, `2. leads`.
fn without_bullet(line: &str) -> &str {
    let Some((mark, rest)) = line.split_once(' ') else { return line };
    let numbered = mark.strip_suffix(['.', ')']).is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit()));
    let is_mark = matches!(mark, "-" | "*" | "•" | "–" | "·" | "▪" | "◦") || (numbered && mark.len() > 1);
    if is_mark { rest } else { line }
}

/// The answers with one more, if the plan that follows from them can be read; and the note on how it was taken.
fn entered(question: &Question, typed: &str, answers: &Answers) -> Result<(Answers, Option<String>), String> {
    let mut next = answers.clone();
    let note = (question.enter)(typed, &mut next)?;
    fault(&next).map_or(Ok((next, note)), Err)
}

/// What the plan that follows from the answers could not be read for.
fn fault(answers: &Answers) -> Option<String> {
    let source = Arc::new(Source::new("the plan", answers.plan()));
    let reading = read(&source, metrics::dictionary(), &NoFiles);
    let problem = reading.problems.first()?;
    Some(match problem.help() {
        Some(help) => format!("{}; {help}", problem.what),
        None => problem.what.to_string(),
    })
}

fn enter_period(typed: &str, answers: &mut Answers) -> Result<Option<String>, String> {
    let (period, note) = match Period::parse(typed) {
        // Another form of the same period is clear enough.
        Err(PeriodError::WriteAs { period, .. }) => (Period::parse(&period), Some(period)),
        parsed => (parsed, None),
    };
    answers.period = period.map_err(|error| error.to_string())?;
    Ok(note)
}

fn enter_currency(typed: &str, answers: &mut Answers) -> Result<Option<String>, String> {
    let code = match CurrencyCode::parse(typed) {
        Ok(code) => code,
        // A sign or a word that stands for one: "€", "zł".
        Err(error) => match Quantity::parse(&format!("1 {typed}"), None, SignMeans::Negative).map(|amount| amount.unit)
        {
            Ok(Unit::Money(Currency::Exact(code))) => code,
            Ok(Unit::Money(Currency::Dollar)) => {
                return Err("`$` is written for several currencies: give its three letters, such as USD".to_owned());
            }
            _ => return Err(error.to_string()),
        },
    };
    answers.currency = code.as_str().to_owned();
    Ok((answers.currency != typed).then(|| answers.currency.clone()))
}

fn enter_business(typed: &str, answers: &mut Answers) -> Result<Option<String>, String> {
    let which = || format!("give a number from 1 to {}, or Enter where you are not sure", Business::ALL.len());
    let by_number = typed.parse::<usize>().ok().and_then(|number| Business::ALL.get(number.checked_sub(1)?));
    let business = match by_number {
        Some(business) => business,
        None => {
            let words = Business::ALL.iter().filter_map(|business| business.model).map(|model| model.word());
            let word = nearest(typed, words).ok_or_else(which)?;
            let mut meant =
                Business::ALL.iter().filter(|business| business.model.is_some_and(|model| model.word() == word));
            match (meant.next(), meant.next()) {
                (Some(business), None) => business,
                _ => return Err(which()),
            }
        }
    };
    answers.business = Some(business);
    Ok(by_number.is_none().then(|| business.words.to_owned()))
}

fn enter_products(typed: &str, answers: &mut Answers) -> Result<Option<String>, String> {
    answers.products = Sold::list(typed).map_err(|error| error.to_string())?;
    let read = answers.products.iter().map(|sold| match &sold.budget {
        Some(budget) => format!("{} with {budget}", sold.name),
        None => format!("{} without a budget", sold.name),
    });
    let read: Vec<String> = read.collect();
    Ok((!read.is_empty()).then(|| read.join("; ")))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);
    const VIEW: View = View { width: 80, colour: false, all: false };

    /// What comes of lines that are typed, and what was said meanwhile.
    fn talk(typed: Vec<Typed>) -> (Result<Answers, Stopped>, String) {
        let (to, lines) = mpsc::channel();
        typed.into_iter().for_each(|typed| to.send(typed).unwrap());
        drop(to);
        let mut said = Vec::new();
        let answers = ask(TODAY, &lines, &mut said, &VIEW);
        (answers, String::from_utf8(said).unwrap())
    }

    fn lines(lines: &[&str]) -> Vec<Typed> {
        lines.iter().map(|line| Typed::Line(line.as_bytes().to_vec())).collect()
    }

    fn answered(typed: &[&str]) -> (Answers, String) {
        let (answers, said) = talk(lines(typed));
        (answers.unwrap(), said)
    }

    #[test]
    fn enter_alone_answers_every_question() {
        let (answers, said) = answered(&[""; COUNT]);
        assert_eq!(answers, Answers::on(TODAY));
        assert!(!said.contains("again, please"), "{said}");
    }

    #[test]
    fn answers_are_taken_as_they_are_meant() {
        let (answers, said) = answered(&[
            "Q2 2027",
            "Łódź: plan #1",
            "zł",
            "7",
            "New ARR: 1.2M",
            "Core 60k, Pro",
            "• 1,000 MQLs",
            "2. ROAS 4",
            "",
        ]);
        assert_eq!(answers.period.text, "2027-Q2");
        assert_eq!(answers.name(), "Łódź: plan #1");
        assert_eq!(answers.currency, "PLN");
        assert_eq!(answers.business, Business::ALL.get(6));
        assert_eq!(answers.goal, Some(Aim { name: "New ARR".to_owned(), target: Some("1.2M".to_owned()) }));
        assert_eq!(answers.products.len(), 2);
        assert_eq!(answers.kpis, ["1,000 MQLs", "ROAS 4"]);
        for note in ["taken as: 2027-Q2\n", "taken as: PLN\n", "taken as: Core with 60k; Pro without a budget\n"] {
            assert!(said.contains(note), "{said}");
        }
    }

    #[test]
    fn a_kind_of_business_may_be_named_where_the_word_says_enough() {
        let (answers, _) = answered(&["", "", "", "non-profit", "", "", ""]);
        assert_eq!(answers.business, Business::ALL.last());
        let (answers, said) = answered(&["", "", "", "subscription", "9", "0", "", "", "", ""]);
        assert_eq!(answers.business, None);
        assert_eq!(said.matches("give a number from 1 to 8").count(), 3);
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_asked_again_with_an_example() {
        for (before, wrong, word) in [
            (0, "next spring", "2027-Q1"),
            (0, "Q1", "no year"),
            (2, "$", "USD"),
            (2, "XYZ", "XYZ"),
            (4, "New ARR: $5k", "EUR"),
            (4, "Receita: 60.000", "60 000"),
            (5, "Core $60k", "EUR"),
            (5, "Core 60.000", "60 000"),
            (1, "left \u{1b}[D arrow", "a key such as an arrow"),
        ] {
            let mut typed = vec![""; COUNT];
            typed.insert(before, wrong);
            let (answers, said) = answered(&typed);
            assert_eq!(answers, Answers::on(TODAY), "{wrong}");
            assert!(said.contains(word) && said.contains("again, please"), "{said}");
            assert!(!said.contains('\u{1b}'));
        }
        let mut typed = lines(&[""; COUNT]);
        typed.insert(1, Typed::Line(vec![b'a', 0xff]));
        assert!(talk(typed).1.contains("not text in UTF-8"));
    }

    #[test]
    fn an_empty_line_within_a_paste_ends_nothing() {
        let (answers, _) = answered(&["", "", "", "", "", "", "one KPI", "", "- another", "", ""]);
        assert_eq!(answers.kpis, ["one KPI", "another"]);
    }

    #[test]
    fn a_kpi_that_is_no_text_is_left_out_and_the_others_are_kept() {
        let (answers, said) = answered(&["", "", "", "", "", "", "Leads", "\u{1b}[A", "MQLs", ""]);
        assert_eq!(answers.kpis, ["Leads", "MQLs"]);
        assert!(said.contains("that line is left out"), "{said}");
    }

    #[test]
    fn whoever_stops_has_no_answers() {
        for count in 0..COUNT {
            assert_eq!(talk(lines(&vec![""; count])).0, Err(Stopped::Ended));
            for (end, stopped) in [(Typed::Interrupt, Stopped::Interrupted), (Typed::End, Stopped::Ended)] {
                let mut typed = lines(&vec![""; count]);
                typed.push(end);
                assert_eq!(talk(typed).0, Err(stopped));
            }
        }
    }

    #[test]
    fn no_line_is_wider_than_80_columns() {
        let (_, said) = answered(&["next spring", "", "", "", "", "", "", ""]);
        // Each prompt is ended by what is typed behind it.
        let lines = said.split('\n').flat_map(|line| line.split_inclusive("]: "));
        assert!(lines.map(|line| line.chars().count()).all(|count| count < 80), "{said}");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_the_plan_can_be_read(
            typed in prop::collection::vec("([ -~]{0,20}|[0-9]{1,3}|[A-Z]{3}|2027-Q[1-5]|[A-Za-z ]{1,12}[:=] ?[0-9.,]{1,8}[kM%]?|[:#{}\\[\\],&*!|>'\"%@`?~\t\u{0}\u{b}é短🚀\u{202e}\u{feff}-]{0,12}|x{5000})", 0..40),
            end in prop::collection::vec(Just(String::new()), 60),
        ) {
            let typed: Vec<String> = typed.into_iter().chain(end).collect();
            let (answers, said) = talk(lines(&typed.iter().map(String::as_str).collect::<Vec<_>>()));
            prop_assert!(said.chars().all(|c| c == '\n' || !c.is_control()));
            // Nothing but empty lines came last, so that every question was answered.
            prop_assert_eq!(fault(&answers.unwrap()), None);
        }
    }
}
