//! What somebody answers before a plan is begun, and the plan that is made of it: the answers as they are, all else as comments.

use jiff::civil::Date;

use super::business::Business;
use super::typed::{Aim, Sold};
use super::with_words;
use crate::plan::draft::{BusinessModel, Motion};
use crate::plan::period::Period;
use crate::yaml::{self, Written};

/// The answers. What was left open is not made up.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The time that the plan covers.
    pub period: Period,
    /// Its name; made of the period where absent.
    pub name: Option<String>,
    /// Its currency, by its ISO 4217 code.
    pub currency: String,
    /// The kind of business.
    pub business: Option<&'static Business>,
    /// What it is for; what such a business is usually to reach where absent.
    pub goal: Option<Aim>,
    /// What is sold.
    pub products: Vec<Sold>,
    /// The KPIs, as sentences.
    pub kpis: Vec<String>,
}

const HEADER: &str =
    "# A plan to start from, with your answers. A line that begins with # is not read: take the # away and fill
# it in, and the audit knows more. What is left out is unknown, never zero. `kpi-audit FILE` audits it.
";

const OTHER_HEAD_KEYS: &str = "# locale:                     # {plan.locale}
# What success looks like when the period ends: a sentence with a date and a number.
# guidepoint:
";

const GOAL_KEYS: &str = "    # baseline:               # {goal.baseline}
    # by: <end>
    # owners:                 # {goal.owners}
";

const PIPELINE_KEYS: &str = "    # pipeline:               # {goal.pipeline}
    # pipeline_conversion:    # {goal.pipeline_conversion}
";

const KPI_KEYS: &str = "    # Links repay the typing most: without them no number leads to money.
    # drives: [goal]          # {kpi.drives}
    # because:                # {kpi.because}
    # With these, the KPI can be followed up.
    # owner:                  # {kpi.owner}
    # baseline:               # {kpi.baseline}
    # by: <end>
    # source:                 # {kpi.source}
    # Who decided, and who was in the room: a target that was only handed down is rarely met.
    # set_by:                 # {kpi.set_by}
    # agreed_with:            # {kpi.agreed_with}
";

/// The KPI that stands for those that were not given.
const NO_KPI: &str =
    "# The numbers that you are to move. A sentence that you were handed will do: `- Cut cost per lead by 30%`.
# kpis:
#   - name: <kpi>
#     drives: [goal]          # {kpi.drives}
#     because:                # {kpi.because}
#     target:                 # {kpi.target}
#     owner:                  # {kpi.owner}
#     baseline:               # {kpi.baseline}
#     by: <end>
";

const GUARD: &str = "  # A guardrail shows where a target is met in a way that costs more than it brings.
  # - name: <guard>
  #   role: guardrail
  #   baseline:
  #   keep:                   # {kpi.keep}
";

const NO_PRODUCT: &str = "# What is sold, with the money meant for each.
# products:
#   - name: Core
#     budget:                 # {product.budget}
";

const FUNNEL: &str = "# A funnel shows whether the targets can be reached together.
# funnels:
#   - goal: goal
#     cycle:                  # {funnel.cycle}
#     stages:                 # {funnel.stages}
";

const HANDOFF: &str = "# A handoff shows whether one team can take what the other brings.
# handoffs:
#   - from: marketing
#     to: sales
#     qualified:              # {handoff.qualified}
#     volume:                 # {handoff.volume}
#     every:                  # {handoff.every}
#     respond_within:         # {handoff.respond_within}
#     feedback:               # {handoff.feedback}
";

const WORK: &str = "# Work with its effort shows whether there are enough days for it.
# initiatives:
#   - name: The first campaign
#     serves: [goal]          # {initiative.serves}
#     effort:                 # {initiative.effort}
#     budget:                 # {initiative.budget}
#     owner:                  # {initiative.owner}
";

impl Answers {
    /// Nothing answered: the quarter after a day, in euros.
    pub fn on(today: Date) -> Self {
        Self {
            period: quarter_after(today),
            name: None,
            currency: "EUR".to_owned(),
            business: None,
            goal: None,
            products: Vec::new(),
            kpis: Vec::new(),
        }
    }

