//! What each section of a brief says, and that no layout lets a plan's text act.

use jiff::civil::date;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;
use crate::Auditor;
use crate::report::text::clean;

const GOOD: &str = include_str!("../../../examples/good.yaml");
const SIX_PRODUCTS: &str = include_str!("../../../examples/six-products.yaml");
const SHOP: &str = include_str!("../../../examples/shop-chasing-roas.yaml");
const FREIGHT: &str = include_str!("../../../examples/freight-as-hoped.yaml");
const EXAMPLES: [&str; 8] = [
    GOOD,
    SIX_PRODUCTS,
    SHOP,
    FREIGHT,
    include_str!("../../../examples/first-plan.yaml"),
    include_str!("../../../examples/freight-as-counted.yaml"),
    include_str!("../../../examples/hotel-group.yaml"),
    include_str!("../../../examples/subscription.yaml"),
];

const PLAIN: View = View { width: 100, colour: false, all: false };

fn report(yaml: &str) -> Report {
    let report = Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", yaml);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    report
}

fn brief(yaml: &str) -> Brief {
    Brief::new(&report(yaml).plans[0])
}

/// The blocks of a section; none where the brief has no such section.
fn blocks(yaml: &str, name: &str) -> Vec<Block> {
    let title = title(name);
    brief(yaml)
        .sections
        .into_iter()
        .find(|section| section.title == title)
        .map(|section| section.blocks)
        .unwrap_or_default()
}

fn table_of(blocks: &[Block]) -> &Table {
    let table = blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    table.expect("a table")
}

/// A table's rows, the entries of a cell parted by a slash.
fn rows(table: &Table) -> Vec<String> {
    table.rows.iter().map(|row| row.iter().map(|cell| cell.join(" / ")).collect::<Vec<_>>().join(" | ")).collect()
}

fn texts(blocks: &[Block]) -> Vec<&str> {
    let texts = blocks.iter().flat_map(|block| match block {
        Block::Text(text) | Block::Cut(text) => vec![text.as_str()],
        Block::Items(items) | Block::Ordered { items, .. } => items.iter().map(String::as_str).collect(),
        Block::Questions(asked) => asked.iter().map(|asked| asked.ask.as_str()).collect(),
        Block::Table(_) => Vec::new(),
    });
    texts.collect()
}

// ---- where the plan stands

#[test]
fn the_standing_names_the_cap_and_the_areas_that_cost_most() {
    let blocks = blocks(SIX_PRODUCTS, "standing");
    let text = texts(&blocks)[0];
    assert!(text.starts_with("Score 59 of 100, grade F. An open critical finding keeps it at 59 at most."), "{text}");
    assert!(
        text.contains("What holds it back most: economics, 67 of 100 (do the unit economics carry it?) and budget, 68")
    );
    assert_eq!(texts(&blocks)[1], "Money in question: 100k of 330k under an LTV:CAC of 1 by the plan's figures.");
}

#[test]
fn a_plan_without_a_score_says_so_in_words() {
    let blocks = blocks("plan: x\nkpis: [SQLs]\n", "standing");
    assert!(texts(&blocks)[0].starts_with("There is no score yet: it takes 50% of what the audit looks at"));
}

#[test]
fn a_plan_without_fault_asks_nothing() {
    assert!(blocks(GOOD, "questions").is_empty());
    assert!(texts(&blocks(GOOD, "standing"))[0].contains("Nothing was found that needs a question."));
}

// ---- questions

/// The first question of a plan about one KPI that leads nowhere.
fn asked(head: &str, of_kpi: &str) -> String {
    let plan = format!(
        "plan: x\nperiod: 2027-Q1\n{head}\ngoals: [{{name: New ARR, target: 1.2M}}]\n\
         kpis: [{{name: LinkedIn followers, metric: followers, target: 900, baseline: 800, by: 2027-03-31{of_kpi}}}]\n"
    );
    let blocks = blocks(&plan, "questions");
    let all = texts(&blocks).into_iter().find(|text| text.contains("LinkedIn followers"));
    all.unwrap_or_default().split_once(": ").map(|(who, _)| who.to_owned()).unwrap_or_default()
}

