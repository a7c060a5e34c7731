//! Schema migrations: one SQL source a version, rendered for the database in use. Forward only.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

use crate::error::StoreError;
use crate::sql::{Backend, Db};

const SOURCES: &[(&str, &str)] = &[
    ("0001_socle", include_str!("../../../migrations/0001_socle.sql")),
    ("0002_publication_groupes", include_str!("../../../migrations/0002_publication_groupes.sql")),
    ("0003_recherche", include_str!("../../../migrations/0003_recherche.sql")),
    ("0004_facteurs", include_str!("../../../migrations/0004_facteurs.sql")),
    ("0005_comptes", include_str!("../../../migrations/0005_comptes.sql")),
    ("0006_journal", include_str!("../../../migrations/0006_journal.sql")),
    ("0007_droits", include_str!("../../../migrations/0007_droits.sql")),
    ("0008_echeances", include_str!("../../../migrations/0008_echeances.sql")),
    ("0009_indices", include_str!("../../../migrations/0009_indices.sql")),
    ("0010_agenda", include_str!("../../../migrations/0010_agenda.sql")),
    ("0011_invitations", include_str!("../../../migrations/0011_invitations.sql")),
    ("0012_alarmes", include_str!("../../../migrations/0012_alarmes.sql")),
    ("0013_envois", include_str!("../../../migrations/0013_envois.sql")),
    ("0014_etablissements", include_str!("../../../migrations/0014_etablissements.sql")),
    ("0015_descriptions", include_str!("../../../migrations/0015_descriptions.sql")),
    ("0016_accueil", include_str!("../../../migrations/0016_accueil.sql")),
    ("0017_relecture_capacite", include_str!("../../../migrations/0017_relecture_capacite.sql")),
    ("0018_controle", include_str!("../../../migrations/0018_controle.sql")),
    ("0019_demandes", include_str!("../../../migrations/0019_demandes.sql")),
    ("0020_nomenclatures", include_str!("../../../migrations/0020_nomenclatures.sql")),
    ("0021_contacts_signatures", include_str!("../../../migrations/0021_contacts_signatures.sql")),
    ("0022_completude", include_str!("../../../migrations/0022_completude.sql")),
    ("0023_verrou_completude", include_str!("../../../migrations/0023_verrou_completude.sql")),
    ("0025_accords_cession", include_str!("../../../migrations/0025_accords_cession.sql")),
    ("0026_brouillons", include_str!("../../../migrations/0026_brouillons.sql")),
    ("0027_regroupements", include_str!("../../../migrations/0027_regroupements.sql")),
    ("0028_comptage_sous_voeux", include_str!("../../../migrations/0028_comptage_sous_voeux.sql")),
    ("0029_retenues", include_str!("../../../migrations/0029_retenues.sql")),
    ("0030_retraits", include_str!("../../../migrations/0030_retraits.sql")),
    ("0031_engagements", include_str!("../../../migrations/0031_engagements.sql")),
    ("0032_sans_rowid", include_str!("../../../migrations/0032_sans_rowid.sql")),
    ("0033_internats", include_str!("../../../migrations/0033_internats.sql")),
    ("0034_ordonnancement", include_str!("../../../migrations/0034_ordonnancement.sql")),
    ("0035_automatiques", include_str!("../../../migrations/0035_automatiques.sql")),
    ("0036_actualites", include_str!("../../../migrations/0036_actualites.sql")),
    ("0037_apprentissage", include_str!("../../../migrations/0037_apprentissage.sql")),
    ("0038_seances", include_str!("../../../migrations/0038_seances.sql")),
    ("0039_fiches_apprentissage", include_str!("../../../migrations/0039_fiches_apprentissage.sql")),
    ("0040_assistance", include_str!("../../../migrations/0040_assistance.sql")),
    ("0041_references", include_str!("../../../migrations/0041_references.sql")),
    ("0042_donnees", include_str!("../../../migrations/0042_donnees.sql")),
    ("0043_seances_a_prevenir", include_str!("../../../migrations/0043_seances_a_prevenir.sql")),
    ("0044_interfaces", include_str!("../../../migrations/0044_interfaces.sql")),
    ("0045_envois_complets", include_str!("../../../migrations/0045_envois_complets.sql")),
    ("0046_reponses_types", include_str!("../../../migrations/0046_reponses_types.sql")),
    ("0047_audiences_apprentissage", include_str!("../../../migrations/0047_audiences_apprentissage.sql")),
    ("0048_listes_donnees", include_str!("../../../migrations/0048_listes_donnees.sql")),
    ("0049_candidat_par_compte", include_str!("../../../migrations/0049_candidat_par_compte.sql")),
    ("0050_relances", include_str!("../../../migrations/0050_relances.sql")),
    ("0051_journees_catalogue", include_str!("../../../migrations/0051_journees_catalogue.sql")),
    ("0052_communes", include_str!("../../../migrations/0052_communes.sql")),
    ("0053_groupes_secteurs", include_str!("../../../migrations/0053_groupes_secteurs.sql")),
    ("0054_suivi_completude", include_str!("../../../migrations/0054_suivi_completude.sql")),
    ("0055_explications", include_str!("../../../migrations/0055_explications.sql")),
    ("0056_recherche_autour", include_str!("../../../migrations/0056_recherche_autour.sql")),
    ("0057_retours", include_str!("../../../migrations/0057_retours.sql")),
    ("0058_inscriptions", include_str!("../../../migrations/0058_inscriptions.sql")),
    ("0059_reouvertures", include_str!("../../../migrations/0059_reouvertures.sql")),
    ("0060_registres", include_str!("../../../migrations/0060_registres.sql")),
    ("0062_jetons", include_str!("../../../migrations/0062_jetons.sql")),
    ("0063_rejets_nommes", include_str!("../../../migrations/0063_rejets_nommes.sql")),
    ("0064_enregistrements", include_str!("../../../migrations/0064_enregistrements.sql")),
    ("0065_rapprochements", include_str!("../../../migrations/0065_rapprochements.sql")),
    ("0066_completude_postgres", include_str!("../../../migrations/0066_completude_postgres.sql")),
    ("0067_sirets_des_fiches", include_str!("../../../migrations/0067_sirets_des_fiches.sql")),
    ("0069_corrections_tutelle", include_str!("../../../migrations/0069_corrections_tutelle.sql")),
    ("0070_gel", include_str!("../../../migrations/0070_gel.sql")),
    ("0072_publication_programmee", include_str!("../../../migrations/0072_publication_programmee.sql")),
];

