//! What holds for a path, written as a settings file in which each value says where it was set.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use super::file::WrittenParts;
use super::{Adjustable, CONVENTIONS, Folders, Origin, Set, Setting, Settings, newest_ruleset};
use crate::audit::Faulty;
use crate::discover;
use crate::report::text::clean;
use crate::severity::Severity;
use crate::words::turns_direction;

impl Folders {
    /// The settings that hold for a path, as a settings file: those of a file, of a folder itself, or of the working directory for
    /// `-`. What is set comes before what is left to the defaults.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings file.
    pub fn shown(&self, path: &Path) -> Result<String, Arc<Faulty>> {
        let is_input = path.as_os_str() == "-";
        let is_folder = is_input || path.is_dir();
        let folder = if is_input { Path::new(".") } else { path };
        let settings = if is_folder { self.of_folder(folder)? } else { self.of(Some(path))? };
        let parts = self.parts_for(folder, is_folder);
        let name = if is_input { "standard input".to_owned() } else { discover::shown(path) };
        let mut page = Page { settings: &settings, lines: Vec::new() };
        page.head(&name, is_folder.then_some(&parts));
        page.gates(newest_ruleset(self.adjustable()));
        page.globs("include", &parts.include, "every file");
        page.globs("exclude", &parts.exclude, "none");
        page.rules(self.adjustable());
        page.conventions();
        page.metrics(&parts);
        Ok(page.text())
    }
}

/// The page while it is written.
struct Page<'s> {
    settings: &'s Settings,
    lines: Vec<Line>,
}

/// A line, and what is said behind it.
struct Line {
    text: String,
    comment: String,
}

/// What stands behind a value that nothing sets.
const DEFAULT: &str = "default";

