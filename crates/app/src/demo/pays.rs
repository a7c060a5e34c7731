//! Establishments and courses, in the archived session 2023 and the open session 2024.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::droits::{Action, Cible, Permit};
use domain::formations::{Famille, StatutFormation, lieu_recherche, texte_recherche};
use domain::territoires;
use files::offre::Chiffres;
use simulation::Alea;
use simulation::PetiteFrance;
use simulation::petite_france::{
    ChiffresSession, EtablissementSimule, FormationPetite, SessionPetite, StatutJuridique,
};
use store::imports::{
    self as base, EtablissementImport, FormationAjoutee, GroupeAjoute, OffreAjoutee, OffreImport,
    PublicationAjoutee, StatistiqueImport,
};
use store::simulation::{self as semis, ReglageOffre};
use store::{Ecriture, Tx};

use super::{ANNEE, Moment, contexte, description, formations as descriptions, instant};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::load_dossier_unique;
use crate::imports::{ChiffresPublies, DernierAppele, code_series};
use crate::plateforme::Plateforme;
use crate::sessions::{self, ouvrir_session};
use crate::simulation::Place;

/// Where the small France is in the base.
pub(super) struct Pays {
    /// Session 2024.
    pub session: i64,
    /// Permanent establishments, at their positions.
    pub etablissements: Vec<i64>,
    /// Permanent courses, at their positions.
    pub formations: Vec<i64>,
    /// Settings of 2024; `None`: closed.
    pub places: Vec<Option<Place>>,
}

/// How far a course is from being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reglage {
    Vide,
    SansFrais,
    Publie,
}

/// At the time of settings, a part of the courses is published, that of the personas being next; afterwards, all.
fn reglage(graine: u64, i: usize, moment: Moment, vedette: usize) -> Reglage {
    if moment > Moment::Parametrage {
        return Reglage::Publie;
    }
    if i == vedette {
        return Reglage::SansFrais;
    }
    match Alea::pour(graine, &[0x5245_474c, i as u64]).sous(100) {
        0..40 => Reglage::Vide,
        40..65 => Reglage::SansFrais,
        _ => Reglage::Publie,
    }
}

pub(super) async fn ecrire(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    moment: Moment,
    vedette: usize,
) -> Result<Pays, AppError> {
    let etablissements: Vec<EtablissementImport> = france.etablissements.iter().map(etablissement).collect();
    let offres: Vec<OffreImport> =
        france.formations.iter().map(|f| offre(f, &france.etablissements[f.etablissement])).collect();
    let (cles, formations) = session_2023(app, france, &etablissements, &offres).await?;
    let ctx = contexte(app, None, instant("2023-11-13T08:00")?);
    ouvrir_session(&ctx, ANNEE, Some(ANNEE - 1)).await?;
    let session = sessions::session(&app.db, ANNEE).await?.id;
    let reglage = |i: usize| reglage(france.graine, i, moment, vedette);
    let le = if moment == Moment::Parametrage { "2023-11-17T16:00" } else { "2023-12-12T16:00" };
    let ctx = contexte(app, None, instant(le)?);
    let ajout = Ajout { cles: &cles, formations: &formations, offres: &offres, reglage: &reglage };
    session_2024(&ctx, france, session, &ajout).await?;
    let ici = cles[france.formations[vedette].etablissement];
    descriptions::describe_open_session(&ctx, session, ANNEE, france.graine).await?;
    description::confirm_all(&ctx, session, &cles, moment > Moment::Parametrage, ici).await?;
    let places = places(app, france, session, (&cles, &formations)).await?;
    Ok(Pays { session, etablissements: cles, formations, places })
}

fn etablissement(e: &EtablissementSimule) -> EtablissementImport {
    EtablissementImport {
        uai: e.uai.clone(),
        nom: e.nom.clone(),
        statut: match e.statut {
            StatutJuridique::Public => "public",
            StatutJuridique::PriveSousContrat => "prive_sous_contrat",
            StatutJuridique::PriveEespig => "prive_eespig",
            StatutJuridique::PriveAutre => "prive_hors_contrat",
            StatutJuridique::Consulaire => "consulaire",
        }
        .to_owned(),
        departement: e.departement.to_owned(),
        academie: e.academie.to_owned(),
        commune: e.commune.to_owned(),
        latitude: Some(e.latitude),
        longitude: Some(e.longitude),
        site_web: Some(e.site_web.clone()),
    }
}

