//! `/gestion/{annee}/formations/{id}/{rubrique}`: what a course says of itself, one part at a time.

use app::AppError;
use app::formations::{
    AccordNational, CadreNational, Changement, Ouverture, SuiviRubrique, VueDescription, save_rubrique,
    view_description, view_suivi,
};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::formations::controle::EtatControle;
use domain::formations::description::{
    Champ, Description, IMPORTANCES, LigneListe, Nature, POIDS, Rubrique, Valeur, check_jours, read_lignes,
    read_texte, write_texte,
};
use domain::formations::{Contradiction, EtatFormation};
use domain::grille::Decompte;
use domain::references::Theme;
use jiff::Timestamp;

use super::formation::{adresse, lit_chemin};
use super::saisie::{Lu, RELIRE, alerte_archive, motif_fermeture, require_ecriture};
use crate::components::description::{
    LigneSaisie, lignes_saisies, lit_lignes, nom_ligne, pose, saisie, specialites,
};
use crate::components::fiche::FichePublique;
use crate::components::{
    Aide, Alerte, Bouton, Constats, Definitions, Echeance, Formulaire, LienBouton, Markup, Previsualisation,
    alerte_contradictions,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::{still_waiting, with_brouillon};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

/// A field of the form, or a list and its lines.
struct Bloc {
    markup: Markup,
    /// Beside it: the importance of a field of the grid beside its weight.
    voisin: Option<Markup>,
    /// Under both: what the weights make together.
    apres: Option<Markup>,
    liste: Option<Liste>,
}

struct Liste {
    libelle: &'static str,
    aide: &'static str,
    ancre: String,
    /// What an address names its last line by: the blank one, when there is room.
    fin: String,
    ouverte: bool,
    /// What its button says.
    ajout: &'static str,
    lignes: Vec<LigneSaisie>,
}

/// What the nation says of the type, on the page of what is expected.
struct National {
    titre: String,
    /// The draft says something else, or nothing: shown open.
    ouvert: bool,
    attendus: Vec<String>,
    specialites: Option<Markup>,
    source: String,
}

#[derive(Template)]
#[template(path = "gestion/description.html")]
struct PageDescription {
    page: Page,
    url: String,
    surtitre: String,
    aide: Aide,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    form: Formulaire,
    /// What a change would undo, while the academic service reviews the course.
    controle: Option<Alerte>,
    ouverte: bool,
    a_des_listes: bool,
    blocs: Vec<Bloc>,
    copier: Vec<(String, String)>,
    national: Option<National>,
    /// The part that comes next; after the last one, the course.
    suivante: (&'static str, String),
    public: Previsualisation,
    /// What the reading of the grid finds, on its page.
    constats: Option<Constats>,
    maj: Option<String>,
}

pub(super) fn lit_rubrique(
    (annee, id, rubrique): (String, String, String),
) -> Result<(i64, PublicId, Rubrique), AppError> {
    let (annee, id) = lit_chemin((annee, id))?;
    Ok((annee, id, Rubrique::from_code(&rubrique).ok_or(AppError::NotFound)?))
}

async fn load(
    requete: &Requete,
    annee: i64,
    id: &PublicId,
    rubrique: Rubrique,
) -> Result<VueDescription, AppError> {
    let v = view_description(&requete.ctx, annee, id).await?;
    if v.rubriques().any(|r| r == rubrique) { Ok(v) } else { Err(AppError::NotFound) }
}

fn remplit(form: Formulaire, v: &VueDescription, rubrique: Rubrique) -> Formulaire {
    let mut form = form.avec_version(v.version(rubrique));
    for c in rubrique.champs(v.genre) {
        pose(&mut form, c, v.description.valeur(c.code));
    }
    form
}

pub async fn get_description(requete: Requete, Path(chemin): Path<(String, String, String)>) -> Resultat {
    let (annee, id, rubrique) = lit_rubrique(chemin)?;
    let v = load(&requete, annee, &id, rubrique).await?;
    let form = remplit(requete.formulaire(), &v, rubrique);
    let ici = format!("{}/{}", adresse(annee, &v.id), rubrique.code());
    let form = with_brouillon(&requete, form, &ici, v.ouverture(rubrique).est_ouverte()).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &v, rubrique, form, Lu::Saisi).await?))
}

