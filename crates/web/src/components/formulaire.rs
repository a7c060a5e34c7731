//! The state of a form: what was typed, what is wrong with it, and its hidden fields.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use askama::Template;

use super::brouillon::{AvisBrouillon, AvisBrouillons, ChampBrouillon, EtatBrouillon};
use super::identifiant;

/// Hidden field: anti-CSRF token bound to the session (WEB-2).
pub const NOM_JETON: &str = "_jeton";
/// Hidden field: idempotency key; the same key twice is the same act.
pub const NOM_CLE: &str = "_cle";
/// Hidden field: version of the object that the person was looking at.
pub const NOM_VERSION: &str = "_version";
/// Hidden field: address under which what is typed waits until it is saved (SES-3).
pub const NOM_BROUILLON: &str = "_brouillon";
/// Hidden field: the page that types it, or took it back.
pub const NOM_ONGLET: &str = "_onglet";

/// A fault, and the field where it is corrected (none: the form as a whole).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErreurChamp {
    pub champ: Option<String>,
    /// Where the link of the summary leads.
    pub ancre: Option<String>,
    pub message: String,
}

/// Ends, in what the browser sends, the name of a field that may have several answers: any other name comes once (ENT-2).
pub const PLUSIEURS: &str = "[]";

/// What a form shows: values, faults, hidden fields. The same type serves the blank form (`new`),
/// the form filled from an object (`avec`), and the form shown again after a refusal (`recu`).
#[derive(Clone, Debug, Default)]
pub struct Formulaire {
    valeurs: BTreeMap<String, Vec<String>>,
    erreurs: Vec<ErreurChamp>,
    prefixe: String,
    jeton: String,
    cle: String,
    version: Option<i64>,
    brouillon: Option<String>,
    onglet: String,
    /// What was typed comes back from a page that did not save it.
    revenu: bool,
    avis: Option<AvisBrouillon>,
}

impl Formulaire {
    /// A blank form. `jeton` is the anti-CSRF token of the session.
    pub fn new(jeton: impl Display) -> Self {
        Self { jeton: jeton.to_string(), ..Self::default() }
    }

    /// What the browser sent: the decoded pairs of the body, in order. The idempotency key comes
    /// back, so that a corrected form sent twice still counts once; passwords and codes are not
    /// shown again (see [`super::Champ`]). The token is the one of the session, not the one received.
    pub fn recu(jeton: impl Display, paires: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self { revenu: true, ..Self::new(jeton) };
        for (nom, valeur) in paires {
            match nom.as_str() {
                NOM_JETON => {}
                NOM_CLE => form.cle = valeur,
                NOM_VERSION => form.version = valeur.parse().ok(),
                NOM_BROUILLON => form.brouillon = Some(valeur),
                NOM_ONGLET => form.onglet = valeur,
                nom => {
                    let nom = nom.strip_suffix(PLUSIEURS).unwrap_or(nom).to_owned();
                    form.valeurs.entry(nom).or_default().push(valeur);
                }
            }
        }
        form
    }

    /// Idempotency key, drawn by the caller when the form is first shown.
    #[must_use]
    pub fn avec_cle(mut self, cle: impl Display) -> Self {
        self.cle = cle.to_string();
        self
    }

    /// Version of the object being changed.
    #[must_use]
    pub fn avec_version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Prefix of the identifiers, when two forms of a page have a field of the same name.
    #[must_use]
    pub fn avec_prefixe(mut self, prefixe: impl Display) -> Self {
        self.prefixe = format!("{}-", identifiant(&prefixe.to_string()));
        self
    }

    /// Gives a field its initial value.
    #[must_use]
    pub fn avec(mut self, nom: &str, valeur: impl Display) -> Self {
        self.pose(nom, valeur);
        self
    }

    /// The same form with what was typed in another one.
    #[must_use]
    pub fn with_values(mut self, autre: &Self) -> Self {
        self.valeurs.clone_from(&autre.valeurs);
        self.kept_as(autre)
    }

    /// What is typed waits where it did in another form, of which this one takes the place.
    #[must_use]
    pub fn kept_as(mut self, autre: &Self) -> Self {
        self.brouillon.clone_from(&autre.brouillon);
        self.onglet.clone_from(&autre.onglet);
        self.revenu = autre.revenu;
        self
    }

    /// SES-3: what is typed is kept under this address, as of this page, until it is saved.
    #[must_use]
    pub fn gardee(mut self, adresse: &str, onglet: &str) -> Self {
        self.brouillon = Some(adresse.to_owned());
        onglet.clone_into(&mut self.onglet);
        self
    }

    /// With what is to be said, above the form, of what waits.
    #[must_use]
    pub fn avec_avis(mut self, avis: AvisBrouillon) -> Self {
        self.avis = Some(avis);
        self
    }

