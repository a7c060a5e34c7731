//! One voeu on one day.

use engine::explication::{
    Appel, Attente, Avant, Cause, Demission, EtatGroupe, EtatInternat, Explication, Manque, Reponse, Retenue,
    Situation,
};

use super::{CANDIDATS, PLACES, Partie, Personne, Texte, accord, compte, majuscule, nombre};

/// What the reader calls things.
pub struct Noms<'a> {
    /// Who the reader is.
    pub personne: Personne,
    /// « candidat 12 », without article; a candidat is not told who they are.
    pub candidat: String,
    /// A voeu: « formation 7 (groupe 3), sans internat », without article.
    pub voeu: &'a dyn Fn(u32) -> String,
    /// The day, from 1.
    pub jour: i32,
}

/// The explanation of one voeu.
#[must_use]
pub fn explain_voeu(e: &Explication, noms: &Noms<'_>) -> Texte {
    let p = noms.personne;
    let jour = format!("{} : jour {}", (noms.voeu)(e.voeu), nombre(noms.jour));
    let mut texte = Texte::new(match p {
        Personne::Lecteur => format!("{}, {jour}", majuscule(&noms.candidat)),
        Personne::Candidat => jour,
    });
    texte.push("Où en est ce vœu", situation(e, noms));
    if is_withheld(e, p) {
        return texte;
    }
    let concerned = !matches!(e.situation, Situation::NonClassee | Situation::Abandonnee);
    // Numbers that are being checked are not for the candidat.
    let held = matches!(e.situation, Situation::EnAttente(Attente { cause: Cause::GroupeRetenu, .. }));
    if concerned && !(held && p.is_candidat()) {
        texte.push("Les places de la formation", places(&e.etat_groupe, p));
    }
    if let (Some(internat), true) = (&e.etat_internat, concerned) {
        texte.push("L’internat", etat_internat(internat, p));
    }
    if let Situation::EnAttente(attente) = &e.situation {
        texte.push("Qui passe avant", avant(attente, p));
    }
    if let Situation::EnAttente(attente) = &e.situation {
        texte.push("Ce qui bloque, et ce qu’il aurait fallu", manque(attente, &e.etat_groupe, p));
    }
    let autres: Vec<String> = e.autres_propositions.iter().map(|&v| (noms.voeu)(v)).collect();
    if !autres.is_empty() {
        texte.parties.push(others(autres, p));
    }
    texte
}

/// Whoever reads the runs has them in a sentence; a candidat, one a line when there are several.
fn others(autres: Vec<String>, p: Personne) -> Partie {
    let titre = p.dit("Ses autres propositions", "Vos autres propositions");
    if p.is_candidat() && autres.len() > 1 {
        let phrase = "À la fin de cette journée, vous aviez aussi une proposition pour :".to_owned();
        return Partie { titre, phrases: vec![phrase], liste: autres };
    }
    let phrase = format!(
        "À la fin de cette journée, {} aussi une proposition pour : {}.",
        p.dit("le candidat a", "vous aviez"),
        autres.join(" ; ")
    );
    Partie { titre, phrases: vec![phrase], liste: Vec::new() }
}

/// What was computed and not published is not for the candidat.
fn is_withheld(e: &Explication, p: Personne) -> bool {
    p.is_candidat() && e.retenue == Retenue::NonPubliee
}

fn situation(e: &Explication, noms: &Noms<'_>) -> Vec<String> {
    let p = noms.personne;
    let mut phrases = Vec::new();
    if e.retenue == Retenue::NonPubliee {
        phrases.push(format!(
            "Rien n’est publié ce jour-là pour cette formation : après le calcul, un contrôle y a trouvé une anomalie, et \
             ses décisions attendent d’être examinées.{}",
            p.dit(" Ce qui suit est ce que le calcul donnait.", "")
        ));
    }
    if is_withheld(e, p) {
        return phrases;
    }
    match &e.situation {
        Situation::ProposeeCeJour { appel, acceptee } => {
            phrases.push(if e.retenue == Retenue::NonPubliee {
                "Le calcul donnait une proposition d’admission ; elle n’est pas faite.".to_owned()
            } else {
                "Une proposition d’admission est faite ce jour-là.".to_owned()
            });
            phrases.push(called(*appel, e, p));
            if *acceptee {
                phrases.push(format!(
                    "Elle est acceptée aussitôt par le répondeur automatique : {} de répondre à {} place, dans l’ordre de \
                     préférence {} donné.",
                    p.dit("le candidat lui a demandé", "vous lui avez demandé"),
                    p.dit("sa", "votre"),
                    p.dit("qu’il a", "que vous avez")
                ));
            }
        }
        Situation::ProposeeAvant(reponse) => phrases.push(format!(
            "La proposition d’admission a été faite un jour précédent ; {}.",
            match reponse {
                Reponse::Aucune => {
                    p.dit("le candidat n’a pas encore répondu", "vous n’aviez pas encore répondu")
                }
                Reponse::Acceptee => "elle est acceptée",
                Reponse::Refusee => "elle est refusée",
            }
        )),
        Situation::EnAttente(attente) => phrases.extend(waiting(attente, e, p)),
        Situation::DemissionAutomatique { nature, avant, pour } => {
            phrases.push(given_up(*nature, *avant, pour.map(|voeu| (noms.voeu)(voeu)), p));
        }
        Situation::Abandonnee => {
            phrases.push(format!("{} à ce vœu.", p.dit("Le candidat a renoncé", "Vous avez renoncé")));
        }
        Situation::NonClassee => phrases.push(format!(
            "{} : elle ne peut pas {} faire de proposition.",
            p.dit(
                "La formation n’a pas classé ce candidat",
                "Vous n’êtes pas dans le classement de la formation"
            ),
            p.dit("lui", "vous")
        )),
    }
    phrases.extend(call_rank(e, p));
    phrases
}