#[test]
fn a_question_goes_to_those_whom_the_plan_names_for_it() {
    assert_eq!(asked("", ", owner: ola"), "Ask ola, who answers for it");
    assert_eq!(
        asked("", ", owner: ola, teams: [marketing], set_by: finance"),
        "Ask ola, who answers for it, and finance, who set it"
    );
    assert_eq!(asked("", ", teams: [marketing, sales]"), "Ask marketing and sales, who share it");
    assert_eq!(asked("", ", set_by: finance"), "Ask finance, who set it");
}

#[test]
fn those_who_set_what_they_answer_for_are_not_asked_twice() {
    assert_eq!(asked("", ", owner: ola, teams: [marketing], set_by: marketing"), "Ask ola, who answers for it");
    assert_eq!(asked("", ", owner: CMO, set_by: marketing"), "Ask CMO, who answers for it");
}

/// Whom the question goes to that asks what another team will do.
fn asked_of_dependence(of_kpi: &str) -> String {
    let plan = format!(
        "plan: x\nperiod: 2027-Q1\ngoals: [{{id: arr, name: New ARR, target: 1.2M}}]\n\
         kpis: [{{name: Win rate, target: 30%, drives: [arr], because: 40 deals, {of_kpi}}}]\n"
    );
    let blocks = blocks(&plan, "questions");
    let all = texts(&blocks).into_iter().find(|text| text.contains("this period for"));
    all.unwrap_or_default().split_once(": ").map(|(who, _)| who.to_owned()).unwrap_or_default()
}

#[test]
fn what_another_team_will_do_is_asked_of_that_team_too() {
    assert_eq!(
        asked_of_dependence("owner: tess, teams: [sales], depends_on: [product]"),
        "Ask tess, who answers for it, and product, on whom it depends"
    );
    assert_eq!(
        asked_of_dependence("owner: tess, teams: [sales], depends_on: [product, finance]"),
        "Ask tess, who answers for it, and product and finance, on whom it depends"
    );
}

#[test]
fn who_answers_for_a_part_is_not_said_to_answer_for_all() {
    let plan = "plan: x\ngoals: [{name: New ARR, target: 1.2M}]\n\
                kpis: [{name: LinkedIn followers, target: 900, owner: ola}, {name: Facebook followers, target: 900}]\n";
    let blocks = blocks(plan, "questions");
    assert!(texts(&blocks).iter().any(|ask| ask.starts_with("Ask ola, who answers for some of them: ")), "{blocks:?}");
}

#[test]
fn a_placeholder_is_nobody() {
    for owner in ["TBD", "\"?\"", "everyone", "a definir"] {
        assert_eq!(asked("", &format!(", owner: {owner}")), "Ask", "{owner}");
    }
}

#[test]
fn what_is_the_same_for_all_questions_is_said_once() {
    let blocks = blocks(SIX_PRODUCTS, "questions");
    let texts = texts(&blocks);
    assert_eq!(texts[0], "All of these are for irene, whose decision it is.");
    assert!(texts[1..].iter().all(|ask| ask.starts_with("Ask: ")), "{texts:?}");
    assert_eq!(texts.len(), 6);
}

#[test]
fn where_a_plan_names_nobody_that_is_said_once() {
    let blocks = blocks(EXAMPLES[4], "questions");
    assert_eq!(texts(&blocks)[0], "Nobody is named yet who answers for these: settle that first.");
}

#[test]
fn the_move_from_roas_to_ltv_cac_asks_its_four_questions() {
    let brief = brief(SHOP);
    let section = brief.sections.iter().find(|section| section.title == "From ROAS to LTV:CAC").unwrap();
    let asks = section.blocks.iter().find_map(|block| match block {
        Block::Ordered { items, .. } => Some(items),
        _ => None,
    });
    let asks = asks.unwrap();
    assert_eq!(asks.len(), 4);
    assert_eq!(asks[0], "Which problem are we solving with this ROAS?");
    assert!(asks[3].starts_with("And what if LTV:CAC were the north star"));
    assert!(texts(&section.blocks).iter().any(|text| text.contains("A ROAS of 8 is over break-even")));
}