fn envoye(form: &Formulaire, c: &Champ) -> bool {
    form.noms().any(|n| n.split('.').next() == Some(c.code))
}

/// Reads what was typed; faults are noted on the form, all of them.
fn lit(form: &mut Formulaire, v: &VueDescription, rubrique: Rubrique) -> Vec<Changement> {
    let mut changements = Vec::new();
    for c in rubrique.champs(v.genre) {
        // A field closed in the page is not sent: it stays as it is.
        if !v.is_ouvert(c) && !envoye(form, c) {
            continue;
        }
        if let Nature::Liste(..) = c.nature {
            let typees = lit_lignes(form, c);
            let mut defauts = check_jours(c, &typees, v.session.campagne());
            match read_lignes(c, &typees) {
                Ok(lignes) => changements.push((c, Some(Valeur::Lignes(lignes)))),
                Err(autres) => defauts.extend(autres),
            }
            for d in defauts {
                let nom = d.ou.map_or_else(|| c.code.to_owned(), |(i, sous)| nom_ligne(c.code, i, sous));
                form.refuse(&nom, d.message);
            }
        } else {
            match read_texte(c, form.valeur(c.code)) {
                Ok(valeur) => changements.push((c, valeur.map(Valeur::Texte))),
                Err(message) => form.refuse(c.code, message),
            }
        }
    }
    changements
}

/// The form without one of its lines: what was typed elsewhere stays.
pub(super) fn retire(
    form: &Formulaire,
    requete: &Requete,
    champ: &'static Champ,
    ligne: usize,
) -> Formulaire {
    let mut lignes = lit_lignes(form, champ);
    if ligne < lignes.len() {
        lignes.remove(ligne);
    }
    let debut = format!("{}.", champ.code);
    let mut neuf = requete.formulaire().kept_as(form);
    if let Some(version) = form.version() {
        neuf = neuf.avec_version(version);
    }
    for nom in form.noms().filter(|n| !n.starts_with(&debut) && *n != "acte") {
        neuf.pose(nom, form.valeur(nom));
    }
    // As typed: these are not stored values.
    for (i, ligne) in lignes.iter().enumerate() {
        for (code, valeur) in ligne {
            neuf.pose(&nom_ligne(champ.code, i, code), valeur);
        }
    }
    neuf
}