fn call_rank(e: &Explication, p: Personne) -> Vec<String> {
    let mut phrases = Vec::new();
    if e.rang_appel > 0 {
        phrases.push(format!(
            "{} rang d’appel est {} : c’est {} place dans l’ordre où la formation appelle les candidats (son classement, \
             modifié au besoin pour respecter les taux de boursiers et de résidents).",
            p.dit("Son", "Votre"),
            // A candidat knows of no other than the one displayed.
            nombre(if p.is_candidat() { e.rang_appel_affiche } else { e.rang_appel }),
            p.dit("sa", "votre")
        ));
        if e.rang_appel_affiche != e.rang_appel && !p.is_candidat() {
            phrases.push(format!(
                "Le rang montré au candidat est {} : un classement corrigé après coup a décalé les rangs internes, pas \
                 ceux qui étaient déjà affichés.",
                nombre(e.rang_appel_affiche)
            ));
        }
    }
    phrases
}

fn called(appel: Appel, e: &Explication, p: Personne) -> String {
    match appel {
        Appel::Place => {
            format!("Une place de la formation {} revenait dans l’ordre d’appel.", p.dit("lui", "vous"))
        }
        Appel::Bloc => format!(
            "La formation appelle sans attendre tous les candidats jusqu’au rang {} (appel par bloc) ; {}.",
            nombre(e.etat_groupe.rang_limite),
            p.dit("il en fait partie", "vous en faites partie")
        ),
        Appel::FormationObtenue => format!(
            "{} déjà une proposition de cette formation par un autre vœu (avec ou sans internat) : celle-ci ne prend \
             aucune place de plus dans la formation.",
            p.dit("Il avait", "Vous aviez")
        ),
    }
}

fn waiting(attente: &Attente, e: &Explication, p: Personne) -> Vec<String> {
    let mut phrases = vec![match attente.cause {
        Cause::AdmissionsSuspendues => "Ce vœu est en attente : ce jour-là, la formation ne fait aucune proposition, \
                                        ses admissions sont suspendues."
            .to_owned(),
        Cause::GroupeRetenu => format!(
            "Ce vœu est en attente : ce jour-là, la plateforme retient les propositions de cette formation, le temps de \
             vérifier une anomalie. La formation n’a pas suspendu ses admissions, et rien n’est décidé contre {} : les \
             propositions attendent un jour, et reprennent au premier calcul qui suit la vérification.",
            p.dit("le candidat", "vous")
        ),
        Cause::GroupeEcarte if e.retenue == Retenue::Fermee => {
            "Ce vœu est en attente : ce jour-là, la formation ne fait aucune proposition. Un contrôle a trouvé une \
             anomalie dans ses résultats ; les autres formations ont été calculées sans elle, et la sienne attend d’être \
             examinée."
                .to_owned()
        }
        _ => "Ce vœu est en attente : aucune proposition n’est faite ce jour-là.".to_owned(),
    }];
    if attente.rang_attente > 0 {
        let total = attente.candidats_en_attente;
        let mut phrase = format!(
            "Il est affiché au rang {} de la liste d’attente, qui compte {}",
            nombre(attente.rang_attente),
            compte(total, CANDIDATS)
        );
        match i64::from(attente.rang_attente_veille) {
            veille if veille <= 0 => {}
            veille if veille == i64::from(attente.rang_attente) => {
                phrase.push_str(" ; la veille, il était au même rang");
            }
            veille => phrase.push_str(&format!(" ; la veille, il était au rang {}", nombre(veille))),
        }
        phrases.push(phrase + ".");
    } else if e.etat_internat.is_some() {
        phrases.push(
            "Un vœu qui dépend d’un internat n’a pas de rang dans la liste d’attente : deux classements comptent, celui de \
             la formation et celui de l’internat."
                .to_owned(),
        );
    }
    if attente.formation_obtenue {
        phrases.push(format!(
            "{} déjà une proposition de cette formation par un autre vœu : {} plus que l’internat.",
            p.dit("Le candidat a", "Vous aviez"),
            p.dit("il n’attend", "vous n’attendiez")
        ));
    }
    phrases
}