    /// What was typed another time takes the place of what is stored, with the version that was then in sight: saving it over
    /// something newer is refused as it would be from the page left open (TRX-4). A list comes back whole, and a box of `cases` that is
    /// not among the names was not ticked; a field that was closed was not sent, and stays.
    #[must_use]
    pub fn reprend(mut self, paires: &[(String, String)], version: Option<i64>, cases: &[&str]) -> Self {
        let liste = |nom: &str| nom.split_once('.').map(|(debut, _)| format!("{debut}."));
        let listes: BTreeSet<String> = paires.iter().filter_map(|(nom, _)| liste(nom)).collect();
        self.valeurs.retain(|nom, _| {
            !cases.contains(&nom.as_str())
                && !paires.iter().any(|(n, _)| n == nom)
                && liste(nom).is_none_or(|l| !listes.contains(&l))
        });
        for (nom, valeur) in paires {
            self.ajoute(nom, valeur);
        }
        self.version = version.or(self.version);
        self
    }

    /// What was typed, field by field.
    pub fn saisie(&self) -> impl Iterator<Item = (&str, &str)> {
        self.valeurs.iter().flat_map(|(nom, valeurs)| valeurs.iter().map(move |v| (nom.as_str(), v.as_str())))
    }

    /// Replaces the value of a field.
    pub fn pose(&mut self, nom: &str, valeur: impl Display) {
        self.valeurs.insert(nom.to_owned(), vec![valeur.to_string()]);
    }

    /// Adds a value to a field that may have several (checkboxes).
    pub fn ajoute(&mut self, nom: &str, valeur: impl Display) {
        self.valeurs.entry(nom.to_owned()).or_default().push(valeur.to_string());
    }

    /// Notes a fault of a field. The message says what is wrong and what to do.
    pub fn refuse(&mut self, champ: &str, message: impl Display) {
        let ancre = self.id(champ);
        self.erreurs.push(ErreurChamp {
            champ: Some(champ.to_owned()),
            ancre: Some(ancre),
            message: message.to_string(),
        });
    }

    /// Notes a fault of the form as a whole (a refused rule, a conflict).
    pub fn refuse_tout(&mut self, message: impl Display) {
        self.erreurs.push(ErreurChamp { champ: None, ancre: None, message: message.to_string() });
    }

    pub fn est_valide(&self) -> bool {
        self.erreurs.is_empty()
    }

    pub fn erreurs(&self) -> &[ErreurChamp] {
        &self.erreurs
    }

    /// The first fault of a field.
    pub fn erreur(&self, nom: &str) -> Option<&str> {
        self.erreurs.iter().find(|e| e.champ.as_deref() == Some(nom)).map(|e| e.message.as_str())
    }

    /// The value of a field as typed, empty when absent.
    pub fn valeur(&self, nom: &str) -> &str {
        self.valeurs.get(nom).and_then(|valeurs| valeurs.first()).map_or("", String::as_str)
    }

    /// All the values of a field.
    pub fn valeurs(&self, nom: &str) -> &[String] {
        self.valeurs.get(nom).map_or(&[], Vec::as_slice)
    }

    /// The names received, to refuse a field that the form does not have (HAB-4).
    pub fn noms(&self) -> impl Iterator<Item = &str> + Clone {
        self.valeurs.keys().map(String::as_str)
    }

    pub fn jeton(&self) -> &str {
        &self.jeton
    }

    pub fn cle(&self) -> &str {
        &self.cle
    }

    pub fn version(&self) -> Option<i64> {
        self.version
    }

    /// What it holds has just been sent, and comes back from a page that did not save it.
    pub fn revient(&self) -> bool {
        self.revenu
    }

    /// Something typed another time waits for its author.
    pub fn attend(&self) -> bool {
        self.avis.is_some()
    }

    /// Where what is typed waits.
    pub fn adresse_gardee(&self) -> Option<&str> {
        self.brouillon.as_deref()
    }

    /// The page that types, as it was drawn.
    pub fn onglet(&self) -> &str {
        &self.onglet
    }

    /// The identifier of a field: `champ-` and its name.
    pub fn id(&self, nom: &str) -> String {
        format!("champ-{}{}", self.prefixe, identifiant(nom))
    }

    /// First thing inside a `<form method="post">`.
    pub fn champs_caches(&self) -> ChampsCaches {
        ChampsCaches { jeton: self.jeton.clone(), cle: self.cle.clone(), version: self.version }
    }

    /// Second thing inside a form that is long to fill: the script sends what it holds as it is typed (SES-3).
    pub fn brouillon(&self) -> ChampBrouillon {
        let etat = match &self.avis {
            Some(AvisBrouillon { etat: EtatBrouillon::Attend, .. }) => "attend",
            _ if self.revenu => "revenu",
            _ => "",
        };
        ChampBrouillon::new(self.brouillon.clone(), self.onglet.clone(), etat)
    }

    /// Just above such a form: what was typed another time and not saved. Nothing when there is none.
    pub fn avis_brouillon(&self) -> AvisBrouillons {
        AvisBrouillons::new(self.jeton.clone(), self.avis.clone())
    }

    /// First thing of the page's content, before the title's form: nothing when all is well.
    pub fn resume_erreurs(&self) -> ResumeErreurs {
        ResumeErreurs { erreurs: self.erreurs.clone() }
    }
}

