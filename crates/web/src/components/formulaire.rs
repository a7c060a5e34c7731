//! The state of a form: what was typed, what is wrong with it, and its hidden fields.

use std::collections::BTreeMap;
use std::fmt::Display;

use askama::Template;

use super::identifiant;

/// Hidden field: anti-CSRF token bound to the session (WEB-2).
pub const NOM_JETON: &str = "_jeton";
/// Hidden field: idempotency key; the same key twice is the same act.
pub const NOM_CLE: &str = "_cle";
/// Hidden field: version of the object that the person was looking at.
pub const NOM_VERSION: &str = "_version";

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
        let mut form = Self::new(jeton);
        for (nom, valeur) in paires {
            match nom.as_str() {
                NOM_JETON => {}
                NOM_CLE => form.cle = valeur,
                NOM_VERSION => form.version = valeur.parse().ok(),
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
        self
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

    pub fn cle(&self) -> &str {
        &self.cle
    }

    pub fn version(&self) -> Option<i64> {
        self.version
    }

    /// The identifier of a field: `champ-` and its name.
    pub fn id(&self, nom: &str) -> String {
        format!("champ-{}{}", self.prefixe, identifiant(nom))
    }

    /// First thing inside a `<form method="post">`.
    pub fn champs_caches(&self) -> ChampsCaches {
        ChampsCaches { jeton: self.jeton.clone(), cle: self.cle.clone(), version: self.version }
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
    fn what_was_typed_is_escaped() {
        let form = Formulaire::new("j").avec("nom", "\"><script>alert(1)</script>");
        let html = form.texte("nom", "Nom").to_string();
        assert!(!html.contains("<script"), "{html}");
    }
}
