//! What the establishments of the small France say of themselves, and who heads them.

use domain::droits::{Action, Cible};
use domain::etablissements::Tutelle;
use simulation::petite_france::{self as petite, EtablissementSimule};
use simulation::{Alea, PetiteFrance};
use store::etablissements::{self as base, Liste, NouveauChef};
use store::{Ecriture, Tx, Value};

use crate::contexte::Ctx;
use crate::erreur::AppError;

/// First names and names, of heads and of those who answer for access.
const CHEFS: [(&str, &str); 12] = [
    ("Agnès", "Delvaux"),
    ("Benoît", "Carlier"),
    ("Catherine", "Roussel"),
    ("Didier", "Marchand"),
    ("Estelle", "Vidal"),
    ("François", "Leroux"),
    ("Ghislaine", "Pasquier"),
    ("Hervé", "Maréchal"),
    ("Isabelle", "Tessier"),
    ("Julien", "Boulanger"),
    ("Karine", "Navarro"),
    ("Laurent", "Gilbert"),
];

fn texte(t: &str) -> Value {
    t.to_owned().into()
}

const fn tutelle(t: petite::Tutelle) -> Tutelle {
    match t {
        petite::Tutelle::EnseignementSuperieur => Tutelle::EnseignementSuperieur,
        petite::Tutelle::EducationNationale => Tutelle::EducationNationale,
        petite::Tutelle::Agriculture => Tutelle::Agriculture,
        petite::Tutelle::Sante => Tutelle::Sante,
        petite::Tutelle::Culture => Tutelle::Culture,
        petite::Tutelle::Autre => Tutelle::Autre,
    }
}

/// Describes an establishment of a session: coordinates, access, one site, its head, and for half of them an open day.
async fn describe(
    tx: &Tx,
    ctx: &Ctx,
    e: &Ecriture<'_>,
    session: i64,
    cle: i64,
    s: &EtablissementSimule,
    alea: &mut Alea,
) -> Result<(), AppError> {
    let l = base::parametrage_of(tx, session, cle).await?.ok_or(AppError::NotFound)?;
    let (prenom, nom) = *alea.choix(&CHEFS);
    let (internat, places) = match &s.internat {
        None => ("sans", None),
        Some(d) => {
            let genre = if d.garcons == 0 {
                "filles"
            } else if d.filles == 0 {
                "garcons"
            } else {
                "mixte"
            };
            (genre, Some(i64::from(d.filles + d.garcons)))
        }
    };
    let colonnes = [
        ("tutelle", texte(tutelle(s.tutelle).code())),
        ("adresse", texte(&s.adresse)),
        ("code_postal", texte(&s.code_postal)),
        ("telephone", texte(&s.telephone)),
        ("courriel", texte(&s.mail)),
        (
            "accessibilite",
            texte(
                "Les bâtiments sont accessibles en fauteuil roulant. Un temps supplémentaire et du matériel adapté sont accordés après un entretien avec le référent.",
            ),
        ),
        ("referent_nom", texte(&format!("{} {}", alea.choix(&CHEFS).0, alea.choix(&CHEFS).1))),
        ("referent_courriel", texte(&format!("handicap.{}", s.mail))),
        ("internat", texte(internat)),
        ("internat_places", places.into()),
        ("boursiers", 1_i64.into()),
    ];
    base::save_parametrage(tx, e, (l.id, l.version), &colonnes).await?;
    let site = [
        ("nom", texte("Site principal")),
        ("adresse", texte(&s.adresse)),
        ("code_postal", texte(&s.code_postal)),
        ("commune", texte(s.commune)),
        ("latitude", s.latitude.into()),
        ("longitude", s.longitude.into()),
    ];
    base::insert_lignes(tx, e, Liste::Sites, l.id, &[site.into()]).await?;
    let chef = NouveauChef {
        civilite: if alea.sous(2) == 0 { "madame" } else { "monsieur" },
        nom,
        prenom,
        fonction: "Chef d’établissement",
        courriel: &format!("direction.{}", s.mail),
        telephone: &s.telephone,
        depuis: "2021-09-01",
        jusqu_a: None,
        interim: false,
    };
    base::insert_chef(tx, e, &ctx.app.coffre, cle, &chef).await?;
    Ok(())
}

/// Describes every establishment of a session.
pub(super) async fn describe_all(
    tx: &Tx,
    ctx: &Ctx,
    e: &Ecriture<'_>,
    session: i64,
    cles: &[i64],
    france: &PetiteFrance,
) -> Result<(), AppError> {
    for (i, (cle, s)) in cles.iter().zip(&france.etablissements).enumerate() {
        let mut alea = Alea::pour(france.graine, &[0x4445_5343, i as u64]);
        describe(tx, ctx, e, session, *cle, s, &mut alea).await?;
    }
    Ok(())
}

/// Confirms the heads for a session, but where somebody still has to (one in seven), and adds open days.
pub(super) async fn confirm_all(
    ctx: &Ctx,
    session: i64,
    cles: &[i64],
    tous: bool,
    vedette: i64,
) -> Result<(), AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    for (i, cle) in cles.iter().enumerate() {
        let l = base::parametrage_of(&tx, session, *cle).await?.ok_or(AppError::NotFound)?;
        if i % 2 == 0 {
            let jour = [
                ("jour", texte(if i % 4 == 0 { "2024-02-03" } else { "2024-01-27" })),
                ("debut_min", 540_i64.into()),
                ("fin_min", 1_020_i64.into()),
                ("a_distance", 0_i64.into()),
                ("ou", texte("Hall d’accueil")),
            ];
            base::insert_lignes(&tx, &e, Liste::Journees, l.id, &[jour.into()]).await?;
        }
        if !tous && i % 7 == 3 && *cle != vedette {
            continue;
        }
        let chefs = base::chefs(&tx, &ctx.app.coffre, *cle).await?;
        if let Some(c) = chefs.first().filter(|_| *cle == vedette) {
            // The persona of the head of this lycée.
            let proviseure = NouveauChef {
                civilite: "madame",
                nom: "Lemaire",
                prenom: "Nadia",
                fonction: "Proviseure",
                courriel: &c.courriel,
                telephone: &c.telephone,
                depuis: &c.depuis,
                jusqu_a: None,
                interim: false,
            };
            base::update_chef(&tx, &e, &ctx.app.coffre, (c.id, &c.public_id), &proviseure).await?;
        }
        let confirme =
            [("chef_confirme", chefs.first().map(|c| c.id).into()), ("chef_confirme_le", e.ms().into())];
        base::save_parametrage(&tx, &e, (l.id, l.version), &confirme).await?;
    }
    tx.commit().await?;
    Ok(())
}
