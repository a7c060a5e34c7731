//! News of the Fil info: items, whom they concern, their versions, who opened them, who was told.

use std::collections::{BTreeMap, BTreeSet};

use domain::actualites::{Audience, Emetteur, NatureFormation, Redaction, Situation};
use domain::candidatures::{Selecteur, Visee};
use domain::comptes::Role;
use domain::formations::{Famille, StatutFormation};
use sea_orm::Value;

use crate::audiences::{TableAudience, audiences, codes, famille, read_critere, write_audience};
use crate::comptes::EN_SERVICE;
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, tuples};

/// An item, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneActualite {
    pub id: i64,
    pub public_id: String,
    /// Number of the present version: 1 when it is published, more by one at each correction.
    pub version: i64,
    pub emetteur: Emetteur,
    pub titre: String,
    pub publiee_le: i64,
    pub retiree_le: Option<i64>,
    pub a_lire: i64,
    /// First written, milliseconds of the campaign.
    pub cree_le: i64,
    /// Last written, milliseconds of the campaign.
    pub maj_le: i64,
    pub audience: Audience,
}

#[derive(FromLigne)]
struct Brute {
    id: i64,
    public_id: String,
    version: i64,
    emetteur: String,
    titre: String,
    publiee_le: i64,
    retiree_le: Option<i64>,
    a_lire: i64,
    cree_le: i64,
    maj_le: i64,
}

impl Brute {
    fn lue(self, audience: Audience) -> Result<LigneActualite, StoreError> {
        Ok(LigneActualite {
            emetteur: Emetteur::from_code(&self.emetteur)
                .ok_or(StoreError::Unreadable("actualite.emetteur"))?,
            id: self.id,
            public_id: self.public_id,
            version: self.version,
            titre: self.titre,
            publiee_le: self.publiee_le,
            retiree_le: self.retiree_le,
            a_lire: self.a_lire,
            cree_le: self.cree_le,
            maj_le: self.maj_le,
            audience,
        })
    }
}

const AUDIENCE: TableAudience =
    TableAudience { table: "actualite_audience", cle: "actualite_id", parent: "actualite" };

/// Every item of a session, the last published first.
///
/// # Errors
/// When the database refuses, or a stored code is unknown.
pub async fn actualites(c: &impl Sql, session: i64) -> Result<Vec<LigneActualite>, StoreError> {
    let lignes: Vec<Brute> = c
        .all(
            "SELECT id, public_id, version + 1 AS version, emetteur, titre, publiee_le, retiree_le, a_lire, cree_le,
                    maj_le
             FROM actualite WHERE session_id = $1 AND supprime_le IS NULL ORDER BY publiee_le DESC, id DESC",
            vec![session.into()],
        )
        .await?;
    let mut audiences = audiences(c, AUDIENCE, session).await?;
    lignes
        .into_iter()
        .map(|l| {
            let audience = audiences.remove(&l.id).unwrap_or_default();
            l.lue(audience)
        })
        .collect()
}

/// The text of an item.
///
/// # Errors
/// When the database refuses.
pub async fn texte(c: &impl Sql, actualite: i64) -> Result<String, StoreError> {
    c.text("SELECT texte FROM actualite WHERE id = $1", vec![actualite.into()])
        .await?
        .ok_or(StoreError::NotFound("actualite"))
}

/// A document that an item carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub id: i64,
    pub public_id: String,
}

/// Keeps a new item; gives its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    emetteur: Emetteur,
    r: &Redaction,
    pieces: &[Piece],
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        emetteur.code().into(),
        r.titre.clone().into(),
        r.texte.clone().into(),
        r.publiee_le.into(),
        r.retiree_le.into(),
        1i64.into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO actualite ({META}, session_id, emetteur, titre, texte, publiee_le, retiree_le, a_lire)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("actualite"))?;
    write_audience(tx, AUDIENCE, id, &r.audience).await?;
    write_pieces(tx, id, pieces).await?;
    write_version(tx, e, id, 1, r, pieces).await?;
    Ok(public_id.as_str().to_owned())
}