fn offre(f: &FormationPetite, e: &EtablissementSimule) -> OffreImport {
    let detail = f.intitule_local.unwrap_or_default();
    let mut libelle = f.libelle();
    if f.statut == StatutFormation::Apprentissage {
        libelle.push_str(" - en apprentissage");
    }
    let departement = territoires::departement(f.departement);
    OffreImport {
        famille: f.famille.code(),
        recherche: texte_recherche(&libelle, detail, &e.nom, &lieu_recherche(f.ville, f.departement)),
        libelle,
        detail: detail.to_owned(),
        selective: f.selective,
        departement: f.departement.to_owned(),
        academie: departement.map_or(e.academie, |d| d.academie).to_owned(),
        commune: f.ville.to_owned(),
        latitude: Some(f.latitude),
        longitude: Some(f.longitude),
        capacite: None,
        internat: f.internat > 0,
        code_type: None,
    }
}

/// A few sentences, as an establishment would write them.
fn presentation(graine: u64, i: usize, f: &FormationPetite, s: &SessionPetite) -> String {
    let mut alea = Alea::pour(graine, &[0x5052_4553, i as u64]);
    let debut = [
        "La formation accueille chaque année",
        "Nous accueillons à la rentrée",
        "La promotion compte en première année",
    ];
    let suite = [
        "Les enseignements alternent cours, travaux dirigés et travaux pratiques en petits groupes.",
        "Un tutorat accompagne les étudiants pendant le premier semestre.",
        "Des visites d’entreprises et des rencontres avec d’anciens étudiants jalonnent l’année.",
        "Le calendrier, les attendus et les critères d’examen des vœux sont détaillés sur le site de l’établissement.",
    ];
    let internat = if f.internat > 0 { " Un internat est proposé." } else { "" };
    format!(
        "{} {} personnes à {}.{internat}\n\n{}",
        alea.choix(&debut),
        s.capacite,
        f.ville,
        alea.choix(&suite)
    )
}

fn groupes_json(s: &SessionPetite) -> String {
    let groupes: Vec<serde_json::Value> =
        s.groupes.iter().map(|g| serde_json::json!({ "libelle": g.nom, "places": g.capacite })).collect();
    serde_json::Value::Array(groupes).to_string()
}

fn groupes<'a>(fs: i64, s: &'a SessionPetite, series: &'a [String], places: bool) -> Vec<GroupeAjoute<'a>> {
    s.groupes
        .iter()
        .zip(series)
        .map(|(g, series)| GroupeAjoute {
            formation_session: fs,
            libelle: g.nom,
            series,
            places: if places { i64::from(g.capacite) } else { 0 },
            taux_min_boursiers: None,
        })
        .collect()
}

fn series(s: &SessionPetite) -> Vec<String> {
    s.groupes.iter().map(|g| code_series(g.series)).collect()
}

