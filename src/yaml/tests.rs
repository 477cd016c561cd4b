use super::*;
use crate::words::turns_direction;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::sync::Arc;

fn first(text: &str) -> Fault {
    let source = Arc::new(Source::new("x", text));
    parse(&source).1.into_iter().next().unwrap()
}

#[test]
fn a_long_sentence_is_read_back_in_one_piece() {
    let sentence = |text: &str| write(&Written::Mapping(vec![("key", Written::Sentence(text.to_owned()))]));
    let read = |yaml: &str| serde_yaml::from_str::<serde_json::Value>(yaml).unwrap()["key"].clone();
    for text in ["By 31 March: # not a comment, 'quoted' and {braced} ".repeat(4).trim(), "a \u{1b}[31m red one"] {
        assert_eq!(read(&sentence(text)).as_str().map(str::trim), Some(text));
    }
}

#[test]
fn a_direction_override_is_written_as_an_escape_and_read_back_as_itself() {
    for text in ["\u{202e}evil", "a\u{2066} b: 'c' \\ \"d\"", "# \u{200f}"] {
        let written = [Written::Text(text.into()), Written::Sentence(text.into()), Written::Words(vec![text.into()])];
        for value in written {
            let yaml = write(&Written::Mapping(vec![("key", value)]));
            assert!(!yaml.chars().any(turns_direction), "{yaml}");
            let read = serde_yaml::from_str::<serde_json::Value>(&yaml).unwrap()["key"].clone();
            assert_eq!(read.get(0).unwrap_or(&read).as_str(), Some(text));
        }
    }
}

#[test]
fn every_value_keeps_its_place() {
    let source = Arc::new(Source::new("x", "plan: a\nkpis:\n  - name: b\n    by: {x: 1}\nend: z\n"));
    let (tree, problems) = parse(&source);
    assert!(problems.is_empty());
    let root = tree.documents()[0];
    let kpis = tree.get(root, "kpis").unwrap();
    assert_eq!(source.slice(tree.span(kpis)), "- name: b\n    by: {x: 1}");
    let Value::List(items) = tree.value(kpis) else { panic!() };
    let by = tree.get(items[0], "by").unwrap();
    assert_eq!(source.slice(tree.span(by)), "{x: 1}");
    assert!(tree.is_flow_mapping(by));
}

#[test]
fn documents_are_apart_and_those_before_a_fault_are_kept() {
    let source = Arc::new(Source::new("x", "a: 1\n---\nb: 2\n---\nc: [\n"));
    let (tree, problems) = parse(&source);
    assert_eq!(tree.documents().len(), 2);
    assert_eq!(problems.len(), 1);
}

#[test]
fn empty_tilde_and_null_are_nothing_but_quoted_ones_are_text() {
    let source = Arc::new(Source::new("x", "[~, null, '', \"~\", ]"));
    let (tree, _) = parse(&source);
    let Value::List(items) = tree.value(tree.documents()[0]) else { panic!() };
    let kinds: Vec<_> = items.iter().map(|&item| tree.value(item).kind()).collect();
    assert_eq!(kinds, ["nothing", "nothing", "a text", "a text"]);
}

#[test]
fn an_empty_value_stands_behind_its_key() {
    let source = Arc::new(Source::new("x", "a: # none\nb :\n\nc: {d: , e: f}\n"));
    let (tree, _) = parse(&source);
    let place = |parent, key| tree.span(tree.get(parent, key).unwrap()).start;
    let root = tree.documents()[0];
    assert_eq!((place(root, "a"), place(root, "b")), (2, 13));
    assert_eq!(place(tree.get(root, "c").unwrap(), "d"), 21);
}

#[test]
fn a_number_cut_in_a_list_is_told_and_two_items_are_not() {
    assert!(first("[1,000 leads]").kind.help().unwrap().contains("quotes"));
    for text in ["[1, 000]", "[1,0000]", "[a,000]", "[\"1\",\"000\"]", "- 1\n- 000\n"] {
        let source = Arc::new(Source::new("x", text));
        assert_eq!(parse(&source).1, [], "{text}");
    }
}