/// Writes a correction: a version more. `a_relire`: who opened it before is to open it again.
///
/// # Errors
/// [`StoreError::Conflict`] when the item changed meanwhile.
pub async fn correct(
    tx: &Tx,
    e: &Ecriture<'_>,
    avant: &LigneActualite,
    r: &Redaction,
    pieces: &[Piece],
    a_relire: bool,
) -> Result<(), StoreError> {
    let numero = avant.version + 1;
    let a_lire = if a_relire { numero } else { avant.a_lire };
    let n = tx
        .exec(
            "UPDATE actualite SET titre = $1, texte = $2, publiee_le = $3, retiree_le = $4, a_lire = $5,
                    maj_le = $6, maj_par = $7, version = version + 1
             WHERE id = $8 AND version = $9",
            vec![
                r.titre.clone().into(),
                r.texte.clone().into(),
                r.publiee_le.into(),
                r.retiree_le.into(),
                a_lire.into(),
                e.ms().into(),
                e.compte().into(),
                avant.id.into(),
                (avant.version - 1).into(),
            ],
        )
        .await?;
    if n != 1 {
        return Err(StoreError::Conflict(format!("actualite {}", avant.public_id)));
    }
    write_audience(tx, AUDIENCE, avant.id, &r.audience).await?;
    write_pieces(tx, avant.id, pieces).await?;
    write_version(tx, e, avant.id, numero, r, pieces).await
}

/// Takes an item down at an instant of the campaign.
///
/// # Errors
/// When the database refuses.
pub async fn take_down(tx: &Tx, e: &Ecriture<'_>, actualite: i64, le: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE actualite SET retiree_le = $1, maj_le = $2, maj_par = $3 WHERE id = $4",
        vec![le.into(), e.ms().into(), e.compte().into(), actualite.into()],
    )
    .await?;
    Ok(())
}

async fn write_version(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    numero: i64,
    r: &Redaction,
    pieces: &[Piece],
) -> Result<(), StoreError> {
    let pieces: Vec<&str> = pieces.iter().map(|p| p.public_id.as_str()).collect();
    let audience: Vec<String> =
        codes(&r.audience).into_iter().map(|(critere, code)| format!("{critere}:{code}")).collect();
    tx.exec(
        "INSERT INTO actualite_version (actualite_id, numero, titre, texte, audience, ecrite_le, ecrite_par, pieces)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            id.into(),
            numero.into(),
            r.titre.clone().into(),
            r.texte.clone().into(),
            audience.join(",").into(),
            e.ms().into(),
            e.compte().into(),
            pieces.join(",").into(),
        ],
    )
    .await?;
    Ok(())
}

async fn write_pieces(tx: &Tx, actualite: i64, pieces: &[Piece]) -> Result<(), StoreError> {
    tx.exec("DELETE FROM actualite_piece WHERE actualite_id = $1", vec![actualite.into()]).await?;
    for p in pieces {
        tx.exec(
            "INSERT INTO actualite_piece (actualite_id, document_id) VALUES ($1, $2)",
            vec![actualite.into(), p.id.into()],
        )
        .await?;
    }
    Ok(())
}

/// Keys of the documents that the items of a session carry, by item.
///
/// # Errors
/// When the database refuses.
pub async fn pieces(c: &impl Sql, session: i64) -> Result<BTreeMap<i64, BTreeSet<i64>>, StoreError> {
    let lignes: Vec<(i64, i64)> = tuples(
        c,
        "p.actualite_id, p.document_id",
        "actualite_piece p JOIN actualite a ON a.id = p.actualite_id WHERE a.session_id = $1",
        vec![session.into()],
    )
    .await?;
    let mut par_actualite: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (actualite, document) in lignes {
        par_actualite.entry(actualite).or_default().insert(document);
    }
    Ok(par_actualite)
}

/// The version of each item that a person opened last.
///
/// # Errors
/// When the database refuses.
pub async fn lectures(c: &impl Sql, compte: i64) -> Result<BTreeMap<i64, i64>, StoreError> {
    let lues: Vec<(i64, i64)> =
        tuples(c, "actualite_id, numero", "actualite_lecture WHERE compte_id = $1", vec![compte.into()])
            .await?;
    Ok(lues.into_iter().collect())
}

