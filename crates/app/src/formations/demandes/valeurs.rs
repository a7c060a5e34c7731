//! What a request says, as it is read.

use std::collections::BTreeSet;

use domain::droits::Action;
use domain::formations::controle::CHAMPS_PROPRES;
use domain::formations::demandes::{NouvelleOffre, Souhait};
use domain::formations::description::Champ;
use domain::formations::{Famille, GroupeVoulu, IdentiteFormation, StatutFormation, noms_du_secteur};
use domain::territoires::academie;
use jiff::civil::Date;
use store::Sql;
use store::formations::{self as base, LigneDemande as Ligne, LigneSiteSession};
use store::nomenclatures::type_by_code;

use super::etablissement::{accordees, noms};
use super::vues::Valeur;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::identite::identite;
use crate::formations::{cible, intitule, series};
use crate::messages::{accord, secteur};
use crate::sessions::SessionAdmission;

/// « Bacheliers professionnels : Baccalauréat professionnel, 8 places ».
fn groupe(libelle: &str, codes: &str, places: i64) -> String {
    format!("{libelle} : {}, {}", series(codes), accord(places, "place", "places"))
}

pub(super) async fn valeurs(
    ctx: &Ctx,
    c: &impl Sql,
    (session, d): (&SessionAdmission, &Ligne),
    s: &Souhait,
) -> Result<Vec<Valeur>, AppError> {
    let site = async |id: &str| -> Result<Valeur, AppError> {
        let sites = base::sites_of(c, session.id, &[d.etablissement_id]).await?;
        let nom = sites.into_iter().find(|s| s.public_id == *id).map(|s| nom_site(&s));
        Ok(dit("Site", nom.unwrap_or_else(|| "un site retiré depuis".to_owned())))
    };
    Ok(match s {
        Souhait::Suspension => Vec::new(),
        Souhait::Ouverture(o) => {
            let mut lignes = offre_lue(c, session.id, o).await?;
            lignes.push(site(&o.site).await?);
            lignes
        }
        Souhait::Deplacement { site: id } => vec![site(id).await?],
        Souhait::Fermeture { successeur: None } => {
            vec![dit("Formation qui la remplace", "Aucune".to_owned())]
        }
        Souhait::Fermeture { successeur: Some(id) } | Souhait::Fusion { successeur: id } => {
            let f = base::by_public_id(c, id).await?.filter(|f| f.session_id == session.id);
            vec![Valeur {
                terme: "Formation qui la remplace",
                texte: f.as_ref().map_or_else(
                    || "une formation qui n’est plus de la session".to_owned(),
                    |f| format!("{} – {}", intitule(&f.libelle, &f.detail), f.etablissement),
                ),
                formation: f
                    .filter(|f| ctx.may(Action::ConsulterParametrage, &cible(f)))
                    .map(|f| f.public_id),
            }]
        }
        Souhait::Cession { uai } => {
            let cle = store::etablissements::by_uai(c, uai).await?;
            let e = match cle {
                None => None,
                Some(cle) => store::etablissements::by_session(c, session.id, cle).await?,
            };
            let nom = e.map_or_else(|| uai.clone(), |e| format!("{} ({uai})", e.nom));
            vec![dit("Établissement qui la reçoit", nom)]
        }
        Souhait::Groupes { groupes } => groupes_lus(c, d, groupes).await?,
        Souhait::Sectorisation { academies } => secteur_lu(c, d, academies).await?,
        Souhait::Correction(voulue) => identite_lue(c, d, voulue).await?,
        Souhait::Derogation { champs, jusqu_a } => {
            let libelle = |code: &String| {
                let propre = CHAMPS_PROPRES.iter().find(|(c, _)| c == code).map(|(_, l)| *l);
                propre.or_else(|| Champ::from_code(code).map(|c| c.libelle)).unwrap_or(code).to_owned()
            };
            vec![
                dit("Champs à modifier", champs.iter().map(libelle).collect::<Vec<_>>().join(" ; ")),
                dit("Dernier jour souhaité", jour_dit(jusqu_a)),
            ]
        }
        Souhait::Reouverture { parties, jusqu_a } => {
            let ouvertes = accordees(d).map(|parties| dit("Parties rouvertes", noms(&parties)));
            let demandees =
                [dit("Parties à modifier", noms(parties)), dit("Dernier jour souhaité", jour_dit(jusqu_a))];
            demandees.into_iter().chain(ouvertes).collect()
        }
    })
}

fn jour_dit(jusqu_a: &str) -> String {
    let jour: Option<Date> = jusqu_a.parse().ok();
    jour.map_or_else(|| jusqu_a.to_owned(), crate::messages::date_civile)
}

fn dit(terme: &'static str, texte: String) -> Valeur {
    Valeur { terme, texte, formation: None }
}