#[test]
fn a_business_that_sells_once_is_not_led_to_ltv_cac() {
    let plan = "plan: Wedding dresses\nperiod: 2027-Q2\nbusiness_model: one-off\ngoals: [{id: sales, name: Sales revenue, target: 1.2M}]\n\
                kpis: [{name: ROAS, role: north-star, target: 5, drives: [sales], because: 1 spent brings 5}]\n";
    assert!(!text(&report(plan), &PLAIN).contains("From ROAS to LTV:CAC"));
}

// ---- money

#[test]
fn the_budget_stands_today_and_as_proposed() {
    let blocks = blocks(SIX_PRODUCTS, "budget");
    assert_eq!(
        rows(table_of(&blocks)),
        [
            "Coffee | 50k | 100k | 3.7:1 | opens the door",
            "Water | 50k | 100k | 4.0:1 | gets more",
            "Fruit baskets | 50k | 30k | 1.41 | keeps some, to learn",
            "Plants | 50k | 10k | 0.70 | keeps some, to learn",
            "Snack boxes | 50k | 10k | 0.79 | keeps some, to learn",
            "Cleaning | 50k | 50k |  | stays as it is",
            "Together | 300k | 300k |  | ",
        ]
    );
    let texts = texts(&blocks);
    assert_eq!(
        texts[0],
        "330k in all, after 318k in the period before: 66k to create demand, 234k to capture it, 15k to keep customers and 15k in reserve."
    );
    assert_eq!(
        texts[1],
        "The proposal follows LTV:CAC, within limits that keep it workable, so it gains no more than the best split could: 19.4% more lifetime gross profit, if twice the money brings 1.41 times the customers."
    );
}

#[test]
fn no_other_split_is_proposed_where_nothing_is_wrong_with_this_one() {
    let blocks = blocks(GOOD, "budget");
    assert_eq!(table_of(&blocks).header, ["Product", "Today", "Share", "LTV:CAC"]);
    assert_eq!(
        rows(table_of(&blocks)),
        [
            "Planner | 150k | 70% | 3.6:1",
            "Audit | 48k | 22% | 3.9:1",
            "Sensors | 16.5k | 8% | 3.5:1",
            "Together | 214.5k | 100% | "
        ]
    );
}

#[test]
fn a_door_says_to_whose_customers_through_what_and_when() {
    assert_eq!(
        texts(&blocks(GOOD, "budget"))[1],
        "Sensors is sold to the customers of Planner, through the product itself and lifecycle messages, from 1 Feb (Sensor offer inside \
         Planner). A customer of Planner is paid back after 10.4 months."
    );
    assert_eq!(
        texts(&blocks(SIX_PRODUCTS, "budget"))[2],
        "Water is sold to the customers of Coffee; through what is still to be said. A customer of Coffee is paid back after 10.1 months."
    );
}

#[test]
fn a_plan_without_money_has_no_budget() {
    assert!(blocks("plan: x\nkpis: [SQLs]\n", "budget").is_empty());
}

#[test]
fn a_funnel_stands_as_planned_against_what_the_goal_needs() {
    let blocks = blocks(FREIGHT, "funnel");
    assert_eq!(
        texts(&blocks)[0],
        "New ARR: as planned, the funnel brings 1.16M, 220k of it from the open pipeline. The goal needs 1.2M. \
         Where the plan gives a range, its middle is taken."
    );
    assert_eq!(
        rows(table_of(&blocks)),
        ["MQL | 1,000 | 1,048", "SQL | 300 | 315", "Opportunity | 180 | 189", "Customer | 46.8 | 49"]
    );
}

#[test]
fn a_goal_that_is_covered_already_is_held_against_nothing() {
    let blocks = blocks(GOOD, "funnel");
    assert_eq!(blocks.len(), 1);
    assert!(texts(&blocks)[0].ends_with("What is under way covers that, so nothing more is needed at the top."));
}