/// Who opened an item, and which version last.
///
/// # Errors
/// When the database refuses.
pub async fn lecteurs(c: &impl Sql, actualite: i64) -> Result<BTreeMap<i64, i64>, StoreError> {
    let lues: Vec<(i64, i64)> =
        tuples(c, "compte_id, numero", "actualite_lecture WHERE actualite_id = $1", vec![actualite.into()])
            .await?;
    Ok(lues.into_iter().collect())
}

/// Notes that the writer opened an item, as it is now.
///
/// # Errors
/// When the database refuses.
pub async fn mark_read(tx: &Tx, e: &Ecriture<'_>, l: &LigneActualite) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO actualite_lecture (actualite_id, compte_id, numero, lue_le) VALUES ($1, $2, $3, $4)
         ON CONFLICT (actualite_id, compte_id) DO UPDATE SET numero = $3, lue_le = $4",
        vec![l.id.into(), e.compte().into(), l.version.into(), e.ms().into()],
    )
    .await?;
    Ok(())
}

/// Accounts whose situations are read.
#[derive(Debug, Clone, Copy)]
pub enum Comptes {
    /// All those in service.
    Tous,
    /// One.
    Un(i64),
}

/// What an account is by one of its attributions, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SituationSurPlace {
    pub compte: i64,
    /// `None`: over no establishment.
    pub etablissement: Option<i64>,
    pub situation: Situation,
}

/// Attribution, account, role, academies of the attribution; establishment and academy of the place; family, status, national type of
/// a course.
type LigneSituation =
    (i64, i64, String, String, Option<i64>, Option<String>, Option<String>, Option<String>, Option<i64>);

/// What each account is in a session, attribution by attribution: candidates left out. `paramedicales`: the courses that the session
/// calls so.
///
/// # Errors
/// When the database refuses, or a stored code is unknown.
pub async fn situations(
    c: &impl Sql,
    session: i64,
    comptes: Comptes,
    paramedicales: &[Selecteur],
) -> Result<BTreeMap<i64, Vec<Situation>>, StoreError> {
    Ok(by_compte(situations_sur_place(c, session, comptes, paramedicales).await?))
}

/// The same situations, by account.
pub fn by_compte(situations: Vec<SituationSurPlace>) -> BTreeMap<i64, Vec<Situation>> {
    let mut par_compte: BTreeMap<i64, Vec<Situation>> = BTreeMap::new();
    for s in situations {
        par_compte.entry(s.compte).or_default().push(s.situation);
    }
    par_compte
}

