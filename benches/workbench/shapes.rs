//! Plans that grow in one direction: what the growth of the work is measured on.

use std::fmt::Write;

/// One direction in which a plan can grow.
pub struct Shape {
    /// As the script's table and its arguments call it.
    pub name: &'static str,
    /// The plan at a size. Eight times the size is about eight times the bytes.
    pub plan: fn(usize) -> String,
    /// A size that takes an optimised audit about a tenth of a second.
    pub size: usize,
}

/// All of them.
pub const SHAPES: [Shape; 32] = [
    Shape { name: "kpis", plan: kpis, size: 1_500 },
    Shape { name: "kpi-names", plan: kpi_names, size: 4_000 },
    Shape { name: "goals", plan: goals, size: 2_000 },
    Shape { name: "chain", plan: chain, size: 2_000 },
    Shape { name: "fan-in", plan: fan_in, size: 2_000 },
    Shape { name: "fan-out", plan: fan_out, size: 2_000 },
    Shape { name: "fan-square", plan: fan_square, size: 16_000 },
    Shape { name: "guards", plan: guards, size: 2_000 },
    Shape { name: "products", plan: products, size: 1_500 },
    Shape { name: "channels", plan: channels, size: 20_000 },
    Shape { name: "initiatives", plan: initiatives, size: 1_500 },
    Shape { name: "initiatives-of-one-kpi", plan: initiatives_of_one_kpi, size: 1_500 },
    Shape { name: "expects", plan: expects, size: 3_000 },
    Shape { name: "waivers", plan: waivers, size: 2_000 },
    Shape { name: "handoffs", plan: handoffs, size: 1_500 },
    Shape { name: "funnel-stages", plan: funnel_stages, size: 3_000 },
    Shape { name: "funnels", plan: funnels, size: 1_000 },
    Shape { name: "teams", plan: teams, size: 3_000 },
    Shape { name: "members", plan: members, size: 10_000 },
    Shape { name: "same-names", plan: same_names, size: 2_000 },
    Shape { name: "long-text", plan: long_text, size: 20_000 },
    Shape { name: "long-name", plan: long_name, size: 5_000 },
    Shape { name: "comments", plan: comments, size: 20_000 },
    Shape { name: "flow-list", plan: flow_list, size: 20_000 },
    Shape { name: "aliases", plan: aliases, size: 4_000 },
    Shape { name: "aliases-of-a-list", plan: aliases_of_a_list, size: 20_000 },
    Shape { name: "nesting", plan: nesting, size: 2_000 },
    Shape { name: "documents", plan: documents, size: 500 },
    Shape { name: "unknown-keys", plan: unknown_keys, size: 3_000 },
    Shape { name: "unknown-ids", plan: unknown_ids, size: 1_000 },
    Shape { name: "unknown-waivers", plan: unknown_waivers, size: 1_000 },
    Shape { name: "doubled-ids", plan: doubled_ids, size: 2_000 },
];

/// About how many parts (goals, KPIs and so on) a plan holds: each is a line or in braces.
pub fn parts(text: &str) -> usize {
    text.lines().count() + text.matches('{').count()
}

/// A comment of so many bytes. A file may hold one part more for each 400.
pub fn comment(bytes: usize) -> String {
    format!("\n# {}\n", "-".repeat(bytes))
}

const HEAD: &str = "plan: Growth\nperiod: 2027-Q1\ncurrency: EUR\nlocale: en\n";
const GOAL: &str = "goals: [{id: arr, name: New ARR, target: 1.2M, by: 2027-03-31, owners: [sales]}]\n";

/// A plan with one goal, and an entry of a list for each number below `n`.
fn listed(head: &str, list: &str, n: usize, mut entry: impl FnMut(&mut String, usize)) -> String {
    let mut text = format!("{HEAD}{head}{list}:\n");
    for at in 0..n {
        entry(&mut text, at);
    }
    text
}

/// Ends an entry's line. Writing to a string cannot fail.
macro_rules! line {
    ($text:expr, $($format:tt)*) => {{
        let _ = writeln!($text, $($format)*);
    }};
}

/// Words joined by commas, for a list in brackets.
fn commas(n: usize, word: impl Fn(usize) -> String) -> String {
    (0..n).map(word).collect::<Vec<_>>().join(", ")
}

/// Names that a real plan would have, numbered so that each is another.
fn name(at: usize) -> String {
    const NAMES: [&str; 12] = [
        "Marketing-qualified leads from region",
        "Webinar registrations of series",
        "LinkedIn followers of brand",
        "Cost per lead of campaign",
        "Demo requests from segment",
        "Conversion rate of landing page",
        "Monthly churn of cohort",
        "New customers of branch",
        "Net revenue retention of tier",
        "Leads de calidad de la zona",
        "Taxa de abertura da campanha",
        "Liczba zapytań ofertowych z regionu",
    ];
    let name = NAMES.get(at % NAMES.len()).copied().unwrap_or_default();
    format!("{name} {at}")
}

