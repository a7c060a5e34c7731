//! F-28, HAB-3, HAB-9: all roles × all routes × objects (one's own, a neighbour's, absent), through the real router. What
//! the table of rights decides is what the site answers, and « not yours » is word for word « does not exist ».

use std::collections::BTreeSet;

use axum::http::Method;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution, Cible, authorize};
use domain::formations::Famille;
use testkit::{CandidatEssai, FormationEssai, Navigateur, Reponse, TestApp, both_databases};
use web::{Acces, Ligne};

/// Routes with a parameter that the walk does not try with a neighbour's object, each with its reason.
const EXCEPTIONS: &str = include_str!("../../../../docs/routes-exceptions.csv");
/// How many they are: may only go down.
const EXCEPTIONS_MAX: usize = 18;

const ABSENT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

fn exceptions() -> BTreeSet<(&'static str, &'static str)> {
    EXCEPTIONS
        .lines()
        .skip(1)
        .filter_map(|l| {
            let mut cellules = l.split(';');
            Some((cellules.next()?, cellules.next()?))
        })
        .collect()
}

/// What belongs to one side: the person's, or the neighbour's.
struct Cote {
    formation: FormationEssai,
    etablissement: String,
    uai: &'static str,
    compte: String,
    candidat: CandidatEssai,
    voeu: String,
    /// A boarding school of the establishment.
    internat: String,
    /// A request that every desk reads: sent on to the national team.
    demande: String,
    /// A course that is proposed to the establishment.
    cession: String,
    /// What the academic service tells its academy.
    actualite: String,
    document: String,
    /// What it organises for its academy.
    seance: String,
    /// What the candidate asked the cell of their région académique.
    question: String,
    /// That région académique.
    region: &'static str,
    /// A record of the catalogue of apprenticeship, that another repeats.
    fiche: String,
    /// A day of this catalogue, applied.
    journee: String,
    /// A token of a program of the establishment.
    jeton: String,
    /// A reminder to every incomplete establishment of its academy.
    relance: String,
}

