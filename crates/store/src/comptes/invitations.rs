//! Invitations: a role offered to an address, by a link that serves once (CPT-5).

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::comptes::Role;
use domain::droits::Attribution;

/// A new invitation.
#[derive(Debug, Clone)]
pub struct NouvelleInvitation<'a> {
    /// Normalised address.
    pub courriel: &'a str,
    pub nom: &'a str,
    pub prenom: &'a str,
    pub role: Role,
    pub session: i64,
    pub etablissement: Option<i64>,
    /// Permanent formations.
    pub formations: &'a [i64],
    pub academies: &'a [String],
    pub jeton_hache: &'a str,
    /// Real instants, in milliseconds.
    pub envoyee_le: i64,
    pub expire_le: i64,
}

/// An invitation as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneInvitation {
    pub id: i64,
    pub public_id: String,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub role: String,
    pub session_id: i64,
    pub etablissement_id: Option<i64>,
    pub formations: String,
    pub academies: String,
    pub etat: String,
    pub envoyee_le: i64,
    pub expire_le: i64,
    pub cree_par: Option<i64>,
    pub version: i64,
    /// As the session of the invitation shows it.
    pub etablissement: Option<String>,
    pub academie: Option<String>,
}

impl LigneInvitation {
    /// The role offered.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn role(&self) -> Result<Role, StoreError> {
        Role::from_code(&self.role).ok_or(StoreError::Unreadable("invitation.role"))
    }

    /// The permanent formations of the role.
    pub fn formations(&self) -> Vec<i64> {
        self.formations.split(',').filter_map(|f| f.parse().ok()).collect()
    }

    /// What the person will be: one attribution, or one a course.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn attributions(&self) -> Result<Vec<Attribution>, StoreError> {
        let base = Attribution {
            etablissement: self.etablissement_id,
            academies: self.academies.split(',').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            ..Attribution::simple(self.role()?)
        };
        let formations = self.formations();
        if formations.is_empty() {
            return Ok(vec![base]);
        }
        Ok(formations.into_iter().map(|f| Attribution { formation: Some(f), ..base.clone() }).collect())
    }
}

pub(super) const LECTURE: &str = "SELECT i.id, i.public_id, i.courriel, i.nom, i.prenom, i.role, i.session_id, i.etablissement_id,
                              i.formations, i.academies, i.etat, i.envoyee_le, i.expire_le, i.cree_par, i.version,
                              es.nom AS etablissement, es.academie
                       FROM invitation i
                       LEFT JOIN etablissement_session es
                         ON es.etablissement_id = i.etablissement_id AND es.session_id = i.session_id";

fn csv<T: ToString>(valeurs: &[T]) -> String {
    valeurs.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

/// Adds an invitation; gives its public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when the same role was already offered to this address and is still waiting.
pub async fn insert_invitation(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelleInvitation<'_>,
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.courriel.to_owned().into(),
        n.nom.to_owned().into(),
        n.prenom.to_owned().into(),
        n.role.code().to_owned().into(),
        n.session.into(),
        n.etablissement.into(),
        csv(n.formations).into(),
        csv(n.academies).into(),
        n.jeton_hache.to_owned().into(),
        n.envoyee_le.into(),
        n.expire_le.into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO invitation ({META}, courriel, nom, prenom, role, session_id, etablissement_id, formations,
                                     academies, jeton_hache, envoyee_le, expire_le, etat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'envoyee')"
        ),
        valeurs,
    )
    .await?;
    Ok(public_id.as_str().to_owned())
}

/// An invitation by its public identifier.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn invitation(c: &impl Sql, public_id: &str) -> Result<LigneInvitation, StoreError> {
    c.one(&format!("{LECTURE} WHERE i.public_id = $1"), vec![public_id.to_owned().into()])
        .await?
        .ok_or(StoreError::NotFound("invitation"))
}