    /// The name of the plan.
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("Plan for {}", self.period.text))
    }

    /// What a business of this kind is usually to reach.
    pub fn usual_goal(&self) -> &'static str {
        self.business().goal
    }

    fn business(&self) -> &'static Business {
        self.business.unwrap_or(Business::UNKNOWN)
    }

    /// The plan: the answers, and as comments what would tell more, in the order in which it repays the typing.
    pub fn plan(&self) -> String {
        let business = self.business();
        let mut text = HEADER.to_owned();
        text += &self.head();
        text += "\ngoals:\n  - id: goal\n";
        text += &self.goal();
        text += &self.comments(GOAL_KEYS);
        if business.hands_over() {
            text += &self.comments(PIPELINE_KEYS);
        }
        text.push('\n');
        text += &self.kpis();
        text.push('\n');
        text += &self.products();
        for section in [funnel(business), business.hands_over().then(|| HANDOFF.to_owned()), Some(WORK.to_owned())] {
            text += &section.map(|section| format!("\n{}", self.comments(&section))).unwrap_or_default();
        }
        text
    }

    fn head(&self) -> String {
        let business = self.business();
        let mut text = format!("plan: {}\n", scalar(&self.name()));
        text += &format!("period: {}\n", scalar(&self.period.text));
        text += &format!("currency: {}\n", scalar(&self.currency));
        text += &match business.model {
            Some(model) => format!("business_model: {}\n", model.word()),
            None => open_word("business_model", BusinessModel::WORDS),
        };
        text += &match business.motion {
            Some(motion) => format!("motion: {}\n", motion.word()),
            None => open_word("motion", Motion::WORDS),
        };
        text + &self.comments(OTHER_HEAD_KEYS)
    }

    fn goal(&self) -> String {
        let name = self.goal.as_ref().map_or(self.usual_goal(), |goal| &goal.name);
        let name = format!("    name: {}\n", scalar(name));
        match self.goal.as_ref().and_then(|goal| goal.target.as_ref()) {
            Some(target) => name + &format!("    target: {}\n", scalar(target)),
            None => name + &self.comments("    # target:                 # {goal.target}\n"),
        }
    }

    /// The KPIs; the first one shows which keys each may have.
    fn kpis(&self) -> String {
        let Some((first, others)) = self.kpis.split_first() else { return self.comments(NO_KPI) };
        let mut text = format!("kpis:\n  - name: {}\n{}", scalar(first), self.comments(KPI_KEYS));
        if !others.is_empty() {
            text += "    # The same keys go under each of the others.\n";
        }
        text.extend(others.iter().map(|kpi| format!("  - name: {}\n", scalar(kpi))));
        text + &self.comments(GUARD)
    }

    /// The products; the first one shows which keys each may have.
    fn products(&self) -> String {
        let Some((first, others)) = self.products.split_first() else {
            return self.comments(NO_PRODUCT) + &self.economics("#     ");
        };
        let mut text = format!("products:\n{}{}", product(first), self.economics("    # "));
        if !others.is_empty() && !self.business().economics.is_empty() {
            text += "    # The same keys go under each of the others.\n";
        }
        text.extend(others.iter().map(product));
        text
    }

    /// The keys that say what a customer of such a business is worth, each behind an indent.
    fn economics(&self, indent: &str) -> String {
        let business = self.business();
        let keys = business.economics.iter().map(|key| {
            let key_column = format!("{indent}{key}:");
            let asked = format!("{{economics.{key}}}");
            let words = match (*key, business.price) {
                ("price", Some(words)) => words,
                ("billing", _) => "once, monthly or yearly",
                _ => &asked,
            };
            format!("{key_column:<29} # {words}\n")
        });
        self.comments(&keys.collect::<String>())
    }

    /// Comments, with the words of the keys that they ask for, and with what the answers say.
    fn comments(&self, template: &str) -> String {
        let business = self.business();
        let end = self.period.end.to_string();
        let filled = template.replace("<end>", &end).replace("<kpi>", business.kpi).replace("<guard>", business.guard);
        filled.lines().map(|line| with_words(line) + "\n").collect()
    }
}

/// A key of the plan that is left open, with the words that it may hold.
fn open_word(key: &str, words: &[&str]) -> String {
    format!("{:<29} # {}\n", format!("# {key}:"), words.join(", "))
}

