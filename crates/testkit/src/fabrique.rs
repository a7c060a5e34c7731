//! Builders: the least that a test needs to exist, written straight into the base.
//!
//! Use cases are tested through `app`; what surrounds them is put in place here without their rules.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Attribution, Cible};
use domain::formations::description::{Description, modele};
use domain::formations::{Famille, Genre};
use store::etablissements::NouveauChef;
use store::{Sql, Value};

use crate::TestApp;

/// A course of session 2024 with one ranking group open to all.
#[derive(Debug, Clone)]
pub struct FormationEssai {
    pub etablissement: i64,
    /// Permanent formation.
    pub formation: i64,
    pub formation_session: i64,
    /// Public identifier of `formation_session`, as in URLs.
    pub public_id: String,
    pub groupe_classement: i64,
    pub groupe_public_id: String,
    pub groupe_affectation: i64,
    pub session: i64,
    pub academie: String,
}

/// A candidate with an account.
#[derive(Debug, Clone)]
pub struct CandidatEssai {
    pub compte: i64,
    pub candidat: i64,
    pub numero: i64,
    pub acteur: Acteur,
}

/// A wish.
#[derive(Debug, Clone)]
pub struct VoeuEssai {
    pub id: i64,
    pub public_id: String,
}

/// All that a course must say before it is published.
pub fn description_complete(famille: Famille, site: &str) -> Description {
    let d = modele(Genre::of_famille(famille))
        .avec("diplome", "Diplôme d’essai")
        .avec("controle", "diplome_national")
        .avec("duree", "2")
        .avec("attendus", "S’intéresser à la matière.")
        .avec("contact", "Secrétariat")
        .avec("contact_courriel", "contact@lycee.example")
        .avec("site", site);
    match famille {
        Famille::Pass | Famille::LicenceLas => d.avec("mineure", "Droit"),
        _ => d,
    }
}

