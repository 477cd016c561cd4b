//! Rules as a person reads them: the list by area, and a rule's page with its settings filled in.

use owo_colors::Style;
use unicode_width::UnicodeWidthStr;

use super::text::View;
use crate::rules::page::Example;
use crate::rules::{self, Area, Rule};
use crate::settings::Setting;
use crate::wording::Template;

/// All rules, by area.
pub fn list(view: &View) -> String {
    let mut text = String::new();
    let widest = rules::all().map(|rule| rule.name.width()).max().unwrap_or_default();
    for area in Area::ALL {
        let mut rules = rules::all().filter(|rule| rule.area == area).peekable();
        if rules.peek().is_none() {
            continue;
        }
        text.push_str(&format!("{}: {}\n", bold(view, area.name()), area.question()));
        for rule in rules {
            let name = format!("  {:widest$}  ", rule.name);
            text.push_str(&view.wrap(&name, rule.page().summary));
        }
        text.push('\n');
    }
    let hint = "`kpi-audit explain RULE` says why a rule exists, what is bad, what is good and what to ask.";
    text.push_str(&view.wrap("", hint));
    text
}

/// A rule's page.
pub fn page(rule: &Rule, view: &View) -> String {
    let page = rule.page();
    let mut text = format!("{}\n\n{}\n", bold(view, rule.name), view.wrap("", page.summary));
    let facts =
        [("area", rule.area.name()), ("severity", &page.severity.replace('\n', " ")), ("judges", &rule.on.join(", "))];
    for (label, value) in facts {
        text.push_str(&view.wrap(&format!("{label:9}"), value));
    }
    let mut tellers: Vec<&str> = rule.yields_to.iter().map(|teller| teller.to).collect();
    tellers.dedup();
    if !tellers.is_empty() {
        text.push_str(&view.wrap("silent   ", &format!("where {} tells it", tellers.join(" or "))));
    }
    for (heading, body) in [("What it checks", page.checks), ("Why", page.why.trim())] {
        text.push_str(&format!("\n{}\n\n{}", bold(view, heading), prose(view, body)));
    }
    for (heading, examples) in [("Bad", page.bad()), ("Good", page.good())] {
        text.push_str(&format!("\n{}\n", bold(view, heading)));
        for example in examples {
            text.push_str(&format!("\n{}\n", prose(view, example.caption)));
            for line in example.yaml.lines() {
                text.push_str(&format!("    {line}\n"));
            }
        }
    }
    let overlay = |example: &Example<'_>| !example.yaml.starts_with("plan:");
    if rule.area == Area::AcrossPlans {
        let note = "A block holds several files: each begins with its name, and `---` stands between them.";
        text.push_str(&format!("\n{}", view.wrap("", note)));
    } else if page.bad().iter().chain(&page.good()).any(overlay) {
        let note = "A block without `plan:` is laid over examples/good.yaml.";
        text.push_str(&format!("\n{}", view.wrap("", note)));
    }
    text.push_str(&format!("\n{}\n\n", bold(view, "Ask")));
    let asked = page.ask.iter().filter(|sentence| !sentence.reading.ends_with(".together"));
    for sentence in asked {
        let label = bold(view, &sentence.reading.replace('-', " "));
        let question = view.wrap("  ", &Template(&sentence.text).outline());
        text.push_str(&format!("- {label}\n{question}"));
    }
    text.push_str(&settings(rule, view));
    text
}

/// The thresholds, with their defaults and where these come from.
fn settings(rule: &Rule, view: &View) -> String {
    let mut text = format!("\n{}\n\n", bold(view, "Settings"));
    for setting in rule.settings.iter().chain(rule.conventions) {
        text.push_str(&one_setting(setting, view));
    }
    if !rule.settings.is_empty() || !rule.conventions.is_empty() {
        text.push('\n');
    }
    let name = rule.name;
    let mut example = format!("In a file for --config: `rules: {{{name}: off}}`, or a severity in place of `off`");
    if let Some(setting) = rule.settings.first() {
        let value = setting.unit.show(setting.default);
        example.push_str(&format!(", or `rules: {{{name}: {{{}: {value}}}}}`", setting.key));
    }
    if let Some(setting) = rule.conventions.first() {
        let value = setting.unit.show(setting.default);
        example.push_str(&format!("; what other rules share is set by `conventions: {{{}: {value}}}`", setting.key));
    }
    text.push_str(&view.wrap("", &format!("{example}.")));
    text
}

fn one_setting(setting: &Setting, view: &View) -> String {
    let value = setting.unit.show(setting.default);
    view.wrap("- ", &format!("{} {value}: {} ({})", setting.key, setting.words, setting.source))
}

/// Paragraphs and lists of a page, wrapped.
fn prose(view: &View, body: &str) -> String {
    let mut text = String::new();
    for paragraph in body.split("\n\n") {
        if !text.is_empty() {
            text.push('\n');
        }
        let mut item = String::new();
        for line in paragraph.lines() {
            if line.starts_with("- ") && !item.is_empty() {
                text.push_str(&block(view, &item));
                item.clear();
            }
            if !item.is_empty() {
                item.push(' ');
            }
            item.push_str(line.trim());
        }
        text.push_str(&block(view, &item));
    }
    text
}

fn block(view: &View, text: &str) -> String {
    match text.strip_prefix("- ") {
        Some(item) => view.wrap("- ", item),
        None => view.wrap("", text),
    }
}

fn bold(view: &View, text: &str) -> String {
    view.paint(text, Style::new().bold())
}