#[test]
fn an_alias_is_followed_and_keeps_its_own_place() {
    let source = Arc::new(Source::new("x", "a: &one {k: v}\nb: *one\n"));
    let (tree, problems) = parse(&source);
    assert!(problems.is_empty());
    let b = tree.get(tree.documents()[0], "b").unwrap();
    assert_eq!(source.slice(tree.span(b)), "*one");
    assert!(tree.get(b, "k").is_some());
}

#[test]
fn faults_are_told_in_plain_words_at_their_place() {
    assert!(matches!(first("a: &x [*x]").kind, YamlFault::EndlessAlias));
    assert!(matches!(first("a: 1\na: 2").kind, YamlFault::DoubledKey(key) if key == "a"));
    assert!(matches!(first("<<: *x").kind, YamlFault::Syntax { .. }));
    assert!(matches!(first("x: &x {}\n<<: *x").kind, YamlFault::MergeKey));
    assert!(matches!(first("a: !include b.yaml").kind, YamlFault::Tag(tag) if tag == "!include"));
    assert!(matches!(first("? [a]\n: b").kind, YamlFault::ComplexKey));
    assert!(first("a:\n\t- b").kind.to_string().contains("tab"));
    assert!(first("a: >= 5").kind.help().unwrap().contains("quotes"));
    assert_eq!(first("a: %5").span, Span::new(3, 4));
}

#[test]
fn ten_thousand_levels_are_refused_quickly() {
    for text in ["[".repeat(10_000), "{a: ".repeat(10_000), "- ".repeat(10_000)] {
        assert!(matches!(first(&text).kind, YamlFault::Limit(_)), "{}", text.chars().take(8).collect::<String>());
    }
}

/// Whether a text is read without the library; then the library must give the same tree, and no problem.
fn is_read_plainly(text: &str) -> bool {
    let source = Arc::new(Source::new("x", text));
    let (expected, faults) = parse_any(&source);
    match plain::read(&source) {
        Some(tree) => {
            for (node, other) in tree.nodes.iter().zip(&expected.nodes) {
                let (own, its) = (source.slice(node.span), source.slice(other.span));
                assert_eq!(node, other, "{own:?} instead of {its:?}");
            }
            assert_eq!((&tree.nodes, &tree.folded), (&expected.nodes, &expected.folded), "{text}");
            assert_eq!(
                (&tree.children, &tree.documents, &[][..]),
                (&expected.children, &expected.documents, &faults[..]),
                "{text}"
            );
            true
        }
        None => false,
    }
}

