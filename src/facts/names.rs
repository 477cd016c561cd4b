//! What the name of a KPI says besides its metric: that something is put out, what should come of it, that all is counted
//! since the beginning. Lists of words in the dictionary's languages, folded as ids are.

use crate::metrics::{Certainty, Dictionary, Kind, MetricUnit, Recognition, sets};
use crate::phrases::{Phrases, phrases};
use crate::plan::Plan;

/// How a piece of work begins, where the recogniser leaves it open: only what is hardly ever a noun that a measure begins
/// with. "Launch", "ship" and "release" are such nouns in English ("launch conversion rate"), and are left to the
/// recogniser, which asks what follows them.
const DELIVERIES: &[&str] = &[
    // English
    "publish",
    "write",
    "implement",
    "organise",
    "organize",
    "roll out",
    "set up",
    "launch of",
    "rollout of",
    "introduction of",
    "implementation of",
    "creation of",
    // Portuguese, Spanish and Galician
    "publicar",
    "lancar",
    "organizar",
    "escrever",
    "implementar",
    "enviar",
    "lancamento",
    "publicacao",
    "implementacao",
    "lanzar",
    "escribir",
    "redactar",
    "implantar",
    "lanzamiento",
    "publicacion",
    "implantacion",
    "puesta en marcha",
    "lanzamento",
    "posta en marcha",
    // Polish
    "opublikowac",
    "opublikowanie",
    "wdrozyc",
    "wdrozenie",
    "uruchomic",
    "uruchomienie",
    "zorganizowac",
    "napisac",
    "wyslac",
    // German
    "einfuhrung",
    "veroffentlichung",
    "launch der",
    "launch des",
    "aufbau",
    // French
    "publier",
    "lancer",
    "organiser",
    "rediger",
    "mettre en place",
    "mettre en ligne",
    "mise en place",
    "mise en ligne",
    "lancement",
    "deploiement",
];

/// Words behind which a name says what work is for: "launch a campaign *to* reach 1M ARR".
const PURPOSES: Phrases = phrases!(
    "to for with and that so para com con que e y aby by zeby z i um damit mit zur zum und fur pour afin avec \
     et qui",
);

/// Words that say that everything since the beginning is counted.
const ALL_TIME: Phrases = phrases!(
    // English
    "cumulative cumulated all-time alltime to-date since-launch since-inception since-the-launch \
     since-the-start since-the-beginning ever",
    // Portuguese, Spanish and Galician
    "acumulado acumulados acumulada acumuladas desde-o-inicio desde-o-lancamento desde-sempre ate-a-data \
     ate-hoje desde-el-inicio desde-el-lanzamiento desde-siempre hasta-la-fecha desde-o-lanzamento ata-a-data \
     ata-hoxe",
    // Polish
    "narastajaco skumulowana skumulowane skumulowany skumulowanych od-poczatku od-startu od-uruchomienia \
     do-tej-pory",
    // German
    "kumuliert kumulierte kumulierten kumulierter seit-beginn seit-start seit-launch seit-dem-start \
     seit-dem-launch seit-der-einfuhrung seit-einfuhrung",
    // French
    "cumule cumules cumulee cumulees en-cumul depuis-le-lancement depuis-le-debut depuis-le-depart \
     depuis-la-creation a-ce-jour",
);

/// Words for a sum, which may be one of a period.
const TOTAL: Phrases = phrases!(
    "total totals totais totales totaux totale lacznie laczna laczny lacznych insgesamt gesamt gesamtzahl \
     gesamte",
);

/// Words for a period, after which a sum begins anew.
const PERIODS: Phrases = phrases!(
    "year-to-date ytd month-to-date mtd quarter-to-date qtd week-to-date year years yearly annual annually \
     quarter quarterly month monthly week weekly day daily period campaign season q1 q2 q3 q4 h1 h2 ano anual \
     anuais trimestre trimestral mes mensal mensais mensual mensuales semana semanal dia diario diarios \
     periodo rok roku rocznie kwartal kwartale kwartalu miesiac miesiacu miesiaca miesiecznie tydzien \
     tygodniu okres okresie jahr jahres jahrlich quartal quartals monat monats monatlich woche wochentlich \
     tag taglich zeitraum an annee annuel annuels trimestriel mois mensuel mensuels semaine jour periode",
);

/// What a name that opens with a piece of work says behind it: what is published, introduced, set up.
fn delivered(name: &str) -> Option<&str> {
    let mut opening = String::new();
    let known = words_at(name).take(LONGEST_DELIVERY).find_map(|(start, word)| {
        opening.push_str(&Plan::id_from(word));
        let known = DELIVERIES.contains(&opening.as_str());
        opening.push(' ');
        known.then(|| name.get(start + word.len()..)).flatten()
    });
    known.map(str::trim_start).filter(|rest| !rest.is_empty())
}

/// Whether a name opens with a piece of work and names no result of it.
pub fn is_work(name: &str, dictionary: &Dictionary) -> bool {
    delivered(name).is_some_and(|what| !mentions_a_result(what, dictionary))
}

/// Words of the longest of them.
const LONGEST_DELIVERY: usize = 4;