impl Cote {
    async fn new(t: &TestApp, uai: &'static str, departement: &str, academie: &str) -> Self {
        let etab = t.etablissement(uai, "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        for table in ["etablissement_session", "formation_session"] {
            t.sql(
                &format!("UPDATE {table} SET departement = $1, academie = $2 WHERE etablissement_id = $3"),
                vec![departement.to_owned().into(), academie.to_owned().into(), etab.into()],
            )
            .await;
        }
        let lecteur = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::Lecteur) };
        let (compte, _) = t.personne(&format!("lecteur@{uai}.example"), lecteur).await;
        let candidat = t.candidat(&format!("candidat@{uai}.example"), TypeBac::General).await;
        let voeu = t.voeu(&candidat, &f, EtatVoeu::Propose).await.public_id;
        let mot = |sql, cle: i64| t.mot(sql, vec![cle.into()]);
        let demande = transmise(t, &f, academie).await;
        let proposee = t.formation(etab, "BTS Proposé", Famille::Bts, true, 24, true).await;
        let cession = proposee_a(t, &proposee, academie, uai).await;
        let valeurs =
            vec![f.session.into(), etab.into(), "Internat".to_owned().into(), 10i64.into(), 1i64.into()];
        let colonnes = "session_id, etablissement_id, libelle, capacite, avec_classement";
        let internat = t.insert("groupe_internat", colonnes, valeurs).await.1;
        let colonnes = "session_id, emetteur, titre, texte, publiee_le, a_lire";
        let [emetteur, titre, texte] = ["academie", "Webinaires", "Bonjour"].map(|s| s.to_owned().into());
        let valeurs = vec![f.session.into(), emetteur, titre, texte, 0i64.into(), 1i64.into()];
        let (cle, actualite) = t.insert("actualite", colonnes, valeurs).await;
        t.sql(
            "INSERT INTO actualite_audience (actualite_id, critere, code) VALUES ($1, 'academie', $2)",
            vec![cle.into(), academie.to_owned().into()],
        )
        .await;
        let colonnes = "empreinte, taille, nom, type_mime, usage";
        let depose = t.app.depot.put(b"%PDF-1.7").await.expect("kept");
        let valeurs = vec![
            depose.into(),
            8i64.into(),
            "note.pdf".to_owned().into(),
            "application/pdf".to_owned().into(),
            "document_reference".to_owned().into(),
        ];
        let fichier = t.insert("fichier", colonnes, valeurs).await.0;
        let colonnes = "session_id, emetteur, nature, theme, titre";
        let mots = ["academie", "note", "grille", "Note"].map(|s| s.to_owned().into());
        let valeurs = [f.session.into()].into_iter().chain(mots).collect();
        let (cle, document) = t.insert("document_reference", colonnes, valeurs).await;
        t.sql(
            "INSERT INTO document_reference_audience (document_id, critere, code) VALUES ($1, 'academie', $2)",
            vec![cle.into(), academie.to_owned().into()],
        )
        .await;
        t.sql(
            "INSERT INTO document_reference_version (document_id, numero, fichier_id, depose_le)
             VALUES ($1, 1, $2, 0)",
            vec![cle.into(), fichier.into()],
        )
        .await;
        let colonnes = "session_id, emetteur, titre, texte, debut, fin, lieu, lien";
        let [emetteur, titre, texte, lieu, lien] =
            ["academie", "Webinaire", "Bonjour", "", "https://visio.example"].map(|s| s.to_owned().into());
        let [debut, fin] = [4_000_000_000_000i64, 4_000_003_600_000].map(Into::into);
        let valeurs = vec![f.session.into(), emetteur, titre, texte, debut, fin, lieu, lien];
        let (cle, seance) = t.insert("seance", colonnes, valeurs).await;
        t.sql(
            "INSERT INTO seance_audience (seance_id, critere, code) VALUES ($1, 'academie', $2)",
            vec![cle.into(), academie.to_owned().into()],
        )
        .await;
        let colonnes = "session_id, compte_id, demandeur, role, theme, etat, destinataire, academie, ecran, deposee_le, active_le";
        let [candidate, role, theme, etat, cellule, ecran] =
            ["candidat", "candidat", "orientation", "nouvelle", "cellule", ""].map(|s| s.to_owned().into());
        let (session, academie_question) = (f.session.into(), academie.to_owned().into());
        let valeurs = vec![
            session,
            candidat.compte.into(),
            candidate,
            role,
            theme,
            etat,
            cellule,
            academie_question,
            ecran,
            0i64.into(),
            0i64.into(),
        ];
        let question = t.insert("demande_assistance", colonnes, valeurs).await.1;
        let colonnes = "etablissement_id, donneur_id, libelle, empreinte, suffixe, ecrit_etablissement, donne_le, expire_le";
        let [libelle, empreinte, suffixe] = ["Scolarité", uai, "aaaa"].map(|s| s.to_owned().into());
        let [ecrit, donne, expire] = [0i64, 0, 4_000_000_000_000].map(Into::into);
        let valeurs = vec![etab.into(), compte.into(), libelle, empreinte, suffixe, ecrit, donne, expire];
        let jeton = t.insert("jeton_api", colonnes, valeurs).await.1;
        let [academies, texte, etat] =
            [academie.to_owned(), "Bonjour".to_owned(), "arretee".to_owned()].map(Into::into);
        let valeurs = vec![f.session.into(), compte.into(), academies, texte, etat];
        let relance = t.insert("relance", "session_id, compte_id, academies, texte, etat", valeurs).await.1;
        // A région académique that has none of the person's academies, on the neighbour's side.
        let region = if academie == "20" { "32" } else { "84" };
        if region == "32" {
            let [nom, texte, courriel, vide] =
                ["32", "Bonjour", "c@essai.example", ""].map(|s| s.to_owned().into());
            let valeurs = vec![f.session.into(), nom, texte, courriel, vide];
            t.insert("cellule", "session_id, region, presentation, courriel, page", valeurs).await;
        }
        Self {
            seance,
            internat,
            document,
            jeton,
            relance,
            fiche: fiche(t, f.session, academie, uai).await,
            journee: journee(t, f.session, uai).await,
            actualite,
            question,
            region,
            demande,
            cession,
            etablissement: mot("SELECT public_id FROM etablissement WHERE id = $1", etab).await,
            compte: mot("SELECT public_id FROM compte WHERE id = $1", compte).await,
            formation: FormationEssai { academie: academie.to_owned(), ..f },
            uai,
            candidat,
            voeu,
        }
    }

    /// The object that an address is about, and what the rights see of it; `None`: no such object here.
    fn objet(&self, chemin: &str) -> Option<(&str, Cible)> {
        let f = &self.formation;
        let cours = Cible {
            session: Some(f.session),
            etablissement: Some(f.etablissement),
            formation: Some(f.formation),
            academie: Some(f.academie.clone()),
            candidat: None,
        };
        let etablissement = Cible { formation: None, ..cours.clone() };
        let chemin = chemin.replace("{annee}", "2024");
        Some(match chemin.split('{').next()? {
            "/gestion/2024/formations/" | "/academie/2024/controles/" => (f.public_id.as_str(), cours),
            "/gestion/2024/groupes/" | "/academie/2024/taux/" => (f.groupe_public_id.as_str(), cours),
            "/informations/2024/actualites/" | "/informations/2024/publication/" => {
                (self.actualite.as_str(), cours)
            }
            "/informations/2024/documents/" | "/informations/2024/publication/documents/" => {
                (self.document.as_str(), cours)
            }
            "/mes-seances/2024/" | "/mes-seances/2024/organisation/" => (self.seance.as_str(), cours),
            "/assistance/demandes/" | "/assistance/2024/file/" => {
                let candidat = Some(self.candidat.candidat);
                let question = Cible {
                    session: Some(f.session),
                    academie: Some(f.academie.clone()),
                    candidat,
                    ..Cible::default()
                };
                (self.question.as_str(), question)
            }
            "/assistance/2024/cellules/" => {
                let academie = Some(if self.region == "32" { "20" } else { "10" }.to_owned());
                (self.region, Cible { session: Some(f.session), academie, ..Cible::default() })
            }
            "/gestion/2024/internats/" => (self.internat.as_str(), etablissement),
            "/gestion/2024/demandes/" | "/academie/2024/demandes/" | "/national/2024/demandes/" => {
                (self.demande.as_str(), etablissement)
            }
            "/academie/2024/apprentissage/fiches/" | "/academie/2024/apprentissage/doublons/" => {
                (self.fiche.as_str(), Cible { etablissement: None, formation: None, ..cours })
            }
            "/academie/2024/apprentissage/journees/" => (self.journee.as_str(), Cible::plateforme()),
            "/academie/2024/completude/relances/" => {
                (self.relance.as_str(), Cible { etablissement: None, formation: None, ..cours })
            }
            "/gestion/2024/cessions/" => (self.cession.as_str(), etablissement),
            "/gestion/2024/etablissements/" => (self.etablissement.as_str(), etablissement),
            "/candidat/voeux/" | "/candidat/propositions/" => {
                (self.voeu.as_str(), Cible::dossier(self.candidat.candidat))
            }
            "/comptes/" => (self.compte.as_str(), etablissement),
            "/comptes/securite/" => (self.uai, etablissement),
            _ => return None,
        })
    }
}