#[test]
fn an_open_pipeline_of_which_the_share_is_not_known_is_said_to_be_left_out() {
    let plan = |goal: &str| {
        format!(
            "plan: x\nperiod: 2027-Q1\ngoals: [{{id: arr, name: New ARR, target: 100k, outcome: revenue{goal}}}]\n\
             funnels: [{{goal: arr, stages: [{{name: Leads, volume: 100, to_next: 10%}}, {{name: Customer, value: 9k}}]}}]\n"
        )
    };
    let open = blocks(&plan(", pipeline: 50k"), "funnel");
    assert!(texts(&open)[0].contains("What the open pipeline brings is not in it"), "{open:?}");
    let known = blocks(&plan(", pipeline: 50k, pipeline_conversion: 20%"), "funnel");
    assert_eq!(
        texts(&known)[0],
        "New ARR: as planned, the funnel brings 100k, 10k of it from the open pipeline. The goal needs 100k."
    );
}

#[test]
fn what_is_left_out_is_counted() {
    let products: String = (1..=12).map(|at| format!("  - {{name: P{at}, budget: 10k}}\n")).collect();
    let budget = blocks(&format!("plan: x\nproducts:\n{products}"), "budget");
    let rows = rows(table_of(&budget));
    assert_eq!(rows[rows.len() - 2..], ["2 more | 20k | 10k |  | ", "Together | 120k | 120k |  | "]);
    let handoffs: String = (1..=5).map(|at| format!("  - {{id: h{at}, from: marketing, to: sales}}\n")).collect();
    let plan = format!("plan: x\nkpis: [SQLs]\nhandoffs:\n{handoffs}");
    assert!(texts(&blocks(&plan, "handoffs")).contains(&"and 2 more"));
}

// ---- blueprint

/// A plan of one goal, a KPI that leads to it and one that does not, and some work.
fn months(period: &str, initiatives: &str) -> Vec<Block> {
    let plan = format!(
        "plan: x\nperiod: {period}\ngoals: [{{id: arr, name: New ARR, target: 1.2M}}]\n\
         kpis: [{{id: sql, name: SQLs, target: 50, drives: [arr]}}, {{id: nps, name: NPS, target: 40}}]\ninitiatives:\n{initiatives}\n"
    );
    blocks(&plan, "blueprint")
}

fn header(period: &str) -> Vec<String> {
    let day = crate::plan::period::Period::parse(period).unwrap().start;
    table_of(&months(period, &format!("  - {{name: Work, start: {day}, serves: [sql]}}"))).header.clone()
}

#[test]
fn a_quarter_has_its_three_months_and_a_longer_period_few_columns() {
    assert_eq!(header("2027-Q1"), ["Goal", "January", "February", "March"]);
    assert_eq!(header("2027-H1"), ["Goal", "Jan–Mar", "Apr–Jun"]);
    assert_eq!(header("2027"), ["Goal", "Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec"]);
    assert_eq!(header("2027-02"), ["Goal", "1–7 Feb", "8–14 Feb", "15–21 Feb", "22–28 Feb"]);
    assert_eq!(header("2027-01-15..2027-03-31"), ["Goal", "15–31 Jan", "February", "March"]);
    assert_eq!(header("2026-12-01..2027-01-31"), ["Goal", "December", "January"]);
    assert_eq!(header("2026-07-01..2027-06-30"), ["Goal", "Jul–Sep", "Oct–Dec", "Jan–Mar", "Apr–Jun"]);
    assert_eq!(header("2027-01-01..2031-12-31").len(), 2);
}

#[test]
fn work_stands_where_it_begins_is_judged_and_is_done() {
    let blocks = months(
        "2027-Q1",
        "  - {name: Search on the terms that buyers use, serves: [sql], start: 2027-01-04, end: 2027-03-31, review: 2027-02-01}\n\
         \x20 - {name: Survey, serves: [nps], start: 2027-02-08, end: 2027-02-19}\n\
         \x20 - {name: Begun before, serves: [arr], start: 2026-11-02, end: 2027-02-26}\n\
         \x20 - {name: Due only, serves: [arr], end: 2027-03-12}",
    );
    assert_eq!(
        rows(table_of(&blocks)),
        [
            "New ARR | Begun before, since 2 Nov 2026 / Search on the terms that buyers use, from 4 Jan | \
             Search on the terms that…: judged 1 Feb / Begun before: done 26 Feb | \
             Due only, by 12 Mar / Search on the terms that…: done 31 Mar",
            "not tied to a goal |  | Survey, 8–19 Feb | ",
        ]
    );
}

