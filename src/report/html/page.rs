//! The shell of a page that stands alone: its head with a strict content security policy, its style, and its footer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::text::own_as_text;

const STYLE: &str = include_str!("style.css");

/// Lets a reader sort the tables that say they can be sorted.
pub(in crate::report) const SORT_TABLES: &str = include_str!("sort.js");

/// One page.
pub(in crate::report) struct Page<'p> {
    /// The title, which may be a text of a plan.
    pub(in crate::report) title: &'p str,
    /// What it holds.
    pub(in crate::report) body: Markup,
    /// What stands below it, in small letters.
    pub(in crate::report) footer: Markup,
    /// What a browser may do with it; it reads the same without.
    pub(in crate::report) script: Option<&'static str>,
}

impl Page<'_> {
    /// The page as a file.
    pub(in crate::report) fn html(self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy(self.script));
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                    meta name="format-detection" content="telephone=no";
                    title { (own_as_text(self.title)) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a class="skip" href="#content" { "Skip to the content" }
                    main id="content" tabindex="-1" { (self.body) }
                    footer { (self.footer) }
                    @if let Some(script) = self.script { script { (PreEscaped(script)) } }
                }
            }
        };
        page.into_string() + "\n"
    }
}

/// Nothing is loaded from anywhere, and nothing runs but what is in this file: texts of a plan could not act even if they were
/// taken for markup. The hashes are those of the very texts that are written into the page.
fn policy(script: Option<&str>) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let script = script.map_or_else(|| "'none'".to_owned(), hash);
    let style = hash(STYLE);
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_a_script_allows_none() {
        let page = Page { title: "x", body: html! {}, footer: html! {}, script: None }.html();
        assert!(page.contains("; script-src 'none';"));
        assert!(!page.contains("<script"));
    }

    #[test]
    fn style_and_script_hold_nothing_that_would_end_them() {
        for text in [STYLE, SORT_TABLES] {
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
        }
    }
}
