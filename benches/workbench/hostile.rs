//! Files that want to take an audit's time or memory: each must end with a status, and soon.

use std::iter;

use crate::shapes::{SHAPES, comment, parts};

/// A file that nobody means well with.
pub struct Hostile {
    /// The file's name, without an ending.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// About as large as a plan may be for its audit to end in half a second.
const BYTES: usize = 1_600_000;
/// A little less than the parts that are read from it.
const PARTS: usize = 8_500;

/// All of them.
pub fn files() -> Vec<Hostile> {
    let shapes = SHAPES.iter().map(|shape| {
        let one = (shape.plan)(shape.size);
        // As large as may be, and with about as many parts as are read from a file of that size.
        let size = (shape.size * BYTES / one.len().max(1)).min(shape.size * PARTS / parts(&one));
        let text = (shape.plan)(size);
        let rest = comment(BYTES.saturating_sub(text.len()));
        Hostile { name: shape.name.to_owned(), bytes: (text + &rest).into_bytes() }
    });
    shapes.chain(TEXTS.iter().map(|(name, text)| hostile(name, text()))).chain(bytes()).collect()
}

fn hostile(name: &str, bytes: impl Into<Vec<u8>>) -> Hostile {
    Hostile { name: name.to_owned(), bytes: bytes.into() }
}

/// A plan that ends in a piece said over and over.
fn full_of(start: &str, piece: &str) -> String {
    let left = BYTES.saturating_sub(start.len());
    format!("plan: x\n{start}{}", piece.repeat(left / piece.len().max(1)))
}

/// A plan that ends in numbered pieces.
fn numbered(start: &str, piece: impl Fn(usize) -> String) -> String {
    let mut text = format!("plan: x\n{start}");
    for at in 0.. {
        if text.len() >= BYTES {
            break;
        }
        text.push_str(&piece(at));
    }
    text
}

/// A name, and what makes the text.
type Text = (&'static str, fn() -> String);

const TEXTS: [Text; 36] = [
    ("items", || full_of("kpis:\n", "- a\n")),
    ("empty-items", || full_of("kpis:\n", "-\n")),
    ("dashes", || full_of("kpis:\n", "- ")),
    ("commas", || full_of("kpis: [", ",")),
    ("open-brackets", || full_of("kpis: ", "[")),
    ("open-braces", || full_of("kpis: ", "{a: ")),
    ("closed-brackets", || full_of("kpis: ", "]")),
    ("colons", || full_of("kpis: ", ": ")),
    ("question-marks", || full_of("", "? ")),
    ("indents", || (0..1_700).fold("plan: x\n".to_owned(), |text, at| text + &" ".repeat(at) + "a:\n")),
    ("unterminated-double-quote", || full_of("kpis: [{name: \"", "a\n ")),
    ("unterminated-single-quote", || full_of("kpis: [{name: '", "a ")),
    ("quotes", || full_of("kpis: [", "\"a\",")),
    ("escapes", || full_of("kpis: [{name: \"", "\\u0041")),
    ("tabs", || full_of("kpis:\n", "\t- a\n")),
    ("one-long-key", || full_of("", "k")),
    ("long-keys", || numbered("", |at| format!("{}{at}: x\n", "k".repeat(900)))),
    ("plain-lines", || full_of("guidepoint: a\n", "  b c d e\n")),
    ("block-text", || full_of("guidepoint: |\n", "  b c d e\n")),
    ("blank-lines", || full_of("kpis: [a]\n", "\n")),
    ("spaces", || full_of("kpis: [a]", " ")),
    ("carriage-returns", || full_of("kpis:\r", "- a\r")),
    ("documents-of-nothing", || full_of("", "---\n")),
    ("documents-of-plans", || numbered("kpis: [a]\n", |at| format!("---\nplan: p{at}\nkpis: [MQLs]\n"))),
    ("anchors", || numbered("kpis:\n", |at| format!("- &a{at} a\n"))),
    ("alias-bomb", || {
        let bomb = numbered("a0: &a0 [x, x, x, x, x, x, x, x, x]\n", |at| {
            let next = at + 1;
            format!("a{next}: &a{next} [*a{at}, *a{at}, *a{at}, *a{at}, *a{at}, *a{at}, *a{at}, *a{at}]\n")
        });
        format!("{bomb}kpis: *a9\n")
    }),
    ("alias-bombs-in-documents", || {
        numbered("kpis: [a]\n", |at| {
            format!(
                "---\nplan: p{at}\nkpis: [{{name: a, agreed_with: &a [{}x]}}, {}a]\n",
                "x,".repeat(2_000),
                "{name: b, agreed_with: *a}, ".repeat(200)
            )
        })
    }),
    ("unknown-ids-in-documents", || {
        numbered("kpis: [a]\n", |at| {
            let kpis: String =
                (0..400).map(|at| format!("- {{name: kpi number {at}, drives: [kpi-no-{at}]}}\n")).collect();
            format!("---\nplan: p{at}\nkpis:\n{kpis}")
        })
    }),
    ("tags", || full_of("kpis:\n", "- !include x\n")),
    ("merge-keys", || numbered("a: &a {b: c}\n", |at| format!("k{at}: {{<<: *a}}\n"))),
    ("doubled-keys", || full_of("kpis: [a]\n", "note: b\n")),
    ("currencies", || {
        numbered("kpis:\n", |at| {
            let code: String = [at / 676, at / 26, at]
                .map(|letter| char::from(b'A' + u8::try_from(letter % 26).unwrap_or(0)))
                .iter()
                .collect();
            format!("- {{name: Revenue {at}, target: {code} {at}}}\n")
        })
    }),
    ("numbers", || full_of("kpis: [{name: a, target: \"", "1,000 ")),
    ("digits", || full_of("kpis: [{name: a, target: ", "9")),
    ("circle-of-drives", || {
        numbered("kpis:\n", |at| {
            format!("- {{id: k{at}, name: MQLs, drives: [k{}]}}\n", if at < 20_000 { at + 1 } else { 0 })
        })
    }),
    ("names-with-escapes", || full_of("kpis: [", "\"\\e[31m\\u202e<script>|`::error::\", ")),
];

/// What is no text that can be read.
fn bytes() -> impl Iterator<Item = Hostile> {
    let utf16 = |text: &str| [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let cases: [(&str, Vec<u8>); 6] = [
        ("nul-bytes", vec![0; BYTES]),
        ("nul-bytes-in-a-name", [b"plan: x\nkpis: [".as_slice(), &vec![0; BYTES]].concat()),
        ("no-utf-8", [b"plan: x\nkpis:\n".as_slice(), &b"- \xe9\xff\n".repeat(BYTES / 5)].concat()),
        ("byte-order-marks", [b"plan: x\nkpis: [a]\n".as_slice(), &"\u{feff}".repeat(BYTES / 3).into_bytes()].concat()),
        ("utf-16", utf16(&full_of("kpis:\n", "- a\n"))),
        (
            "random-bytes",
            iter::successors(Some(0x9e37_79b9_u32), |x| Some(x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)))
                .take(BYTES / 4)
                .flat_map(u32::to_be_bytes)
                .collect(),
        ),
    ];
    cases.into_iter().map(|(name, bytes)| hostile(name, bytes))
}