#[test]
fn what_is_read_plainly_is_what_the_library_reads() {
    for text in [
        "a: 1\nb: two words # a comment\nc:\n  d: \"x: y\"\n  e: 'z'\n",
        "a:\n- b\n- c: d\n  e:\n  - f\n  -   g:   h\n      i: j\nk: l\n",
        "a: [b, c d, {e: f, g: [h]}, [], {}]   # i\n\n# j\nk: {l: m,\n  n: [o,\n p]\n }\n",
        "a: &x {b: c}\nd: *x\ne: [&y f, *y]\ng: &x h\ni: *x",
        "a: >-\n  b c\n  d\n\n  e\n\nf: |\n  g\n\n\n  h\n# i\nj: >\n    k\n",
        "- a\n- b: |-\n    c\n  d: e\n",
        "---\n# a\nb: c\n---\nd:\n",
        "a:\nb: ~\nc: null # d\ne:   # f\n\ng:\n",
        "\"a b\": c\n'd': e\nf : g\n-1: h\nété: łódź, ñ\n",
        "  - a: b\n    c: d\n  - e\n",
        "a: &x 1\nb: &x 2\nc: *x\nd: &y |\n  e\nf: *y\n",
        "{a: [b, c],\n d: 'e'}  # f\n---\n[g, {h: i}]\n",
        "a: b:c http://d.e/f#g -1 [h] {i}, 'j'\nk: -5%\nl: .5\nm: <<\nn: =\n",
    ] {
        assert!(is_read_plainly(text), "{text}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_and_what_is_wrong_is_left_to_the_library() {
    for text in [
        "",
        "# a\n",
        "a",
        "a: b\n  c",
        "a: b\n  c: d\n",
        "a: b: c\n",
        "a: [b\n]",
        "a: [b,\n]",
        "a: {b}",
        "a: {b: }",
        "a: [b: c]",
        "a: [b] c",
        "a: \"b\\n\"",
        "a: 'b''c'",
        "a: \"b\n  c\"",
        "a: \"b\"c",
        "a: !b c",
        "a: *b",
        "a: &b",
        "a: &b [*b]",
        "a: 1\na: 2",
        "a: [1,000]",
        "a: >5",
        "a: >+\n  b\n",
        "a: >2\n  b\n",
        "a: >\n\n  b\n",
        "a: >\n  b\n   c\n",
        "a: >\n  b",
        "a: |\n  b\n    ",
        "a: |\n  \u{a0}\n",
        "a:\tb",
        "a: b\r\n",
        "a: @b",
        "a: %b",
        "%YAML 1.2\n---\na: b",
        "a: b\n...\n",
        "--- a",
        "---\n---\na: b",
        "? a\n: b",
        "- - a",
        "-\n  a: b",
        "a: \u{feff}b",
        "a: \u{2028}b",
        "a:\n    b: c\n  d: e\n",
        "a: - b",
        "a: b\n- c\n",
    ] {
        assert!(!is_read_plainly(text), "{text}");
    }
}

#[test]
fn the_examples_are_read_plainly() {
    for file in std::fs::read_dir("examples").unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            assert!(is_read_plainly(&std::fs::read_to_string(&path).unwrap()), "{}", path.display());
        }
    }
}

#[test]
fn a_good_share_of_the_documents_that_are_made_up_is_read_plainly() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts = (0..500).map(|_| document().new_tree(&mut runner).unwrap().current());
    let plainly = texts.filter(|text| is_read_plainly(text)).count();
    assert!(plainly > 100, "{plainly} of 500");
}

/// A part of a document as it is laid out in lines.
#[derive(Debug, Clone)]
enum Part {
    Value(String),
    /// A text in lines of its own, behind its mark.
    Lines(&'static str, Vec<String>),
    List(Vec<Part>, bool),
    Mapping(Vec<(String, Part)>),
}

impl Part {
    /// Writes what stands behind a hyphen or colon, in a column.
    fn write(&self, column: usize, into: &mut String) {
        let indentation = |column| " ".repeat(column);
        match self {
            Self::Value(value) => into.push_str(&format!(" {value}\n")),
            Self::Lines(mark, lines) => {
                into.push_str(&format!(" {mark}\n"));
                for line in lines {
                    into.push_str(&format!("{}{line}\n", indentation(column + 2)));
                }
            }
            Self::List(items, indented) => {
                into.push('\n');
                let column = column + if *indented { 2 } else { 0 };
                for item in items {
                    into.push_str(&format!("{}-", indentation(column)));
                    match item {
                        Self::Mapping(entries) => Self::entries(entries, column + 2, " ", into),
                        item => item.write(column, into),
                    }
                }
            }
            Self::Mapping(entries) => {
                into.push('\n');
                Self::entries(entries, column + 2, &indentation(column + 2), into);
            }
        }
    }