async fn demande(
    t: &TestApp,
    f: &FormationEssai,
    academie: &str,
    (nature, etat, contenu): (&str, &str, &str),
) -> (i64, String) {
    let texte = |s: &str| s.to_owned().into();
    let colonnes =
        "session_id, etablissement_id, academie, formation_session_id, nature, etat, contenu, motif";
    let valeurs = vec![
        f.session.into(),
        f.etablissement.into(),
        texte(academie),
        f.formation_session.into(),
        texte(nature),
        texte(etat),
        texte(contenu),
        texte("Le montant est celui de 2022."),
    ];
    t.insert("demande_formation", colonnes, valeurs).await
}

async fn fiche(t: &TestApp, session: i64, academie: &str, uai: &str) -> String {
    let contenu = r#"{"id":"a","cle_ministere":null,"intitule":"BTS","gestionnaire":{"siret":null,"uai":null,"commune":null,"point":null},"formateur":{"siret":null,"uai":null,"commune":null,"point":null},"lieu":{"siret":null,"uai":null,"commune":null,"code_postal":null,"adresse":null,"point":null},"cfd":null,"rncp":null,"mefs":[],"niveau_dit":null,"periodes":[],"a_distance":false,"capacite":null,"statut_dit":null,"raison_dite":null}"#;
    let colonnes =
        "session_id, flux, identifiant, contenu, departement, academie, statut, doublon_de, presente";
    let une = |nom: String, repete: Option<String>| {
        let [flux, contenu, vide, academie, statut] =
            ["catalogue", contenu, "", academie, "a_publier"].map(|s| s.to_owned().into());
        vec![session.into(), flux, nom.into(), contenu, vide, academie, statut, repete.into(), 1i64.into()]
    };
    t.insert("fiche_apprentissage", colonnes, une(format!("{uai}|2"), Some(format!("{uai}|1")))).await;
    t.insert("fiche_apprentissage", colonnes, une(format!("{uai}|1"), None)).await.1
}

