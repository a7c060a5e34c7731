//! One person a role, and candidates in different situations.

use std::sync::Arc;

use domain::comptes::{EtatCompte, Role};
use domain::droits::{Acteur, Attribution};
use domain::formations::{Famille, StatutFormation};
use domain::territoires;
use simulation::PetiteFrance;
use simulation::cohorte::drapeau;
use simulation::petite_france::Nature;
use store::simulation::{self as base, Situation};

use super::dossiers::Dossiers;
use super::pays::Pays;
use super::{Moment, Personnage, contexte};
use crate::comptes::{MotDePasse, NouveauCompte, create_comptes};
use crate::erreur::AppError;
use crate::plateforme::Plateforme;

/// The same for all: it is printed on the terminal and shown on `/dev`.
pub(super) const MOT_DE_PASSE: &str = "Tilleul-Cascade-2024";

pub(super) fn sel(app: &Plateforme) -> [u8; 16] {
    let mut sel = [0; 16];
    app.alea.fill(&mut sel);
    sel
}

/// Those who act while the demonstration is prepared.
pub(super) struct Agents {
    /// The two who compute and publish.
    pub nationaux: [Acteur; 2],
    /// Of Hauts-de-France.
    pub academie: Acteur,
    /// Of the establishment of the personas.
    pub chef: Acteur,
    /// Of the same establishment.
    pub administrateur: Acteur,
    /// The secretary of the same establishment.
    pub gestionnaire: Acteur,
}

/// The course of the personas: a BTS of a lycée of Hauts-de-France, in both sessions, with more candidates than
/// places; the most wished for.
pub(super) fn vedette(france: &PetiteFrance) -> Result<usize, AppError> {
    let academies: Vec<&str> =
        ["Amiens", "Lille"].iter().filter_map(|a| territoires::academie_par_nom(a)).map(|a| a.code).collect();
    let mut demandes = vec![0_u32; france.formations.len()];
    let v = &france.cohorte.voeux;
    for (f, d) in v.formation.iter().zip(&v.drapeaux) {
        demandes[*f as usize] += u32::from(d & drapeau::COMPLEMENTAIRE == 0);
    }
    let possible = |i: &usize| {
        let f = &france.formations[*i];
        f.famille == Famille::Bts
            && f.statut == StatutFormation::Etudiant
            && f.session_2023.is_some()
            && f.session_2024.is_some()
            && academies.contains(&france.etablissements[f.etablissement].academie)
    };
    (0..france.formations.len())
        .filter(possible)
        .max_by_key(|i| (demandes[*i], std::cmp::Reverse(*i)))
        .ok_or_else(|| AppError::Internal("no BTS in Hauts-de-France".to_owned()))
}