/// The hidden fields of a writing form.
#[derive(Template)]
#[template(path = "components/champs_caches.html")]
pub struct ChampsCaches {
    jeton: String,
    cle: String,
    version: Option<i64>,
}

/// The list of faults at the top of a page, each with a link to its field.
#[derive(Template)]
#[template(path = "components/resume_erreurs.html")]
pub struct ResumeErreurs {
    erreurs: Vec<ErreurChamp>,
}

composant!(ChampsCaches, ResumeErreurs);

#[cfg(test)]
mod tests {
    use super::*;

    fn paires(liste: &[(&str, &str)]) -> Vec<(String, String)> {
        liste.iter().map(|(nom, valeur)| ((*nom).to_owned(), (*valeur).to_owned())).collect()
    }

    #[test]
    fn what_was_typed_comes_back_with_key_and_version_but_the_token_of_the_session() {
        let form = Formulaire::recu(
            "jeton-serveur",
            paires(&[
                ("_jeton", "faux"),
                ("_cle", "k1"),
                ("_version", "7"),
                ("langue[]", "fr"),
                ("langue[]", "de"),
            ]),
        );
        assert_eq!(form.valeurs("langue"), ["fr", "de"]);
        assert_eq!(form.valeur("absent"), "");
        let html = form.champs_caches().to_string();
        assert!(html.contains(r#"name="_jeton" value="jeton-serveur""#), "{html}");
        assert!(html.contains(r#"name="_cle" value="k1""#), "{html}");
        assert!(html.contains(r#"name="_version" value="7""#), "{html}");
        assert!(!html.contains("faux"), "{html}");
    }

    #[test]
    fn the_summary_links_each_fault_to_its_field() {
        let mut form = Formulaire::new("j");
        assert_eq!(form.resume_erreurs().to_string().trim(), "");
        form.refuse("capacite", "Saisissez un nombre de places entre 1 et 999.");
        form.refuse_tout("La saisie est close.");
        let html = form.resume_erreurs().to_string();
        assert!(html.contains(r##"href="#champ-capacite""##), "{html}");
        assert!(html.contains("2 erreurs"), "{html}");
        assert!(html.contains("La saisie est close."), "{html}");
    }

    #[test]
    fn what_was_typed_another_time_takes_the_place_of_what_is_stored_and_of_nothing_else() {
        let stocke = Formulaire::new("j")
            .avec_version(8)
            .avec("ferme", "reste")
            .avec("contact", "ancien")
            .avec("a_distance", "oui")
            .avec("pieces.0.piece", "CV")
            .avec("pieces.1.piece", "Lettre")
            .avec("questions.0.question", "Pourquoi ?");
        let form = stocke.reprend(
            &paires(&[
                ("contact", "neuf"),
                ("pieces.0.piece", "Portfolio"),
                ("champs", "a"),
                ("champs", "b"),
            ]),
            Some(7),
            &["a_distance", "champs"],
        );
        let saisie: Vec<_> = form.saisie().collect();
        assert_eq!(
            saisie,
            [
                ("champs", "a"),
                ("champs", "b"),
                ("contact", "neuf"),
                ("ferme", "reste"),
                ("pieces.0.piece", "Portfolio"),
                ("questions.0.question", "Pourquoi ?"),
            ]
        );
        assert_eq!(form.version(), Some(7));
    }

    #[test]
    fn a_form_says_where_it_is_kept_and_whether_something_older_waits() {
        assert_eq!(Formulaire::new("j").brouillon().to_string(), "");
        let form = Formulaire::new("j").gardee("/gestion/x", "o1");
        let champ = form.brouillon().to_string();
        assert!(champ.contains(r#"name="_brouillon" value="/gestion/x" data-brouillon="""#), "{champ}");
        let recu =
            Formulaire::recu("j", paires(&[("_brouillon", "/gestion/x"), ("_onglet", "o1"), ("texte", "a")]));
        assert_eq!(recu.saisie().collect::<Vec<_>>(), [("texte", "a")]);
        assert!(recu.brouillon().to_string().contains(r#"data-brouillon="revenu""#));
        assert!(Formulaire::new("j").kept_as(&recu).brouillon().to_string().contains(r#"value="o1""#));
        let avis = AvisBrouillon {
            adresse: "/gestion/x".to_owned(),
            reprendre: "/gestion/x?brouillon=reprendre".to_owned(),
            lire: "/brouillon?adresse=/gestion/x".to_owned(),
            le: "mardi 12 décembre 2023 à 14 h 32".to_owned(),
            etat: EtatBrouillon::Attend,
        };
        let form = form.avec_avis(avis);
        assert!(form.brouillon().to_string().contains(r#"data-brouillon="attend""#));
        let html = form.avis_brouillon().to_string();
        super::super::verification::verifie(&html);
        assert!(html.contains("le mardi 12 décembre 2023 à 14 h 32 sans l’enregistrer"), "{html}");
    }

    #[test]
    fn what_was_typed_is_escaped() {
        let form = Formulaire::new("j").avec("nom", "\"><script>alert(1)</script>");
        let html = form.texte("nom", "Nom").to_string();
        assert!(!html.contains("<script"), "{html}");
    }
}