fn given_up(nature: Demission, avant: Avant, pour: Option<String>, p: Personne) -> String {
    let objet = match avant {
        Avant::Attente => "Ce vœu, qui était en attente, est retiré",
        Avant::PropositionDuJour => "La proposition, calculée le même jour, est abandonnée",
        Avant::PropositionAnterieure => "La proposition, faite un jour précédent, est abandonnée",
    };
    let recoit = p.dit("le candidat reçoit ce jour-là", "vous recevez ce jour-là");
    let cause = match pour {
        Some(voeu) => format!("{recoit} une proposition pour : {voeu}"),
        None => format!("{recoit} une autre proposition"),
    };
    let son = p.dit("Son", "Votre");
    let regle = match (nature, avant) {
        (Demission::Repondeur, Avant::PropositionAnterieure) => format!(
            "{son} répondeur automatique accepte la nouvelle proposition, et ne garde jamais qu’une seule proposition"
        ),
        (Demission::Repondeur, _) => format!(
            "{son} répondeur automatique accepte la meilleure proposition, dans l’ordre de préférence que {} donné, et \
             abandonne les vœux placés après elle",
            p.dit("le candidat a", "vous avez")
        ),
        (Demission::Ordre, _) => format!(
            "En été, {} classé par préférence les vœux {} garder : une proposition fait retirer ceux {} placés après elle, \
             sauf une proposition déjà acceptée",
            p.dit("le candidat a", "vous avez"),
            p.dit("qu’il voulait", "que vous vouliez"),
            p.dit("qu’il a", "que vous avez")
        ),
    };
    format!("{objet} automatiquement : {cause}. {regle}.")
}

fn places(groupe: &EtatGroupe, p: Personne) -> Vec<String> {
    let mut phrases = vec![match groupe.places {
        0 => "Ce jour-là, le nombre de candidats à appeler dans ce groupe est zéro.".to_owned(),
        places => format!(
            "La formation appelle {} à la fois dans ce groupe de candidats. (Elle peut en appeler plus qu’elle n’a de \
             places, car certains renonceront ; « place » désigne ici un de ces appels.)",
            compte(places, CANDIDATS)
        ),
    }];
    let libres = i64::from(groupe.places) - i64::from(groupe.occupees_avant);
    let matin = match groupe.occupees_avant {
        0 => "Avant ce calcul, aucun candidat n’y avait de proposition".to_owned(),
        n => {
            let ont = accord(n, "avait", "avaient");
            format!("Avant ce calcul, {} y {ont} une proposition", compte(n, CANDIDATS))
        }
    };
    phrases.push(match libres {
        0 => format!("{matin} : aucune place n’était libre."),
        n if n > 0 => {
            format!("{matin} : {} {} libre{}.", compte(n, PLACES), accord(n, "était", "étaient"), s(n))
        }
        n => format!("{matin}, soit {} de plus que ce nombre : aucune place n’était libre.", nombre(-n)),
    });
    phrases.push(match (groupe.appeles, groupe.dernier_appele) {
        (n, Some(rang)) if n > 0 => format!(
            "Ce jour-là, {} {} une proposition, jusqu’au rang d’appel {}.",
            compte(n, CANDIDATS),
            accord(n, "reçoit", "reçoivent"),
            nombre(rang)
        ),
        _ => "Ce jour-là, aucun candidat n’y reçoit de proposition.".to_owned(),
    });
    phrases.extend(freed(groupe.liberees, p));
    if groupe.dernier_appele_veille > 0 {
        phrases.push(format!(
            "Les jours précédents, la formation avait appelé jusqu’au rang {}.",
            nombre(groupe.dernier_appele_veille)
        ));
    }
    let fin = i64::from(groupe.places) - i64::from(groupe.occupees);
    let soir = match groupe.occupees {
        0 => "À la fin, aucun candidat n’y a de proposition".to_owned(),
        n => format!("À la fin, {} y {} une proposition", compte(n, CANDIDATS), accord(n, "a", "ont")),
    };
    phrases.push(match fin {
        n if n > 0 => {
            format!("{soir} ; {} {} libre{}.", compte(n, PLACES), accord(n, "reste", "restent"), s(n))
        }
        0 => format!("{soir} ; aucune place ne reste libre."),
        n => format!("{soir}, soit {} de plus que ce nombre.", nombre(-n)),
    });
    phrases
}

