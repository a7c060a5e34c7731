//! R-FOR-13: taking fields from last year, from the template of the type or from another course, with the differences shown.

use domain::formations::description::{Champ, Rubrique, Valeur, modele_de};
use domain::{PublicId, RuleViolation};
use serde_json::json;

use super::description::{
    Changement, ECRITURE, Plume, VueDescription, demande, load_description, view_description,
};
use super::load;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::sessions;

/// Where values are taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The same course, last year.
    Precedente,
    /// What most courses of the type say.
    Modele,
    /// Another course that the person reads, of the same session.
    Formation(PublicId),
}

/// A field that differs between the draft and a source.
#[derive(Debug, Clone)]
pub struct Ecart {
    /// The field.
    pub champ: &'static Champ,
    /// What the draft says.
    pub ici: Option<Valeur>,
    /// What the source says; never nothing.
    pub la: Valeur,
}

/// The source compared with the draft.
#[derive(Debug, Clone)]
pub struct Ecarts {
    /// The course written.
    pub vue: VueDescription,
    /// Name of the source.
    pub nom: String,
    /// What may be taken from it, in the order of the forms.
    pub ecarts: Vec<Ecart>,
    /// The parts of which it says something that the course may say too, differing or not.
    pub dites: Vec<Rubrique>,
}

/// Compares the draft of a course with a source, field by field; only what the person may write now, and what the source
/// says: taking never empties a field.
///
/// # Errors
/// [`AppError::NotFound`] for a course or a source that does not exist or is not read by the person.
pub async fn compare(ctx: &Ctx, annee: i64, id: &PublicId, source: &Source) -> Result<Ecarts, AppError> {
    let vue = view_description(ctx, annee, id).await?;
    let autre = match source {
        Source::Formation(id) => Some(view_description(ctx, annee, id).await?),
        _ => None,
    };
    let nom = match (source, &vue.precedente, &autre) {
        (Source::Precedente, Some((annee, _)), _) => format!("Session {annee}"),
        (Source::Modele, ..) => format!("Modèle : {}", vue.genre.libelle()),
        (Source::Formation(_), _, Some(a)) => {
            format!("{} – {}", a.intitule.libelle, a.intitule.etablissement)
        }
        _ => return Err(AppError::NotFound),
    };
    let meme_maison = autre.as_ref().is_some_and(|a| a.etablissement == vue.etablissement);
    let depuis = match source {
        Source::Precedente => vue.precedente.as_ref().map(|(_, d)| d.clone()),
        Source::Modele => {
            let d = modele_de(vue.genre, &vue.intitule.libelle);
            Some(match &vue.national {
                Some(national) => national.complete(d),
                None => d,
            })
        }
        Source::Formation(_) => autre.as_ref().map(|a| a.description.clone()),
    };
    let depuis = depuis.ok_or(AppError::NotFound)?.connue(vue.genre);
    // Places are those of a session and of an establishment; days are those of a year.
    let depuis = if autre.is_some() { depuis } else { depuis.reportee() };
    // R-DRO-04: fees are not for everybody, those of last year and of other courses neither.
    let frais = vue.frais_lisibles && autre.as_ref().is_none_or(|a| a.frais_lisibles);
    let is_prenable =
        |c: &Champ| (meme_maison || !c.nature.is_lieu()) && (frais || c.rubrique != Rubrique::Frais);
    let is_dit = |c: &'static Champ| is_prenable(c) && depuis.valeur(c.code).is_some();
    let dites = Rubrique::ALL.into_iter().filter(|r| r.champs(vue.genre).any(is_dit)).collect();
    let ecarts = depuis
        .differences(&vue.description, vue.genre)
        .into_iter()
        .filter(|c| is_prenable(c) && vue.is_ouvert(c))
        .filter_map(|champ| {
            let la = depuis.valeur(champ.code)?.clone();
            Some(Ecart { champ, ici: vue.description.valeur(champ.code).cloned(), la })
        })
        .collect();
    Ok(Ecarts { vue, nom, ecarts, dites })
}

/// Takes some fields of a source into the draft. What was shown and has changed since is refused.
///
/// # Errors
/// As [`save_rubrique`]; [`AppError::Conflict`] when one of the fields no longer differs.
pub async fn take_fields(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    source: &Source,
    codes: &[String],
) -> Result<Recepisse, AppError> {
    let demande = demande("reprise_champs", annee, &(id.as_str(), format!("{source:?}"), codes))?;
    let comparaison = compare(ctx, annee, id, source).await?;
    let tx = ctx.begin().await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    if let Some(inconnu) = codes.iter().find(|c| Champ::from_code(c).is_none()) {
        return Err(AppError::Champ(inconnu.clone()));
    }
    let pris: Vec<Changement> = comparaison
        .ecarts
        .iter()
        .filter(|e| codes.iter().any(|c| c == e.champ.code))
        .map(|e| (e.champ, Some(e.la.clone())))
        .collect();
    if pris.is_empty() {
        return Err(RuleViolation::Champ { champ: "champs", motif: "aucun" }.into());
    }
    if pris.len() != codes.len() {
        return Err(AppError::Conflict);
    }
    // The draft is read again inside: what somebody else wrote meanwhile in these fields would be lost.
    let (maintenant, _) = load_description(&tx, &f).await?;
    if comparaison.ecarts.iter().any(|e| maintenant.valeur(e.champ.code) != e.ici.as_ref()) {
        return Err(AppError::Conflict);
    }
    let plume = Plume { tx: &tx, ctx, session: &session };
    let changes = plume.write(&f, &pris, false).await?;
    let contenu = json!({ "formation": f.public_id, "champs": changes });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ECRITURE, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
