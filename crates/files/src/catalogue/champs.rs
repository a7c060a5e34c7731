//! From the texts of a file to a record: the same checks whatever the format.

use domain::apprentissage::{Fiche, Moment, Periode, Point, Statut, is_siret_coherent, parse_siret};
use domain::formations::{CAPACITE_MAX, milliers};

use super::place::Place;
use super::{FauteFiche, FicheLue, FicheRefusee, Lue};
use crate::tableau::{Nature, Releve};
use crate::valeurs::{FormeUai, LectureGps, parse_gps, squeeze, uai_form};

/// Longest title, address or reason, in characters.
const TEXTE_MAX: usize = 500;
/// Longest identifier.
const ID_MAX: usize = 200;
/// Sessions, and codes of years, of one record.
const LISTE_MAX: usize = 200;

/// Which establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Qui {
    Gestionnaire,
    Formateur,
    Lieu,
}

/// A record being read.
pub(super) struct Chantier<'r> {
    debut: Place,
    fiche: Fiche,
    fautes: Vec<FauteFiche>,
    releve: &'r mut Releve,
    /// Start and end days, as the file lists them apart.
    debuts: Vec<Moment>,
    fins: Vec<Moment>,
    mois: Vec<Moment>,
    sans_formateur: bool,
    /// Said, and wrong: nobody is told that it is missing as well.
    id_faux: bool,
    siret_faux: bool,
}

impl<'r> Chantier<'r> {
    pub(super) fn new(debut: Place, releve: &'r mut Releve) -> Self {
        Self {
            debut,
            fiche: Fiche::default(),
            fautes: Vec::new(),
            releve,
            debuts: Vec::new(),
            fins: Vec::new(),
            mois: Vec::new(),
            sans_formateur: true,
            id_faux: false,
            siret_faux: false,
        }
    }

    pub(super) fn fault(&mut self, ou: Place, champ: &str, motif: impl Into<String>) {
        // A record with a hundred faults is not better known with the next thousand.
        if self.fautes.len() < 100 {
            let champ = champ.chars().take(60).collect();
            self.fautes.push(FauteFiche { ligne: ou.ligne, colonne: ou.colonne, champ, motif: motif.into() });
        }
    }

    fn warn(&mut self, nature: Nature, ou: Place, champ: &str, motif: impl FnOnce() -> String) {
        self.releve.warn(nature, ou.ligne, champ, motif);
    }

    /// The identifier in the catalogue: three parts joined, or the one that the file joined itself.
    pub(super) fn id(&mut self, ou: Place, champ: &str, parties: &[&str]) {
        let juste =
            |p: &&str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:|/".contains(c));
        let id = parties.join("|");
        if !parties.iter().all(juste) || id.len() > ID_MAX {
            self.id_faux = true;
            self.fault(ou, champ, format!("l’identifiant « {} » est illisible", court(&id)));
            return;
        }
        self.fiche.id = id;
    }

    pub(super) fn cle_ministere(&mut self, ou: Place, champ: &str, texte: &str) {
        self.fiche.cle_ministere = self.texte(ou, champ, texte);
    }

    pub(super) fn intitule(&mut self, ou: Place, champ: &str, texte: &str) {
        self.fiche.intitule = self.texte(ou, champ, texte);
    }

    pub(super) fn adresse(&mut self, ou: Place, champ: &str, texte: &str) {
        self.fiche.lieu.adresse = self.texte(ou, champ, texte);
    }

    /// Name of the town of the place.
    pub(super) fn ville(&mut self, ou: Place, champ: &str, texte: &str) {
        self.fiche.lieu.ville = self.texte(ou, champ, texte);
    }

    pub(super) fn raison(&mut self, ou: Place, champ: &str, texte: &str) {
        self.fiche.raison_dite = self.texte(ou, champ, texte);
    }