impl TestApp {
    /// Inserts a row with the columns of `@meta` and gives (key, public identifier).
    pub async fn insert(&self, table: &str, colonnes: &str, valeurs: Vec<Value>) -> (i64, String) {
        let id = self.app.alea.public_id().as_str().to_owned();
        let ms = self.app.horloge.campagne().as_millisecond();
        let debut: Vec<Value> = vec![id.clone().into(), ms.into(), ms.into(), "essai".to_owned().into()];
        let n = valeurs.len();
        let places: Vec<String> = (1..=n + 4).map(|i| format!("${i}")).collect();
        let sql = format!(
            "INSERT INTO {table} (public_id, cree_le, maj_le, origine, {colonnes}) VALUES ({}) RETURNING id",
            places.join(", ")
        );
        let tx = self.app.db.begin_write().await.unwrap();
        let cle = tx.int(&sql, debut.into_iter().chain(valeurs).collect()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        (cle, id)
    }

    /// Runs a statement and commits it.
    pub async fn sql(&self, sql: &str, valeurs: Vec<Value>) -> u64 {
        let tx = self.app.db.begin_write().await.unwrap();
        let n = tx.exec(sql, valeurs).await.unwrap();
        tx.commit().await.unwrap();
        n
    }

    /// The first number of a query.
    pub async fn nombre(&self, sql: &str, valeurs: Vec<Value>) -> i64 {
        self.app.db.int(sql, valeurs).await.unwrap().unwrap_or(0)
    }

    /// The first text of a query; empty for none.
    pub async fn mot(&self, sql: &str, valeurs: Vec<Value>) -> String {
        self.app.db.text(sql, valeurs).await.unwrap().unwrap_or_default()
    }

    /// An account as its next request will find it.
    pub async fn acteur_de(&self, compte: i64) -> Acteur {
        let attributions = store::comptes::attributions(&self.app.db, compte).await.unwrap();
        Acteur { compte: Some(compte), nom: "Camille Essai".to_owned(), attributions }
    }

    /// An establishment of session 2024 in Amiens (academy 20); gives its key.
    pub async fn etablissement(&self, uai: &str, nom: &str) -> i64 {
        let session = app::sessions::courante(&self.app.db).await.unwrap().id;
        let (id, _) = self.insert("etablissement", "uai", vec![uai.to_owned().into()]).await;
        let chef = self.chef(id).await;
        let (ligne, _) = self.insert(
            "etablissement_session",
            "etablissement_id, session_id, nom, statut, departement, academie, commune, adresse, code_postal, telephone,
             accessibilite, referent_nom, referent_courriel, internat, boursiers, chef_confirme",
            vec![
                id.into(),
                session.into(),
                nom.to_owned().into(),
                "public".to_owned().into(),
                "80".to_owned().into(),
                "20".to_owned().into(),
                "Amiens".to_owned().into(),
                "1 rue des Écoles".to_owned().into(),
                "80000".to_owned().into(),
                "03 22 00 00 00".to_owned().into(),
                "Accès de plain-pied.".to_owned().into(),
                "Ada Référente".to_owned().into(),
                "handicap@lycee.example".to_owned().into(),
                "sans".to_owned().into(),
                1_i64.into(),
                chef.into(),
            ],
        )
        .await;
        self.insert(
            "site_formation",
            "etablissement_session_id, nom, adresse, code_postal, commune, latitude, longitude",
            vec![
                ligne.into(),
                "Site principal".to_owned().into(),
                "1 rue des Écoles".to_owned().into(),
                "80000".to_owned().into(),
                "Amiens".to_owned().into(),
                49.894.into(),
                2.302.into(),
            ],
        )
        .await;
        id
    }

    /// The head of an establishment, in office; gives the key.
    async fn chef(&self, etablissement: i64) -> i64 {
        let ctx = self.systeme();
        let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme()).unwrap();
        let tx = ctx.begin().await.unwrap();
        let chef = NouveauChef {
            civilite: "madame",
            nom: "Essai",
            prenom: "Claude",
            fonction: "Proviseure",
            courriel: "claude.essai@lycee.example",
            telephone: "03 22 00 00 01",
            depuis: "2021-09-01",
            jusqu_a: None,
            interim: false,
        };
        let cle = store::etablissements::insert_chef(
            &tx,
            &ctx.ecriture(&permit),
            &self.app.coffre,
            etablissement,
            &chef,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        cle
    }

    /// What a past session counted of a course: places, applicants, offers made, offers accepted.
    pub async fn statistique(&self, f: &FormationEssai, annee: i64, chiffres: [i64; 4]) {
        let colonnes = "formation_id, annee, capacite, candidats, propositions, acceptations, chiffres";
        let valeurs = [f.formation, annee].into_iter().chain(chiffres).map(Into::into);
        self.insert("statistique_formation", colonnes, valeurs.chain(["{}".to_owned().into()]).collect())
            .await;
    }

    /// A course with one group open to all. `capacite` = places; fees 0. `publiee`: the public sees it.
    pub async fn formation(
        &self,
        etablissement: i64,
        libelle: &str,
        famille: Famille,
        selective: bool,
        capacite: i64,
        publiee: bool,
    ) -> FormationEssai {
        let session = app::sessions::courante(&self.app.db).await.unwrap().id;
        let cle = self.app.alea.public_id().as_str().to_owned();
        let (inscription, _) = self
            .insert(
                "formation_inscription",
                "etablissement_id, cle",
                vec![etablissement.into(), cle.clone().into()],
            )
            .await;
        let (formation, _) = self
            .insert(
                "formation",
                "formation_inscription_id, cle, statut",
                vec![inscription.into(), cle.into(), "etudiant".to_owned().into()],
            )
            .await;
        let nom = self
            .app
            .db
            .text(
                "SELECT nom FROM etablissement_session WHERE etablissement_id = $1 AND session_id = $2",
                vec![etablissement.into(), session.into()],
            )
            .await
            .unwrap()
            .unwrap_or_default();
        let etat = if publiee { "publiee" } else { "brouillon" };
        let (formation_session, public_id) = self
            .insert(
                "formation_session",
                "formation_id, session_id, etablissement_id, famille, libelle, selective, departement, academie, commune,
                 capacite, frais_centimes, etat, publiee_le, recherche",
                vec![
                    formation.into(),
                    session.into(),
                    etablissement.into(),
                    famille.code().to_owned().into(),
                    libelle.to_owned().into(),
                    i64::from(selective).into(),
                    "80".to_owned().into(),
                    "20".to_owned().into(),
                    "Amiens".to_owned().into(),
                    capacite.into(),
                    0i64.into(),
                    etat.to_owned().into(),
                    publiee.then_some(0i64).into(),
                    domain::formations::texte_recherche(libelle, "", &nom, "Amiens 80 Somme").into(),
                ],
            )
            .await;
        let site = self
            .mot(
                "SELECT s.public_id FROM site_formation s
                 JOIN etablissement_session e ON e.id = s.etablissement_session_id
                 WHERE e.etablissement_id = $1 AND e.session_id = $2 ORDER BY s.id LIMIT 1",
                vec![etablissement.into(), session.into()],
            )
            .await;
        let description = serde_json::to_string(&description_complete(famille, &site)).unwrap();
        self.insert(
            "formation_description",
            "formation_session_id, contenu, manques",
            vec![formation_session.into(), description.clone().into(), 0_i64.into()],
        )
        .await;
        if publiee {
            let publication = self.app.alea.public_id().as_str().to_owned();
            self.sql(
                "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, capacite,
                     frais_centimes, presentation, description) VALUES ($1, $2, 1, 0, $3, 0, '', $4)",
                vec![
                    publication.into(),
                    formation_session.into(),
                    capacite.into(),
                    description.into(),
                ],
            )
            .await;
        }
        let (groupe_classement, groupe_public_id) = self
            .insert(
                "groupe_classement",
                "session_id, formation_session_id, libelle",
                vec![session.into(), formation_session.into(), "Tous les candidats".to_owned().into()],
            )
            .await;
        let (groupe_affectation, _) = self
            .insert(
                "groupe_affectation",
                "groupe_classement_id, formation_session_id, places, nombre_a_appeler",
                vec![groupe_classement.into(), formation_session.into(), capacite.into(), capacite.into()],
            )
            .await;
        FormationEssai {
            etablissement,
            formation,
            formation_session,
            public_id,
            groupe_classement,
            groupe_public_id,
            groupe_affectation,
            session,
            academie: "20".to_owned(),
        }
    }