    fn entries(entries: &[(String, Self)], column: usize, first: &str, into: &mut String) {
        for (at, (key, value)) in entries.iter().enumerate() {
            let indentation = if at == 0 { first.to_owned() } else { " ".repeat(column) };
            into.push_str(&format!("{indentation}{key}:"));
            value.write(column, into);
        }
    }
}

/// What a plan's value may be, with brackets over several lines, and now and then what does not fit.
fn value() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        30 => "[a-c]{1,3}( [a-c0-9%.é]{1,3}){0,2}",
        2 => "[-a-c:#{}\\[\\],&*!|>'\"%@.~é ]{1,6}",
        1 => Just("~".to_owned()),
        1 => Just(String::new()),
    ];
    word.prop_recursive(3, 12, 3, |inner| {
        let gap = prop_oneof![Just(""), Just(" "), Just("\n        "), Just("\n    \n   ")];
        prop_oneof![
            (prop::collection::vec((gap.clone(), inner.clone()), 0..3)).prop_map(|items| {
                let items: Vec<_> = items.into_iter().map(|(gap, item)| format!("{gap}{item}")).collect();
                format!("[{}]", items.join(","))
            }),
            (prop::collection::vec((gap, inner.clone()), 0..3)).prop_map(|items| {
                let item = |(key, (gap, item))| format!("{gap}k{key}: {item}");
                let items: Vec<_> = items.into_iter().enumerate().map(item).collect();
                format!("{{{}}}", items.join(","))
            }),
            inner.clone().prop_map(|text| format!("\"{text}\"")),
            inner.clone().prop_map(|text| format!("'{text}'")),
            inner.prop_map(|text| format!("&x {text}")),
            Just("*x".to_owned()),
        ]
    })
}

/// A document in lines, perhaps with a letter that does not belong there.
fn document() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec("[a-c][a-c #:-]{0,4}[a-c]|", 1..4);
    let part = prop_oneof![
        6 => value().prop_map(Part::Value),
        1 => value().prop_map(|text| Part::Value(format!("{text}  # {text}"))),
        1 => (prop_oneof![Just(">"), Just(">-"), Just("|"), Just("|-")], lines).prop_map(|(mark, lines)| Part::Lines(mark, lines)),
    ];
    let part = part.prop_recursive(4, 16, 3, |inner| {
        let key = prop_oneof![9 => "[a-c]{1,2}", 1 => "\"[a-c ]{1,3}\"|[a-c]{1,2} |# [a-c]\n[a-c]"];
        prop_oneof![
            (prop::collection::vec(inner.clone(), 1..4), any::<bool>()).prop_map(|(items, own)| Part::List(items, own)),
            prop::collection::btree_map(key, inner, 1..4)
                .prop_map(|entries| Part::Mapping(entries.into_iter().collect())),
        ]
    });
    let change = prop::option::weighted(0.3, (any::<prop::sample::Index>(), "[-a:#{}\\[\\],&*|>'\"\n ]{0,2}"));
    (prop::collection::vec(part, 1..4), change).prop_map(|(parts, change)| {
        let mut text = "x: &x 1\n".to_owned();
        for (key, part) in parts.iter().enumerate() {
            text.push_str(&format!("r{key}:"));
            part.write(0, &mut text);
        }
        if let Some((at, letters)) = change {
            let places: Vec<_> = text.char_indices().collect();
            let (at, letter) = *at.get(&places);
            text.replace_range(at..at + letter.len_utf8(), &letters);
        }
        text
    })
}

proptest! {
    #[test]
    fn no_text_panics_and_every_place_is_in_the_text(text in "[-a-c:#{}\\[\\],&*!|>'\"%@\\n\\t ~é]{0,60}") {
        let source = Arc::new(Source::new("x", text));
        let (tree, problems) = parse(&source);
        for problem in &problems {
            prop_assert!(problem.span.end as usize <= source.text().len());
        }
        for node in 0..tree.nodes.len() {
            let span = tree.span(NodeId(u32::try_from(node).unwrap()));
            prop_assert!(source.text().get(span.range()).is_some());
        }
    }

    #[test]
    fn the_two_readers_agree_on_documents(text in document()) {
        is_read_plainly(&text);
    }

    #[test]
    fn the_two_readers_agree_on_the_end_of_a_text(text in document(), spaces in " {0,5}") {
        is_read_plainly(&format!("{}{spaces}", text.trim_end()));
        is_read_plainly(&format!("{text}{spaces}"));
    }

    #[test]
    fn the_two_readers_agree_on_letters(text in "[-ab:#{}\\[\\],&*|>'\"\\n ]{0,40}") {
        is_read_plainly(&text);
    }
}
