//! Candidates of the small France, their wishes and their rankings, as far as the moment has them.

use std::sync::Arc;

use domain::candidats::code_boursier;
use domain::candidatures::EtatVoeu;
use domain::comptes::EtatCompte;
use domain::droits::{Action, Cible};
use domain::formations::StatutFormation;
use domain::territoires;
use simulation::cohorte::{MATIERES, drapeau};
use simulation::petite_france::Naissance;
use simulation::{Alea, PetiteFrance};
use store::simulation::{self as semis, CandidatSeme};

use super::pays::Pays;
use super::{Moment, contexte, instant};
use crate::comptes::{MotDePasse, NouveauCompte, create_comptes_in};
use crate::erreur::AppError;
use crate::plateforme::Plateforme;
use crate::simulation::{Avancement, Semis};

/// The candidates written.
pub(super) struct Dossiers {
    pub session: i64,
    /// Key of each candidate of the small France; `None`: not registered yet.
    pub candidats: Vec<Option<i64>>,
}

/// Candidates registered on 1 February, out of a hundred.
const INSCRITS_EN_FEVRIER: usize = 62;

pub(super) async fn ecrire(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    pays: &Pays,
    vedette: usize,
    mot_de_passe: &str,
    moment: Moment,
) -> Result<Dossiers, AppError> {
    let graine = france.graine;
    let ctx = contexte(app, None, moment.instant()?);
    let permit = ctx.permit(Action::FormulerVoeu, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);

    let inscrits: Vec<usize> = (0..france.candidats.len())
        .filter(|i| {
            moment > Moment::Voeux
                || Alea::pour(graine, &[0x494e_5343, *i as u64]).sous(100) < INSCRITS_EN_FEVRIER
        })
        .collect();
    let comptes: Vec<NouveauCompte> = inscrits
        .iter()
        .map(|&i| {
            let c = &france.candidats[i];
            NouveauCompte {
                courriel: c.mail.clone(),
                nom: c.nom.to_owned(),
                prenom: c.prenom.to_owned(),
                mot_de_passe: MotDePasse::Hache(mot_de_passe.to_owned()),
                roles: Vec::new(),
                etat: EtatCompte::Actif,
                totp: None,
            }
        })
        .collect();
    let comptes = create_comptes_in(&tx, &ctx, &comptes).await?;
    let lignes: Vec<CandidatSeme> = inscrits
        .iter()
        .zip(&comptes)
        .zip(1..)
        .map(|((&i, compte), numero)| candidat(france, i, *compte, numero))
        .collect();
    let cles = semis::add_candidats(&tx, &e, &app.coffre, pays.session, &lignes).await?;
    let mut candidats = vec![None; france.candidats.len()];
    for (i, cle) in inscrits.iter().zip(cles) {
        candidats[*i] = Some(cle);
    }

    let transmis = instant("2024-05-17T17:00")?.as_millisecond();
    let parties = instant("2024-04-12T17:00")?.as_millisecond();
    let avancement = |g: usize| match moment {
        Moment::Admission => Avancement::Transmis(transmis),
        // The course of the personas is being ranked.
        Moment::Examen if france.cohorte.groupes.formation[g] as usize == vedette => Avancement::Brouillon,
        Moment::Examen => match Alea::pour(graine, &[0x434c_4153, g as u64]).sous(100) {
            0..12 => Avancement::Transmis(parties),
            12..42 => Avancement::Brouillon,
            _ => Avancement::Rien,
        },
        _ => Avancement::Rien,
    };
    let cohorte = &france.cohorte;
    let s = Semis::new(pays.session, cohorte, &pays.places, &candidats, avancement);
    let ouverture = instant("2024-01-17T12:00")?.as_millisecond();
    let fin = moment.instant()?.as_millisecond().min(instant("2024-03-14T23:00")?.as_millisecond());
    s.ecrire_voeux(&tx, &e, |w| quand(france, w, moment, (ouverture, fin))).await?;
    if moment >= Moment::Examen {
        s.ecrire_classements(&tx, &e, |_| true).await?;
    }
    if moment == Moment::Admission {
        // During the examination, declaring and ranking them is what establishments have to do.
        s.ecrire_internats(&tx, &e, Some(transmis)).await?;
        semis::set_taux(&tx, &e, &taux(graine, pays)).await?;
    }
    tx.commit().await?;
    app.db.analyze().await?;
    Ok(Dossiers { session: pays.session, candidats })
}

/// State and instant of a wish before any examination. In February people add courses and confirm few of them.
fn quand(
    france: &PetiteFrance,
    w: usize,
    moment: Moment,
    (ouverture, fin): (i64, i64),
) -> Option<(EtatVoeu, i64)> {
    let v = &france.cohorte.voeux;
    // The complementary phase opens on 11 June.
    if v.drapeaux[w] & drapeau::COMPLEMENTAIRE != 0 {
        return None;
    }
    let mut alea = Alea::pour(france.graine, &[0x564f_4555, w as u64]);
    let minutes = u32::try_from((fin - ouverture) / 60_000).unwrap_or(u32::MAX);
    let le = ouverture + 60_000 * i64::from(alea.entre(0, minutes.saturating_sub(1)));
    if moment > Moment::Voeux {
        return Some((EtatVoeu::Confirme, le));
    }
    if alea.chance(0.35) {
        return None;
    }
    Some((if alea.chance(0.2) { EtatVoeu::Confirme } else { EtatVoeu::Saisi }, le))
}

fn candidat(france: &PetiteFrance, i: usize, compte: i64, numero: i64) -> CandidatSeme {
    let c = &france.candidats[i];
    let colonnes = &france.cohorte.candidats;
    let departement = &territoires::departements()[usize::from(colonnes.departement[i])];
    let Naissance { annee, mois, jour } = c.naissance;
    let notes: serde_json::Map<String, serde_json::Value> = MATIERES
        .iter()
        .zip(colonnes.matieres[i])
        .map(|((_, matiere), note)| ((*matiere).to_owned(), note.into()))
        .collect();
    let serie = if c.specialites.is_empty() {
        c.serie.to_owned()
    } else {
        format!("{} ({})", c.serie, c.specialites.join(", "))
    };
    CandidatSeme {
        compte: Some(compte),
        numero,
        nom: c.nom.to_owned(),
        prenom: c.prenom.to_owned(),
        naissance: Some(format!("{annee:04}-{mois:02}-{jour:02}")),
        ine: c.ine.clone(),
        type_bac: colonnes.serie[i].code(),
        serie,
        boursier: code_boursier(colonnes.boursier[i]),
        commune: c.commune.to_owned(),
        departement: departement.code.to_owned(),
        academie: departement.academie.to_owned(),
        etablissement_origine: c.lycee.map_or_else(String::new, |l| france.etablissements[l].nom.clone()),
        moyenne_centiemes: Some(colonnes.moyenne[i].into()),
        notes: serde_json::Value::Object(notes).to_string(),
    }
}

/// Minimum rates of scholarship holders: the same on every group of a course.
fn taux(graine: u64, pays: &Pays) -> Vec<(i64, i64)> {
    let mut taux = Vec::new();
    for (i, place) in pays.places.iter().enumerate() {
        let Some(p) = place.as_ref().filter(|p| p.statut == StatutFormation::Etudiant) else { continue };
        let t = i64::from(Alea::pour(graine, &[0x5441_5558, i as u64]).entre(5, 28));
        taux.extend(p.groupes.iter().map(|g| (*g, t)));
    }
    taux
}