/// The accounts of the site de gestion, of the academic and national services.
pub(super) async fn agents(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    pays: &Pays,
    vedette: usize,
    mot_de_passe: &str,
    moment: Moment,
) -> Result<(Vec<Personnage>, Agents), AppError> {
    let f = &france.formations[vedette];
    let lycee = &france.etablissements[f.etablissement];
    let etablissement = pays.etablissements[f.etablissement];
    let region: Vec<String> = ["Amiens", "Lille"]
        .iter()
        .filter_map(|a| territoires::academie_par_nom(a))
        .map(|a| a.code.to_owned())
        .collect();
    let simple = Attribution::simple;
    let du_lycee = |role| Attribution { etablissement: Some(etablissement), ..simple(role) };
    let de_la_formation = |role| Attribution {
        etablissement: Some(etablissement),
        formation: Some(pays.formations[vedette]),
        ..simple(role)
    };
    let de_la_region = Attribution { academies: region.clone(), ..simple(Role::Academie) };
    let quoi = f.libelle();
    let definitions: [(&str, &str, &str, String, Attribution); 10] = [
        (
            "national-calcul",
            "Claire",
            "Fontaine",
            "Équipe nationale : calcule les passages".to_owned(),
            simple(Role::AdminNational),
        ),
        (
            "national-publication",
            "Malik",
            "Berthier",
            "Équipe nationale : publie les passages".to_owned(),
            simple(Role::AdminNational),
        ),
        (
            "auditeur",
            "Solène",
            "Garnier",
            "Auditrice : consulte passages et journal".to_owned(),
            simple(Role::Auditeur),
        ),
        (
            "academie",
            "Henri",
            "Delattre",
            "Région académique Hauts-de-France : fixe les taux".to_owned(),
            de_la_region,
        ),
        (
            "chef-etablissement",
            "Nadia",
            "Lemaire",
            format!("Proviseure, {}", lycee.nom),
            du_lycee(Role::ChefEtab),
        ),
        (
            "admin-site",
            "Yves",
            "Caron",
            format!("Administrateur du site, {}", lycee.nom),
            du_lycee(Role::AdminSite),
        ),
        (
            "responsable",
            "Émilie",
            "Wattel",
            format!("Responsable de formation, {quoi}"),
            de_la_formation(Role::RespFormation),
        ),
        (
            "commission",
            "Thomas",
            "Leclercq",
            format!("Membre de la commission, {quoi}"),
            de_la_formation(Role::MembreCev),
        ),
        (
            "gestionnaire",
            "Josiane",
            "Vasseur",
            format!("Gestionnaire, {}", lycee.nom),
            du_lycee(Role::GestAdmin),
        ),
        ("lecteur", "Karim", "Dubrulle", format!("Lecteur, {}", lycee.nom), du_lycee(Role::Lecteur)),
    ];
    let mut comptes = Vec::new();
    let mut personnages = Vec::new();
    for (code, prenom, nom, role, attribution) in &definitions {
        let mut secret = vec![0; 20];
        app.alea.fill(&mut secret);
        let espace = match attribution.role {
            Role::AdminNational | Role::Auditeur => "/national/2024",
            Role::Academie => "/academie/2024",
            _ => "/gestion/2024",
        };
        personnages.push(Personnage {
            code: (*code).to_owned(),
            nom: format!("{prenom} {nom}"),
            role: role.clone(),
            courriel: format!("{code}@parcoursup.example"),
            mot_de_passe: Some(MOT_DE_PASSE.to_owned()),
            totp: Some(data_encoding::BASE32_NOPAD.encode(&secret)),
            accueil: espace.to_owned(),
        });
        comptes.push(NouveauCompte {
            courriel: format!("{code}@parcoursup.example"),
            nom: (*nom).to_owned(),
            prenom: (*prenom).to_owned(),
            mot_de_passe: MotDePasse::Hache(mot_de_passe.to_owned()),
            roles: vec![attribution.clone()],
            etat: EtatCompte::Actif,
            totp: Some(secret),
        });
    }
    let plusieurs = [
        (
            "responsable-double",
            ("Hélène", "Marchal"),
            "Responsable de formation dans deux établissements",
            en_deux_etablissements(france, pays, f.etablissement, &region),
        ),
        (
            "admin-universites",
            ("Aïcha", "Rahmani"),
            "Administratrice du site de trois universités",
            universites(france, pays),
        ),
    ];
    for (code, (prenom, nom), role, roles) in plusieurs {
        let mut secret = vec![0; 20];
        app.alea.fill(&mut secret);
        personnages.push(Personnage {
            code: code.to_owned(),
            nom: format!("{prenom} {nom}"),
            role: role.to_owned(),
            courriel: format!("{code}@parcoursup.example"),
            mot_de_passe: Some(MOT_DE_PASSE.to_owned()),
            totp: Some(data_encoding::BASE32_NOPAD.encode(&secret)),
            accueil: "/gestion/2024".to_owned(),
        });
        comptes.push(NouveauCompte {
            courriel: format!("{code}@parcoursup.example"),
            nom: nom.to_owned(),
            prenom: prenom.to_owned(),
            mot_de_passe: MotDePasse::Hache(mot_de_passe.to_owned()),
            roles,
            etat: EtatCompte::Actif,
            totp: Some(secret),
        });
    }
    let ctx = contexte(app, None, moment.instant()?);
    let ids = create_comptes(&ctx, comptes).await?;
    let acteur = |role: Role, rang: usize| {
        let ceux = definitions.iter().enumerate().filter(|(_, d)| d.4.role == role);
        let (i, d) =
            ceux.into_iter().nth(rang).ok_or_else(|| AppError::Internal(format!("no {}", role.code())))?;
        let compte = ids.get(i).copied();
        Ok::<_, AppError>(Acteur { compte, nom: personnages[i].nom.clone(), attributions: vec![d.4.clone()] })
    };
    let agents = Agents {
        nationaux: [acteur(Role::AdminNational, 0)?, acteur(Role::AdminNational, 1)?],
        academie: acteur(Role::Academie, 0)?,
        chef: acteur(Role::ChefEtab, 0)?,
        administrateur: acteur(Role::AdminSite, 0)?,
        gestionnaire: acteur(Role::GestAdmin, 0)?,
    };
    Ok((personnages, agents))
}

