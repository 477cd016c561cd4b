//! The HTML page, read by a real parser: it is whole, it fetches nothing, and texts of a plan stay texts.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic, also in its helpers")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::date;
use kpi_audit::report::Gates;
use kpi_audit::report::output::{Ask, Format, written};
use kpi_audit::severity::Severity;
use kpi_audit::{Auditor, Report};
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};

fn audited(text: &str) -> Report {
    Auditor::new(date(2026, 12, 20)).audit_text("plan.yaml", text)
}

fn page(report: impl Into<Arc<Report>>) -> String {
    shown(report, Format::Html, Severity::Note)
}

fn shown(report: impl Into<Arc<Report>>, format: Format, least: Severity) -> String {
    written(format, &Ask { least, ..Ask::default() }, report, &Gates::default())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(!files.is_empty());
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

fn hostile() -> String {
    let report = audited(&read("tests/browser/hostile.yaml"));
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    page(report)
}

fn all<'d>(document: &'d Html, selector: &str) -> Vec<ElementRef<'d>> {
    document.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// What a browser's parser had to mend in the page.
fn mended(page: &str) -> Vec<String> {
    Html::parse_document(page).errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_page_is_well_formed() {
    for text in examples() {
        assert_eq!(mended(&page(audited(&text))), Vec::<String>::new());
    }
    assert_eq!(mended(&hostile()), Vec::<String>::new());
    assert!(!mended("<!DOCTYPE html><svg><path></svg>").is_empty());
}

#[test]
fn a_page_holds_nothing_that_is_fetched_or_runs_but_its_own_style_and_script() {
    for page in examples().iter().map(|text| page(audited(text))).chain([hostile()]) {
        let document = Html::parse_document(&page);
        assert_eq!(all(&document, "script").len(), 1);
        assert_eq!(all(&document, "style").len(), 1);
        let foreign = "img, iframe, object, embed, form, input, link, base, video, audio, use, image, [src], [style]";
        assert!(all(&document, foreign).is_empty());
        for element in all(&document, "*") {
            for (name, value) in element.value().attrs() {
                assert!(!name.starts_with("on"), "{name}");
                assert!(!matches!(name, "href" | "xlink:href") || value.starts_with('#'), "{value}");
            }
        }
    }
}

#[test]
fn the_policy_allows_exactly_the_style_and_the_script_that_are_in_the_page() {
    let page = page(audited("plan: P\nkpis: [NPS]\n"));
    let document = Html::parse_document(&page);
    let hash = |name: &str| STANDARD.encode(Sha256::digest(text(all(&document, name)[0])));
    let policy = all(&document, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
    let expected = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash("style"),
        hash("script")
    );
    assert_eq!(policy, expected);
}

#[test]
fn hostile_names_are_texts() {
    let page = hostile();
    let document = Html::parse_document(&page);
    let shown = text(all(&document, "main")[0]);
    for name in [
        "<script>alert('xss')</script>",
        "=cmd()",
        "](javascript:alert(1))",
        "\"><img src=x onerror=alert(1)>",
        "<img src=x onerror=window.hacked=1>",
        "<svg onload=alert(1)>",
        "-->]]></style><style>*{display:none}</style>",
        "`backtick` ${1+1} {{7*7}} {slot}",
        "</table></section>",
        "<a href='javascript:alert(1)'>agreed</a> ␛]0;title",
        "\u{fffd}evil \u{fffd}reversed\u{fffd} \u{fffd}",
    ] {
        assert!(shown.contains(name), "{name}");
    }
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let body = text(all(&document, "body")[0]);
    assert_eq!(body.chars().find(|c| acts(*c)), None);
    assert!(
        text(all(&document, "title")[0])
            .starts_with("</title><script>window.hacked=1</script> \u{fffd}gnp.plan ␛[31mred")
    );
}

#[test]
fn every_finding_can_be_linked_to_by_its_fingerprint() {
    for text in examples() {
        let report = Arc::new(audited(&text));
        let page = page(Arc::clone(&report));
        let document = Html::parse_document(&page);
        let ids: Vec<&str> = all(&document, "[id]").iter().filter_map(|element| element.attr("id")).collect();
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len());
        let json: serde_json::Value = serde_json::from_str(&shown(report, Format::Json, Severity::Note)).unwrap();
        for finding in json["plans"][0]["findings"].as_array().unwrap() {
            let anchor = format!("f-{}", finding["fingerprint"].as_str().unwrap());
            assert!(known.contains(anchor.as_str()), "{}", finding["message"]);
        }
    }
}

#[test]
fn findings_below_the_least_severity_are_left_out_and_that_is_said() {
    let report = audited(&read("examples/six-products.yaml"));
    let page = shown(report, Format::Html, Severity::High);
    let document = Html::parse_document(&page);
    assert!(all(&document, ".finding.medium, .finding.low").is_empty());
    assert_eq!(all(&document, ".finding.critical").len(), 1);
    assert!(text(all(&document, "main")[0]).contains("findings below high left out"));
}

#[test]
fn a_budget_is_proposed_only_where_a_finding_proposes_it() {
    let proposes = |path: &str| page(audited(&read(path))).contains("This is a proposal");
    assert!(proposes("examples/six-products.yaml"));
    assert!(!proposes("examples/good.yaml"));
}