/// The same, each with the establishment that the attribution is over, itself or by one of its courses.
///
/// # Errors
/// When the database refuses, or a stored code is unknown.
pub async fn situations_sur_place(
    c: &impl Sql,
    session: i64,
    comptes: Comptes,
    paramedicales: &[Selecteur],
) -> Result<Vec<SituationSurPlace>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into()];
    let seul = match comptes {
        Comptes::Tous => "",
        Comptes::Un(compte) => {
            valeurs.push(compte.into());
            " AND a.compte_id = $2"
        }
    };
    let en_service = format!(
        "a.supprime_le IS NULL AND (a.session_id IS NULL OR a.session_id = $1){seul}
         AND EXISTS (SELECT 1 FROM compte c WHERE c.id = a.compte_id AND {EN_SERVICE})"
    );
    // A course of one's own, or all those of one's establishment: two shapes of the same question, each with its index.
    let lignes: Vec<LigneSituation> = tuples(
        c,
        "s.id, s.compte_id, s.role, s.academies, s.etablissement_id, s.academie, s.famille, s.statut, s.type_national",
        &format!(
            "(SELECT a.id, a.compte_id, a.role, a.academies, CAST(NULL AS BIGINT) AS etablissement_id, NULL AS academie,
                     NULL AS famille, NULL AS statut, CAST(NULL AS BIGINT) AS type_national
              FROM attribution a
              WHERE a.etablissement_id IS NULL AND a.formation_id IS NULL AND {en_service}
              UNION
              SELECT a.id, a.compte_id, a.role, a.academies, e.etablissement_id, e.academie, f.famille, fo.statut,
                     t.code_sans_apprentissage
              FROM attribution a
              JOIN etablissement_session e ON e.etablissement_id = a.etablissement_id AND e.session_id = $1
              LEFT JOIN formation_session f ON f.session_id = $1 AND f.etablissement_id = a.etablissement_id
                        AND f.supprime_le IS NULL
              LEFT JOIN formation fo ON fo.id = f.formation_id
              LEFT JOIN type_formation t ON t.id = f.type_formation_id
              WHERE a.formation_id IS NULL AND {en_service}
              UNION
              SELECT a.id, a.compte_id, a.role, a.academies, f.etablissement_id, f.academie, f.famille, fo.statut,
                     t.code_sans_apprentissage
              FROM attribution a
              JOIN formation_session f ON f.formation_id = a.formation_id AND f.session_id = $1
                   AND f.supprime_le IS NULL
              JOIN formation fo ON fo.id = f.formation_id
              LEFT JOIN type_formation t ON t.id = f.type_formation_id
              WHERE {en_service}) s"
        ),
        valeurs,
    )
    .await?;
    let mut par_attribution: BTreeMap<(i64, i64), SituationSurPlace> = BTreeMap::new();
    for (attribution, compte, role, academies, etablissement, academie, nom, statut, type_national) in lignes
    {
        let role = Role::from_code(&role).ok_or(StoreError::Unreadable("attribution.role"))?;
        let sur_place = par_attribution.entry((compte, attribution)).or_insert_with(|| SituationSurPlace {
            compte,
            etablissement,
            situation: Situation { role, academies: BTreeSet::new(), natures: BTreeSet::new() },
        });
        let s = &mut sur_place.situation;
        s.academies.extend(academies.split(',').filter(|a| !a.is_empty()).map(str::to_owned));
        if let Some((nom, statut)) = nom.as_deref().zip(statut.as_deref()) {
            let visee = Visee {
                famille: Famille::from_code(nom),
                type_national,
                academie: academie.as_deref().unwrap_or_default(),
                libelle: "",
            };
            s.natures.insert(NatureFormation {
                famille: famille(nom),
                statut: StatutFormation::from_code(statut)
                    .ok_or(StoreError::Unreadable("formation.statut"))?,
                paramedical: paramedicales.iter().any(|p| p.vise(&visee)),
            });
        }
        s.academies.extend(academie);
    }
    Ok(par_attribution.into_values().collect())
}

/// What the last digest told a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct LigneResume {
    pub compte_id: i64,
    /// When it left, milliseconds of real time.
    pub envoye_le: i64,
    /// The last instant of the campaign that it told of.
    pub jusqu_au: i64,
}

/// The digests that left, by account.
///
/// # Errors
/// When the database refuses.
pub async fn resumes(c: &impl Sql) -> Result<BTreeMap<i64, LigneResume>, StoreError> {
    let lignes: Vec<LigneResume> =
        c.all("SELECT compte_id, envoye_le, jusqu_au FROM resume_envoye", Vec::new()).await?;
    Ok(lignes.into_iter().map(|l| (l.compte_id, l)).collect())
}

/// Accounts that want no digest.
///
/// # Errors
/// When the database refuses.
pub async fn resumes_refuses(c: &impl Sql) -> Result<BTreeSet<i64>, StoreError> {
    let lignes: Vec<(i64, i64)> = tuples(c, "compte_id, refuse_le", "resume_refuse", Vec::new()).await?;
    Ok(lignes.into_iter().map(|(compte, _)| compte).collect())
}

/// Whether an account wants no digest.
///
/// # Errors
/// When the database refuses.
pub async fn is_resume_refuse(c: &impl Sql, compte: i64) -> Result<bool, StoreError> {
    let n = c.int("SELECT COUNT(*) FROM resume_refuse WHERE compte_id = $1", vec![compte.into()]).await?;
    Ok(n.unwrap_or(0) > 0)
}