/// One course in each of two establishments of the region, other than that of the personas.
fn en_deux_etablissements(
    france: &PetiteFrance,
    pays: &Pays,
    vedette: usize,
    region: &[String],
) -> Vec<Attribution> {
    let mut pris: Vec<usize> = Vec::new();
    let mut roles = Vec::new();
    for (i, f) in france.formations.iter().enumerate() {
        let lieu = &france.etablissements[f.etablissement];
        let la = f.session_2024.is_some() && region.iter().any(|a| a == lieu.academie);
        if la && f.etablissement != vedette && !pris.contains(&f.etablissement) && pris.len() < 2 {
            pris.push(f.etablissement);
            roles.push(Attribution {
                etablissement: Some(pays.etablissements[f.etablissement]),
                formation: Some(pays.formations[i]),
                ..Attribution::simple(Role::RespFormation)
            });
        }
    }
    roles
}

/// Who administers the three universities that had most of their courses last year already.
fn universites(france: &PetiteFrance, pays: &Pays) -> Vec<Attribution> {
    let reprises = |e: usize| {
        let siennes = france.formations.iter().filter(|f| f.etablissement == e);
        siennes.filter(|f| f.session_2023.is_some() && f.session_2024.is_some()).count()
    };
    let toutes = france.etablissements.iter().enumerate();
    let mut cles: Vec<usize> =
        toutes.filter(|(_, e)| e.nature == Nature::Universite).map(|(i, _)| i).collect();
    cles.sort_by_key(|e| std::cmp::Reverse(reprises(*e)));
    let sur = |e: &usize| Attribution {
        etablissement: Some(pays.etablissements[*e]),
        ..Attribution::simple(Role::AdminSite)
    };
    cles.iter().take(3).map(sur).collect()
}

/// Candidates in different situations, the first of each in the order of their keys.
pub(super) async fn candidats(
    app: &Arc<Plateforme>,
    france: &PetiteFrance,
    dossiers: &Dossiers,
) -> Result<Vec<Personnage>, AppError> {
    let situations = base::situations(&app.db, dossiers.session).await?;
    let position = |cle: i64| dossiers.candidats.iter().position(|c| *c == Some(cle));
    type Critere = fn(&Situation) -> bool;
    let criteres: [(&str, &str, Critere); 8] = [
        ("candidat-propositions", "Plusieurs propositions à départager, des vœux en attente", |s| {
            s.proposes >= 2 && s.en_attente >= 1
        }),
        ("candidat-proposition", "Une seule proposition, des vœux en attente", |s| {
            s.proposes == 1 && s.en_attente >= 2 && s.acceptes == 0
        }),
        ("candidat-accepte", "A accepté une proposition, garde des vœux en attente", |s| {
            s.acceptes == 1 && s.en_attente >= 1
        }),
        ("candidat-attente", "En liste d’attente partout", |s| {
            s.proposes + s.acceptes == 0 && s.en_attente >= 3
        }),
        ("candidat-confirme", "Vœux confirmés, dossiers à l’examen", |s| {
            s.confirmes >= 5 && s.saisis == 0 && s.classes == 0 && s.proposes + s.acceptes + s.en_attente == 0
        }),
        ("candidat-a-confirmer", "Vœux formulés, pas encore tous confirmés", |s| {
            s.saisis >= 4 && s.confirmes >= 1
        }),
        ("candidat-brouillon", "Vœux formulés, aucun n’est confirmé", |s| {
            s.saisis >= 3 && s.confirmes == 0
        }),
        ("candidat-sans-voeu", "Inscrit, sans vœu pour l’instant", |s| s.total == 0),
    ];
    let mut personnages = Vec::new();
    let mut pris = Vec::new();
    for (code, role, convient) in criteres {
        if personnages.len() == 5 {
            break;
        }
        let trouve = situations
            .iter()
            .filter(|s| convient(s) && !pris.contains(&s.candidat))
            .find_map(|s| position(s.candidat).map(|i| (i, s.candidat)));
        let Some((i, cle)) = trouve else { continue };
        pris.push(cle);
        let c = &france.candidats[i];
        personnages.push(Personnage {
            code: code.to_owned(),
            nom: format!("{} {}", c.prenom, c.nom),
            role: format!("{} : {role}", if c.lycee.is_some() { "Élève de terminale" } else { "Candidat" }),
            courriel: c.mail.clone(),
            mot_de_passe: Some(MOT_DE_PASSE.to_owned()),
            totp: None,
            accueil: "/candidat".to_owned(),
        });
    }
    Ok(personnages)
}