fn kpis(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        let name = name(at);
        line!(
            text,
            "  - {{id: k{at}, name: {name}, target: {}, baseline: {}, by: 2027-03-31, cadence: weekly, owner: o{}, teams: [t{}],\n     \
             set_by: finance, agreed_with: [t{}], drives: [arr], because: it did last year, source: the CRM, budget: 2k}}",
            200 + at,
            150 + at,
            at % 40,
            at % 7,
            at % 7
        );
    })
}

fn kpi_names(n: usize) -> String {
    listed("", "kpis", n, |text, at| line!(text, "  - {}", name(at)))
}

fn goals(n: usize) -> String {
    listed("", "goals", n, |text, at| {
        line!(text, "  - {{name: New ARR of region {at}, target: {}k, by: 2027-03-31, owners: [sales]}}", 10 + at);
    })
}

fn chain(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        let next = if at + 1 == n { "arr".to_owned() } else { format!("k{}", at + 1) };
        line!(text, "  - {{id: k{at}, name: {}, target: {}, drives: [{next}]}}", name(at), 100 + at);
    })
}

fn fan_in(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        line!(text, "  - {{id: k{at}, name: {}, target: {}, drives: [hub]}}", name(at), 100 + at);
        if at + 1 == n {
            line!(text, "  - {{id: hub, name: SQLs, target: 500, drives: [arr]}}");
        }
    })
}

fn fan_out(n: usize) -> String {
    let all = commas(n, |at| format!("k{at}"));
    listed(GOAL, "kpis", n, |text, at| {
        if at == 0 {
            line!(text, "  - {{id: hub, name: Website visits, target: 90000, drives: [{all}]}}");
        }
        line!(text, "  - {{id: k{at}, name: {}, target: {}, drives: [arr]}}", name(at), 100 + at);
    })
}

/// About `n` links between two rows of KPIs.
fn fan_square(n: usize) -> String {
    let side = n.isqrt();
    let all = commas(side, |at| format!("m{at}"));
    listed(GOAL, "kpis", side, |text, at| {
        line!(text, "  - {{id: k{at}, name: {}, target: {}, drives: [{all}]}}", name(at), 100 + at);
        line!(text, "  - {{id: m{at}, name: {}, target: {}, drives: [arr]}}", name(at + side), 100 + at);
    })
}

fn guards(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        line!(
            text,
            "  - {{id: k{at}, name: {}, target: {}, drives: [arr], guarded_by: [k{}, k0]}}",
            name(at),
            100 + at,
            (at + 1) % n
        );
    })
}

fn products(n: usize) -> String {
    listed(GOAL, "products", n, |text, at| {
        line!(
            text,
            "  - {{id: p{at}, name: Product {at}, budget: {}k, new_customers: {}, price: \"{}\", billing: yearly, gross_margin: {}%,\n     \
             monthly_churn: 1.8%, customers: 90, channels: [email, paid-search], stage: grow}}",
            5 + at % 90,
            3 + at % 30,
            900 + at,
            50 + at % 40
        );
    })
}

fn channels(n: usize) -> String {
    let all = commas(n, |at| format!("channel-{at}"));
    format!("{HEAD}{GOAL}products: [{{name: Core, budget: 60k, channels: [{all}]}}]\n")
}

fn initiatives(n: usize) -> String {
    let head = format!("{GOAL}kpis: [{}]\n", commas(50, |at| format!("{{id: k{at}, name: {}, target: 90}}", name(at))));
    listed(&head, "initiatives", n, |text, at| {
        line!(
            text,
            "  - {{name: Campaign {at}, kind: campaign, purpose: capture, serves: [k{}], priority: must, rank: {}, effort: 3 days,\n     \
             budget: 2k, owner: o{}, start: 2027-01-10, end: 2027-02-{:02}, channels: [linkedin]}}",
            at % 50,
            at + 1,
            at % 40,
            1 + at % 28
        );
    })
}

fn initiatives_of_one_kpi(n: usize) -> String {
    let head = format!("{GOAL}kpis: [{{id: mql, name: MQLs, target: 900, baseline: 400, drives: [arr]}}]\n");
    listed(&head, "initiatives", n, |text, at| {
        line!(
            text,
            "  - {{name: Test {at}, kind: experiment, serves: [mql, arr], expects: {{mql: +{at}}}, owner: ola}}"
        );
    })
}

fn expects(n: usize) -> String {
    let all = commas(n, |at| format!("k{at}: +{at}"));
    let serves = commas(n, |at| format!("k{at}"));
    let one = format!("initiatives: [{{name: All of it, serves: [{serves}], expects: {{{all}}}}}]\n{GOAL}");
    listed(&one, "kpis", n, |text, at| line!(text, "  - {{id: k{at}, name: {}, target: 90}}", name(at)))
}

fn waivers(n: usize) -> String {
    let kpis = commas(n, |at| format!("{{id: k{at}, name: {}, target: 90}}", name(at)));
    listed(&format!("{GOAL}kpis: [{kpis}]\n"), "waivers", n, |text, at| {
        line!(text, "  - {{rule: no-revenue-link, on: k{at}, because: the board reads it, until: 2027-03-31}}");
    })
}