    /// Another ranking group of a course, for some series; gives its key and public identifier. Places add to nothing:
    /// the capacity of the course stays as it is.
    pub async fn groupe(
        &self,
        f: &FormationEssai,
        libelle: &str,
        series: &str,
        places: i64,
    ) -> (i64, String) {
        let (id, public_id) = self
            .insert(
                "groupe_classement",
                "session_id, formation_session_id, libelle, series",
                vec![
                    f.session.into(),
                    f.formation_session.into(),
                    libelle.to_owned().into(),
                    series.to_owned().into(),
                ],
            )
            .await;
        self.insert(
            "groupe_affectation",
            "groupe_classement_id, formation_session_id, places, nombre_a_appeler",
            vec![id.into(), f.formation_session.into(), places.into(), places.into()],
        )
        .await;
        (id, public_id)
    }

    /// An account with one role; gives the account's key and the person.
    pub async fn personne(&self, courriel: &str, attribution: Attribution) -> (i64, Acteur) {
        let (compte, _) = self
            .insert(
                "compte",
                "courriel, nom, prenom, etat",
                vec![
                    courriel.to_owned().into(),
                    "Essai".to_owned().into(),
                    "Camille".to_owned().into(),
                    "actif".to_owned().into(),
                ],
            )
            .await;
        if attribution.candidat.is_none() {
            self.insert(
                "attribution",
                "compte_id, role, session_id, etablissement_id, formation_id, academies",
                vec![
                    compte.into(),
                    attribution.role.code().to_owned().into(),
                    attribution.session.into(),
                    attribution.etablissement.into(),
                    attribution.formation.into(),
                    attribution.academies.join(",").into(),
                ],
            )
            .await;
        }
        let attributions = vec![attribution, Attribution::simple(Role::Public)];
        (compte, Acteur { compte: Some(compte), nom: "Camille Essai".to_owned(), attributions })
    }

    /// The manager of a course.
    pub async fn responsable(&self, courriel: &str, f: &FormationEssai) -> (i64, Acteur) {
        let a = Attribution { formation: Some(f.formation), ..Attribution::simple(Role::RespFormation) };
        self.personne(courriel, a).await
    }

    /// A registered candidate of session 2024 with an account; average 12.50, not a scholarship holder.
    pub async fn candidat(&self, courriel: &str, type_bac: TypeBac) -> CandidatEssai {
        self.candidat_boursier(courriel, type_bac, false).await
    }

