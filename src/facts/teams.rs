//! The teams that rules know by what they do, by any of their names in the dictionary's languages, and who answers for what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::Facts;
use crate::phrases::{Phrases, phrases};
use crate::plan::{GoalOrKpi, MetricRef, OneOrMany, Placed, Plan, Team, Text};

/// A team by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Department {
    /// It makes people want what is sold.
    Marketing,
    /// It sells to them.
    Sales,
    /// It sets prices and sells capacity: hotels, airlines.
    RevenueManagement,
    /// It keeps customers.
    CustomerSuccess,
    /// It keeps the books.
    Finance,
    /// It makes what is sold.
    Product,
}

/// Names of teams, folded and without the words around them, by department. A name of which another team could be meant
/// ("growth", "revenue", "commercial" in English) is in none.
const NAMES: &[(Department, Phrases)] = &[
    (
        Department::Marketing,
        phrases!(
            "marketing mkt mktg marketingu mercadotecnia mercadeo marketing-communications marketing-digital \
             digital-marketing performance-marketing product-marketing brand-marketing growth-marketing \
             field-marketing demand-generation demand-gen"
        ),
    ),
    (
        Department::Sales,
        phrases!(
            "sales inside-sales field-sales sales-development sdr sdrs bdr bdrs vendas ventas comercial sprzedaz \
             sprzedazy handlowy vertrieb vertriebs verkauf ventes vente commerciale commerciaux"
        ),
    ),
    (
        Department::RevenueManagement,
        phrases!(
            "revenue-management revenue-mgmt revenue-manager yield-management gestao-receita gestao-receitas \
             gestion-ingresos xestion-ingresos zarzadzanie-przychodami zarzadzania-przychodami ertragsmanagement \
             gestion-revenus"
        ),
    ),
    (
        Department::CustomerSuccess,
        phrases!(
            "customer-success cs csm csms client-success sucesso-cliente sucesso-clientes exito-cliente \
             exito-clientes sukces-klienta sukcesu-klienta kundenerfolg succes-client succes-clients"
        ),
    ),
    (
        Department::Finance,
        phrases!(
            "finance finances financas financeiro financeira finanzas financiero finanse finansow finanzen finanz \
             controlling fp-a"
        ),
    ),
    (
        Department::Product,
        phrases!(
            "product product-management produto producto produkt produktu produktowy produktmanagement produit \
             gestao-produto gestion-producto xestion-produto"
        ),
    ),
];

/// Words around the name of a team that do not change which one it is.
const AROUND: Phrases = phrases!(
    "team teams dept department the of equipo equipa equipe departamento dpto depto area de do da del dos \
     das des du la le zespol zespolu dzial dzialu abteilung service departement direction direccion \
     direcao"
);

impl Department {
    /// The department that a team's name means, where it can mean one only.
    pub fn of(team: &str) -> Option<Self> {
        Called::by(team).department
    }

    /// The department of a folded name without the words around it.
    fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, names)| names.has(name)).map(|(department, _)| *department)
    }

    /// The team in a sentence: "customer success".
    pub fn title(self) -> &'static str {
        match self {
            Self::RevenueManagement => "revenue management",
            Self::CustomerSuccess => "customer success",
            other => other.name(),
        }
    }

    /// The name of the team as the format writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Sales => "sales",
            Self::RevenueManagement => "revenue-management",
            Self::CustomerSuccess => "customer-success",
            Self::Finance => "finance",
            Self::Product => "product",
        }
    }
}

/// The same for every name of one team: its department's, else its own name, folded, without the words around it.
pub fn team_key(team: &str) -> Cow<'_, str> {
    Called::by(team).key
}

/// What a name stands for where it is a team's.
#[derive(Debug)]
struct Called<'n> {
    department: Option<Department>,
    key: Cow<'n, str>,
}

impl<'n> Called<'n> {
    fn by(name: &'n str) -> Self {
        let id = Plan::id_from(name);
        let own = without_words_around(&id);
        let department = Department::named(&own);
        let key = match department {
            Some(department) => Cow::Borrowed(department.name()),
            None if own.is_empty() => id,
            None => Cow::Owned(own.into_owned()),
        };
        Self { department, key }
    }