/// Places that answers made by the platform give back the same day. What these candidats got instead is theirs to say.
fn freed(n: u32, p: Personne) -> Option<String> {
    let quoi = match (n, p) {
        (0, _) => return None,
        (n, Personne::Candidat) => {
            format!("{} {}", compte(n, PLACES), accord(n, "est rendue", "sont rendues"))
        }
        (n, Personne::Lecteur) => {
            format!("{} {} proposition", compte(n, CANDIDATS), accord(n, "perd sa", "perdent leur"))
        }
    };
    let suite = match p {
        Personne::Candidat => "",
        Personne::Lecteur => accord(n, " : il en a reçu une autre", " : ils en ont reçu une autre"),
    };
    Some(format!("Le même jour, {quoi} par démission automatique{suite}."))
}

fn s(n: i64) -> &'static str {
    accord(n, "", "s")
}

const AUTRES: [&str; 3] = ["aucun autre candidat", "autre candidat", "autres candidats"];

fn avant(attente: &Attente, p: Personne) -> Vec<String> {
    // Under the bar as it would have to be, when the internat holds this voeu back.
    let (devant, si) = match attente.manque {
        Some(Manque { barre: Some(_), devant, .. }) => {
            (devant, "si cette barre montait et que des places se libéraient")
        }
        _ => (attente.devant, "si des places se libéraient"),
    };
    // Why somebody else would not pass before is theirs: the candidat reads how many would.
    if p.is_candidat() {
        return vec![match devant {
            0 => format!("Aucun autre candidat ne passerait avant vous, {si}."),
            n => format!("{} {} avant vous, {si}.", compte(n, AUTRES), accord(n, "passerait", "passeraient")),
        }];
    }
    let mut phrases = vec![match attente.avant {
        0 => "Aucun autre candidat mieux placé dans l’ordre d’appel n’attend encore.".to_owned(),
        n => format!(
            "{} mieux placé{} dans l’ordre d’appel {} encore.",
            compte(n, AUTRES),
            s(n.into()),
            accord(n, "attend", "attendent")
        ),
    }];
    let retenus = attente.avant.saturating_sub(devant);
    let pourquoi = accord(
        retenus,
        "il a déjà la formation et n’attend que l’internat, ou son rang à l’internat le retient",
        "ils ont déjà la formation et n’attendent que l’internat, ou leur rang à l’internat les retient",
    );
    match (retenus, devant) {
        (0, _) => {}
        (1, 0) => phrases.push(format!("Il ne passerait pourtant pas avant, {si} : {pourquoi}.")),
        (_, 0) => phrases.push(format!("Aucun d’eux ne passerait pourtant avant, {si} : {pourquoi}.")),
        (_, n) => phrases.push(format!(
            "{} d’entre eux {} avant, {si} ; {} : {pourquoi}.",
            nombre(n),
            accord(n, "passerait", "passeraient"),
            accord(retenus, "l’autre, non", "les autres, non")
        )),
    }
    phrases
}

