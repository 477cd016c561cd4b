//! KPIs: what is measured, by whom, until when, and what it moves.

use jiff::civil::Date;

use super::Plan;
use super::number::{Count, Duration, Money, Standing, Target};
use super::period::{Cadence, Deadline};
use super::quantity::{Change, Quantity};
use super::table::part;
use super::text::Text;
use super::value::{OneOrMany, Placed, Rare, decode_part};
use crate::phrases::{Phrases, phrases, runs};
use crate::words::words;

/// Ids of goals or KPIs.
pub type KpiRefs = OneOrMany<Text>;

part! {
    /// A KPI.
    pub struct Kpi, "a KPI", short form "name" {
        /// The id by which others point at it; made from the name where absent.
        id: Option<Placed<Text>>,
        /// Its name. A number or a date in it is read as target or deadline where none is given.
        name: Placed<Text>,
        /// The metric that it is, by its name in the dictionary, such as `mql`; recognised from the name where absent.
        metric: Rare<Text>,
        /// What it is there for: `north-star`, `target` (the default), `leading`, `guardrail` or `diagnostic`.
        role: Option<Placed<Role>>,
        /// What it should reach.
        target: Option<Placed<Target>>,
        /// Where it stood when the plan was made.
        baseline: Option<Placed<Standing>>,
        /// Hold the baseline within this, instead of a target.
        keep: Option<Placed<Standing>>,
        /// Where it stands now; shown, not judged.
        actual: Rare<Standing>,
        /// Its deadline: a date, or a span from the start of the period.
        by: Option<Placed<Deadline>>,
        /// How often it is looked at.
        cadence: Option<Placed<Cadence>>,
        /// The one person who answers for it.
        owner: Option<Placed<OneOrMany<Text>>>,
        /// The teams that share it.
        teams: Option<Placed<OneOrMany<Text>>>,
        /// Ids of the KPIs or goals that it moves.
        drives: Option<Placed<KpiRefs>>,
        /// Why it should move them: a sentence with a number.
        because: Option<Placed<Text>>,
        /// The team that set it.
        set_by: Option<Placed<Text>>,
        /// The teams that took part in setting it; `[]` says that none did.
        agreed_with: Option<Placed<OneOrMany<Text>>>,
        /// When it was agreed.
        agreed_on: Option<Placed<Date>>,
        /// Whether a law, a board or a contract sets it.
        mandated: Rare<bool>,
        /// Teams without which it cannot move.
        depends_on: Rare<OneOrMany<Text>>,
        /// Ids of the KPIs that would show it being gamed.
        guarded_by: Option<Placed<KpiRefs>>,
        /// The product that it is about.
        product: Rare<Text>,
        /// Where the number is read.
        source: Option<Placed<Text>>,
        /// What one unit costs, where known: a lead, a click.
        unit_cost: Rare<Money>,
        /// Units that come without that money.
        organic: Rare<Count>,
        /// The money meant for it.
        budget: Option<Placed<Money>>,
        /// A declared payback, where customers are bought at a loss on purpose.
        payback: Rare<Duration>,
    }
}

decode_part!(Kpi);

impl Kpi {
    /// Whether `because` holds a number that can be checked: one that stands by itself, and is no year.
    /// "B2B", "Q1" and "in 2027" hold none.
    pub fn because_has_a_number(&self) -> bool {
        let because = self.because.as_ref().map(|because| because.as_str()).unwrap_or_default();
        because.split_whitespace().any(is_number) || says_a_part(because)
    }

    /// Whether the target is a level in per cent: of what counts something, a share of it.
    pub fn is_target_a_percentage(&self) -> bool {
        self.target.as_ref().and_then(|target| target.quantity()).is_some_and(Quantity::is_percentage)
    }

    /// The target as a level: a change is resolved against the baseline, where there is one; what is to be kept is the
    /// baseline itself.
    pub fn target_level(&self) -> Option<f64> {
        let baseline = || self.baseline.as_ref().and_then(|baseline| baseline.point());
        let Some(target) = &self.target else { return self.keep.as_ref().and_then(|_| baseline()) };
        let quantity = target.quantity()?;
        let amount = quantity.amount.middle()?;
        match quantity.change {
            None => Some(amount),
            Some(Change::Relative) => baseline().map(|baseline| baseline * (1.0 + amount)),
            Some(Change::Points | Change::Units) => baseline().map(|baseline| baseline + amount),
        }
    }
}

fn is_number(word: &str) -> bool {
    let word = word.trim_matches(|c: char| c.is_ascii_punctuation() || "€£¥×–—−…“”«»".contains(c));
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    let year = digits == 4 && word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    digits > 0 && !year
}

