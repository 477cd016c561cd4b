//! A rule's page: the one place of its sentences, its reasons and its examples.

use std::borrow::Cow;

use crate::wording::Template;

/// A page, taken apart by its headings. Everything in it is the text of the page itself.
#[derive(Debug, Clone, Default)]
pub struct Page<'p> {
    /// The name of the rule, from its title.
    pub title: &'p str,
    /// The first paragraph: what the rule says in one sentence.
    pub summary: &'p str,
    /// What it checks.
    pub checks: &'p str,
    /// Why, with sources.
    pub why: &'p str,
    bad: &'p str,
    good: &'p str,
    /// What findings say, by reading.
    pub says: Vec<Sentence<'p>>,
    /// What to ask in the meeting, by reading.
    pub ask: Vec<Sentence<'p>>,
    /// Why the reframe is better, by reading.
    pub reframe: Vec<Sentence<'p>>,
    /// The titles under which a meeting brief asks all of a finding's questions, by reading; most findings have none.
    pub brief: Vec<Sentence<'p>>,
    /// Which severity it gives when.
    pub severity: &'p str,
    /// Phrases that its findings and reframes are put together from, by name.
    pub phrases: Vec<Sentence<'p>>,
}

/// A plan, or an overlay on the good base plan, with what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example<'p> {
    /// What it shows.
    pub caption: &'p str,
    /// Its YAML.
    pub yaml: &'p str,
}

/// A sentence with the name of the reading that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence<'p> {
    /// The reading.
    pub reading: &'p str,
    /// The sentence, its lines joined.
    pub text: Cow<'p, str>,
}

impl<'p> Page<'p> {
    /// Takes a page apart. Sections that it does not know are left out.
    pub fn parse(text: &'p str) -> Self {
        let mut page = Self::default();
        let (before, sections) = sections(text);
        for (heading, body) in sections {
            match heading {
                "What it checks" => page.checks = body,
                "Why" => page.why = body,
                "Bad" => page.bad = body,
                "Good" => page.good = body,
                "Says" => page.says = sentences(body),
                "Ask" => page.ask = sentences(body),
                "Reframe" => page.reframe = sentences(body),
                "Brief" => page.brief = sentences(body),
                "Severity" => page.severity = body,
                "Phrases" => page.phrases = sentences(body),
                _ => {}
            }
        }
        page.title = before.lines().next().unwrap_or_default().trim_start_matches("# ");
        page.summary = before.split_once('\n').map_or("", |(_, rest)| rest.trim());
        page
    }

    /// Plans that it reports: whole ones, or overlays on the good base plan.
    pub fn bad(&self) -> Vec<Example<'p>> {
        examples(self.bad)
    }

    /// Plans that no rule reports.
    pub fn good(&self) -> Vec<Example<'p>> {
        examples(self.good)
    }

    /// What a finding of that reading says.
    pub fn say(&self, reading: &str) -> Option<Template<'_>> {
        find(&self.says, reading)
    }

    /// A phrase of the page; empty where it has none of that name, which a test catches.
    pub fn phrase(&self, name: &str) -> &str {
        find(&self.phrases, name).map_or("", |phrase| phrase.0)
    }

    /// What to ask about it.
    pub fn question(&self, reading: &str) -> Option<Template<'_>> {
        find(&self.ask, reading)
    }

    /// Why its reframe is better.
    pub fn reason(&self, reading: &str) -> Option<Template<'_>> {
        find(&self.reframe, reading)
    }

    /// The title under which a meeting brief asks all of its questions, where it is worth a section of its own.
    pub fn brief_title(&self, reading: &str) -> Option<&str> {
        find(&self.brief, reading).map(|title| title.0)
    }
}

/// The sentence of a reading: its own, or that of the reading before its last dot.
fn find<'s>(sentences: &'s [Sentence<'_>], reading: &str) -> Option<Template<'s>> {
    let named = |name: &str| sentences.iter().find(|sentence| sentence.reading == name);
    let general = || reading.rsplit_once('.').and_then(|(general, _)| named(general));
    named(reading).or_else(general).map(|sentence| Template(&sentence.text))
}

/// What stands before all sections, and the sections, each with its heading.
fn sections(text: &str) -> (&str, impl Iterator<Item = (&str, &str)>) {
    const MARK: &str = "\n## ";
    let starts: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), MARK).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    let before = starts.first().map_or(text, |first| text.get(..*first).unwrap_or(text));
    let sections = starts.into_iter().zip(ends).filter_map(|(start, end)| {
        let section = text.get(start + MARK.len()..end)?;
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        Some((heading.trim(), body.trim()))
    });
    (before, sections)
}

/// Blocks of YAML, each with the text before it.
fn examples(body: &str) -> Vec<Example<'_>> {
    let mut examples = Vec::new();
    let mut rest = body;
    while let Some((caption, after)) = rest.split_once("```yaml\n") {
        let (yaml, after) = after.split_once("\n```").unwrap_or((after, ""));
        examples.push(Example { caption: caption.trim(), yaml });
        rest = after;
    }
    examples
}

/// `- reading: sentence`, going on in indented lines.
fn sentences(body: &str) -> Vec<Sentence<'_>> {
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    for line in body.lines() {
        let first = line.strip_prefix("- ").and_then(|item| item.split_once(':'));
        match (first, sentences.last_mut()) {
            (Some((reading, text)), _) => {
                sentences.push(Sentence { reading: reading.trim(), text: text.trim().into() })
            }
            (None, Some(sentence)) if !line.trim().is_empty() => {
                let text = sentence.text.to_mut();
                text.push(' ');
                text.push_str(line.trim());
            }
            (None, _) => {}
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# a-rule\n\nOne sentence.\n\n## What it checks\n\nThis.\n\n## Bad\n\nLook:\n\n```yaml\nplan: x\n```\n\n\
        ## Says\n\n- one: First {n}\n  goes on.\n- two: Second: with a colon.\n\n## Ask\n\n- one: Why?\n";

    #[test]
    fn a_page_is_taken_apart_by_its_headings() {
        let page = Page::parse(PAGE);
        assert_eq!(page.summary, "One sentence.");
        assert_eq!(page.checks, "This.");
        assert_eq!(page.bad(), [Example { caption: "Look:", yaml: "plan: x" }]);
        assert_eq!(page.say("one"), Some(Template("First {n} goes on.")));
        assert_eq!(page.say("two"), Some(Template("Second: with a colon.")));
        assert_eq!(page.question("one.some-case"), Some(Template("Why?")));
        assert_eq!(page.say("three"), None);
    }
}