const META: &str = "public_id TEXT NOT NULL UNIQUE, cree_le @int NOT NULL, cree_par @int, maj_le @int NOT NULL, \
                    maj_par @int, origine TEXT NOT NULL, version @int NOT NULL DEFAULT 0, supprime_le @int";

/// Renders one source for one database.
pub(crate) fn render(source: &str, backend: Backend) -> String {
    let (id, int, real, bytes, fin, cle) = match backend {
        Backend::Sqlite => {
            ("INTEGER PRIMARY KEY", "INTEGER", "REAL", "BLOB", ") STRICT;", ") STRICT, WITHOUT ROWID;")
        }
        Backend::Postgres => (
            "BIGINT PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY",
            "BIGINT",
            "DOUBLE PRECISION",
            "BYTEA",
            ");",
            ");",
        ),
    };
    only_for(source, backend)
        .replace("@meta", META)
        .replace("@id", id)
        .replace("@int", int)
        .replace("@real", real)
        .replace("@bytes", bytes)
        .replace("@fin", fin)
        .replace("@cle", cle)
}

/// Triggers have no common syntax: `-- @si sqlite`, `-- @si postgres` and `-- @fin_si` bound what is for one database.
fn only_for(source: &str, backend: Backend) -> String {
    let nom = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
    let mut garde = true;
    let mut rendu = String::with_capacity(source.len());
    for ligne in source.lines() {
        if let Some(pour) = ligne.strip_prefix("-- @si ") {
            garde = pour == nom;
        } else if ligne == "-- @fin_si" {
            garde = true;
        } else if garde {
            rendu.push_str(ligne);
            rendu.push('\n');
        }
    }
    rendu
}

struct Fichier {
    nom: &'static str,
    source: &'static str,
}

impl MigrationName for Fichier {
    fn name(&self) -> &str {
        self.nom
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Fichier {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = manager.get_connection();
        let backend = Backend::from_sea(c.get_database_backend());
        c.execute_unprepared(&render(self.source, backend)).await.map(|_| ())
    }
}

struct Migrateur;

impl MigratorTrait for Migrateur {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        SOURCES
            .iter()
            .map(|&(nom, source)| Box::new(Fichier { nom, source }) as Box<dyn MigrationTrait>)
            .collect()
    }
}

impl Db {
    /// Brings the schema up to date. Running it again changes nothing.
    ///
    /// # Errors
    /// The first statement refused.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Migrateur::up(self.raw_writer(), None).await.map_err(|e| StoreError::from_db("migrate", e))
    }

    /// Every migration of this program: a database that waits for them all is new.
    pub const MIGRATIONS: usize = SOURCES.len();

    /// Number of migrations not applied yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending_migrations(&self) -> Result<usize, StoreError> {
        Migrateur::get_pending_migrations(self.raw_writer())
            .await
            .map(|m| m.len())
            .map_err(|e| StoreError::from_db("pending migrations", e))
    }
}