async fn journee(t: &TestApp, session: i64, uai: &str) -> String {
    let rapport = br#"{"compte":{},"perimetre_change":false,"lignes":[],"rejets":[]}"#;
    let rapport = t.app.depot.put(rapport).await.expect("kept");
    let table = t.app.depot.put(b"a;b").await.expect("kept");
    let colonnes = "session_id, flux, etendue, etat, empreinte, taille, bilan, rapport, numero, appliquee_le, compte_rendu, \
                    proces_verbal, signature";
    let [etendue, etat, empreinte, bilan, texte, signature] =
        ["complete", "appliquee", "e", "{}", "session 2024\n", "ab"].map(|s| s.to_owned().into());
    let [taille, numero, le] = [1i64, 1, 0].map(Into::into);
    let valeurs = vec![
        session.into(),
        uai.to_lowercase().into(),
        etendue,
        etat,
        empreinte,
        taille,
        bilan,
        rapport.into(),
        numero,
        le,
        table.into(),
        texte,
        signature,
    ];
    t.insert("journee_catalogue", colonnes, valeurs).await.1
}

async fn transmise(t: &TestApp, f: &FormationEssai, academie: &str) -> String {
    let contenu = r#"{"nature":"derogation","champs":["frais"],"jusqu_a":"2024-06-12"}"#;
    let (cle, demande) = demande(t, f, academie, ("derogation", "transmise", contenu)).await;
    t.sql(
        "INSERT INTO demande_acte (public_id, demande_id, numero, acte, fait_le, role, motif)
         VALUES ($1, $2, 1, 'transmise', 0, 'academie', '')",
        vec![format!("acte{cle}").into(), cle.into()],
    )
    .await;
    demande
}