fn product(sold: &Sold) -> String {
    let name = format!("  - name: {}\n", scalar(&sold.name));
    match &sold.budget {
        Some(budget) => format!("{name}    budget: {}\n", scalar(budget)),
        None => format!("{name}    # budget:\n"),
    }
}

fn funnel(business: &Business) -> Option<String> {
    let (last, before) = business.stages.split_last()?;
    let before = before.iter().map(|stage| format!("#       - {{name: {stage}, volume: , to_next: }}\n"));
    let last = format!("#       - {{name: {last}, value: }}\n");
    Some(FUNNEL.to_owned() + &before.collect::<String>() + &last)
}

/// A text as YAML that is read back as the same text, on one line.
fn scalar(text: &str) -> String {
    let one_line: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|s| !s.is_empty()).collect();
    yaml::write(&Written::Text(one_line.join(" "))).trim_end().to_owned()
}

/// The quarter that begins next.
fn quarter_after(today: Date) -> Period {
    let quarter = (today.month() - 1) / 3 + 1;
    let (year, quarter) = if quarter == 4 { (today.year().saturating_add(1), 1) } else { (today.year(), quarter + 1) };
    let first = Date::new(year, quarter * 3 - 2, 1).unwrap_or(today);
    let last = Date::new(year, quarter * 3, 1).map_or(today, Date::last_of_month);
    Period { start: first, end: last, text: format!("{year:04}-Q{quarter}") }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::Auditor;
    use crate::metrics::dictionary;
    use crate::plan::{NoFiles, Plan, read};
    use crate::source::Source;

    fn businesses() -> impl Iterator<Item = Option<&'static Business>> {
        Business::ALL.iter().map(Some).chain([None])
    }

    fn answers() -> Answers {
        Answers {
            business: Business::ALL.first(),
            goal: Some(Aim::read("New ARR: 480k").unwrap()),
            products: Sold::list("Core 60k, Pro").unwrap(),
            kpis: vec!["Cut cost per lead by 30%".to_owned(), "1,000 MQLs this quarter".to_owned()],
            ..Answers::on(date(2026, 11, 22))
        }
    }

    fn plan(text: &str) -> Plan {
        let source = Arc::new(Source::new("plan.yaml", text));
        let mut reading = read(&source, dictionary(), &NoFiles);
        assert_eq!(reading.problems, [], "{text}");
        reading.plans.remove(0)
    }

    /// The plan with the # taken away before every key.
    fn filled_in(text: &str) -> String {
        let uncomment = |line: &str| {
            let rest = line.trim_start();
            let indent = line.len() - rest.len();
            let Some(inner) = rest.strip_prefix("# ").or(rest.strip_prefix("#")) else { return line.to_owned() };
            let key = inner.trim_start().trim_start_matches("- ").trim_start_matches('{');
            let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            let is_key = key.split_once(':').is_some_and(|(word, _)| is_word(word));
            if is_key { " ".repeat(indent) + inner } else { line.to_owned() }
        };
        text.lines().map(|line| uncomment(line) + "\n").collect()
    }

    #[test]
    fn the_answers_stand_in_the_plan_as_they_were_given() {
        let plan = plan(&answers().plan());
        assert_eq!(plan.name(), "Plan for 2027-Q1");
        assert_eq!(plan.goals[0].name.value, "New ARR");
        assert!(plan.goals[0].target.is_some());
        let kpis: Vec<&str> = plan.kpis.iter().map(|kpi| kpi.name.as_str()).collect();
        assert_eq!(kpis, ["Cut cost per lead by 30%", "1,000 MQLs this quarter"]);
        let budgets: Vec<_> =
            plan.products.iter().map(|product| product.budget.as_ref().and_then(|b| b.point())).collect();
        assert_eq!(budgets, [Some(60_000.0), None]);
        assert_eq!(plan.head.business_model.as_ref().map(|model| model.value.word()), Some("subscription"));
        assert_eq!(plan.head.motion.as_ref().map(|motion| motion.value.word()), Some("sales-led"));
    }

    #[test]
    fn no_number_is_made_up() {
        for business in businesses() {
            let plan = plan(&Answers { business, ..Answers::on(date(2026, 11, 22)) }.plan());
            plan.numbers(&mut |_, _, quantity| panic!("{quantity:?}"));
            assert_eq!((plan.goals.len(), plan.kpis.len(), plan.products.len()), (1, 0, 0));
        }
    }

    #[test]
    fn every_key_that_is_offered_can_be_taken() {
        let schema = serde_json::from_str(&crate::plan::schema()).unwrap();
        let schema = jsonschema::draft7::new(&schema).unwrap();
        for business in businesses() {
            for answers in [Answers { business, ..answers() }, Answers { business, ..Answers::on(date(2026, 11, 22)) }]
            {
                let text = answers.plan();
                let filled = filled_in(&text);
                assert!(filled.lines().filter(|line| line.trim_start().starts_with('#')).count() < 16, "{filled}");
                let plan = plan(&filled);
                assert_eq!(plan.kpis.iter().filter(|kpi| kpi.drives.is_some()).count(), 1, "{filled}");
                assert_eq!(plan.initiatives.len(), 1, "{filled}");
                assert!(schema.is_valid(&serde_yaml::from_str(&filled).unwrap()), "{filled}");
            }
        }
    }

    #[test]
    fn every_key_that_is_offered_is_explained() {
        for business in businesses() {
            for answers in [Answers { business, ..answers() }, Answers { business, ..Answers::on(date(2026, 11, 22)) }]
            {
                for line in answers.plan().lines() {
                    assert!(!line.ends_with("# "), "{line}");
                    assert!(!line.contains('<') && !line.contains("# {") && line.chars().count() <= 125, "{line}");
                }
            }
        }
    }

    #[test]
    fn a_kind_of_business_is_asked_for_what_its_customers_are_worth() {
        let has =
            |which: usize, key: &str| Answers { business: Business::ALL.get(which), ..answers() }.plan().contains(key);
        assert!(has(0, "monthly_churn:") && has(0, "billing:") && has(0, "handoffs:"));
        assert!(has(1, "monthly_churn:") && !has(1, "handoffs:") && !has(1, "pipeline:"));
        assert!(has(2, "orders_per_customer:") && !has(2, "monthly_churn:"));
        assert!(has(5, "take rate") && has(5, "orders_per_customer:"));
        for unpaid in [6, 7] {
            assert!(!has(unpaid, "price:") && !has(unpaid, "gross_margin:"));
        }
    }

    #[test]
    fn the_metrics_that_are_named_are_known() {
        for business in businesses().map(|business| business.unwrap_or(Business::UNKNOWN)) {
            let kind = |name| dictionary().recognise(name).map(|found| found.kind);
            assert!(kind(business.goal).is_some_and(|kind| kind.is_money()), "{}", business.goal);
            assert!(kind(business.kpi).is_some() && kind(business.guard).is_some(), "{}", business.words);
        }
    }

    #[test]
    fn the_next_quarter_may_be_of_the_next_year() {
        let next = |today| {
            let period = quarter_after(today);
            assert_eq!(Period::parse(&period.text), Ok(period.clone()));
            period.text
        };
        assert_eq!(next(date(2026, 11, 22)), "2027-Q1");
        assert_eq!(next(date(2027, 1, 1)), "2027-Q2");
        assert_eq!(next(date(2027, 9, 30)), "2027-Q4");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_plan_or_is_changed_in_it(
            texts in prop::collection::vec("([ -~]|[:#{}\\[\\],&*!|>'\"%@`?~-]|[éłß短🚀\u{202e}\u{200f}\u{feff}]){1,60}", 4),
            which in 0..9_usize,
        ) {
            let [name, goal, product, kpi] = texts.try_into().unwrap();
            prop_assume!([&name, &goal, &product, &kpi].iter().all(|text| !text.trim().is_empty()));
            let kpis = vec![kpi.clone(), kpi.clone(), goal.clone()];
            let answers = Answers {
                name: Some(name.clone()),
                business: Business::ALL.get(which),
                goal: Some(Aim { name: goal.clone(), target: None }),
                products: vec![Sold { name: product.clone(), budget: Some("60k".to_owned()) }, Sold { name: product, budget: None }],
                kpis,
                ..Answers::on(date(2026, 11, 22))
            };
            let text = answers.plan();
            let report = Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", &text);
            prop_assert!(report.faults.is_empty(), "{text}\n{:?}", report.faults);
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(report.plans[0].plan().name()), words(&name));
            prop_assert_eq!(words(&report.plans[0].plan().kpis[0].name), words(&kpi));
        }
    }
}
