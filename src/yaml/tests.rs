use super::*;
use crate::words::turns_direction;
use proptest::prelude::*;

fn first(text: &str) -> Fault {
    let source = Source::new("x", text);
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
    let source = Source::new("x", "plan: a\nkpis:\n  - name: b\n    by: {x: 1}\nend: z\n");
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
    let source = Source::new("x", "a: 1\n---\nb: 2\n---\nc: [\n");
    let (tree, problems) = parse(&source);
    assert_eq!(tree.documents().len(), 2);
    assert_eq!(problems.len(), 1);
}

#[test]
fn empty_tilde_and_null_are_nothing_but_quoted_ones_are_text() {
    let source = Source::new("x", "[~, null, '', \"~\", ]");
    let (tree, _) = parse(&source);
    let Value::List(items) = tree.value(tree.documents()[0]) else { panic!() };
    let kinds: Vec<_> = items.iter().map(|&item| tree.value(item).kind()).collect();
    assert_eq!(kinds, ["nothing", "nothing", "a text", "a text"]);
}

#[test]
fn an_empty_value_stands_behind_its_key() {
    let source = Source::new("x", "a: # none\nb :\n\nc: {d: , e: f}\n");
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
        let source = Source::new("x", text);
        assert_eq!(parse(&source).1, [], "{text}");
    }
}

#[test]
fn an_alias_is_followed_and_keeps_its_own_place() {
    let source = Source::new("x", "a: &one {k: v}\nb: *one\n");
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

proptest! {
    #[test]
    fn no_text_panics_and_every_place_is_in_the_text(text in "[-a-c:#{}\\[\\],&*!|>'\"%@\\n\\t ~é]{0,60}") {
        let source = Source::new("x", text);
        let (tree, problems) = parse(&source);
        for problem in &problems {
            prop_assert!(problem.span.end as usize <= source.text().len());
        }
        for node in 0..tree.nodes.len() {
            let span = tree.span(NodeId(u32::try_from(node).unwrap()));
            prop_assert!(source.text().get(span.range()).is_some());
        }
    }
}
