//! Words that say how much without a digit: "zero", "double", "metade", in the dictionary's languages.

use crate::phrases::{Phrases, phrases};
use crate::plan::Plan;

/// Such words by language, folded as an id is. Articles that are numbers too ("un", "uma", "ein") are left out, as are parts of
/// the year ("quarter").
const LEVELS: Phrases = phrases!(
    // English
    "zero nil half halve halved halves halving double doubled doubles doubling twice thrice triple tripled \
     tripling treble quadruple twofold threefold tenfold one two three four five six seven eight nine ten \
     eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand \
     million dozen all every everyone none parity",
    // Portuguese, Spanish, Galician
    "dobro dobrar dobra dobrado duplicar duplica duplicado duplicada doble doblar dobre triplo triplicar \
     triplicado cuadruplicar quadruplicar metade mitad cero dois duas dous tres quatro cuatro catro cinco \
     seis sete siete oito ocho nove nueve dez diez doce doze quince quinze vinte veinte trinta treinta \
     cuarenta quarenta cincuenta cinquenta cem cen cien ciento cento mil milhao millon millons todos todas \
     todo toda nenhum nenhuma ninguno ninguna ningun ningunha terco tercio terzo duzia docena ducia",
    // Polish
    "podwoic podwojenie podwojona dwukrotnie dwukrotny trzykrotnie potroic potrojenie polowa polowe polowy \
     jeden jedna dwa dwie trzy cztery piec szesc siedem osiem dziewiec dziesiec dwanascie pietnascie \
     dwadziescia trzydziesci czterdziesci piecdziesiat sto tysiac milion wszystkie wszyscy kazdy brak zadne \
     zadnych",
    // German
    "null verdoppeln verdoppelt verdopplung verdoppelung doppelt doppelte verdreifachen verdreifacht dreifach \
     halbieren halbiert halbierung halb halfte eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf \
     funfzehn zwanzig dreissig vierzig funfzig hundert tausend millionen alle allen jeder keine drittel \
     viertel dutzend",
    // French
    "doubler doublement doublee tripler triplement moitie deux trois quatre cinq sept huit neuf dix douze \
     vingt trente quarante cinquante soixante cent mille tous toutes tout toute chaque aucun aucune douzaine",
);

/// Whether a text without a digit may still say how much, by one of its words.
pub fn may_say_how_much(text: &str) -> bool {
    LEVELS.are_in(&Plan::id_from(text))
}

/// Words that say a target by themselves, against where the number stands.
const MULTIPLYING: Phrases = phrases!(
    "double doubling halve halving triple tripling treble quadruple dobrar duplicar triplicar quadruplicar doblar \
     cuadruplicar podwoic podwojenie potroic potrojenie verdoppeln verdoppelung verdopplung verdreifachen halbieren \
     halbierung doubler doublement tripler triplement"
);

/// Whether a name says its target by a word such as "double".
pub fn multiplies(text: &str) -> bool {
    MULTIPLYING.are_in(&Plan::id_from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_in_words_is_seen_and_a_wish_is_not() {
        for text in [
            "zero",
            "Double last year",
            "dobrar",
            "la mitad",
            "podwoić",
            "verdoppeln",
            "zéro",
            "Null",
            "doubler",
            "half of it",
        ] {
            assert!(may_say_how_much(text), "{text}");
        }
        for text in [
            "TBD",
            "improve",
            "positive",
            "mejorar",
            "melhorar as vendas",
            "poprawa",
            "verbessern",
            "à améliorer",
            "un aumento",
        ] {
            assert!(!may_say_how_much(text), "{text}");
        }
    }
}