async fn proposee_a(t: &TestApp, f: &FormationEssai, academie: &str, uai: &str) -> String {
    let contenu = format!(r#"{{"nature":"cession","uai":"{uai}"}}"#);
    let (cle, demande) = demande(t, f, academie, ("cession", "deposee", &contenu)).await;
    let valeurs = vec![cle.into(), f.etablissement.into(), academie.to_owned().into()];
    t.insert("accord_cession", "demande_id, etablissement_id, academie", valeurs).await;
    demande
}

/// `second`: of the same side, the token of an address that names one after its establishment.
fn adresse(chemin: &str, objet: &str, second: &str) -> String {
    // Of a single object: what follows it in the address is absent, so that nothing is done.
    let mut premier = true;
    let mots = chemin.replace("{annee}", "2024");
    mots.split('/')
        .map(|m| match m {
            "{acte}" => "suspendre",
            "{partie}" => "coordonnees",
            "{rubrique}" => "attendus",
            m if m.starts_with('{') && premier => {
                premier = false;
                objet
            }
            "{jeton}" => second,
            m if m.starts_with('{') => "AAAA-BBBB-CCCC",
            m => m,
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// What the answer says to the person: neither the number of the request nor the tokens.
fn dit(r: &Reponse) -> String {
    r.texte().split(' ').filter(|m| m.len() != 12 && m.len() != 14).collect::<Vec<_>>().join(" ")
}

/// An answer that gives the page asked for.
fn entre(r: &Reponse) -> bool {
    r.statut.is_success() && !r.url.starts_with("/connexion")
}

/// Whether the address names something that is somebody's. A token is a secret that only its holder has, and the name of a
/// page is nobody's.
fn avec_objet(l: &Ligne) -> bool {
    let noms = l.chemin.split('/').filter(|m| m.starts_with('{'));
    noms.into_iter().any(|m| !matches!(m, "{annee}" | "{jeton}" | "{quoi}"))
}

#[test]
fn hab_9_a_route_with_an_object_is_walked_or_in_the_list_of_exceptions_which_only_shrinks() {
    let exceptions = exceptions();
    assert!(exceptions.len() <= EXCEPTIONS_MAX, "{} exceptions: the list may only shrink", exceptions.len());
    for l in EXCEPTIONS.lines().skip(1) {
        assert!(l.split(';').nth(2).is_some_and(|m| m.len() > 20), "{l}: say why");
    }
    let lignes = web::table(false).fin().1;
    for (methode, chemin) in &exceptions {
        let existe = lignes.iter().any(|l| l.methode == *methode && l.chemin == *chemin);
        assert!(existe, "{methode} {chemin} is no route any more");
    }
}

async fn people(t: &TestApp, mien: &Cote) -> Vec<(&'static str, Acteur, Navigateur)> {
    let mut gens = vec![("anonyme", Acteur::public(), t.navigateur())];
    for role in Role::ALL {
        let f = &mien.formation;
        let attribution = match role {
            Role::Public | Role::Logiciel | Role::Systeme => continue,
            Role::Candidat => {
                let c = &mien.candidat;
                gens.push((role.code(), c.acteur.clone(), t.navigateur_de(c.compte).await));
                continue;
            }
            Role::Academie => {
                Attribution { academies: vec![f.academie.clone()], ..Attribution::simple(role) }
            }
            Role::RespFormation | Role::MembreCev => {
                Attribution { formation: Some(f.formation), ..Attribution::simple(role) }
            }
            Role::AdminNational | Role::Auditeur => Attribution::simple(role),
            _ => Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(role) },
        };
        let (compte, acteur) = t.personne(&format!("{}@essai.example", role.code()), attribution).await;
        gens.push((role.code(), acteur, t.navigateur_de(compte).await));
    }
    gens
}

both_databases! {
    async fn f_28_hab_3_not_yours_and_does_not_exist_are_one_answer(base) {
        let t = TestApp::with_session_2024(base).await;
        let mien = Cote::new(&t, "0801234A", "80", "20").await;
        let voisin = Cote::new(&t, "0591235B", "59", "09").await;
        t.at("2024-06-10T10:00");
        let (mut cellules, mut entrees, mut fautes) = (0, BTreeSet::new(), Vec::new());
        let mut exige = |vrai: bool, faute: String| if !vrai { fautes.push(faute) };
        let exceptions = exceptions();
        let mut gens = people(&t, &mien).await;
        for ligne in web::table(false).fin().1 {
            let (chemin, methode) = (ligne.chemin, &ligne.methode);
            if !avec_objet(&ligne) || exceptions.contains(&(methode.as_str(), chemin)) {
                continue;
            }
            let Acces::Action(action) = ligne.acces else { panic!("{methode} {chemin}: public with an object") };
            let (Some((sien, cible_sien)), Some((autre, cible_autre))) = (mien.objet(chemin), voisin.objet(chemin))
            else { panic!("{methode} {chemin}: no object to try: add it to the walk or to the exceptions, with the reason") };
            for (qui, acteur, n) in &mut gens {
                let lit = *methode == Method::GET;
                let permis = authorize(acteur, action, &cible_sien).is_ok();
                if lit {
                    let url = adresse(chemin, sien, &mien.jeton);
                    let r = n.opens(&url).await;
                    // Sent to another page: that one is walked too.
                    let ici = entre(&r) && r.url.split('?').next() == Some(url.as_str());
                    cellules += 1;
                    exige(r.statut.as_u16() < 500, format!("{qui} {chemin}: {}", r.statut));
                    exige(permis || !ici, format!("{qui} reads {} without {action:?}", r.url));
                    if ici {
                        entrees.insert(chemin);
                    }
                }
                // Those whose perimeter covers both sides have no neighbour.
                let Err(refus) = authorize(acteur, action, &cible_autre) else { continue };
                let mut answers = Vec::new();
                let absent = (if objet_est_uai(chemin) { "0009999Z" } else { ABSENT }, ABSENT);
                for (objet, second) in [(autre, voisin.jeton.as_str()), absent] {
                    let url = adresse(chemin, objet, second);
                    let r = if lit {
                        n.opens(&url).await
                    } else {
                        let jeton = token(n).await;
                        n.posts(&url, &[("_jeton", &jeton)]).await
                    };
                    cellules += 1;
                    exige(!entre(&r), format!("{qui} {methode} {url}: {} {}", r.statut, r.url));
                    answers.push((r.statut, dit(&r).replace(autre, "…").replace(objet, "…")));
                }
                // Somebody who may know that it exists is told that the act is not theirs.
                if refus.connu {
                    exige(answers.iter().all(|(s, _)| s.is_client_error()), format!("{qui} {methode} {chemin}: {answers:?}"));
                } else {
                    exige(answers[0] == answers[1], format!("{qui} {methode} {chemin}: {answers:?}"));
                }
            }
        }
        assert!(cellules > 1_000, "{cellules} cells only");
        // The walk means something: the pages do open to those who have the right.
        for l in web::table(false).fin().1 {
            let marche = avec_objet(&l) && !exceptions.contains(&(l.methode.as_str(), l.chemin));
            // Pages that this moment of the campaign, or the state of the object, does not offer: a proposition is published.
            let offerte = !["/publier", "/retour", "/confirmer", "/retirer", "/import", "/transmettre", "{numero}", "{acte}", "/renoncer", "/signature"]
                .iter()
                .any(|fin| l.chemin.ends_with(fin))
                && !l.chemin.starts_with("/candidat/propositions/");
            if marche && l.methode == Method::GET && offerte {
                exige(entrees.contains(l.chemin), format!("nobody opens {}", l.chemin));
            }
        }
        assert!(fautes.is_empty(), "{} unexpected answers of {cellules}:\n{}", fautes.len(), fautes.join("\n"));
        println!("{cellules} cells");
    }
}

fn objet_est_uai(chemin: &str) -> bool {
    chemin.contains("{uai}")
}

/// The anti-CSRF token of the person, from any page with a form.
async fn token(n: &mut Navigateur) -> String {
    let page = n.opens("/aide").await;
    let reste = page.html.split("name=\"_jeton\" value=\"").nth(1).unwrap_or_default();
    reste.split('"').next().unwrap_or_default().to_owned()
}