#[test]
fn work_without_a_date_or_after_the_period_stands_beneath() {
    let blocks = months(
        "2027-Q1",
        "  - {name: Now, serves: [nps], start: 2027-01-04}\n  - {name: Some day, serves: [sql]}\n  - {name: Spring, start: 2027-04-05}\n\
         \x20 - {name: Dropped, priority: wont}\n  - {name: Over, status: done, start: 2027-01-04}",
    );
    assert_eq!(texts(&blocks), ["No dated work leads to New ARR. No date yet: Some day. After the period: Spring."]);
}

#[test]
fn a_target_that_is_due_before_the_end_stands_in_its_month() {
    let plan = "plan: x\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR, target: 1.2M}]\n\
                kpis:\n  - {name: SQLs, target: 50, by: 2027-02-14, drives: [arr]}\n  - {name: MQLs, target: 90, by: 2027-03-31}\n";
    assert_eq!(rows(table_of(&blocks(plan, "blueprint"))), ["New ARR |  | SQLs at 50, by 14 Feb | "]);
}

#[test]
fn a_plan_without_dates_has_no_blueprint() {
    assert!(months("2027-Q1", "  - {name: Work, serves: [sql]}").is_empty());
}

// ---- backlog

/// A team of 10 days, and work.
fn backlog(teams: &str, initiatives: &str) -> Vec<Block> {
    blocks(&format!("plan: x\nperiod: 2027-Q1\n{teams}\ninitiatives:\n{initiatives}\n"), "backlog")
}

const TEN_DAYS: &str = "teams: {marketing: {people: 1, members: [ola], capacity: 10 days}}";

#[test]
fn the_line_falls_where_the_time_ends() {
    let blocks = backlog(
        TEN_DAYS,
        "  - {name: C, rank: 3, effort: 2 days, owner: ola}\n  - {name: A, rank: 1, effort: 6 days, owner: ola}\n\
         \x20 - {name: B, rank: 2, effort: 5 days, owner: ola}\n  - {name: D, priority: wont}",
    );
    let expected = [
        Block::Ordered { from: 1, items: vec!["A (6 days, ola)".to_owned()] },
        Block::Cut("Here the time ends: 10 days for 13 days of work.".to_owned()),
        Block::Ordered { from: 2, items: vec!["B (5 days, ola)".to_owned(), "C (2 days, ola)".to_owned()] },
        Block::Text("Not in this period, by decision: D.".to_owned()),
    ];
    assert_eq!(blocks, expected);
}

#[test]
fn what_fits_is_said_to_fit() {
    let blocks = backlog(TEN_DAYS, "  - {name: A, effort: 1 day, owner: ola}");
    assert_eq!(texts(&blocks), ["A (1 day, ola)", "Added up, all of it fits: 1 day of work, 10 days of time."]);
}

#[test]
fn work_of_unknown_effort_before_the_line_hides_it_and_after_it_does_not() {
    let before =
        backlog(TEN_DAYS, "  - {name: A, rank: 1, owner: ola}\n  - {name: B, rank: 2, effort: 12 days, owner: ola}");
    assert_eq!(texts(&before).last(), Some(&"Where the time ends cannot be said: A has no `effort`."));
    let after =
        backlog(TEN_DAYS, "  - {name: A, rank: 1, effort: 12 days, owner: ola}\n  - {name: B, rank: 2, owner: ola}");
    assert_eq!(after[0], Block::Cut("Here the time ends: 10 days for at least 12 days of work.".to_owned()));
}