    /// One line of text, without control characters.
    fn texte(&mut self, ou: Place, champ: &str, texte: &str) -> Option<String> {
        let propre = squeeze(texte);
        let sans: String = propre.chars().filter(|c| !c.is_control()).collect();
        if sans.len() != propre.len() {
            self.warn(Nature::CaractereOte, ou, champ, || "caractère de contrôle ôté".to_owned());
        }
        if sans.chars().count() > TEXTE_MAX {
            self.fault(ou, champ, format!("texte de plus de {TEXTE_MAX} caractères"));
            return None;
        }
        (!sans.is_empty()).then_some(sans)
    }

    pub(super) fn siret(&mut self, qui: Qui, ou: Place, champ: &str, texte: &str) {
        let texte = texte.trim();
        if texte.is_empty() {
            return;
        }
        let Some(siret) = parse_siret(texte) else {
            self.siret_faux = true;
            self.fault(ou, champ, format!("le SIRET « {} » n’a pas quatorze chiffres", court(texte)));
            return;
        };
        if !is_siret_coherent(&siret) {
            self.warn(Nature::Siret, ou, champ, || {
                format!("la clé du SIRET « {siret} » est fausse : vérifiez-le")
            });
        }
        match qui {
            Qui::Gestionnaire => self.fiche.gestionnaire.siret = Some(siret),
            Qui::Formateur => {
                self.sans_formateur = false;
                self.fiche.formateur.siret = Some(siret);
            }
            Qui::Lieu => self.fiche.lieu.siret = Some(siret),
        }
    }

    pub(super) fn uai(&mut self, qui: Qui, ou: Place, champ: &str, texte: &str) {
        let uai = texte.trim().to_uppercase();
        if uai.is_empty() {
            return;
        }
        let forme = uai_form(&uai);
        if forme != FormeUai::Conforme {
            self.warn(Nature::Uai, ou, champ, || {
                let garde = if forme == FormeUai::Autre { " : il n’est pas repris" } else { "" };
                format!("le code UAI « {} » n’est pas conforme{garde}", court(&uai))
            });
        }
        if forme == FormeUai::Autre {
            return;
        }
        match qui {
            Qui::Gestionnaire => self.fiche.gestionnaire.uai = Some(uai),
            Qui::Formateur => self.fiche.formateur.uai = Some(uai),
            Qui::Lieu => self.fiche.lieu.uai = Some(uai),
        }
    }

    pub(super) fn commune(&mut self, qui: Qui, ou: Place, champ: &str, texte: &str) {
        let code = texte.trim().to_uppercase();
        if code.is_empty() {
            return;
        }
        let juste = code.len() == 5
            && code
                .bytes()
                .enumerate()
                .all(|(i, o)| o.is_ascii_digit() || (i == 1 && matches!(o, b'A' | b'B')));
        if !juste {
            self.warn(Nature::Territoire, ou, champ, || {
                format!("« {} » n’est pas un code de commune : il n’est pas repris", court(&code))
            });
            return;
        }
        match qui {
            Qui::Gestionnaire => self.fiche.gestionnaire.commune = Some(code),
            Qui::Formateur => self.fiche.formateur.commune = Some(code),
            Qui::Lieu => self.fiche.lieu.commune = Some(code),
        }
    }

    pub(super) fn code_postal(&mut self, ou: Place, champ: &str, texte: &str) {
        let code = texte.trim();
        if code.is_empty() {
            return;
        }
        if code.len() == 5 && code.bytes().all(|o| o.is_ascii_digit()) {
            self.fiche.lieu.code_postal = Some(code.to_owned());
        } else {
            self.warn(Nature::Territoire, ou, champ, || {
                format!("« {} » n’est pas un code postal : il n’est pas repris", court(code))
            });
        }
    }

    /// « latitude,longitude ».
    pub(super) fn point(&mut self, qui: Qui, ou: Place, champ: &str, texte: &str) {
        let point = match parse_gps(texte.trim()) {
            LectureGps::Absentes => return,
            LectureGps::Lues(c) => Point::from_degres(c.latitude, c.longitude),
            LectureGps::HorsBornes => None,
        };
        if point.is_none() {
            self.warn(Nature::CoordonneesHorsBornes, ou, champ, || {
                format!("coordonnées illisibles : « {} »", court(texte))
            });
            return;
        }
        match qui {
            Qui::Gestionnaire => self.fiche.gestionnaire.point = point,
            Qui::Formateur => self.fiche.formateur.point = point,
            Qui::Lieu => self.fiche.lieu.point = point,
        }
    }

