//! The public sheet of a course: what was published last, never the draft (R-FOR-06).

use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::formations::description::Description;
use domain::formations::{EtatFormation, Genre, StatutFormation, noms_du_secteur};
use domain::{PublicId, RuleViolation, territoires};
use files::offre::{Chiffres, StatutEtablissement};
use store::formations::{
    self as base, LigneDernierAppele, LigneFormation, LigneGroupe, LignePublication, LigneRelue,
};

use super::description::{genre_de, lit};
use super::identite::{Corrigee, IdentiteCorrigee};
use super::national::{CadreNational, load_national};
use super::publique::{ChampFiche, public_of};
use super::regroupement::{RegroupementVu, regroupement_vu};
use super::{Intitule, load, places_publiees, series};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements::{EtablissementPublic, public_sheet};
use crate::sessions::{self, SessionAdmission};

/// A ranking group as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupeFiche {
    /// Label of the group.
    pub libelle: String,
    /// Who is ranked there, in French.
    pub series: String,
    /// Absent when the publication does not say.
    pub places: Option<i64>,
    /// R-FOR-07: last rank called by the published runs of this session.
    pub dernier_appele: Option<i64>,
}

/// One dated publication, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationFiche {
    /// From 1, in the order of publications.
    pub numero: i64,
    /// UTC milliseconds.
    pub publie_le: i64,
    /// Absent when an imported offer did not say it.
    pub capacite: Option<i64>,
    /// Absent when an imported offer did not say them.
    pub frais_centimes: Option<i64>,
    /// Whether the text of the presentation differs from the publication before.
    pub presentation_changee: bool,
    /// Labels of the public fields of the description that differ from the publication before, in the order of the forms.
    pub champs: Vec<&'static str>,
    /// R-VIE-14: what it corrects of the title, the status or the selectivity.
    pub identite: Vec<IdentiteCorrigee>,
    /// Places by group, as (label, places).
    pub groupes: Vec<(String, i64)>,
    /// R-CAP-05: when a second person confirmed the capacity, in milliseconds, and the reason written for it.
    pub relue: Option<(i64, String)>,
}