#[test]
fn without_a_team_s_time_there_is_no_line() {
    let blocks = backlog("", "  - {name: A, rank: 1, effort: 2 days}");
    assert_eq!(
        texts(&blocks)[1],
        "Where the time ends cannot be said: the plan does not say how much time there is for it."
    );
}

#[test]
fn work_that_nobody_put_in_an_order_is_no_backlog() {
    assert!(backlog("", "  - {name: A}").is_empty());
}

// ---- handoffs

fn handoff(keys: &str) -> Vec<String> {
    let plan = format!(
        "plan: x\nperiod: 2027-Q1\nkpis: [{{id: rate, name: MQL to SQL rate}}]\nhandoffs: [{{from: marketing, to: sales{keys}}}]\n"
    );
    texts(&blocks(&plan, "handoffs")).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_handoff_is_two_sentences_that_both_can_sign() {
    assert_eq!(
        handoff(
            ", volume: 50, every: monday, fit: 60%, qualified: an ICP account with 50 seats., respond_within: 2 days, \
             handling: 15 minutes, hours: 15 hours, feedback: weekly, measured_by: rate"
        ),
        [
            "Each Monday, marketing hands sales 50 leads, of which at least 60% meet what both agreed: an ICP account with 50 seats.",
            "Sales answers each within 2 days, spends 15 minutes on it, has 15 hours for them each week and says weekly what became of \
             them; MQL to SQL rate shows whether it works.",
        ]
    );
}

#[test]
fn what_is_not_agreed_is_a_blank() {
    assert_eq!(
        handoff(", feedback: never"),
        [
            "Each ____, marketing hands sales ____ leads, of which at least ____ meet what both agreed: ____.",
            "Sales answers each within ____, spends ____ on it, has ____ for them each ____ and says ____ what became of them; ____ shows \
             whether it works.",
            "A blank is something for both to agree on.",
        ]
    );
}

#[test]
fn a_third_sentence_says_what_the_audit_found_not_to_add_up() {
    let said = handoff(", volume: 50, every: week, handling: 20 minutes, hours: 15 hours");
    assert_eq!(said[2], "To settle before: 50 leads at 20 minutes are 16.7 hours, against 15 that sales has.");
    assert!(
        !handoff(", volume: 45, every: week, handling: 20 minutes, hours: 15 hours")
            .iter()
            .any(|text| text.contains("To settle"))
    );
}

// ---- layouts

#[test]
fn every_sentence_of_every_example_is_whole() {
    for yaml in EXAMPLES {
        for section in brief(yaml).sections {
            assert!(!section.title.is_empty());
            for text in texts(&section.blocks) {
                assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{}: {text:?}", section.title);
                assert!(!text.contains("  ") && !text.contains(" ,"), "{}: {text:?}", section.title);
            }
            for table in section.blocks.iter().filter_map(|block| match block {
                Block::Table(table) => Some(table),
                _ => None,
            }) {
                assert!(table.rows.iter().all(|row| row.len() == table.header.len()), "{table:?}");
                assert!(table.header.iter().all(|title| !title.is_empty()), "{table:?}");
            }
        }
    }
}

#[test]
fn a_page_fits_its_columns_and_is_one_page() {
    use unicode_width::UnicodeWidthStr;
    for yaml in EXAMPLES {
        for width in [60, 80, 100, 120] {
            let page = text(&report(yaml), &View { width, ..PLAIN });
            assert!(page.lines().all(|line| line.width() <= width), "{width}:\n{page}");
        }
        let page = text(&report(yaml), &PLAIN);
        assert!(page.lines().count() <= 90, "{} lines:\n{page}", page.lines().count());
    }
}

/// Markup that only the text of a plan could have brought.
fn foreign(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH)
        .filter(|event| {
            matches!(
                event,
                Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::Code(_)
                    | Event::InlineMath(_)
                    | Event::DisplayMath(_)
                    | Event::Start(
                        Tag::Link { .. }
                            | Tag::Image { .. }
                            | Tag::HtmlBlock
                            | Tag::CodeBlock(_)
                            | Tag::Emphasis
                            | Tag::Strikethrough
                    )
            )
        })
        .map(|event| format!("{event:?}"))
        .collect()
}

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "=cmd()",
    "# Top | cell",
    "- `x` **y** ~~z~~",
    "\u{1b}[31mred\u{202e}",
    "{names} {count:a|b}",
    "$x$ <!-- y -->",
];