/// The invitation of a token's hash, while it can be accepted.
///
/// # Errors
/// When the database refuses.
pub async fn invitation_by_token(
    c: &impl Sql,
    jeton_hache: &str,
    maintenant: i64,
) -> Result<Option<LigneInvitation>, StoreError> {
    c.one(
        &format!("{LECTURE} WHERE i.jeton_hache = $1 AND i.etat = 'envoyee' AND i.expire_le > $2"),
        vec![jeton_hache.to_owned().into(), maintenant.into()],
    )
    .await
}

/// A new link takes the place of the former one, which no longer serves.
///
/// # Errors
/// [`StoreError::Conflict`] when the invitation was accepted or cancelled meanwhile.
pub async fn renew_invitation(
    tx: &Tx,
    e: &Ecriture<'_>,
    i: &LigneInvitation,
    jeton_hache: &str,
    envoyee_le: i64,
    expire_le: i64,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE invitation SET jeton_hache = $1, envoyee_le = $2, expire_le = $3, perimee_dite_le = NULL, maj_le = $4,
                    maj_par = $5, version = version + 1
             WHERE id = $6 AND version = $7 AND etat = 'envoyee'",
            vec![
                jeton_hache.to_owned().into(),
                envoyee_le.into(),
                expire_le.into(),
                e.ms().into(),
                e.compte().into(),
                i.id.into(),
                i.version.into(),
            ],
        )
        .await?;
    changed(n, i)
}

/// Ends an invitation: accepted by an account, or cancelled. Its link no longer exists.
///
/// # Errors
/// [`StoreError::Conflict`] when it was ended meanwhile, even by a request in parallel.
pub async fn end_invitation(
    tx: &Tx,
    e: &Ecriture<'_>,
    i: &LigneInvitation,
    accepte_par: Option<i64>,
) -> Result<(), StoreError> {
    let etat = if accepte_par.is_some() { "acceptee" } else { "annulee" };
    let n = tx
        .exec(
            "UPDATE invitation SET etat = $1, compte_id = $2, jeton_hache = NULL, acceptee_le = $3, maj_le = $4,
                    maj_par = $5, version = version + 1
             WHERE id = $6 AND version = $7 AND etat = 'envoyee'",
            vec![
                etat.to_owned().into(),
                accepte_par.into(),
                accepte_par.map(|_| e.ms()).into(),
                e.ms().into(),
                e.compte().into(),
                i.id.into(),
                i.version.into(),
            ],
        )
        .await?;
    changed(n, i)
}

/// Waiting invitations whose link ran out, which whoever sent them was not told yet.
///
/// # Errors
/// When the database refuses.
pub async fn expired_invitations(
    c: &impl Sql,
    maintenant: i64,
    combien: i64,
) -> Result<Vec<LigneInvitation>, StoreError> {
    c.all(
        &format!(
            "{LECTURE} WHERE i.etat = 'envoyee' AND i.expire_le <= $1 AND i.perimee_dite_le IS NULL
             ORDER BY i.id LIMIT $2"
        ),
        vec![maintenant.into(), combien.into()],
    )
    .await
}

/// Notes that it was told; `false` when it already was, even by another runner, or when a new link left meanwhile.
///
/// # Errors
/// When the database refuses.
pub async fn note_expiry(tx: &Tx, id: i64, maintenant: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE invitation SET perimee_dite_le = $1
             WHERE id = $2 AND etat = 'envoyee' AND expire_le <= $1 AND perimee_dite_le IS NULL",
            vec![maintenant.into(), id.into()],
        )
        .await?;
    Ok(n == 1)
}

/// Cancels every waiting invitation of an establishment; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_invitations(tx: &Tx, e: &Ecriture<'_>, etablissement: i64) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE invitation SET etat = 'annulee', jeton_hache = NULL, maj_le = $1, maj_par = $2, version = version + 1
         WHERE etablissement_id = $3 AND etat = 'envoyee'",
        vec![e.ms().into(), e.compte().into(), etablissement.into()],
    )
    .await
}

fn changed(n: u64, i: &LigneInvitation) -> Result<(), StoreError> {
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("invitation {}", i.id))) }
}