fn chiffres(f: &FormationPetite, s: &SessionPetite, c: &ChiffresSession) -> StatistiqueImport {
    let [bg, bt, bp, at] = c.cibles.series;
    let publies = ChiffresPublies {
        chiffres: Chiffres {
            voe_tot: Some(c.cibles.candidats()),
            nb_voe_pp: Some(c.cibles.voeux()),
            nb_voe_pp_internat: (f.internat > 0).then_some(c.cibles.internat),
            nb_voe_pp_bg: Some(bg.voeux),
            nb_voe_pp_bg_brs: Some(bg.boursiers),
            nb_voe_pp_bt: Some(bt.voeux),
            nb_voe_pp_bt_brs: Some(bt.boursiers),
            nb_voe_pp_bp: Some(bp.voeux),
            nb_voe_pp_bp_brs: Some(bp.boursiers),
            nb_voe_pp_at: Some(at.voeux),
            nb_voe_pc: Some(c.cibles.candidats() - c.cibles.voeux()),
            nb_cla_pp: Some(c.cibles.series.iter().map(|s| s.classes).sum()),
            nb_cla_pp_bg: Some(bg.classes),
            nb_cla_pp_bt: Some(bt.classes),
            nb_cla_pp_bp: Some(bp.classes),
            nb_cla_pp_at: Some(at.classes),
            prop_tot: Some(c.propositions),
            acc_tot: Some(c.admis),
            acc_brs: Some(c.admis_boursiers),
            ..Chiffres::default()
        },
        groupes: s
            .groupes
            .iter()
            .zip(&c.derniers_appeles)
            .map(|(g, rang)| DernierAppele { libelle: Some(g.nom.to_owned()), rang: Some(*rang) })
            .collect(),
        liste_commune: None,
        libelle_national: Some(f.libelle()),
        fiche: None,
    };
    StatistiqueImport {
        annee: ANNEE - 1,
        capacite: Some(s.capacite.into()),
        candidats: Some(c.cibles.candidats().into()),
        propositions: Some(c.propositions.into()),
        acceptations: Some(c.admis.into()),
        chiffres: serde_json::to_string(&publies).unwrap_or_default(),
    }
}

fn permit(ctx: &Ctx) -> Result<Permit, AppError> {
    ctx.permit(Action::ImporterOffre, &Cible::plateforme())
}

/// Session 2023 with its courses and figures; gives the keys of establishments and of permanent courses.
async fn session_2023(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    etablissements: &[EtablissementImport],
    offres: &[OffreImport],
) -> Result<(Vec<i64>, Vec<i64>), AppError> {
    let ctx = contexte(app, None, instant("2022-11-14T08:00")?);
    ouvrir_session(&ctx, ANNEE - 1, None).await?;
    let session = sessions::session(&app.db, ANNEE - 1).await?.id;
    let ctx = contexte(app, None, instant("2023-01-12T18:00")?);
    let permit = permit(&ctx)?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    let uais: Vec<&str> = etablissements.iter().map(|e| e.uai.as_str()).collect();
    let cles = base::add_etablissements(&tx, &e, &uais).await?;
    base::add_etablissements_session(&tx, &e, session, cles.iter().copied().zip(etablissements)).await?;
    description::describe_all(&tx, &ctx, &e, session, &cles, france).await?;
    let noms: Vec<String> = (0..france.formations.len()).map(|i| format!("ta:{}", 900_001 + i)).collect();
    let permanentes: Vec<FormationAjoutee<'_>> = france
        .formations
        .iter()
        .zip(&noms)
        .zip(900_001..)
        .map(|((f, cle), code)| FormationAjoutee {
            etablissement: cles[f.etablissement],
            cle,
            cle_inscription: cle,
            g_ta_cod: Some(code),
            incertaine: false,
            statut: f.statut.code(),
        })
        .collect();
    let formations = base::add_formations(&tx, &e, &permanentes).await?;
    let retenues: Vec<(usize, &SessionPetite)> = france
        .formations
        .iter()
        .enumerate()
        .filter_map(|(i, f)| f.session_2023.as_ref().map(|s| (i, s)))
        .collect();
    ajouter(
        &tx,
        &e,
        france,
        session,
        &retenues,
        &Ajout { cles: &cles, formations: &formations, offres, reglage: &|_| Reglage::Publie },
    )
    .await?;
    descriptions::describe_courses(&tx, &e, session, ANNEE - 1, france.graine, true).await?;
    let figures: Vec<(i64, StatistiqueImport)> = retenues
        .iter()
        .filter_map(|(i, s)| {
            let f = &france.formations[*i];
            f.chiffres_2023.as_ref().map(|c| (formations[*i], chiffres(f, s, c)))
        })
        .collect();
    base::add_statistiques(&tx, &e, figures.iter().map(|(id, s)| (*id, s))).await?;
    tx.commit().await?;
    Ok((cles, formations))
}