pub async fn post_description(Path(chemin): Path<(String, String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id, rubrique) = lit_rubrique(chemin)?;
    let requete = recu.requete.clone();
    let v = load(&requete, annee, &id, rubrique).await?;
    let acte = recu.form.valeur("acte").to_owned();
    if let Some((code, ligne)) = acte.strip_prefix("retirer.").and_then(|r| r.split_once('.')) {
        let champ = Champ::from_code(code).filter(|c| c.rubrique == rubrique).ok_or(AppError::NotFound)?;
        let form = retire(&recu.form, &requete, champ, ligne.parse().map_err(|_| AppError::NotFound)?);
        return Ok(rend(StatusCode::OK, &page(&requete, &v, rubrique, form, Lu::Saisi).await?));
    }
    if acte == RELIRE {
        require_ecriture(v.ouverture(rubrique), rubrique.action())?;
    }
    if acte == "ligne" || acte == RELIRE {
        return Ok(rend(StatusCode::OK, &page(&requete, &v, rubrique, recu.form, Lu::Saisi).await?));
    }
    let changements = lit(&mut recu.form, &v, rubrique);
    if !recu.form.est_valide() {
        let page = page(&requete, &v, rubrique, recu.form, Lu::Saisi).await?;
        return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    match save_rubrique(&requete.ctx, &recu.garde(), annee, &id, rubrique, &changements).await {
        Ok(_) => Ok(redirige(&format!("{}/{}?fait=description", adresse(annee, &v.id), rubrique.code()))),
        Err(AppError::Conflict) => {
            let frais = load(&requete, annee, &id, rubrique).await?;
            let mut form = requete.formulaire().with_values(&recu.form).avec_version(frais.version(rubrique));
            form.refuse_tout(
                "Quelqu’un a enregistré cette rubrique pendant que vous la modifiiez. Rien n’a été écrasé : votre saisie \
                 est gardée ici, comparez avec ce qui est enregistré, sous « Ce que le public lira », puis enregistrez de nouveau.",
            );
            Ok(rend(StatusCode::CONFLICT, &page(&requete, &frais, rubrique, form, Lu::Enregistre).await?))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let page = page(&requete, &v, rubrique, recu.form, Lu::Saisi).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// What to write, and what last year said when it is not what the draft says.
fn indice(v: &VueDescription, champ: &Champ) -> String {
    let avant = v.precedente.as_ref().and_then(|(annee, d)| {
        let la = d.valeur(champ.code)?;
        if Some(la) == v.description.valeur(champ.code) || champ.nature.is_lieu() {
            return None;
        }
        match la {
            Valeur::Texte(t) => Some(format!("En {annee} : {}", champ.lisible(t))),
            Valeur::Lignes(_) => None,
        }
    });
    let regle =
        if champ.reglementaire { "Mention obligatoire de la fiche (article D. 612-1-5)." } else { "" };
    [champ.aide, regle, avant.as_deref().unwrap_or_default()]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// An establishment without components is not asked which one holds the course.
fn has_choice(v: &VueDescription, c: &Champ) -> bool {
    !matches!(c.nature, Nature::Composante)
        || !v.lieux.of(c.nature).is_empty()
        || v.description.valeur(c.code).is_some()
}

/// Something else than what is stored was typed, while one still could: it stays in sight.
fn is_typed(v: &VueDescription, c: &Champ, form: &Formulaire) -> bool {
    let ecrit = write_texte(c, v.description.texte(c.code));
    envoye(form, c) && form.valeur(c.code).replace("\r\n", "\n").trim() != ecrit.trim()
}

/// A field that one may not write now: what is stored.
fn lu(v: &VueDescription, c: &Champ) -> Definitions {
    let stocke = v.description.texte(c.code);
    let dit = if stocke.is_empty() { String::new() } else { v.lieux.lisible(c, stocke) };
    let lignes: Vec<String> = dit.lines().map(str::to_owned).collect();
    match lignes.as_slice() {
        [] => Definitions::new().ligne(c.libelle, "Non renseigné"),
        [une] if POIDS.contains(&c.code) => Definitions::new().ligne(c.libelle, format_args!("{une} %")),
        _ => Definitions::new().ligne_markup(c.libelle, Markup::lignes(&lignes)),
    }
}

/// What the weights typed make together, under the last one; the script of the site says it again while one types.
fn total_poids(typee: &Description) -> Markup {
    let somme: i64 = POIDS.iter().filter_map(|code| typee.texte(code).parse::<i64>().ok()).sum();
    let attendu = if somme == 100 { "" } else { ", au lieu de 100 %" };
    Markup::rendu(format!(r#"<p id="total-poids">Total des poids : {somme} %{attendu}</p>"#))
}

fn blocs(v: &VueDescription, rubrique: Rubrique, form: &Formulaire, typee: &Description) -> Vec<Bloc> {
    let champ = |c: &Champ| {
        let ferme = !v.is_ouvert(c);
        if ferme && !is_typed(v, c, form) {
            return Markup::new(lu(v, c));
        }
        saisie(form, c, c.code, &indice(v, c), v.lieux.of(c.nature), ferme)
    };
    let importance = |c: &Champ| {
        let place = POIDS.iter().position(|code| *code == c.code)?;
        Champ::from_code(IMPORTANCES[place])
    };
    rubrique
        .champs(v.genre)
        .filter(|c| !IMPORTANCES.contains(&c.code) && has_choice(v, c))
        .map(|c| match c.nature {
            Nature::Liste(..) => Bloc {
                markup: Markup::default(),
                voisin: None,
                apres: None,
                liste: Some(Liste {
                    libelle: c.libelle,
                    aide: c.aide,
                    ancre: form.id(c.code),
                    fin: format!("fin-{}", c.code),
                    ouverte: v.is_ouvert(c),
                    ajout: if c.has_criteres() { "Ajouter un critère" } else { "Ajouter une ligne" },
                    lignes: lignes_saisies(form, c, !v.is_ouvert(c)),
                }),
            },
            _ => Bloc {
                markup: champ(c),
                voisin: importance(c).map(champ),
                apres: (POIDS.last() == Some(&c.code)).then(|| total_poids(typee)),
                liste: None,
            },
        })
        .collect()
}

/// A cell of a list as it would be stored; what cannot be read, as it is typed.
fn cellule(liste: &Champ, code: &str, saisi: &str) -> Option<String> {
    let colonne = liste.colonnes().iter().find(|c| c.code == code)?;
    read_texte(colonne, saisi).unwrap_or_else(|_| Some(saisi.to_owned()))
}

/// The description as it stands in the form, saved or not. What cannot be read says nothing; a field that is closed in the page stays
/// as it is.
fn en_cours(v: &VueDescription, rubrique: Rubrique, form: &Formulaire) -> Description {
    let mut d = v.description.clone();
    for c in rubrique.champs(v.genre).filter(|c| v.is_ouvert(c) || envoye(form, c)) {
        let valeur = match c.nature {
            Nature::Liste(..) => {
                let typees = lit_lignes(form, c).into_iter();
                let typees = typees.filter(|l| l.values().any(|t| !t.trim().is_empty()));
                let lue = |l: LigneListe| -> LigneListe {
                    l.into_iter()
                        .filter_map(|(code, t)| Some((code.clone(), cellule(c, &code, &t)?)))
                        .collect()
                };
                Some(Valeur::Lignes(typees.map(lue).collect()))
            }
            _ => read_texte(c, form.valeur(c.code)).ok().flatten().map(Valeur::Texte),
        };
        d.pose(c.code, valeur);
    }
    d
}

/// What the reading of a grid finds.
fn constats(d: &Description) -> Option<Constats> {
    d.grille_saisie().is_some().then(|| Constats::new(d, "", d.constats()))
}

/// R-FOR-17: what is to be known of the national text.
fn alerte_nationale(accord: AccordNational) -> Option<Alerte> {
    match accord {
        AccordNational::Autre => Some(Alerte::info(
            "Les attendus de cette formation ne sont pas ceux du cadre national de son type. Le texte national se lit \
             ci-dessous ; « Partir du modèle du type » le reprend. Ce que l’établissement ajoute a son propre champ.",
        )),
        AccordNational::Vide => Some(Alerte::info(
            "Le cadre national de ce type a un texte, qui se lit ci-dessous : « Partir du modèle du type » le reprend.",
        )),
        AccordNational::Muet | AccordNational::Identique => None,
    }
}

/// R-FOR-31: what is asked for and sent already; nothing is refused.
fn alertes_pieces(typee: &Description) -> impl Iterator<Item = Alerte> {
    typee.pieces_transmises().into_iter().map(|(quoi, titres)| {
        let titres: Vec<String> = titres.iter().map(|t| format!("« {t} »")).collect();
        Alerte::info(format_args!(
            "À savoir : {quoi} ; ne les demandez pas. Pièces demandées ici : {}.",
            titres.join(", ")
        ))
    })
}

/// R-FOR-40: what this description says that the establishment contradicts, in one part or in all of them; nothing is refused.
pub(super) fn contredit(v: &VueDescription, d: &Description, rubrique: Option<Rubrique>) -> Option<Alerte> {
    if v.session.archivee {
        return None;
    }
    let mut toutes = v.contradictions(d);
    toutes.retain(|c| rubrique.is_none_or(|r| r == c.rubrique()));
    if toutes.is_empty() {
        return None;
    }
    let suite = format!(
        "{} Rien n’est bloqué ; le service académique lit aussi cette différence.",
        Contradiction::correction()
    );
    Some(alerte_contradictions(&toutes, suite))
}

fn national(v: &VueDescription, n: &CadreNational) -> Option<National> {
    let specialites = specialites(Some(n));
    if n.attendus.is_empty() && specialites.is_none() {
        return None;
    }
    let jour = Timestamp::from_millisecond(n.lu_le).map(messages::date_longue).unwrap_or_default();
    Some(National {
        titre: format!("Cadre national du type : {} ({})", n.libelle, n.sigle),
        ouvert: alerte_nationale(n.compare(&v.description)).is_some(),
        attendus: n.attendus.lines().map(str::to_owned).collect(),
        source: format!("Source : {}, lue le {jour}.", n.source),
        specialites,
    })
}

fn public(
    v: &VueDescription,
    rubrique: Rubrique,
    (form, typee): (&Formulaire, &Description),
    lu: Lu,
) -> Previsualisation {
    let ouverte = v.ouverture(rubrique).est_ouverte();
    let saisie = lu.shows_typed(form, v.version(rubrique), ouverte);
    let mut lue = if saisie { v.public_with(typee) } else { v.public() };
    lue.retain(|c| c.champ.rubrique == rubrique);
    Previsualisation::new(FichePublique::apercu().champs(&lue, None).lue())
        .saisie(saisie)
        .suivie(lu.follows(ouverte))
}

/// R-CTL-02: what a change would undo, before it is made.
fn alerte_controle(s: &SuiviRubrique) -> Option<Alerte> {
    if s.controle.etat != EtatControle::Soumise {
        return None;
    }
    let quand = s.controle.soumise_le.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let depuis = quand.map(|le| format!(" depuis le {}", messages::date_heure(le))).unwrap_or_default();
    Some(Alerte::attention(format_args!(
        "Cette formation est soumise au service académique{depuis}. Enregistrer un changement ici la retire du contrôle : elle serait à \
         soumettre de nouveau."
    )))
}

/// What is said once a part is saved, when there is more to say: what still prevents the publication, that the course is to be
/// submitted again.
fn enregistree(
    v: &VueDescription,
    rubrique: Rubrique,
    suivi: Option<&SuiviRubrique>,
    base: &str,
) -> Option<Alerte> {
    let bloquants = match rubrique {
        Rubrique::Grille => Decompte::of(&v.description.constats()).bloquants,
        _ => 0,
    };
    let grille = match bloquants {
        0 => String::new(),
        1 => " Un point empêche encore la publication.".to_owned(),
        n => format!(" {n} points empêchent encore la publication."),
    };
    let a_resoumettre = suivi.filter(|s| s.controle.a_resoumettre);
    if bloquants == 0 && a_resoumettre.is_none() {
        return None;
    }
    let dite = format!("La rubrique est enregistrée.{grille}");
    let Some(suivi) = a_resoumettre else { return Some(Alerte::succes(dite)) };
    // What was published before is read until it is accepted again.
    let controle = match v.etat {
        EtatFormation::Publiee => {
            "La formation n’est pas au contrôle, et le public lit toujours ce qui était publié"
        }
        _ => "La formation n’est plus au contrôle",
    };
    Some(match suivi.soumission {
        Ouverture::Ouverte { .. } | Ouverture::Permanente => {
            Alerte::succes(format_args!("{dite} {controle} : soumettez-la de nouveau."))
                .suite(Markup::lien("Relire et soumettre", format_args!("{base}/publier")))
        }
        Ouverture::SansDroit => {
            Alerte::succes(format_args!("{dite} {controle} : elle est à soumettre de nouveau."))
        }
        Ouverture::Fermee(_) => Alerte::succes(format_args!("{dite} {controle}.")),
    })
}

/// Where the part may be taken from: last year, the template of the type, another course. The page opens on it.
fn copies(v: &VueDescription, rubrique: Rubrique, base: &str) -> Vec<(String, String)> {
    let depuis = |source: &str| format!("{base}/copier?source={source}&rubrique={}", rubrique.code());
    let mut copies = Vec::new();
    if let Some((avant, _)) = &v.precedente {
        copies.push((format!("Reprendre de la session {avant}"), depuis("precedente")));
    }
    copies.push(("Partir du modèle du type".to_owned(), depuis("modele")));
    copies.push(("Reprendre d’une autre formation".to_owned(), depuis("autre")));
    copies
}

async fn page(
    requete: &Requete,
    v: &VueDescription,
    rubrique: Rubrique,
    form: Formulaire,
    lu: Lu,
) -> Result<PageDescription, AppError> {
    let annee = v.session.annee;
    let aide = Aide::rubrique(rubrique).sur(requete, annee, &[Theme::of_rubrique(rubrique)]).await?;
    let base = adresse(annee, &v.id);
    let ouverture = v.ouverture(rubrique);
    let ouverte = ouverture.est_ouverte();
    let form = still_waiting(requete, form, ouverte).await?;
    let mut alertes = Vec::new();
    if v.session.archivee {
        alertes.push(alerte_archive(annee));
    } else {
        alertes.extend(motif_fermeture(ouverture).map(Alerte::info));
    }
    let manques: Vec<&str> = v.manques.iter().filter(|c| c.rubrique == rubrique).map(|c| c.libelle).collect();
    if !manques.is_empty() {
        alertes.push(Alerte::attention(format_args!("Il manque ici : {}.", manques.join(", "))));
    }
    let suivante = v.rubriques().skip_while(|r| *r != rubrique).nth(1).map_or_else(
        || ("retour à la formation", base.clone()),
        |r| (r.libelle(), format!("{base}/{}", r.code())),
    );
    if v.is_reouverte(rubrique) {
        alertes.push(Alerte::info(
            "L’étape est close : seuls les champs que le service académique vous a retournés, ou qu’une demande acceptée a rouverts, se \
             modifient ici.",
        ));
    }
    let cadre = v.national.as_ref().filter(|_| rubrique == Rubrique::Attendus);
    alertes.extend(cadre.and_then(|n| alerte_nationale(n.compare(&v.description))));
    let typee = en_cours(v, rubrique, &form);
    if rubrique == Rubrique::Candidature && !v.session.archivee {
        alertes.extend(alertes_pieces(&typee));
    }
    alertes.extend(contredit(v, &typee, Some(rubrique)));
    let blocs = blocs(v, rubrique, &form, &typee);
    let copier = if ouverte && !v.is_reouverte(rubrique) { copies(v, rubrique, &base) } else { Vec::new() };
    let suivi = match PublicId::parse(&v.id) {
        Some(id) if ouverte => view_suivi(&requete.ctx, annee, &id).await?,
        _ => None,
    };
    let mut dessus = requete
        .page(rubrique.libelle())
        .session(&v.session.libelle)
        .ariane(vec![
            super::lien_accueil(annee),
            super::lien_formations(annee),
            Lien::new(&v.intitule.libelle, &base),
        ])
        .en_erreur(!form.est_valide());
    if requete.fait() == Some("description")
        && let Some(dite) = enregistree(v, rubrique, suivi.as_ref(), &base)
    {
        dessus = dessus.avis(Some(dite));
    }
    Ok(PageDescription {
        page: dessus,
        controle: suivi.as_ref().and_then(alerte_controle),
        surtitre: format!("{} – {}", v.intitule.libelle, v.intitule.etablissement),
        aide,
        alertes,
        echeance: match ouverture {
            Ouverture::Ouverte { ferme } => {
                Some(Echeance::new(requete.ctx.campagne_le, *ferme).locales(v.locale))
            }
            _ => None,
        },
        a_des_listes: blocs.iter().any(|b| b.liste.is_some()),
        blocs,
        copier,
        national: cadre.and_then(|n| national(v, n)),
        ouverte,
        suivante,
        constats: if rubrique == Rubrique::Grille { constats(&typee) } else { None },
        public: public(v, rubrique, (&form, &typee), lu).relue(form.valeur("acte") == RELIRE),
        maj: v.maj.as_ref().map(|(le, par)| {
            let qui = par.as_ref().map(|nom| format!(" par {nom}")).unwrap_or_default();
            let quand = Timestamp::from_millisecond(*le).map(messages::date_heure).unwrap_or_default();
            format!("Dernière modification de la description : {quand}{qui}.")
        }),
        url: format!("{base}/{}", rubrique.code()),
        form,
    })
}
