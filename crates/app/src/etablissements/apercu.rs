//! What the public would read of an establishment, were what is typed saved. Nothing is refused, nothing is written.

use domain::RuleViolation;
use domain::etablissements::{
    Internat, check_code_postal, check_ligne, check_site_web, check_telephone, check_texte, parse_position,
};
use store::etablissements::{LigneComposante, LigneSite};

use super::saisie::{courriel, minutes};
use super::{
    Accueil, Coordonnees, EtablissementPublic, JourneePublique, JourneeSaisie, Modification, Site,
    VueEtablissement,
};

/// As it would be saved; what could not be stays as typed, so that its author sees it.
fn lu(saisi: &str, lit: impl FnOnce(&str) -> Result<String, RuleViolation>) -> String {
    let net = saisi.trim();
    if net.is_empty() { String::new() } else { lit(net).unwrap_or_else(|_| net.to_owned()) }
}

fn ligne(champ: &'static str, saisi: &str) -> String {
    lu(saisi, |t| check_ligne(champ, t))
}

/// In the place of the line that it changes, else at the end.
fn pose<T>(lignes: &mut Vec<T>, id: Option<&str>, nouvelle: T, cle: impl Fn(&T) -> &str) {
    match lignes.iter().position(|l| Some(cle(l)) == id) {
        Some(i) => lignes[i] = nouvelle,
        None => lignes.push(nouvelle),
    }
}

impl VueEtablissement {
    /// The same once this would be saved. What takes a line away, and what is never public, changes nothing here.
    #[must_use]
    pub fn once(&self, m: &Modification) -> Self {
        let mut v = self.clone();
        match m {
            Modification::Coordonnees(c) => v.pose_coordonnees(c),
            Modification::Accueil(a) => v.pose_accueil(a),
            Modification::Composante(id, c) => v.pose_composante(id.as_deref(), &c.nom),
            Modification::Site(id, s) => v.pose_site(id.as_deref(), s),
            Modification::Journee(id, j) => v.pose_journee(id.as_deref(), j),
            _ => return v,
        }
        let composantes = v.composantes.iter().map(|c| c.nom.clone()).collect();
        v.public =
            EtablissementPublic::new(&v.ligne, composantes, v.sites.clone(), v.journees.clone(), v.jour);
        v
    }

    fn pose_coordonnees(&mut self, c: &Coordonnees) {
        let l = &mut self.ligne;
        l.sigle = ligne("sigle", &c.sigle);
        l.adresse = ligne("adresse", &c.adresse);
        l.code_postal = lu(&c.code_postal, check_code_postal);
        l.commune = ligne("commune", &c.commune);
        l.telephone = lu(&c.telephone, |t| check_telephone("telephone", t));
        l.courriel = lu(&c.courriel, |t| courriel("courriel", t));
        // A link that a browser could not follow is none.
        l.site_web = check_site_web("site_web", &c.site_web).ok();
    }

    fn pose_accueil(&mut self, a: &Accueil) {
        let l = &mut self.ligne;
        let internat = Internat::from_code(&a.internat);
        l.accessibilite = lu(&a.accessibilite, |t| check_texte("accessibilite", t));
        l.referent_nom = ligne("referent_nom", &a.referent_nom);
        l.referent_courriel = lu(&a.referent_courriel, |t| courriel("referent_courriel", t));
        l.referent_telephone = lu(&a.referent_telephone, |t| check_telephone("referent_telephone", t));
        internat.map_or("", Internat::code).clone_into(&mut l.internat);
        l.internat_places = a.internat_places.filter(|_| internat.is_some_and(|i| i != Internat::Sans));
        l.boursiers = a.boursiers.map(i64::from);
    }

    fn pose_composante(&mut self, id: Option<&str>, nom: &str) {
        let nom = ligne("nom", nom);
        if nom.is_empty() {
            return;
        }
        let nouvelle = LigneComposante { public_id: id.unwrap_or_default().to_owned(), nom };
        pose(&mut self.composantes, id, nouvelle, |c| &c.public_id);
        self.composantes.sort_by(|a, b| a.nom.cmp(&b.nom));
    }

    fn pose_site(&mut self, id: Option<&str>, s: &Site) {
        let (nom, adresse) = (ligne("nom", &s.nom), ligne("adresse", &s.adresse));
        if nom.is_empty() && adresse.is_empty() {
            return;
        }
        let position = parse_position(&s.latitude, &s.longitude).ok().flatten();
        let nouveau = LigneSite {
            public_id: id.unwrap_or_default().to_owned(),
            nom,
            adresse,
            code_postal: lu(&s.code_postal, check_code_postal),
            commune: ligne("commune", &s.commune),
            latitude: position.map(|p| p.0),
            longitude: position.map(|p| p.1),
        };
        pose(&mut self.sites, id, nouveau, |s| &s.public_id);
    }

    fn pose_journee(&mut self, id: Option<&str>, j: &JourneeSaisie) {
        let adresse = check_site_web("ou", &j.ou).ok().filter(|_| j.a_distance);
        let a_distance = adresse.is_some();
        let ou = adresse.unwrap_or_else(|| ligne("ou", &j.ou));
        if ou.is_empty() {
            return;
        }
        let nouvelle = JourneePublique {
            id: id.unwrap_or_default().to_owned(),
            jour: j.jour,
            horaires: (minutes(j.debut), minutes(j.fin)),
            a_distance,
            ou,
        };
        pose(&mut self.journees, id, nouvelle, |j| &j.id);
        self.journees.sort_by_key(|j| (j.jour, j.horaires));
    }
}