struct Ajout<'a> {
    cles: &'a [i64],
    formations: &'a [i64],
    offres: &'a [OffreImport],
    reglage: &'a (dyn Fn(usize) -> Reglage + Sync),
}

/// Adds courses to a session, with their groups and publications.
async fn ajouter(
    tx: &Tx,
    e: &Ecriture<'_>,
    france: &PetiteFrance,
    session: i64,
    retenues: &[(usize, &SessionPetite)],
    a: &Ajout<'_>,
) -> Result<(), AppError> {
    let donnees: Vec<(OffreImport, String)> = retenues
        .iter()
        .map(|&(i, s)| {
            let capacite = ((a.reglage)(i) != Reglage::Vide).then_some(i64::from(s.capacite));
            let texte = presentation(france.graine, i, &france.formations[i], s);
            (OffreImport { capacite, ..a.offres[i].clone() }, texte)
        })
        .collect();
    let offres: Vec<OffreAjoutee<'_>> = retenues
        .iter()
        .zip(&donnees)
        .map(|(&(i, s), (offre, presentation))| {
            let publie = (a.reglage)(i) == Reglage::Publie;
            OffreAjoutee {
                formation: a.formations[i],
                etablissement: a.cles[france.formations[i].etablissement],
                precedente: None,
                offre,
                frais_centimes: publie.then_some(i64::from(s.frais_centimes)),
                presentation,
                etat: if publie { "publiee" } else { "brouillon" },
                publiee_le: publie.then_some(e.ms()),
            }
        })
        .collect();
    let ids = base::add_offres(tx, e, session, &offres).await?;
    let codes: Vec<Vec<String>> = retenues.iter().map(|(_, s)| series(s)).collect();
    let groupes: Vec<GroupeAjoute<'_>> = retenues
        .iter()
        .zip(&ids)
        .zip(&codes)
        .flat_map(|((&(i, s), id), codes)| groupes(*id, s, codes, (a.reglage)(i) != Reglage::Vide))
        .collect();
    let g = base::add_groupes(tx, e, session, &groupes).await?;
    base::add_affectations(tx, e, &g, &groupes).await?;
    let publications = retenues
        .iter()
        .zip(&ids)
        .zip(&donnees)
        .filter(|((r, _), _)| (a.reglage)(r.0) == Reglage::Publie)
        .map(|(((_, s), id), (_, texte))| publication(*id, e.ms(), s, texte));
    Ok(base::add_publications(tx, e, publications).await?)
}

fn publication<'a>(id: i64, le: i64, s: &SessionPetite, texte: &'a str) -> PublicationAjoutee<'a> {
    PublicationAjoutee {
        formation_session: id,
        numero: 1,
        publie_le: le,
        capacite: Some(s.capacite.into()),
        frais_centimes: Some(s.frais_centimes.into()),
        presentation: texte,
        groupes: groupes_json(s),
    }
}