/// Key figures of the last session known.
#[derive(Debug, Clone, PartialEq)]
pub struct ChiffresCles {
    /// Always before the session shown.
    pub annee: i64,
    /// Places that year; `None`, here and below: not published.
    pub capacite: Option<i64>,
    /// People who wished it.
    pub candidats: Option<i64>,
    /// People who received a proposition.
    pub propositions: Option<i64>,
    /// People who accepted one.
    pub acceptations: Option<i64>,
    /// Whole per cent.
    pub taux_acces: Option<u16>,
    /// Admitted candidates by kind of baccalauréat, when published.
    pub admis: Vec<(&'static str, i64)>,
}

/// The sheet.
#[derive(Debug, Clone)]
pub struct Fiche {
    /// The open one.
    pub session: SessionAdmission,
    /// Public identifier, in the address.
    pub id: String,
    /// The title of the sheet.
    pub intitule: Intitule,
    /// Kind of course.
    pub genre: Genre,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// The course may refuse.
    pub selective: bool,
    /// Boarding can be asked with the wish.
    pub internat: bool,
    /// Identifier of the establishment in the national register.
    pub uai: String,
    /// French label of the legal status; empty when unknown.
    pub statut_etablissement: &'static str,
    /// Of the establishment; `None` when unknown.
    pub site_web: Option<String>,
    /// What the establishment says of itself; `None` when the session does not know it.
    pub etablissement: Option<EtablissementPublic>,
    /// Name; `None` for a code outside the reference.
    pub departement: Option<&'static str>,
    /// Name; `None` for a code outside the reference.
    pub academie: Option<&'static str>,
    /// R-VIE-10: names of the academies of its sector; none: that of the course.
    pub secteur: Vec<&'static str>,
    /// Absent when an imported offer did not say it.
    pub capacite: Option<i64>,
    /// Absent when an imported offer did not say them.
    pub frais_centimes: Option<i64>,
    /// Plain text.
    pub presentation: String,
    /// What the last publication says field by field; empty when it came with an import.
    pub description: Vec<ChampFiche>,
    /// What the nation says of its type; `None`: its type is not known.
    pub national: Option<CadreNational>,
    /// With what the last publication says of each.
    pub groupes: Vec<GroupeFiche>,
    /// R-REG-01: the multiple wish that it is part of.
    pub regroupement: Option<RegroupementVu>,
    /// Publication of the last run that called someone here, in milliseconds.
    pub appels_le: Option<i64>,
    /// `None` for a course without any past session.
    pub chiffres: Option<ChiffresCles>,
    /// Newest first; never empty.
    pub publications: Vec<PublicationFiche>,
    /// Whether a wish may be added now, or why not.
    pub voeux: Result<(), RuleViolation>,
}

/// A course that the public reads, and the open session.
///
/// # Errors
/// [`AppError::Rule`] outside the step « consultation »; [`AppError::NotFound`] for a course that is not published.
pub(super) async fn require_lisible(
    ctx: &Ctx,
    id: &PublicId,
) -> Result<(SessionAdmission, LigneFormation), AppError> {
    ctx.permit(Action::ConsulterOffre, &Cible::plateforme())?;
    let session = sessions::courante(&ctx.app.db).await?;
    session.calendrier.require_open(Etape::Consultation, ctx.campagne_le)?;
    let f = load(&ctx.app.db, &session, id).await?;
    if f.etat == EtatFormation::Publiee.code() { Ok((session, f)) } else { Err(AppError::NotFound) }
}

/// The public sheet of a published course of the open session.
///
/// # Errors
/// [`AppError::Rule`] outside the step « consultation »; [`AppError::NotFound`] for a course that is not published.
pub async fn sheet(ctx: &Ctx, id: &PublicId) -> Result<Fiche, AppError> {
    let db = &ctx.app.db;
    let (session, f) = require_lisible(ctx, id).await?;
    let publications = base::publications(db, f.id).await?;
    let derniere = match publications.first() {
        Some(p) => p.clone(),
        None => return Err(AppError::NotFound),
    };
    let groupes = base::groupes(db, f.id).await?;
    let appels = base::derniers_appeles(db, f.id).await?;
    let jour = ctx.campagne_le.to_zoned_datetime(domain::calendrier::paris()).date();
    let chiffres = base::statistiques_avant(db, &[f.formation_id], session.annee, 1).await?.pop();
    let chiffres = chiffres.map(|(_, s)| s);
    let description = public_of(db, &f, &derniere.description).await?;
    let genre = genre_de(&f.famille, &f.libelle);
    Ok(Fiche {
        national: load_national(db, f.id).await?,
        description,
        voeux: session.calendrier.require_open(Etape::Voeux, ctx.campagne_le),
        intitule: Intitule::of(&f),
        id: f.public_id,
        genre,
        apprentissage: f.statut == StatutFormation::Apprentissage.code(),
        selective: f.selective == 1,
        internat: f.internat == 1,
        statut_etablissement: StatutEtablissement::ALL
            .into_iter()
            .find(|s| s.code() == f.etablissement_statut)
            .map_or("", StatutEtablissement::libelle),
        etablissement: public_sheet(db, session.id, f.etablissement_id, jour).await?,
        uai: f.uai,
        site_web: f.site_web,
        departement: territoires::departement(&f.departement).map(|d| d.nom),
        academie: territoires::academie(&f.academie).map(|a| a.nom),
        secteur: match f.secteur.as_str() {
            "" => Vec::new(),
            codes => noms_du_secteur(codes, &f.academie),
        },
        capacite: derniere.capacite,
        frais_centimes: derniere.frais_centimes,
        groupes: groupes_fiche(&derniere, &groupes, &appels),
        regroupement: regroupement_vu(db, f.id).await?.map(RegroupementVu::public),
        appels_le: appels.iter().filter(|a| a.rang > 0).map(|a| a.publie_le).max(),
        presentation: derniere.presentation,
        chiffres: chiffres.map(chiffres_cles),
        publications: historique(&publications, &base::relues(db, f.id).await?, genre)?,
        session,
    })
}

fn groupes_fiche(
    publication: &LignePublication,
    groupes: &[LigneGroupe],
    appels: &[LigneDernierAppele],
) -> Vec<GroupeFiche> {
    let publies = places_publiees(&publication.groupes);
    // A publication made by an import does not say its groups: theirs are shown only if they are the same capacity.
    let somme: i64 = groupes.iter().map(|g| g.places).sum();
    let brouillon_fidele = publies.is_empty() && Some(somme) == publication.capacite;
    groupes
        .iter()
        .map(|g| GroupeFiche {
            libelle: g.libelle.clone(),
            series: series(&g.series),
            places: match publies.iter().find(|p| p.libelle == g.libelle) {
                Some(p) => Some(p.places),
                None if groupes.len() == 1 => publication.capacite,
                None if brouillon_fidele => Some(g.places),
                None => None,
            },
            dernier_appele: appels
                .iter()
                .find(|a| a.affectation_id == g.affectation_id && a.rang > 0)
                .map(|a| a.rang),
        })
        .collect()
}

fn historique(
    publications: &[LignePublication],
    relues: &[LigneRelue],
    genre: Genre,
) -> Result<Vec<PublicationFiche>, AppError> {
    let descriptions: Vec<Description> =
        publications.iter().map(|p| lit(&p.description, genre)).collect::<Result<_, _>>()?;
    // Newest first: the one before comes after.
    let champs = |i: usize| -> Vec<&'static str> {
        let Some((apres, avant)) = descriptions.get(i).zip(descriptions.get(i + 1)) else {
            return Vec::new();
        };
        apres.differences(avant, genre).into_iter().filter(|c| c.public).map(|c| c.libelle).collect()
    };
    let mut corrigees = Vec::with_capacity(publications.len());
    for p in publications {
        corrigees.push(Corrigee::of_publication(p)?.map(|c| c.champs()).unwrap_or_default());
    }
    let fiches = publications
        .iter()
        .zip(corrigees)
        .enumerate()
        .map(|(i, (p, identite))| PublicationFiche {
            champs: champs(i),
            identite,
            numero: p.numero,
            publie_le: p.publie_le,
            capacite: p.capacite,
            frais_centimes: p.frais_centimes,
            presentation_changee: publications
                .get(i + 1)
                .is_some_and(|avant| avant.presentation != p.presentation),
            groupes: places_publiees(&p.groupes).into_iter().map(|g| (g.libelle, g.places)).collect(),
            relue: relues.iter().find(|r| r.numero == p.numero).map(|r| (r.confirmee_le, r.motif.clone())),
        })
        .collect();
    Ok(fiches)
}