/// A plan in which every text is the same.
fn hostile(text: &str) -> String {
    let text = serde_json::to_string(text).expect("JSON is YAML");
    format!(
        "plan: {text}\nperiod: 2027-Q1\nguidepoint: {text}\nworkshop: {{decide: [{text}], execute: [{text}]}}\n\
         goals: [{{id: arr, name: {text}, target: 1.2M, outcome: revenue, owners: [{text}]}}]\n\
         kpis:\n  - {{id: one, name: {text}, metric: followers, target: 900, by: 2027-02-14, owner: {text}, teams: [{text}], set_by: {text}}}\n\
         \x20 - {{id: two, name: {text}, metric: roas, target: 4, drives: [arr], because: {text}, owner: {text}}}\n\
         products:\n  - {{id: a, name: {text}, budget: 50k}}\n  - {{id: b, name: {text}, budget: 50k, sold_after: a}}\n\
         \x20 - {{id: c, name: {text}, budget: 50k}}\n\
         funnels: [{{goal: arr, stages: [{{name: {text}, volume: 100, to_next: 20%}}, {{name: {text}, value: 900}}]}}]\n\
         teams: {{marketing: {{people: 1, members: [{text}], capacity: 10 days}}}}\n\
         initiatives:\n  - {{name: {text}, serves: [one], start: 2027-01-04, end: 2027-03-12, review: 2027-02-01, effort: 12 days, owner: {text}}}\n\
         \x20 - {{id: later, name: {text}, effort: 2 days, owner: {text}}}\n  - {{id: not, name: {text}, priority: wont}}\n\
         handoffs: [{{from: marketing, to: sales, qualified: {text}}}]\n"
    )
}

#[test]
fn no_text_of_a_plan_acts_in_any_layout() {
    for text in HOSTILE {
        let report = report(&hostile(text));
        let page = html(&report);
        for tag in ["<script", "<!-- y", "javascript:alert(1)\">", "\u{202e}"] {
            assert!(!page.contains(tag), "{tag} in {page}");
        }
        let markdown = markdown(&report);
        assert_eq!(foreign(&markdown), Vec::<String>::new(), "{markdown}");
        let own = |tag: fn(&Tag<'_>) -> bool| {
            let events = Parser::new_ext(&markdown, Options::ENABLE_TABLES);
            events.filter(|event| matches!(event, Event::Start(start) if tag(start))).count()
        };
        let sections = brief(&hostile(text)).sections;
        assert_eq!(own(|tag| matches!(tag, Tag::Heading { .. })), sections.len() + 1, "{markdown}");
        let tables = sections.iter().flat_map(|section| &section.blocks);
        let cells: usize = tables
            .filter_map(|block| match block {
                Block::Table(table) => Some((table.rows.len() + 1) * table.header.len()),
                _ => None,
            })
            .sum();
        assert_eq!(own(|tag| matches!(tag, Tag::TableCell)), cells, "{markdown}");
        let shown = super::text(&report, &PLAIN);
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        assert!(!shown.contains('\u{202e}'), "{shown:?}");
        let name = clean(text).into_owned();
        assert!(shown.starts_with(&name), "{shown}");
    }
}

#[test]
fn a_page_of_html_holds_every_sentence_and_no_script() {
    for yaml in EXAMPLES {
        let page = html(&report(yaml));
        assert!(page.contains("script-src 'none'") || page.contains("script-src &#39;none&#39;"));
        for section in brief(yaml).sections {
            assert!(page.contains(&format!("<h2>{}</h2>", section.title)), "{}", section.title);
        }
        assert_eq!(page.matches("<article").count(), 1);
    }
}