impl Page<'_> {
    fn head(&mut self, name: &str, of_folder: Option<&WrittenParts>) {
        self.comment(&format!("Settings that hold for {}", clean(name)));
        let file = self.settings.file.as_deref().map(|file| clean(file).into_owned());
        match &file {
            Some(file) => self.comment(&format!("Settings file: {file}")),
            None => self.comment("There is no settings file"),
        }
        if let Some(parts) = of_folder {
            for (glob, line) in &parts.paths {
                self.comment(&format!(
                    "More rules are set for {} in line {line}: name a file to see them",
                    quoted(glob)
                ));
            }
        }
        self.blank();
    }

    fn gates(&mut self, newest: u32) {
        match self.settings.ruleset {
            Some(set) => self.set("ruleset", &set.value.to_string(), set.origin),
            None => self.unset("ruleset", &newest.to_string(), "the newest"),
        }
        match self.settings.fail_on {
            Some(set) => self.set("fail-on", set.value.word(), set.origin),
            None => self.line("fail-on: high".to_owned(), DEFAULT.to_owned()),
        }
        match self.settings.min_score {
            Some(set) => self.set("min-score", &set.value.to_string(), set.origin),
            None => self.unset("min-score", "", "none"),
        }
    }

    fn globs(&mut self, key: &str, globs: &[(String, usize)], default: &str) {
        if globs.is_empty() {
            return self.unset(key, "", default);
        }
        self.lines.push(Line { text: format!("{key}:"), comment: String::new() });
        for (glob, line) in globs {
            let place = self.place(Origin::Line(*line));
            self.line(format!("  - {}", quoted(glob)), place);
        }
    }

    /// The rules that something is set for come first.
    fn rules(&mut self, rules: &[Adjustable]) {
        self.line("rules:".to_owned(), String::new());
        let is_set = |rule: &&Adjustable| self.settings.rules.contains_key(rule.rule);
        let (set, left): (Vec<&Adjustable>, Vec<&Adjustable>) = rules.iter().partition(is_set);
        for rule in set.into_iter().chain(left) {
            self.rule(rule);
        }
    }

    fn rule(&mut self, rule: &Adjustable) {
        let name = rule.rule;
        if !self.settings.has(rule.since) {
            return self.line(format!("  {name}: off"), format!("it came with ruleset {}", rule.since));
        }
        let changed = self.settings.rules.get(name);
        let on = changed.and_then(|changed| changed.on);
        if let Some(off) = on.filter(|on| !on.value) {
            let place = self.place(off.origin);
            return self.line(format!("  {name}: off"), place);
        }
        let severity = changed.and_then(|changed| changed.severity);
        if rule.settings.is_empty() {
            let origin = severity.map(|severity| severity.origin).or(on.map(|on| on.origin));
            let word = severity.map_or("on", |severity| Severity::word(severity.value));
            let place = origin.map_or(DEFAULT.to_owned(), |origin| self.place(origin));
            return self.line(format!("  {name}: {word}"), place);
        }
        self.line(format!("  {name}:"), String::new());
        if let Some(severity) = severity {
            let place = self.place(severity.origin);
            self.line(format!("    severity: {}", severity.value.word()), place);
        }
        self.values("    ", rule.settings, |key| changed.and_then(|changed| changed.values.get(key).copied()));
    }

    fn conventions(&mut self) {
        let settings = self.settings;
        self.line("conventions:".to_owned(), String::new());
        self.values("  ", CONVENTIONS, |key| settings.conventions.get(key).copied());
    }

    /// Values with their places, those that are set first.
    fn values(&mut self, indent: &str, known: &[&Setting], set: impl Fn(&str) -> Option<Set<f64>>) {
        let (given, left): (Vec<&Setting>, Vec<&Setting>) =
            known.iter().partition(|setting| set(setting.key).is_some());
        for setting in given.into_iter().chain(left) {
            let (value, place) = match set(setting.key) {
                Some(set) => (set.value, self.place(set.origin)),
                None => (setting.default, DEFAULT.to_owned()),
            };
            self.line(format!("{indent}{}: {}", setting.key, setting.unit.write(value)), place);
        }
    }

    fn metrics(&mut self, parts: &WrittenParts) {
        if parts.metrics.is_empty() {
            return self.unset("metrics", "", "those of the dictionary");
        }
        self.line("metrics:".to_owned(), String::new());
        for (name, meant, line) in &parts.metrics {
            let place = self.place(Origin::Line(*line));
            self.line(format!("  {}: {}", quoted(name), meant.written(quoted)), place);
        }
    }

    fn set(&mut self, key: &str, value: &str, origin: Origin) {
        let place = self.place(origin);
        self.line(format!("{key}: {value}"), place);
    }

    /// A key that is not set, as a comment: a value for it would say more than nothing does.
    fn unset(&mut self, key: &str, value: &str, means: &str) {
        let text = format!("# {key}: {value}");
        self.line(text.trim_end().to_owned(), format!("{DEFAULT}: {means}"));
    }

    fn place(&self, origin: Origin) -> String {
        match origin {
            Origin::Line(line) => format!("{}:{line}", clean(self.settings.file.as_deref().unwrap_or_default())),
            Origin::CommandLine => "command line".to_owned(),
            Origin::Ruleset => format!("as it was in ruleset {}", self.settings.ruleset().unwrap_or_default()),
        }
    }

    fn comment(&mut self, text: &str) {
        self.line(format!("# {text}"), String::new());
    }

    fn blank(&mut self) {
        self.line(String::new(), String::new());
    }

    fn line(&mut self, text: String, comment: String) {
        self.lines.push(Line { text, comment });
    }

    /// All lines, what is said behind them below each other.
    fn text(&self) -> String {
        const WIDEST: usize = 44;
        let widths = self.lines.iter().filter(|line| !line.comment.is_empty()).map(|line| line.text.chars().count());
        let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or_default();
        let mut text = String::new();
        for line in &self.lines {
            // Writing to memory does not fail.
            let _ = match line.comment.as_str() {
                "" => writeln!(text, "{}", line.text),
                comment => writeln!(text, "{:width$}  # {comment}", line.text),
            };
        }
        text
    }
}

/// A text as YAML that reads back as the same: bare where it is plain words, else in quotes, with nothing in it that a terminal obeys.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '/' | '.' | ' ');
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    // Bare, the first is nothing, and to some tools the others are true or false.
    let is_no_text = |word: &&str| text.eq_ignore_ascii_case(word);
    let is_text = !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].iter().any(is_no_text);
    if begins && text.chars().all(is_plain) && !text.ends_with(' ') && is_text {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() || turns_direction(letter) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_itself_and_holds_nothing_that_a_terminal_obeys() {
        for text in [
            "Hand-raisers",
            "a: b",
            "\"x\" \\ y",
            "*.yaml",
            "\u{1b}[31m red",
            "\u{202e}evil",
            "# no",
            " ",
            "ção/*",
            "null",
            "True",
            "No",
        ] {
            let yaml = quoted(text);
            assert!(!yaml.chars().any(|letter| letter.is_control() || turns_direction(letter)), "{yaml}");
            assert_eq!(serde_yaml::from_str::<String>(&yaml).unwrap(), text);
        }
    }
}