    fn into_owned(self) -> Called<'static> {
        let key = match self.department {
            Some(department) => Cow::Borrowed(department.name()),
            None => Cow::Owned(self.key.into_owned()),
        };
        Called { department: self.department, key }
    }
}

fn without_words_around(id: &str) -> Cow<'_, str> {
    if !id.split('-').any(|word| AROUND.has(word)) {
        return Cow::Borrowed(id);
    }
    let mut name = String::with_capacity(id.len());
    for word in id.split('-').filter(|word| !AROUND.has(word)) {
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(word);
    }
    Cow::Owned(name)
}

/// The teams of a plan: which departments take part, and who is a member of which.
#[derive(Debug, Default)]
pub struct Teams {
    /// With the name by which the plan first calls each.
    departments: BTreeMap<Department, String>,
    /// What the plan calls each team, and whether it is a single person, by the team's key.
    listed: HashMap<String, (String, bool)>,
    /// By folded name of the person.
    members: HashMap<String, Vec<String>>,
    /// The names by which the plan calls teams, or may: rules ask for each of them many times.
    called: HashMap<Text, Called<'static>>,
}

/// The teams that answer for a goal or KPI, as far as the plan says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answering {
    /// Those that are understood.
    pub departments: BTreeSet<Department>,
    /// Whether others answer for it too, or somebody of whom it cannot be told.
    pub others: bool,
}

impl Answering {
    /// Whether the plan says nothing of who answers.
    pub fn is_silent(&self) -> bool {
        self.departments.is_empty() && !self.others
    }
}

impl Teams {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut teams = Self::default();
        for (name, team) in plan.head.teams.iter().flat_map(|teams| teams.iter()) {
            teams.enter(name);
            let key = teams.key(name).into_owned();
            teams.listed.entry(key).or_insert_with(|| (name.to_string(), is_one_person(&team.value)));
            for member in texts(&team.value.members) {
                teams.members.entry(Plan::id_from(member).into_owned()).or_default().push(name.to_string());
            }
        }
        let of_kpis = plan.kpis.iter().flat_map(|kpi| texts(&kpi.teams));
        let of_goals = plan.goals.iter().flat_map(|goal| texts(&goal.owners));
        let of_handoffs = plan.handoffs.iter().flat_map(|handoff| [&handoff.from.value, &handoff.to.value]);
        for name in of_kpis.chain(of_goals).chain(of_handoffs) {
            teams.enter(name);
        }
        for kpi in &plan.kpis {
            let setter = kpi.set_by.as_ref().map(|setter| &setter.value);
            for name in texts(&kpi.owner).chain(texts(&kpi.agreed_with)).chain(setter) {
                teams.call(name);
            }
        }
        teams
    }

    /// Takes in the name of a team.
    fn enter(&mut self, name: &Text) {
        if let Some(department) = self.call(name).department {
            self.departments.entry(department).or_insert_with(|| name.to_string());
        }
    }

    fn call(&mut self, name: &Text) -> &Called<'static> {
        self.called.entry_ref(name).or_insert_with(|| Called::by(name).into_owned())
    }

    /// The department that a name of the plan means, where it can mean one only.
    pub fn department(&self, name: &str) -> Option<Department> {
        self.called.get(name).map_or_else(|| Department::of(name), |called| called.department)
    }

    /// [`team_key`] of a name of the plan.
    pub fn key<'t>(&'t self, name: &'t str) -> Cow<'t, str> {
        self.called.get(name).map_or_else(|| team_key(name), |called| Cow::Borrowed(&*called.key))
    }

    /// Whether a department takes part in the plan: it is in `teams`, shares a KPI or goal, or hands over.
    pub fn has(&self, department: Department) -> bool {
        self.departments.contains_key(&department)
    }

    /// The departments that take part.
    pub fn departments(&self) -> impl Iterator<Item = Department> {
        self.departments.keys().copied()
    }

    /// The name by which the plan calls a department; the format's where it does not speak of it.
    pub fn written(&self, department: Department) -> &str {
        self.departments.get(&department).map_or(department.name(), String::as_str)
    }

    /// A department in a sentence: by the plan's own word for it, where that is not the format's.
    pub fn title(&self, department: Department) -> &str {
        let written = self.written(department);
        if Plan::id_from(written) == department.name() { department.title() } else { written }
    }

    /// What the plan calls a team that it lists, by the team's key.
    pub fn listed_as(&self, key: &str) -> Option<&str> {
        self.listed.get(key).map(|(name, _)| name.as_str())
    }

    /// Whether a team that the plan lists is a single person; `None` where it lists no such team.
    pub fn is_one_person(&self, key: &str) -> Option<bool> {
        self.listed.get(key).map(|(_, one)| *one)
    }

    /// The teams of which a person is a member, as the plan names them.
    pub fn of_member(&self, person: &str) -> &[String] {
        self.members.get(&*Plan::id_from(person)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The teams that a name stands for: the team itself, or those that a person is a member of.
    fn of_name<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let own = self.department(name).map(|_| name);
        let through = self.members.get(&*Plan::id_from(name)).filter(|_| own.is_none());
        own.into_iter().chain(through.into_iter().flatten().map(String::as_str))
    }
}