fn handoffs(n: usize) -> String {
    listed(GOAL, "handoffs", n, |text, at| {
        line!(
            text,
            "  - {{from: marketing, to: branch-{at}, leads: hand-raisers, volume: 50, every: monday, handling: 20 minutes, hours: 9 hours}}"
        );
    })
}

fn funnel_stages(n: usize) -> String {
    let mut text = format!("{HEAD}{GOAL}funnels:\n  - goal: arr\n    stages:\n");
    line!(text, "      - {{name: Visits, volume: 1M, to_next: 99%}}");
    for at in 0..n {
        line!(text, "      - {{name: Step {at}, to_next: 99%, was: 98%}}");
    }
    line!(text, "      - {{name: Customer, value: \"9,600\"}}");
    text
}

fn funnels(n: usize) -> String {
    let goals = commas(n, |at| format!("{{id: g{at}, name: New ARR of region {at}, target: 90k}}"));
    listed(&format!("goals: [{goals}]\n"), "funnels", n, |text, at| {
        line!(
            text,
            "  - {{goal: g{at}, stages: [{{name: Leads, volume: 900, to_next: 13%}}, {{name: SQL, to_next: 20%}}, {{name: Customer, value: 5k}}]}}"
        );
    })
}

fn teams(n: usize) -> String {
    listed(GOAL, "teams", n, |text, at| {
        line!(text, "  team-{at}: {{people: 3, members: [m{at}, n{at}], capacity: 150 days, budget: 9k}}");
    })
}

fn members(n: usize) -> String {
    let all = commas(n, |at| format!("member-{at}"));
    let kpis = commas(n / 10, |at| format!("{{name: {}, owner: member-{at}}}", name(at)));
    format!("{HEAD}{GOAL}teams: {{marketing: {{members: [{all}]}}}}\nkpis: [{kpis}]\n")
}

fn same_names(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        line!(text, "  - {{name: Marketing-qualified leads, target: {}, baseline: 90, owner: ola}}", 100 + at);
    })
}

fn long_text(n: usize) -> String {
    let text = "we agreed that leads drive sales because they did so in 2026; ".repeat(n);
    format!("{HEAD}{GOAL}guidepoint: \"{text}\"\nkpis: [{{name: MQLs, drives: [arr], because: \"{text}\"}}]\n")
}

fn long_name(n: usize) -> String {
    let words = "leads of the region per month by campaign and 30% more ".repeat(n);
    format!("{HEAD}{GOAL}kpis: [{{name: \"{words}\", drives: [arr]}}]\n")
}

fn comments(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        line!(text, "  # the board asked for this in December, see the note of meeting {at}");
        if at + 1 == n {
            line!(text, "  - MQLs # the last");
        }
    })
}

fn flow_list(n: usize) -> String {
    format!("{HEAD}{GOAL}kpis: [{{name: MQLs, agreed_with: [{}]}}]\n", commas(n, |at| format!("team-{at}")))
}

fn aliases(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        let room = if at == 0 { "&room [marketing, sales, finance]" } else { "*room" };
        line!(text, "  - {{id: k{at}, name: {}, target: 90, agreed_with: {room}}}", name(at));
    })
}

/// About `n` visits to the entries of one list.
fn aliases_of_a_list(n: usize) -> String {
    let side = n.isqrt();
    let all = commas(side, |at| format!("team-{at}"));
    listed(GOAL, "kpis", side, |text, at| {
        let room = if at == 0 { format!("&room [{all}]") } else { "*room".to_owned() };
        line!(text, "  - {{id: k{at}, name: {}, target: 90, agreed_with: {room}}}", name(at));
    })
}

/// Deeper than is read, from a few dozen on.
fn nesting(n: usize) -> String {
    format!("{HEAD}{GOAL}kpis: {}{}\n", "[".repeat(n), "]".repeat(n))
}

fn documents(n: usize) -> String {
    (0..n)
        .map(|at| format!("---\nplan: Plan {at}\ngoals: [{{name: New ARR, target: 1.2M}}]\nkpis: [{}]\n", name(at)))
        .collect()
}

fn unknown_keys(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| line!(text, "  - {{name: {}, onwer: ola}}", name(at)))
}

fn unknown_ids(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| {
        line!(text, "  - {{id: kpi-{at}, name: {}, drives: [kpi-of-{}]}}", name(at), at * 7 % n);
    })
}

fn unknown_waivers(n: usize) -> String {
    let kpis = commas(n, |at| format!("{{id: kpi-{at}, name: {}}}", name(at)));
    listed(&format!("{GOAL}kpis: [{kpis}]\n"), "waivers", n, |text, at| {
        line!(text, "  - {{rule: no-revenue-link, on: kpi-of-{at}, because: the board reads it, until: 2027-03-31}}");
    })
}

fn doubled_ids(n: usize) -> String {
    listed(GOAL, "kpis", n, |text, at| line!(text, "  - {{id: same, name: {}, target: 90}}", name(at)))
}