/// Whether a sentence gives a part or a multiple in words: "one in four", "co czwarty", "jeder Dritte", "la mitad".
fn says_a_part(text: &str) -> bool {
    let id = Plan::id_from(text);
    let is_one_in = |run: &str| {
        let of = run.rsplit_once('-');
        of.is_some_and(|(each, of)| IN_EVERY.iter().any(|(eaches, numbers)| eaches.has(each) && numbers.has(of)))
    };
    PARTS.are_in(&id) || runs(&id, LONGEST_IN_EVERY).any(is_one_in)
}

/// Words that say a part or a multiple by themselves, folded as an id is; parts of the year ("quarter", "trimestre") are none.
const PARTS: Phrases = phrases!(
    "half twice thrice double doubles triple triples two-thirds a-third one-third a-fifth one-fifth a-tenth one-tenth \
     three-quarters one-quarter",
    "metade dobro triplo um-terco dois-tercos um-quarto um-quinto um-decimo",
    "mitad doble triple un-tercio dos-tercios un-cuarto un-quinto un-decimo",
    "a-metade o-dobre un-terzo dous-terzos un-cuarto un-quinto un-decimo",
    "polowa polowe polowy dwukrotnie dwa-razy trzy-razy trzykrotnie jedna-trzecia jedna-czwarta jedna-piata",
    "halfte halb doppelt doppelte dreimal zweimal ein-drittel zwei-drittel ein-viertel ein-funftel ein-zehntel",
    "moitie double triple un-tiers deux-tiers un-quart un-cinquieme un-dixieme",
);

/// Words of "de cada cinco" and the like.
const LONGEST_IN_EVERY: usize = 3;

/// What stands before a number in words, and such numbers: "in four", "de cada cinco", "co trzeci", "jedem dritten", "sur cinq".
const IN_EVERY: [(Phrases, Phrases); 7] = [
    (
        phrases!("in of every out-of"),
        phrases!("two three four five six seven eight nine ten twelve twenty fifty third fourth fifth tenth"),
    ),
    (phrases!("em em-cada de-cada"), phrases!("dois duas tres quatro cinco seis sete oito nove dez doze vinte")),
    (phrases!("de-cada cada de"), phrases!("dos tres cuatro cinco seis siete ocho nueve diez doce veinte")),
    (phrases!("de-cada cada de"), phrases!("dous duas tres catro cinco seis sete oito nove dez doce vinte")),
    (
        phrases!("co na z"),
        phrases!(
            "drugi druga trzeci trzecia czwarty czwarta piaty piata szosty szosta siodmy osmy dziesiaty dziesiata trzech \
         czterech pieciu szesciu dziesieciu"
        ),
    ),
    (
        phrases!("jeder jede jedes jedem jeden jeder von"),
        phrases!(
            "zweite zweiter zweites zweiten dritte dritter drittes dritten vierte vierter viertes vierten funfte funfter \
         funftes funften zehnte zehnter zehntes zehnten zwei drei vier funf sechs sieben acht neun zehn zwanzig"
        ),
    ),
    (phrases!("sur"), phrases!("deux trois quatre cinq six sept huit neuf dix douze vingt")),
];

words! {
    /// What a KPI is there for.
    pub enum Role {
        /// The one number that matters most.
        NorthStar = "north-star",
        /// A number to reach.
        Target = "target",
        /// A number that moves before the target does.
        Leading = "leading",
        /// A number that must not get worse.
        Guardrail = "guardrail",
        /// A number to look at.
        Diagnostic = "diagnostic",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_in_words_is_a_number_and_a_share_of_the_year_is_none() {
        for text in [
            "one in four becomes an SQL",
            "two in five of our media euros go here",
            "half of them sign",
            "those called within the hour qualify twice as often",
            "a fifth of them sign",
            "um em cada quatro assina",
            "metade renova",
            "uno de cada tres vuelve",
            "a metade do negocio",
            "co czwarty podpisuje umowę",
            "połowa odnawia",
            "aus jedem dritten Termin wird eine Opportunity",
            "die Hälfte nimmt einen Termin",
            "une sur cinq signe",
            "la moitié renouvelle",
        ] {
            assert!(says_a_part(text), "{text}");
        }
        for text in [
            "they usually buy",
            "as in the last quarter",
            "we believe in it",
            "one leads to the other",
            "todos los clientes",
            "en el primer trimestre",
            "dla każdego z klientów",
            "",
        ] {
            assert!(!says_a_part(text), "{text}");
        }
    }

    #[test]
    fn a_number_stands_by_itself_and_is_no_year() {
        for word in ["1", "25%", "1,000", "€40k", "(12", "3:1", "2x", "0.5."] {
            assert!(is_number(word), "{word}");
        }
        for word in ["B2B", "Q1", "2027", "in", "G2", "Web3", "–", ""] {
            assert!(!is_number(word), "{word}");
        }
    }
}