/// R-VIE-13: a course that does not exist yet, with its national type, or why it has none.
async fn offre_lue(c: &impl Sql, session: i64, o: &NouvelleOffre) -> Result<Vec<Valeur>, AppError> {
    let famille = Famille::from_code(&o.famille).unwrap_or(Famille::Autre);
    let mut lignes =
        vec![dit("Type de formation", famille.libelle().to_owned()), dit("Intitulé", o.libelle.clone())];
    if !o.detail.is_empty() {
        lignes.push(dit("Précision", o.detail.clone()));
    }
    let apprentissage = o.statut == StatutFormation::Apprentissage.code();
    lignes.push(dit("Statut", if apprentissage { "Apprentissage" } else { "Étudiant" }.to_owned()));
    if let Some(code) = o.filiere {
        let t = type_by_code(c, session, code).await?;
        let sigle = t.as_ref().map_or("retirée depuis de la nomenclature", |t| t.sigle.as_str());
        lignes.push(dit("Filière nationale", format!("{sigle} (code {code})")));
        if let Some(t) = t.filter(|t| !t.attendus.is_empty()) {
            lignes.push(dit("Attendus nationaux", t.attendus.replace('\n', " ")));
        }
    }
    if let Some(raison) = &o.hors_nomenclature {
        lignes.push(dit("Filière nationale", "Hors de la nomenclature nationale".to_owned()));
        lignes.push(dit("Pourquoi hors de la nomenclature", raison.clone()));
    }
    lignes.push(dit("Sélectivité", if o.selective { "Sélective" } else { "Non sélective" }.to_owned()));
    Ok(lignes)
}

/// The groups as they are, as long as nobody has answered, and as they are asked for.
async fn groupes_lus(c: &impl Sql, d: &Ligne, voulus: &[GroupeVoulu]) -> Result<Vec<Valeur>, AppError> {
    let actuels = match d.formation_session_id.filter(|_| d.decidee_le.is_none()) {
        None => Vec::new(),
        Some(cle) => base::groupes(c, cle).await?,
    };
    let actuels = actuels.iter().map(|g| dit("Groupe actuel", groupe(&g.libelle, &g.series, g.places)));
    let demandes =
        voulus.iter().map(|g| dit("Groupe demandé", groupe(&g.libelle, &g.series_stockees(), g.places)));
    Ok(actuels.chain(demandes).collect())
}

/// The same of a sector.
async fn secteur_lu(c: &impl Sql, d: &Ligne, academies: &BTreeSet<String>) -> Result<Vec<Valeur>, AppError> {
    let f = match d.formation_session_id.filter(|_| d.decidee_le.is_none()) {
        None => None,
        Some(cle) => base::by_id(c, cle).await?,
    };
    let actuel = f.map(|f| dit("Secteur actuel", secteur(&noms_du_secteur(&f.secteur, &f.academie))));
    let noms: Vec<&str> = academies.iter().filter_map(|a| academie(a)).map(|a| a.nom).collect();
    Ok(actuel.into_iter().chain([dit("Secteur demandé", secteur(&noms))]).collect())
}

/// What a field of an identity is called when it is read: as it is, as it is asked for.
const TERMES: [(&str, &str, &str); 4] = [
    ("libelle", "Intitulé actuel", "Intitulé demandé"),
    ("detail", "Précision actuelle", "Précision demandée"),
    ("statut", "Statut actuel", "Statut demandé"),
    ("selective", "Sélectivité actuelle", "Sélectivité demandée"),
];

/// R-VIE-14: as long as nobody has answered, what would change alone, beside what it is.
async fn identite_lue(c: &impl Sql, d: &Ligne, voulue: &IdentiteFormation) -> Result<Vec<Valeur>, AppError> {
    let f = match d.formation_session_id.filter(|_| d.decidee_le.is_none()) {
        None => None,
        Some(cle) => base::by_id(c, cle).await?,
    };
    let actuelle = f.as_ref().map(identite);
    let ecrit = |i: &IdentiteFormation, champ: &str| match i.lisible(champ) {
        vide if vide.is_empty() => "aucune".to_owned(),
        dit => dit,
    };
    let mut lignes = Vec::new();
    for (champ, avant, apres) in TERMES {
        match &actuelle {
            Some(a) if voulue.differences(a).contains(&champ) => {
                lignes.extend([dit(avant, ecrit(a, champ)), dit(apres, ecrit(voulue, champ))]);
            }
            Some(_) => {}
            None => lignes.push(dit(apres, ecrit(voulue, champ))),
        }
    }
    Ok(lignes)
}

pub(super) fn nom_site(s: &LigneSiteSession) -> String {
    format!("{}, {} {}", s.nom, s.code_postal, s.commune)
}