/// Session 2024: the courses carried over are set or closed, the new ones added.
async fn session_2024(
    ctx: &Ctx,
    france: &PetiteFrance,
    session: i64,
    ajout: &Ajout<'_>,
) -> Result<(), AppError> {
    let permit = permit(ctx)?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    let connues: HashMap<i64, i64> = base::formations(&tx, session)
        .await?
        .into_iter()
        .filter_map(|f| f.offre.map(|offre| (f.id, offre)))
        .collect();
    let mut affectations: HashMap<i64, Vec<i64>> = HashMap::new();
    for g in base::groupes(&tx, session).await? {
        affectations.entry(g.formation_session_id).or_default().push(g.affectation);
    }
    let (mut reglages, mut places, mut textes) = (Vec::new(), Vec::new(), Vec::new());
    let mut nouvelles = Vec::new();
    for (i, f) in france.formations.iter().enumerate() {
        let offre = connues.get(&ajout.formations[i]).copied();
        match (&f.session_2024, offre) {
            (None, Some(offre)) => {
                reglages.push(ReglageOffre { etat: "fermee", ..ReglageOffre::vide(offre) })
            }
            (Some(s), None) => nouvelles.push((i, s)),
            (Some(s), Some(offre)) => {
                let r = (ajout.reglage)(i);
                let publie = r == Reglage::Publie;
                if r == Reglage::Vide {
                    continue;
                }
                let texte = presentation(france.graine, i, f, s);
                reglages.push(ReglageOffre {
                    offre,
                    capacite: Some(s.capacite.into()),
                    frais_centimes: publie.then_some(s.frais_centimes.into()),
                    presentation: texte.clone(),
                    etat: if publie { "publiee" } else { "brouillon" },
                    publiee_le: publie.then_some(e.ms()),
                });
                let a = affectations.get(&offre).map_or(&[][..], Vec::as_slice);
                places.extend(a.iter().zip(&s.groupes).map(|(a, g)| (*a, i64::from(g.capacite))));
                if publie {
                    textes.push((offre, s, texte));
                }
            }
            (None, None) => {}
        }
    }
    semis::set_offres(&tx, &e, &reglages).await?;
    semis::set_places(&tx, &e, &places).await?;
    let publications = textes.iter().map(|(id, s, texte)| publication(*id, e.ms(), s, texte));
    base::add_publications(&tx, &e, publications).await?;
    ajouter(&tx, &e, france, session, &nouvelles, ajout).await?;
    group_nurses(&tx, &e, france, session, ajout.formations).await?;
    Ok(tx.commit().await?)
}

/// The nursing institutes of the academy that has the most of them share one file and one ranking, as they do in life.
async fn group_nurses(
    tx: &Tx,
    e: &Ecriture<'_>,
    france: &PetiteFrance,
    session: i64,
    formations: &[i64],
) -> Result<(), AppError> {
    let mut par_academie: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (i, f) in france.formations.iter().enumerate() {
        let siennes = f.famille == Famille::Ifsi && f.statut == StatutFormation::Etudiant;
        let academie = territoires::departement(f.departement).map(|d| d.academie);
        if let (true, Some(s), Some(academie)) = (siennes, &f.session_2024, academie)
            && s.groupes.len() == 1
        {
            par_academie.entry((academie, f.specialite)).or_default().push(i);
        }
    }
    let Some(((academie, specialite), siennes)) = par_academie.into_iter().max_by_key(|(_, f)| f.len())
    else {
        return Ok(());
    };
    let connues: HashMap<i64, i64> = base::formations(tx, session)
        .await?
        .into_iter()
        .filter_map(|f| f.offre.map(|offre| (f.id, offre)))
        .collect();
    let cles: Vec<i64> = siennes.iter().filter_map(|i| connues.get(&formations[*i]).copied()).collect();
    if cles.len() < 2 {
        return Ok(());
    }
    let nom = territoires::academie(academie).map_or(academie, |a| a.nom);
    load_dossier_unique(tx, e, session, &format!("{specialite} – {nom}"), &cles).await
}

/// Where the courses of 2024 are.
async fn places(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    session: i64,
    (etablissements, formations): (&[i64], &[i64]),
) -> Result<Vec<Option<Place>>, AppError> {
    let connues: HashMap<i64, i64> = base::formations(&app.db, session)
        .await?
        .into_iter()
        .filter_map(|f| f.offre.map(|offre| (f.id, offre)))
        .collect();
    let mut groupes: HashMap<i64, Vec<i64>> = HashMap::new();
    for g in base::groupes(&app.db, session).await? {
        groupes.entry(g.formation_session_id).or_default().push(g.id);
    }
    Ok(france
        .formations
        .iter()
        .zip(formations)
        .map(|(f, id)| {
            f.session_2024.as_ref()?;
            let offre = *connues.get(id)?;
            Some(Place {
                formation_session: offre,
                groupes: groupes.get(&offre).cloned().unwrap_or_default(),
                statut: f.statut,
                selective: f.selective,
                etablissement: *etablissements.get(f.etablissement)?,
                places_internat: f.internat,
            })
        })
        .collect())
}