    pub(super) fn cfd(&mut self, ou: Place, champ: &str, texte: &str) {
        let code = texte.trim().to_uppercase();
        if code.is_empty() {
            return;
        }
        if code.len() == 8 && code.bytes().all(|o| o.is_ascii_alphanumeric()) {
            self.fiche.cfd = Some(code);
        } else {
            let motif = format!("le code de diplôme « {} » n’a pas huit lettres ou chiffres", court(&code));
            self.fault(ou, champ, motif);
        }
    }

    pub(super) fn rncp(&mut self, ou: Place, champ: &str, texte: &str) {
        let code = texte.trim().to_uppercase();
        if code.is_empty() {
            return;
        }
        let numero = code.strip_prefix("RNCP").unwrap_or(&code).trim_start();
        if (1..=6).contains(&numero.len()) && numero.bytes().all(|o| o.is_ascii_digit()) {
            self.fiche.rncp = Some(format!("RNCP{numero}"));
        } else {
            self.fault(ou, champ, format!("« {} » n’est pas un code RNCP", court(&code)));
        }
    }

    pub(super) fn mef(&mut self, ou: Place, champ: &str, texte: &str) {
        for code in texte.split([',', ';', '|']).map(str::trim).filter(|c| !c.is_empty()) {
            if (10..=11).contains(&code.len()) && code.bytes().all(|o| o.is_ascii_digit()) {
                if self.fiche.mefs.len() < LISTE_MAX {
                    self.fiche.mefs.push(code.to_owned());
                }
            } else {
                self.fault(ou, champ, format!("« {} » n’est pas un code MEF", court(code)));
            }
        }
    }

    /// The first digit of what the file says, a European level.
    pub(super) fn niveau(&mut self, ou: Place, champ: &str, texte: &str) {
        let texte = texte.trim();
        if texte.is_empty() {
            return;
        }
        match texte.bytes().next() {
            Some(o @ b'1'..=b'8') => self.fiche.niveau_dit = Some(o - b'0'),
            _ => self
                .warn(Nature::ValeurInconnue, ou, champ, || format!("niveau inconnu : « {} »", court(texte))),
        }
    }

    fn moment(&mut self, ou: Place, champ: &str, texte: &str) -> Option<Moment> {
        let lu = Moment::parse(texte.trim());
        if lu.is_none() {
            let motif = format!("« {} » n’est ni une date ni un mois (AAAA-MM-JJ, AAAA-MM)", court(texte));
            self.fault(ou, champ, motif);
        }
        lu
    }

    /// A month of entry.
    pub(super) fn mois(&mut self, ou: Place, champ: &str, texte: &str) {
        let mois = self.moment(ou, champ, texte);
        self.mois.extend(mois.filter(|_| self.mois.len() < LISTE_MAX));
    }

    /// The first day of a session; that of the same rank among the ends is its own.
    pub(super) fn debut(&mut self, ou: Place, champ: &str, texte: &str) {
        let jour = self.moment(ou, champ, texte);
        self.debuts.extend(jour.filter(|_| self.debuts.len() < LISTE_MAX));
    }

    /// The last day of a session.
    pub(super) fn fin(&mut self, ou: Place, champ: &str, texte: &str) {
        let jour = self.moment(ou, champ, texte);
        self.fins.extend(jour.filter(|_| self.fins.len() < LISTE_MAX));
    }

    /// A session with its two days.
    pub(super) fn periode(&mut self, ou: Place, champ: &str, debut: &str, fin: Option<&str>) {
        let Some(debut) = self.moment(ou, champ, debut) else { return };
        let fin = match fin {
            Some(fin) => match self.moment(ou, champ, fin) {
                None => return,
                fin => fin,
            },
            None => None,
        };
        self.add_periode(ou, champ, Periode { debut, fin });
    }