    /// The same, scholarship holder or not (sealed as the product seals it: `1` or `0`).
    pub async fn candidat_boursier(
        &self,
        courriel: &str,
        type_bac: TypeBac,
        boursier: bool,
    ) -> CandidatEssai {
        let session = app::sessions::courante(&self.app.db).await.unwrap().id;
        let (compte, _) = self
            .personne(courriel, Attribution { candidat: Some(0), ..Attribution::simple(Role::Candidat) })
            .await;
        let numero = self.nombre("SELECT COALESCE(MAX(numero), 0) + 1 FROM candidat", vec![]).await;
        let (candidat, public_id) = self
            .insert(
                "candidat",
                "session_id, compte_id, numero, nom, prenom, type_bac, commune, departement, academie,
                 moyenne_centiemes, etat",
                vec![
                    session.into(),
                    compte.into(),
                    numero.into(),
                    format!("Nom{numero}").into(),
                    "Léa".to_owned().into(),
                    type_bac.code().to_owned().into(),
                    "Amiens".to_owned().into(),
                    "80".to_owned().into(),
                    "20".to_owned().into(),
                    1250i64.into(),
                    "inscrit".to_owned().into(),
                ],
            )
            .await;
        let ou = store::Emplacement { table: "candidat", colonne: "boursier_chiffre", ligne: &public_id };
        let clair = domain::candidats::code_boursier(boursier).as_bytes();
        let scelle = self.app.coffre.seal(ou, clair, self.app.alea.nonce()).unwrap();
        self.sql(
            "UPDATE candidat SET boursier_chiffre = $1 WHERE id = $2",
            vec![scelle.into(), candidat.into()],
        )
        .await;
        let attributions = vec![
            Attribution {
                session: Some(session),
                candidat: Some(candidat),
                ..Attribution::simple(Role::Candidat)
            },
            Attribution::simple(Role::Public),
        ];
        let acteur = Acteur { compte: Some(compte), nom: format!("Léa Nom{numero}"), attributions };
        CandidatEssai { compte, candidat, numero, acteur }
    }

    /// A wish in a given state.
    pub async fn voeu(&self, c: &CandidatEssai, f: &FormationEssai, etat: EtatVoeu) -> VoeuEssai {
        let ms = self.app.horloge.campagne().as_millisecond();
        let (id, public_id) = self
            .insert(
                "voeu",
                "session_id, candidat_id, formation_session_id, groupe_classement_id, phase, etat, etat_le, confirme_le",
                vec![
                    f.session.into(),
                    c.candidat.into(),
                    f.formation_session.into(),
                    f.groupe_classement.into(),
                    "pp".to_owned().into(),
                    etat.code().to_owned().into(),
                    ms.into(),
                    (etat != EtatVoeu::Saisi).then_some(ms).into(),
                ],
            )
            .await;
        VoeuEssai { id, public_id }
    }

    /// The proposition of a wish, sent and to be answered at these instants in Paris, with the answer it has.
    pub async fn proposition(
        &self,
        (c, f, v): (&CandidatEssai, &FormationEssai, &VoeuEssai),
        (emise, echeance): (&str, &str),
        reponse: &str,
    ) {
        let rang = self.nombre("SELECT COUNT(*) FROM passage", vec![]).await;
        let vide = || String::new().into();
        let passage = self
            .insert(
                "passage",
                "session_id, nature, jour, etat, calcule_le, empreinte_entree, empreinte_sortie, version_code, parametres, bilan",
                vec![
                    f.session.into(),
                    "propositions".to_owned().into(),
                    (rang + 100).into(),
                    "abandonne".to_owned().into(),
                    0i64.into(),
                    vide(),
                    vide(),
                    vide(),
                    "{}".to_owned().into(),
                    "{}".to_owned().into(),
                ],
            )
            .await
            .0;
        self.insert(
            "proposition",
            "voeu_id, candidat_id, groupe_affectation_id, passage_id, emise_le, echeance_le, reponse",
            vec![
                v.id.into(),
                c.candidat.into(),
                f.groupe_affectation.into(),
                passage.into(),
                crate::paris(emise).as_millisecond().into(),
                crate::paris(echeance).as_millisecond().into(),
                reponse.to_owned().into(),
            ],
        )
        .await;
    }

    /// A transmitted ranking of a group, best first.
    pub async fn classement(&self, f: &FormationEssai, ordre: &[&CandidatEssai]) {
        let ms = self.app.horloge.campagne().as_millisecond();
        let (id, _) = self
            .insert(
                "classement",
                "groupe_classement_id, numero, etat, transmis_le, empreinte",
                vec![
                    f.groupe_classement.into(),
                    1i64.into(),
                    "transmis".to_owned().into(),
                    ms.into(),
                    "essai".to_owned().into(),
                ],
            )
            .await;
        for (i, c) in ordre.iter().enumerate() {
            let rang = i64::try_from(i).unwrap() + 1;
            self.sql(
                "INSERT INTO classement_rang (classement_id, candidat_id, rang) VALUES ($1, $2, $3)",
                vec![id.into(), c.candidat.into(), rang.into()],
            )
            .await;
        }
    }

    /// The campaign's clock in the middle of a step.
    pub async fn during(&self, etape: Etape) {
        let session = app::sessions::courante(&self.app.db).await.unwrap();
        let f = session.calendrier.fenetre(etape).unwrap();
        let milieu = i64::midpoint(f.ouvre.as_millisecond(), f.ferme.as_millisecond());
        self.horloge.set_campagne(jiff::Timestamp::from_millisecond(milieu).unwrap());
    }
}
