//! Who is meant where a plan names somebody: a person, a team, everybody, or nobody yet.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::teams::team_key;
use super::{Department, Facts};
use crate::phrases::{Phrases, phrases};
use crate::plan::{OneOrMany, Placed, Plan, Text};

/// Who a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// One person, by name or by post; also whoever cannot be told to be more.
    Person,
    /// A team of several.
    Team,
    /// "All", "everyone".
    Everybody,
    /// "TBD", "?": it is still open.
    Open,
}

/// Everybody, in the dictionary's languages, folded.
const EVERYBODY: Phrases = phrases!(
    "all all-of-us all-teams everybody everyone the-whole-team whole-team team the-team teams todos todas \
     todos-nos todos-nosotros equipa a-equipa toda-a-equipa equipe a-equipe toda-a-equipe equipo el-equipo \
     o-equipo todo-el-equipo todo-o-equipo wszyscy zespol caly-zespol alle das-team das-ganze-team \
     ganzes-team gesamtes-team tous toutes tout-le-monde toute-l-equipe l-equipe"
);

/// Words for what is still open, in the dictionary's languages, folded.
const OPEN: Phrases = phrases!(
    "tbd tbc tba todo n-a none nobody no-one unassigned unknown to-be-decided to-be-defined to-be-confirmed \
     open vacant a-definir por-definir a-designar por-decidir pendente pendiente sin-asignar sen-asignar \
     sem-responsavel ninguem ninguen nadie do-ustalenia do-wyznaczenia nieprzypisany nikt brak offen \
     noch-offen niemand zu-bestimmen wird-noch-bestimmt personne a-determiner non-attribue"
);

/// Words that make a name a team's: "growth team", "zespół wzrostu".
const TEAM_WORDS: Phrases = phrases!(
    "team teams department dept equipo equipa equipe departamento dpto depto zespol zespolu dzial dzialu \
     abteilung departement"
);

/// Words that make a name one person's post: "head of sales", "kierownik zespołu".
const POSTS: Phrases = phrases!(
    "head vp svp evp chief officer director directora lead leader manager owner president coordinator diretor \
     diretora gestor gestora gerente responsavel lider coordenador coordenadora responsable jefe jefa \
     coordinador coordinadora xefe xefa responsabel xerente dyrektor dyrektorka kierownik kierowniczka szef \
     szefowa liderka menedzer menedzerka leiter leiterin leitung chef chefin cheffe directeur directrice"
);

/// The German post at the end of a compound: "Vertriebsleiterin".
const POST_ENDINGS: &[&str] = &["leiterin", "leiter", "leitung", "chefin", "chef"];

/// Posts by their letters, with the department that they head.
const CHIEFS: &[(&str, Department)] = &[
    ("cmo", Department::Marketing),
    ("cro", Department::Sales),
    ("cso", Department::Sales),
    ("cfo", Department::Finance),
    ("cpo", Department::Product),
];

/// Names of departments that are the name of one person's post as well.
const ALSO_A_POST: Phrases = phrases!("sdr bdr csm revenue-manager comercial financeiro financeira financiero");

impl Facts {
    /// Who is meant by a name that stands where an owner belongs.
    pub fn who(&self, name: &str) -> Who {
        if !name.chars().any(char::is_alphanumeric) {
            return Who::Open;
        }
        let id = Plan::id_from(name);
        let words = || id.split('-');
        if !self.teams().of_member(name).is_empty() {
            return Who::Person;
        }
        if EVERYBODY.has(&id) {
            return Who::Everybody;
        }
        if OPEN.has(&id) {
            return Who::Open;
        }
        let also_a_post = ALSO_A_POST.has(&id);
        let key = self.teams().key(name);
        match self.teams().is_one_person(&key) {
            Some(true) => return Who::Person,
            Some(false) if !also_a_post || self.teams().listed_as(&key) == Some(name) => return Who::Team,
            _ => {}
        }
        let post = words().any(|word| POSTS.has(word));
        let team = words().any(|word| TEAM_WORDS.has(word)) || self.teams().department(name).is_some() && !also_a_post;
        if team && !post { Who::Team } else { Who::Person }
    }

    /// The teams for which a name stands, by their keys: the team itself, those of which a person is a member, and the one
    /// that a post heads.
    pub fn teams_of<'n>(&'n self, name: &'n str) -> impl Iterator<Item = Cow<'n, str>> {
        let own = std::iter::once(self.teams().key(name));
        let of_member = self.teams().of_member(name).iter().map(|team| self.teams().key(team));
        own.chain(of_member).chain(headed_by(name))
    }

    /// The teams for which any of these names stands.
    pub fn teams_of_all<'n>(&'n self, names: &'n Option<Placed<OneOrMany<Text>>>) -> BTreeSet<Cow<'n, str>> {
        let names = names.iter().flat_map(|names| names.iter());
        names.flat_map(|name| self.teams_of(name)).collect()
    }
}

/// The key of the team that a post heads: "VP Sales", "directora de marketing", "Vertriebsleiterin", "CMO".
fn headed_by(post: &str) -> Option<Cow<'static, str>> {
    let id = Plan::id_from(post);
    if let Some((_, department)) = CHIEFS.iter().find(|(letters, _)| *letters == id) {
        return Some(Cow::Borrowed(department.name()));
    }
    let mut is_post = false;
    let mut rest: Vec<&str> = Vec::new();
    for word in id.split('-') {
        let ending = || POST_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
        match ending() {
            _ if POSTS.has(word) => is_post = true,
            Some(before) if !before.is_empty() => {
                is_post = true;
                rest.push(before);
            }
            _ => rest.push(word),
        }
    }
    (is_post && !rest.is_empty()).then(|| Cow::Owned(team_key(&rest.join("-")).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_stands_for_the_team_that_it_heads() {
        for (post, team) in [
            ("VP Sales", "sales"),
            ("Head of Marketing", "marketing"),
            ("Directora de marketing", "marketing"),
            ("Kierownik działu sprzedaży", "sales"),
            ("Vertriebsleiterin", "sales"),
            ("CMO", "marketing"),
            ("Head of Growth", "growth"),
        ] {
            assert_eq!(headed_by(post).as_deref(), Some(team), "{post}");
        }
        for name in ["Ana", "marketing", "CEO", "Chef"] {
            assert_eq!(headed_by(name), None, "{name}");
        }
    }
}