impl Facts {
    /// The teams of the plan.
    pub fn teams(&self) -> &Teams {
        self.teams.get_or_init(|| Teams::new(&self.plan))
    }

    /// The teams that answer for a goal (`owners`) or KPI (`teams`, else the team of its `owner`).
    pub fn answering_for(&self, metric: MetricRef) -> Answering {
        let Some(plan) = self.plan.numbered(metric.plan) else { return Answering::default() };
        let names: Vec<&Text> = match metric.which {
            GoalOrKpi::Goal(at) => plan.goals.get(at).map(|goal| texts(&goal.owners).collect()).unwrap_or_default(),
            GoalOrKpi::Kpi(at) => plan.kpis.get(at).map_or_else(Vec::new, |kpi| {
                let teams: Vec<&Text> = texts(&kpi.teams).collect();
                if teams.is_empty() { texts(&kpi.owner).collect() } else { teams }
            }),
        };
        let mut answering = Answering::default();
        for name in names {
            let teams = self.teams();
            let teams: Vec<Option<Department>> = teams.of_name(name).map(|team| teams.department(team)).collect();
            answering.others |= teams.is_empty() || teams.contains(&None);
            answering.departments.extend(teams.into_iter().flatten());
        }
        answering
    }
}

fn is_one_person(team: &Team) -> bool {
    let members = team.members.as_ref().map(|members| members.iter().count());
    match team.people.as_ref().and_then(|people| people.point()) {
        Some(people) => people <= 1.0,
        None => members == Some(1),
    }
}

fn texts(list: &Option<Placed<OneOrMany<Text>>>) -> impl Iterator<Item = &Text> {
    list.iter().flat_map(|list| list.iter()).map(|item| &item.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_known_by_its_names_in_seven_languages() {
        let all = [
            (
                Department::Marketing,
                vec!["Marketing", "marketing team", "Equipa de marketing", "Dział marketingu", "MKT"],
            ),
            (Department::Sales, vec!["sales", "Vendas", "Ventas", "Equipo comercial", "dział sprzedaży", "Vertrieb"]),
            (Department::RevenueManagement, vec!["revenue management", "Xestión de ingresos", "gestão de receitas"]),
            (Department::CustomerSuccess, vec!["customer_success", "CS", "Sucesso do Cliente", "éxito del cliente"]),
            (Department::Finance, vec!["Finance", "Finanzas", "Financeiro", "finanse"]),
            (Department::Product, vec!["product", "Produto", "produkt"]),
        ];
        for (department, names) in all {
            for name in names {
                assert_eq!(Department::of(name), Some(department), "{name}");
            }
        }
    }

    #[test]
    fn a_name_that_could_mean_another_team_is_left_alone() {
        for name in ["growth", "revenue", "commercial", "sales operations", "product sales", "team", "Ana", ""] {
            assert_eq!(Department::of(name), None, "{name}");
        }
    }

    #[test]
    fn the_format_names_every_department_as_it_is_understood() {
        for (department, _) in NAMES {
            assert_eq!(Department::of(department.name()), Some(*department));
        }
    }
}
