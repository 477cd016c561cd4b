//! What `fix` shows: each reframe that is written as a small diff, and those that are not, with the reason.

use owo_colors::Style;
use similar::{ChangeTag, TextDiff};

use super::text::{View, clean};
use crate::fix::{Fixed, Left, Proposal, Why, Written};

/// Unchanged lines around a change.
const CONTEXT: usize = 2;

/// What would be written, as diffs in the unified format, each against the text with those before it; then what would not,
/// and what to do next.
pub fn shown(fixed: &Fixed, view: &View) -> String {
    let mut text: String = fixed.written.iter().map(|written| diff(written, view)).collect();
    let count = fixed.written.len();
    text.push_str(&heading(fixed, &format!("{} to write", changes(count)), view));
    text.push_str(&left(fixed, view));
    if count > 0 {
        let sentence = format!("Nothing is written yet: the same command with --write writes {}.", it(count));
        text.push_str(&view.wrap("", &sentence));
    }
    with_one_line_end(&text)
}

/// What was written, and what was not.
pub fn done(fixed: &Fixed, view: &View) -> String {
    let mut text = heading(fixed, &format!("{} written", changes(fixed.written.len())), view);
    text.extend(fixed.written.iter().map(|written| said_of_change(&written.of, "  ", view)));
    if !fixed.written.is_empty() {
        text.push('\n');
    }
    text.push_str(&left(fixed, view));
    with_one_line_end(&text)
}

fn with_one_line_end(text: &str) -> String {
    text.trim_end().to_owned() + "\n"
}

fn heading(fixed: &Fixed, sentence: &str, view: &View) -> String {
    let name = fixed.source.name();
    let name = clean(if name == "-" { "standard input" } else { name });
    format!("{}\n\n", view.paint(&format!("{name}: {sentence}"), Style::new().bold()))
}

fn changes(count: usize) -> String {
    match count {
        0 => "nothing".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    }
}

fn diff(written: &Written, view: &View) -> String {
    let name = clean(written.before.name());
    let mut text = said_of_change(&written.of, "", view);
    text.push_str(&format!("{}\n", view.paint(&format!("--- {name}"), Style::new().bold())));
    text.push_str(&format!("{}\n", view.paint(&format!("+++ {name}"), Style::new().bold())));
    let lines = TextDiff::from_lines(written.before.text(), written.after.text());
    for hunk in lines.unified_diff().context_radius(CONTEXT).iter_hunks() {
        text.push_str(&format!("{}\n", view.paint(&hunk.header().to_string(), Style::new().cyan())));
        for change in hunk.iter_changes() {
            let style = match change.tag() {
                ChangeTag::Delete => Style::new().red(),
                ChangeTag::Insert => Style::new().green(),
                ChangeTag::Equal => Style::new(),
            };
            let line = clean(change.value().trim_end_matches(['\n', '\r']));
            text.push_str(&format!("{}\n", view.paint(&format!("{}{line}", change.tag()), style)));
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text.push('\n');
    text
}

/// What a change is for, and whether it is one that people decide on.
fn said_of_change(of: &Proposal, indent: &str, view: &View) -> String {
    let decision = if of.reframe.safe { "" } else { " (a decision)" };
    said(of, decision, &of.why, indent, view)
}

/// A rule with its subject, and a sentence.
fn said(of: &Proposal, note: &str, sentence: &str, indent: &str, view: &View) -> String {
    let subject = of.subject.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let text = view.wrap(indent, &format!("{}{subject}{note}: {sentence}", of.rule));
    text.replacen(of.rule, &view.paint(of.rule, Style::new().bold()), 1)
}

/// A way in which reframes are left, and how they are shown.
struct Group {
    takes: fn(&Why) -> bool,
    title: fn(usize) -> String,
    with_yaml: bool,
}

const GROUPS: [Group; 4] = [
    Group {
        takes: |why| *why == Why::Decision,
        title: |count| format!("{count} {}; --unsafe adds {}:", verb(count, "needs", "need", "a decision"), it(count)),
        with_yaml: false,
    },
    Group {
        takes: |why| *why == Why::Words,
        title: |count| format!("{count} {} in the place of each …:", verb(count, "needs", "need", "your words")),
        with_yaml: true,
    },
    Group {
        takes: |why| matches!(why, Why::ByHand(_)),
        title: |count| format!("{count} to write by hand:"),
        with_yaml: true,
    },
    Group {
        takes: |why| matches!(why, Why::Overwrites(_) | Why::Stays | Why::Raises(..) | Why::Breaks(_)),
        title: |count| format!("{count} left out:"),
        with_yaml: true,
    },
];

/// The reframes that are not written, by the reason.
fn left(fixed: &Fixed, view: &View) -> String {
    let mut text = String::new();
    for group in &GROUPS {
        let left: Vec<&Left> = fixed.left.iter().filter(|left| (group.takes)(&left.why)).collect();
        if left.is_empty() {
            continue;
        }
        text.push_str(&view.paint(&(group.title)(left.len()), Style::new().underline()));
        text.push('\n');
        for one in left {
            text.push_str(&said(&one.of, "", &reason(one), "  ", view));
            let yaml = one.of.reframe.yaml.lines().filter(|_| group.with_yaml);
            text.extend(
                yaml.map(|line| format!("{}\n", view.paint(&format!("    {}", clean(line)), Style::new().dimmed()))),
            );
        }
        text.push('\n');
    }
    if fixed.passed_over > 0 {
        let sentence = "more were not looked at, since the file is so long; --only RULE takes some of them.";
        let sentence = format!("{} {sentence}", fixed.passed_over);
        text.push_str(&view.wrap("", &sentence));
        text.push('\n');
    }
    text
}

fn reason(left: &Left) -> String {
    match &left.why {
        Why::Decision | Why::Words => left.of.why.clone(),
        Why::ByHand(why) => format!("{why}."),
        Why::Overwrites(rule) => format!("it would overwrite what {rule} has just changed."),
        Why::Stays => "it is not enough: the finding would stay.".to_owned(),
        Why::Raises(rule, message) => format!("by itself it would leave something else open: {message} ({rule})"),
        Why::Breaks(problem) => format!("the plan could no longer be read: {problem}."),
    }
}

fn verb(count: usize, one: &str, several: &str, object: &str) -> String {
    format!("{} {object}", if count == 1 { one } else { several })
}

fn it(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}