#[test]
fn a_page_of_several_briefs_has_one_heading_above_theirs() {
    let levels = |yaml: &str| {
        let page = html(&report(yaml));
        [1, 2].map(|level| page.matches(&format!("<h{level}>")).count())
    };
    assert_eq!(levels(&format!("{GOOD}\n---\n{SIX_PRODUCTS}")), [1, 2]);
    assert_eq!(levels(GOOD), [1, brief(GOOD).sections.len()]);
}

#[test]
fn a_budget_is_headed_by_what_it_is_of() {
    let regions = SIX_PRODUCTS.replace("budget: 50k", "kind: region\n    budget: 50k");
    let blocks = blocks(&regions, "budget");
    assert_eq!(table_of(&blocks).header[..2], ["Region", "Today"]);
}

#[test]
fn where_there_is_no_plan_there_is_no_page() {
    let none = Report::default();
    assert_eq!([html(&none), markdown(&none), text(&none, &PLAIN)], ["", "", ""]);
}

#[test]
fn several_briefs_are_parted() {
    let report = report(&format!("{GOOD}\n---\n{SIX_PRODUCTS}"));
    assert_eq!(report.plans.len(), 2);
    assert_eq!(markdown(&report).matches("\n---\n").count(), 1);
    assert_eq!(text(&report, &PLAIN).matches(&"─".repeat(80)).count(), 1 + text_rules(&report));
}

/// Rules of that length that belong to tables.
fn text_rules(report: &Report) -> usize {
    let page = |plan| text::pages(&[Brief::new(plan)], &PLAIN);
    report.plans.iter().map(|plan| page(plan).matches(&"─".repeat(80)).count()).sum()
}

#[test]
fn a_customer_that_costs_more_than_it_brings_is_not_said_to_be_paid_back() {
    let product = |churn: &str| {
        format!(
            "plan: P\nproducts:\n- {{name: A, budget: 30k, new_customers: 20, price: 60, billing: monthly, \
             gross_margin: 80%, monthly_churn: {churn}}}\n- {{name: B, budget: 10k, sold_after: a}}\n"
        )
    };
    let says = |churn: &str| texts(&blocks(&product(churn), "budget")).concat().contains("paid back after 31.2 months");
    assert!(says("1%"));
    assert!(!says("4%"));
}

#[test]
fn where_a_plan_names_somebody_not_all_questions_are_said_to_be_nobody_s() {
    let blocks = blocks(
        "plan: P\ngoals: [{id: r, name: New ARR, target: 250k, owners: [sales]}]\n\
         kpis: [{name: LinkedIn posts, target: 60}, {name: LinkedIn followers, target: 9000}]\n",
        "questions",
    );
    let said = texts(&blocks).concat();
    assert!(!said.contains("Nobody is named yet who answers for these"), "{said}");
    assert!(said.contains("Nobody is named for it yet"), "{said}");
}

#[test]
fn a_plan_just_short_of_a_score_is_not_said_to_have_enough_for_one() {
    let mut score = report("plan: P\nkpis: [Leads]\n").plans.remove(0).score;
    for (evidence, said) in [(0.497, "less than 50%"), (0.494, "49%")] {
        score.evidence = evidence;
        assert_eq!(crate::report::arithmetic::evidence_without_score(&score), said);
    }
}

#[test]
fn a_funnel_of_ranges_says_that_their_middle_is_taken() {
    let funnel = |rate: &str| {
        format!(
            "plan: P\ngoals: [{{id: r, name: New ARR, target: 90k}}]\nfunnels:\n- goal: r\n  stages:\n  \
             - {{name: Visits, volume: 1000, to_next: {rate}}}\n  - {{name: Orders, value: 2000}}\n"
        )
    };
    let says = |rate: &str| texts(&blocks(&funnel(rate), "funnel")).concat().contains("its middle is taken");
    assert!(says("3%..5%"));
    assert!(!says("4%"));
}

#[test]
fn a_door_without_any_money_is_not_called_a_budget() {
    let plan = "plan: P\nproducts: [{name: A, budget: 0}, {name: B, budget: 0, sold_after: a}]\n";
    assert_eq!(blocks(plan, "budget"), []);
    assert_eq!(texts(&blocks(plan, "doors")), ["B is sold to the customers of A; through what is still to be said."]);
}