    fn add_periode(&mut self, ou: Place, champ: &str, p: Periode) {
        if p.fin.is_some_and(|fin| (fin.annee, fin.mois) < (p.debut.annee, p.debut.mois)) {
            self.fault(ou, champ, format!("la session {p} finit avant de commencer"));
        } else if self.fiche.periodes.len() < LISTE_MAX {
            self.fiche.periodes.push(p);
        }
    }

    /// The file has no identifier where the format has one: the fault said it.
    pub(super) fn without_id(&mut self, ou: Place, champ: &str, motif: &str) {
        self.id_faux = true;
        self.fault(ou, champ, motif);
    }

    pub(super) fn a_distance(&mut self, oui: bool) {
        self.fiche.a_distance = oui;
    }

    pub(super) fn capacite(&mut self, ou: Place, champ: &str, texte: &str) {
        let texte = texte.trim();
        if texte.is_empty() {
            return;
        }
        match texte.parse::<u32>().ok().filter(|n| i64::from(*n) <= CAPACITE_MAX) {
            Some(n) => self.fiche.capacite = Some(n),
            None => {
                let motif = format!(
                    "la capacité « {} » n’est pas un nombre entier de 0 à {}",
                    court(texte),
                    milliers(CAPACITE_MAX)
                );
                self.fault(ou, champ, motif);
            }
        }
    }

    pub(super) fn statut(&mut self, ou: Place, champ: &str, texte: &str) {
        if texte.trim().is_empty() {
            return;
        }
        self.fiche.statut_dit = Statut::from_libelle(texte);
        if self.fiche.statut_dit.is_none() {
            self.warn(Nature::ValeurInconnue, ou, champ, || {
                format!("statut inconnu : « {} » n’est pas repris", court(texte))
            });
        }
    }

    /// Nobody else gives the course: its manager does.
    pub(super) fn formateur_is_gestionnaire(&mut self) {
        if self.sans_formateur {
            let point = self.fiche.formateur.point.or(self.fiche.gestionnaire.point);
            self.fiche.formateur = self.fiche.gestionnaire.clone();
            self.fiche.formateur.point = point;
            self.sans_formateur = false;
        }
    }

    /// The record, or what is wrong with it.
    pub(super) fn finish(mut self) -> Lue {
        let debut = self.debut;
        if self.fiche.id.is_empty() && !self.id_faux {
            self.fault(
                debut,
                "id_formation",
                "la fiche ne dit pas qui elle est : id_formation, id_action et id_certifinfo sont attendus, ou \
                 id_rco_formation",
            );
        }
        if self.fiche.gestionnaire.siret.is_none() && !self.siret_faux {
            self.fault(debut, "etablissement_gestionnaire_siret", "le SIRET du gestionnaire est absent");
        }
        if self.sans_formateur && !self.siret_faux {
            self.fault(debut, "etablissement_formateur_siret", "le SIRET du formateur est absent");
        }
        // Days say more than months.
        if self.debuts.is_empty() {
            for debut_mois in std::mem::take(&mut self.mois) {
                self.add_periode(debut, "periode", Periode { debut: debut_mois, fin: None });
            }
        } else {
            let fins = std::mem::take(&mut self.fins);
            for (rang, jour) in std::mem::take(&mut self.debuts).into_iter().enumerate() {
                self.add_periode(debut, "date_fin", Periode { debut: jour, fin: fins.get(rang).copied() });
            }
        }
        self.fiche.periodes.sort_unstable();
        self.fiche.periodes.dedup();
        self.fiche.mefs.sort_unstable();
        self.fiche.mefs.dedup();
        if self.fautes.is_empty() {
            return Lue::Fiche(Box::new(FicheLue { rang: 0, ligne: debut.ligne, fiche: self.fiche }));
        }
        let refusee = FicheRefusee::of(&self.fiche);
        Lue::Refusee(FicheRefusee { ligne: debut.ligne, fautes: self.fautes, ..refusee })
    }
}

/// What a message repeats of a file: never more than a line of it.
pub(super) fn court(texte: &str) -> String {
    let texte: String = texte.chars().filter(|c| !c.is_control()).take(60).collect();
    texte
}