fn chiffres_cles(s: base::LigneStatistique) -> ChiffresCles {
    let publies: Chiffres = serde_json::from_str(&s.chiffres).unwrap_or_default();
    let admis = [
        ("Baccalauréat général", publies.acc_bg),
        ("Baccalauréat technologique", publies.acc_bt),
        ("Baccalauréat professionnel", publies.acc_bp),
        ("Autres parcours", publies.acc_at),
    ];
    ChiffresCles {
        annee: s.annee,
        capacite: s.capacite,
        candidats: s.candidats,
        propositions: s.propositions,
        acceptations: s.acceptations,
        taux_acces: publies.taux_acces_ens.map(files::valeurs::Taux::pourcent),
        admis: admis.into_iter().filter_map(|(nom, n)| n.map(|n| (nom, i64::from(n)))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publication(capacite: i64, groupes: &str) -> LignePublication {
        LignePublication {
            numero: 1,
            publie_le: 0,
            capacite: Some(capacite),
            frais_centimes: Some(0),
            presentation: String::new(),
            groupes: groupes.to_owned(),
            description: "{}".to_owned(),
            identite: None,
        }
    }

    fn groupe(affectation_id: i64, libelle: &str, places: i64) -> LigneGroupe {
        LigneGroupe {
            id: affectation_id,
            public_id: String::new(),
            libelle: libelle.to_owned(),
            series: "tous".to_owned(),
            sans_classement: 0,
            affectation_id,
            places,
            nombre_a_appeler: places,
        }
    }

    #[test]
    fn r_for_06_the_draft_places_of_a_group_are_never_shown_for_the_published_ones() {
        let draft = [groupe(1, "Pro", 10), groupe(2, "Autres", 20)];
        let places = |p: &LignePublication| -> Vec<Option<i64>> {
            groupes_fiche(p, &draft, &[]).into_iter().map(|g| g.places).collect()
        };
        let publie = r#"[{"libelle":"Pro","places":8},{"libelle":"Autres","places":16}]"#;
        assert_eq!(places(&publication(24, publie)), [Some(8), Some(16)]);
        assert_eq!(places(&publication(24, "[]")), [None, None]);
        assert_eq!(places(&publication(30, "[]")), [Some(10), Some(20)]);
    }

    #[test]
    fn r_for_08_each_line_of_the_history_says_which_public_fields_changed() {
        let avant = Description::default().avec("duree", "2").avec("note_academie", "À rappeler");
        let apres = avant.clone().avec("duree", "3").avec("note_academie", "Vu");
        let publiee = |numero, d: &Description| LignePublication {
            numero,
            description: serde_json::to_string(d).expect("a text"),
            ..publication(24, "[]")
        };
        let dites = [publiee(3, &apres), publiee(2, &avant), publication(24, "[]")];
        let lues = historique(&dites, &[], Genre::Bts).expect("read");
        let champs: Vec<&[&str]> = lues.iter().map(|p| p.champs.as_slice()).collect();
        assert_eq!(champs, [&["Durée en années"][..], &["Durée en années"], &[]]);
    }

    #[test]
    fn r_for_07_a_group_where_nobody_was_called_shows_no_rank() {
        let appels = [LigneDernierAppele { affectation_id: 1, rang: 0, publie_le: 5 }];
        let groupes = groupes_fiche(&publication(10, "[]"), &[groupe(1, "Tous", 10)], &appels);
        assert_eq!(groupes[0].dernier_appele, None);
    }
}