/// Whether a name that speaks of work says what should come of it: "to reach 1M ARR", ", 200 referrals".
pub fn names_a_purpose(name: &str, dictionary: &Dictionary) -> bool {
    let opens = |word: &str| {
        word.ends_with([',', ';', ':', '(', '–', '—', '-', '=', '→']) || PURPOSES.has(&Plan::id_from(word))
    };
    let behind = |(start, word): (usize, &str)| opens(word).then(|| name.get(start + word.len()..)).flatten();
    let said = words_at(name).filter_map(behind).filter_map(|rest| Some((rest, dictionary.recognise(rest.trim())?)));
    said.take(MOST_PURPOSES).any(|(rest, found)| is_a_result(rest, &found))
}

/// A name with more than so many words that might open a purpose is prose.
const MOST_PURPOSES: usize = 8;

/// Leads as such are whom the work is for ("emails to leads"); a number of them, what is done about them, and any other
/// measure, is a result.
fn is_a_result(text: &str, found: &Recognition<'_>) -> bool {
    let numbered = text.bytes().any(|letter| letter.is_ascii_digit());
    let measured = found.metric.is_some_and(|metric| metric.unit != MetricUnit::Count);
    found.kind != Kind::Activity
        && (numbered || measured || (found.certainty != Certainty::Exact && found.matched.start > 0))
}

/// Whether any word of a text, or all from there on, is by itself the name of a measure that is no work.
fn mentions_a_result(text: &str, dictionary: &Dictionary) -> bool {
    let is_result = |text: &str| dictionary.recognise(text).is_some_and(|found| found.kind != Kind::Activity);
    words_at(text).take(MOST_WORDS).any(|(start, word)| is_result(word) || text.get(start..).is_some_and(is_result))
}

/// Words of a name that are looked at one by one: a longer one is prose.
const MOST_WORDS: usize = 24;

/// The words of a name, with where they begin.
fn words_at(name: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = 0;
    name.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = end;
        end += piece.len();
        let word = piece.trim_end();
        (!word.is_empty()).then_some((start, word))
    })
}

/// Whether a name says that it counts everything since the beginning; `metric` is what it counts, where it is known.
pub fn is_all_time(name: &str, metric: Option<&str>) -> bool {
    let id = Plan::id_from(name);
    let of_a_year = id.split('-').any(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")));
    let counted = || metric.map_or_else(|| REGISTERED.are_in(&id), |metric| sets::COUNTED_FOR_EVER.has(metric));
    let total = || TOTAL.are_in(&id) && counted();
    !of_a_year && !PERIODS.are_in(&id) && (ALL_TIME.are_in(&id) || total())
}

/// Those who have ever registered, where the dictionary has no metric for them.
const REGISTERED: Phrases = phrases!(
    "registered registados registrados rexistrados zarejestrowanych zarejestrowani registrierte registrierten \
     registrierter inscrits",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::dictionary;

    #[test]
    fn work_is_known_by_how_a_name_opens_and_only_where_a_word_ends() {
        for name in
            ["Publish pricing page", "Lançar site novo", "Mise en place du CRM", "Wdrożenie CRM", "Einführung des CRM"]
        {
            assert!(delivered(name).is_some(), "{name}");
        }
        for name in
            ["Publishing revenue", "Write-offs", "Launch conversion rate", "Publish", "Lancers won", "Setup time"]
        {
            assert_eq!(delivered(name), None, "{name}");
        }
        assert_eq!(delivered("Implement revenue dashboard"), Some("revenue dashboard"));
        assert!(mentions_a_result("revenue dashboard", dictionary()));
        assert!(!mentions_a_result("du CRM", dictionary()));
    }

    #[test]
    fn a_purpose_is_a_result_that_a_name_speaks_of_behind_its_work() {
        for name in [
            "Launch campaign to reach 1M ARR",
            "Launch referral programme, 200 referrals",
            "Introduce referral scheme to lower churn",
            "Lançar campanha para chegar a 1M de ARR",
            "Lancer une campagne pour réduire le churn",
        ] {
            assert!(names_a_purpose(name, dictionary()), "{name}");
        }
        for name in
            ["Emails sent to leads", "Publish 12 blog posts", "Webinars with customers", "Blog posts and whitepapers"]
        {
            assert!(!names_a_purpose(name, dictionary()), "{name}");
        }
    }

    #[test]
    fn all_time_is_said_in_words_and_not_of_a_period() {
        for (name, metric) in [
            ("Cumulative sign-ups", None),
            ("Downloads since launch", None),
            ("Total registered users", None),
            ("Utilisateurs inscrits au total", Some("sign-ups")),
            ("Registos acumulados", None),
            ("Téléchargements cumulés", None),
            ("Downloads seit Launch", None),
        ] {
            assert!(is_all_time(name, metric), "{name}");
        }
        for (name, metric) in [
            ("Year-to-date leads", None),
            ("Cumulative leads this quarter", None),
            ("Total leads", Some("leads")),
            ("Total downloads per month", Some("app-downloads")),
            ("Cumulative downloads 2027", None),
            ("Every download", None),
        ] {
            assert!(!is_all_time(name, metric), "{name}");
        }
    }
}