/// Notes that an account wants no digest, or wants it again, at an instant of real time. Gives whether that changed.
///
/// # Errors
/// When the database refuses.
pub async fn set_resume_refuse(
    tx: &Tx,
    _: &Ecriture<'_>,
    compte: i64,
    refuse_le: Option<i64>,
) -> Result<bool, StoreError> {
    let n = match refuse_le {
        None => tx.exec("DELETE FROM resume_refuse WHERE compte_id = $1", vec![compte.into()]).await?,
        Some(le) => {
            tx.exec(
                "INSERT INTO resume_refuse (compte_id, refuse_le) VALUES ($1, $2)
                 ON CONFLICT (compte_id) DO NOTHING",
                vec![compte.into(), le.into()],
            )
            .await?
        }
    };
    Ok(n == 1)
}

/// When digests were last looked for in a session, and among which items; `None` before the first time.
///
/// # Errors
/// When the database refuses.
pub async fn recherche(c: &impl Sql, session: i64) -> Result<Option<(i64, String)>, StoreError> {
    let lignes: Vec<(i64, String)> =
        tuples(c, "cherche_le, parmi", "resume_recherche WHERE session_id = $1", vec![session.into()])
            .await?;
    Ok(lignes.into_iter().next())
}

/// Notes that digests were looked for.
///
/// # Errors
/// When the database refuses.
pub async fn set_recherche(
    tx: &Tx,
    _: &Ecriture<'_>,
    session: i64,
    cherche_le: i64,
    parmi: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO resume_recherche (session_id, cherche_le, parmi) VALUES ($1, $2, $3)
         ON CONFLICT (session_id) DO UPDATE SET cherche_le = $2, parmi = $3",
        vec![session.into(), cherche_le.into(), parmi.to_owned().into()],
    )
    .await?;
    Ok(())
}

/// Notes that a digest leaves, unless another left since `avant`, the one before, was read. Gives whether it was noted.
///
/// # Errors
/// When the database refuses.
pub async fn set_resume(
    tx: &Tx,
    _: &Ecriture<'_>,
    avant: Option<i64>,
    r: LigneResume,
) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "INSERT INTO resume_envoye (compte_id, envoye_le, jusqu_au) VALUES ($1, $2, $3)
             ON CONFLICT (compte_id) DO UPDATE SET envoye_le = $2, jusqu_au = $3 WHERE resume_envoye.envoye_le = $4",
            vec![r.compte_id.into(), r.envoye_le.into(), r.jusqu_au.into(), avant.into()],
        )
        .await?;
    Ok(n == 1)
}

/// A version of an item: its number, when it was written, whom it concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionActualite {
    pub numero: i64,
    /// Instant of the campaign.
    pub ecrite_le: i64,
    pub audience: Audience,
}

/// The versions of the items of a session, by item.
///
/// # Errors
/// When the database refuses, or a stored code is unknown.
pub async fn versions(
    c: &impl Sql,
    session: i64,
) -> Result<BTreeMap<i64, Vec<VersionActualite>>, StoreError> {
    let lignes: Vec<(i64, i64, i64, String)> = tuples(
        c,
        "v.actualite_id, v.numero, v.ecrite_le, v.audience",
        "actualite_version v JOIN actualite a ON a.id = v.actualite_id WHERE a.session_id = $1",
        vec![session.into()],
    )
    .await?;
    let mut versions: BTreeMap<i64, Vec<VersionActualite>> = BTreeMap::new();
    for (actualite, numero, ecrite_le, criteres) in lignes {
        let mut audience = Audience::default();
        for (critere, code) in criteres.split(',').filter_map(|c| c.split_once(':')) {
            read_critere(&mut audience, critere, code.to_owned())?;
        }
        versions.entry(actualite).or_default().push(VersionActualite { numero, ecrite_le, audience });
    }
    Ok(versions)
}

/// The version that each account opened last, by account and item of a session.
///
/// # Errors
/// When the database refuses.
pub async fn lectures_by_compte(c: &impl Sql, session: i64) -> Result<BTreeMap<(i64, i64), i64>, StoreError> {
    let lues: Vec<(i64, i64, i64)> = tuples(
        c,
        "l.compte_id, l.actualite_id, l.numero",
        "actualite_lecture l JOIN actualite a ON a.id = l.actualite_id WHERE a.session_id = $1",
        vec![session.into()],
    )
    .await?;
    Ok(lues.into_iter().map(|(compte, actualite, numero)| ((compte, actualite), numero)).collect())
}