fn etat_internat(internat: &EtatInternat, p: Personne) -> Vec<String> {
    let mut phrases = vec![format!(
        "L’internat a son propre classement : {} au rang {}.",
        p.dit("ce candidat y est", "vous y êtes"),
        nombre(internat.rang)
    )];
    let libres = i64::from(internat.capacite) - i64::from(internat.occupees);
    let capacite = match internat.capacite {
        0 => "L’internat n’a aucune place".to_owned(),
        n => format!("L’internat a {}", compte(n, PLACES)),
    };
    let occupees = match internat.occupees {
        0 => "aucune n’est prise".to_owned(),
        n => {
            format!("{} {} prise{} à la fin de la journée", nombre(n), accord(n, "est", "sont"), s(n.into()))
        }
    };
    phrases.push(if internat.capacite == 0 && internat.occupees == 0 {
        format!("{capacite}.")
    } else {
        format!("{capacite} ; {occupees}.")
    });
    if internat.obtenu {
        phrases.push(format!(
            "{} une place à la fin de la journée : la barre ne {} retient plus.",
            p.dit("Ce candidat y a", "Vous y avez"),
            p.dit("le", "vous")
        ));
    }
    match internat.barre {
        None => phrases.push(
            "Ce jour-là, l’internat n’a pas de barre : aucun rang n’y est écarté d’avance.".to_owned(),
        ),
        Some(0) => phrases.push(
            "Ce jour-là, la barre de l’internat est à zéro : aucun nouveau candidat ne peut y entrer. (La barre est le \
             dernier rang du classement de l’internat qui peut y entrer.)"
                .to_owned(),
        ),
        Some(barre) => phrases.push(format!(
            "Ce jour-là, la barre de l’internat est au rang {} : seuls les candidats classés jusqu’à ce rang à l’internat \
             peuvent y entrer.",
            nombre(barre)
        )),
    }
    if let Some(barre) = internat.barre
        && !internat.obtenu
        && internat.rang > barre
    {
        phrases.push(if libres <= 0 {
            "Elle ne peut pas monter : l’internat est complet.".to_owned()
        } else if internat.barre_maximale == Some(barre) {
            "Les places encore libres sont gardées pour des candidats mieux classés à l’internat, que leur formation \
             devrait appeler plus tard."
                .to_owned()
        } else {
            "Plus haute, elle aurait fait entrer plus de candidats que l’internat n’a de places.".to_owned()
        });
    }
    if !internat.obtenu && !p.is_candidat() {
        phrases.push(match internat.avant {
            0 => "Aucun candidat mieux classé à l’internat n’attend encore d’y entrer.".to_owned(),
            n => format!(
                "{} mieux classé{} à l’internat {} encore d’y entrer.",
                compte(n, CANDIDATS),
                s(n.into()),
                accord(n, "attend", "attendent")
            ),
        });
    }
    phrases
}

fn manque(attente: &Attente, groupe: &EtatGroupe, p: Personne) -> Vec<String> {
    let Some(manque) = attente.manque else {
        return vec![
            "Aucun rang ne permettait d’être appelé ce jour-là. Le vœu garde sa place dans l’ordre d’appel pour les jours \
             suivants."
                .to_owned(),
        ];
    };
    let mut phrases = Vec::new();
    match manque.barre {
        None => phrases.push("Ce sont les places de la formation qui manquent.".to_owned()),
        Some(barre) => {
            phrases.push(
                match (manque.places, attente.formation_obtenue) {
                    (0, true) => "C’est l’internat seul qui retient ce vœu.",
                    (0, false) => "C’est l’internat seul qui retient ce vœu : la formation l’aurait appelé.",
                    _ => "C’est l’internat qui retient ce vœu ; les places de la formation manquent aussi.",
                }
                .to_owned(),
            );
            phrases.push(format!(
                "Il aurait fallu que la barre de l’internat monte au moins jusqu’au rang {}.",
                nombre(barre)
            ));
        }
    }
    if manque.places > 0 {
        phrases.push(missing(&manque, groupe, p));
    }
    phrases.push(
        "Ce compte vaut pour ce jour-là, si rien d’autre n’avait changé ; les jours suivants, l’appel avance quand des \
         candidats renoncent."
            .to_owned(),
    );
    phrases
}

fn missing(manque: &Manque, groupe: &EtatGroupe, p: Personne) -> String {
    let (k, lui) = (manque.places, p.dit("lui", "vous"));
    let debut = format!(
        "Il aurait fallu {}{} de plus dans ce groupe, par exemple {} à {} proposition",
        if manque.barre.is_some() { "aussi " } else { "" },
        compte(k, PLACES),
        if k == 1 {
            "qu’un candidat renonce".to_owned()
        } else {
            format!("que {} candidats renoncent", nombre(k))
        },
        accord(k, "sa", "leur")
    );
    let devant = accord(manque.devant, "le candidat qui passe", "les candidats qui passent");
    let trop = i64::from(groupe.occupees) - i64::from(groupe.places);
    if trop < 0 {
        return format!(
            "{debut} : {} {} libre{}, mais {} avant {lui}.",
            compte(-trop, PLACES),
            accord(-trop, "est", "sont"),
            s(-trop),
            match manque.devant {
                1 => "1 candidat passe".to_owned(),
                n => format!("{} passent", compte(n, CANDIDATS)),
            }
        );
    }
    let mut parts = Vec::new();
    if trop > 0 {
        parts.push(format!("{} pour revenir au nombre de candidats à appeler", nombre(trop)));
    }
    if manque.devant > 0 {
        parts.push(format!("{} pour {devant} avant {lui}", nombre(manque.devant)));
    }
    match parts.is_empty() {
        true => format!("{debut} : elle {lui} revenait."),
        false => format!("{debut} : {} et 1 pour {lui}.", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests;
