//! What people write where a name or a place is not known yet: "TBD", "to be defined", "…", in the dictionary's languages.

use crate::phrases::{Phrases, phrases};
use crate::plan::Plan;

/// Such words in all languages, folded as an id is. A text without any letter or digit is folded to "unnamed".
const LEFT_OPEN: Phrases = phrases!(
    "unnamed tbd tba tbc todo to-do n-a none nobody no-one nobody-yet none-yet unknown to-be-defined \
    to-be-decided to-be-confirmed to-be-determined not-yet-known a-definir por-definir a-determinar \
    por-determinar sin-definir sen-definir em-aberto pendente pendiente nenhum nenhuma ningun ninguna ninguno \
    ninguen ninguem nadie desconhecido desconocido desconecido do-ustalenia do-uzupelnienia do-okreslenia \
    nieustalone nieznane brak nikt noch-offen offen zu-klaren wird-noch-festgelegt noch-festzulegen unbekannt \
    niemand keine keiner a-preciser inconnu inconnue aucun aucune personne"
);

/// Whether a text says no more than that it is still open. Only the whole text counts: "Tba Analytics" is a name.
pub fn is_left_open(text: &str) -> bool {
    LEFT_OPEN.has(&Plan::id_from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_left_open_by_the_whole_of_it() {
        for text in [
            "TBD",
            "…",
            "?",
            "-",
            " tbd. ",
            "n/a",
            "por definir",
            "Do ustalenia",
            "zu klären",
            "à préciser",
            "a definir",
        ] {
            assert!(is_left_open(text), "{text}");
        }
        for text in ["ines", "TBA Analytics", "the CRM", "marketing", "Offenbach", "N. A. Silva"] {
            assert!(!is_left_open(text), "{text}");
        }
    }
}