#[test]
fn plans_of_one_name_have_places_of_their_own() {
    let plan = read("examples/six-products.yaml");
    let auditor = Auditor::new(date(2026, 12, 20));
    let mut report = auditor.audit_text("one.yaml", &plan);
    report.plans.extend(auditor.audit_text("other.yaml", &plan).plans);
    let page = page(report);
    let document = Html::parse_document(&page);
    let ids: Vec<&str> = all(&document, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    assert!(ids.contains(&"plan-deskside-services-plan") && ids.contains(&"plan-deskside-services-plan-2"));
}

#[test]
fn links_to_headings_are_told_apart_by_what_they_are_called() {
    let auditor = Auditor::new(date(2026, 12, 20));
    let of_several = examples().iter().enumerate().fold(Report::default(), |mut report, (at, text)| {
        report.plans.extend(auditor.audit_text(&format!("plan-{at}.yaml"), text).plans);
        report
    });
    let pages = examples().into_iter().map(|text| page(audited(&text))).chain([hostile(), page(of_several)]);
    for page in pages {
        let document = Html::parse_document(&page);
        let links = all(&document, "a.here");
        let called: Vec<&str> = links.iter().filter_map(|link| link.attr("aria-label")).collect();
        assert_eq!(called.len(), links.len());
        let mut seen = BTreeSet::new();
        let doubled: Vec<&&str> = called.iter().filter(|called| !seen.insert(**called)).collect();
        assert!(doubled.is_empty(), "{doubled:?}");
        assert!(called.iter().all(|called| called.starts_with("Link to ")), "{called:?}");
    }
}

#[test]
fn a_budget_is_called_by_what_the_plan_gives_money_to() {
    let title = |kind: &str| {
        let page = page(audited(&format!(
            "plan: P\nproducts:\n- {{name: North, budget: 10k{kind}}}\n- {{name: South, budget: 20k, kind: region}}\n"
        )));
        let document = Html::parse_document(&page);
        let [table] = all(&document, "table.budget")[..] else { panic!("one budget") };
        let within = |selector: &str| text(table.select(&Selector::parse(selector).unwrap()).next().unwrap());
        assert!(page.contains(&format!("Budget by {}", within("th").to_lowercase())));
        (within("th"), within("caption"))
    };
    assert_eq!(title(", kind: region"), ("Region".into(), "What each region gets in the plan.".into()));
    assert_eq!(title(""), ("Part".into(), "What each part gets in the plan.".into()));
}

#[test]
fn a_map_of_nothing_is_not_drawn() {
    let maps = |kpi: &str| {
        let page = page(audited(&format!("plan: P\nkpis:\n- {kpi}\n")));
        assert!(page.contains("The same in words"));
        all(&Html::parse_document(&page), "svg.map").len()
    };
    assert_eq!(maps("{name: Monthly churn, role: guardrail, baseline: 2%, keep: 1%}"), 0);
    assert_eq!(maps("NPS"), 1);
}

#[test]
fn a_plan_that_is_only_listed_has_its_score_too() {
    let auditor = Auditor::new(date(2026, 12, 20));
    let plan = read("examples/six-products.yaml");
    let mut report = auditor.audit_text("plan-0.yaml", &plan);
    for at in 1..62 {
        report.plans.extend(auditor.audit_text(&format!("plan-{at}.yaml"), &plan).plans);
    }
    let score = report.plans[0].score.whole().unwrap().to_string();
    let page = page(report);
    let document = Html::parse_document(&page);
    assert_eq!(all(&document, "article.plan").len(), 60);
    let scores = all(&document, "table.cards:not(.kpis) .score-cell");
    let scores: Vec<_> = scores.iter().filter_map(|cell| cell.attr("data-value")).collect();
    assert_eq!(scores, vec![score.as_str(); 62]);
}

#[test]
fn a_file_with_an_error_is_told_of_beside_the_others() {
    let mut report = audited("plan: Good\nkpis: [NPS]\n");
    report.faults = audited("plan: Bad\nkpis: [{name: Leads, onwer: jana}]\n").faults;
    let page = page(report);
    let document = Html::parse_document(&page);
    let errors = text(all(&document, ".errors")[0]);
    assert!(errors.contains("a KPI has no key onwer"), "{errors}");
    assert!(errors.contains("did you mean owner?"), "{errors}");
    assert_eq!(mended(&page), Vec::<String>::new());
}

#[test]
fn a_normal_plan_is_a_small_page_and_five_thousand_kpis_no_large_one() {
    for text in examples() {
        assert!(page(audited(&text)).len() < 150_000);
    }
    let many: String = (0..5_000).map(|at| format!("- {{name: Followers {at}, target: {at}}}\n")).collect();
    let page = page(audited(&format!("plan: P\nkpis:\n{many}")));
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert!(page.contains("… and 4,000 KPIs more"));
    let document = Html::parse_document(&page);
    let ids: BTreeSet<&str> = all(&document, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    for link in all(&document, "a") {
        let place = link.attr("href").unwrap().trim_start_matches('#');
        assert!(ids.contains(place), "{place} is nowhere");
    }
}
