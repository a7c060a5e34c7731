-- R-APP-02: which records of the national catalogue a session admits. `nature`: a beginning of code of diploma (`cfd`), a European
-- level (`niveau`), or the months of entry (`rentree`, « 2024-07/2025-03 », which admits).
CREATE TABLE perimetre_apprentissage (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  nature TEXT NOT NULL CHECK (nature IN ('cfd', 'niveau', 'rentree')),
  valeur TEXT NOT NULL,
  acces TEXT NOT NULL CHECK (acces IN ('admis', 'verifier', 'recteur', 'habilitation', 'exclu')),
  libelle TEXT NOT NULL,
  UNIQUE (session_id, nature, valeur)
@fin

-- R-APP-03: a record as its flow last said it. `contenu`: JSON of all its fields; `presente`: the last day had it.
CREATE TABLE fiche_apprentissage (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  flux TEXT NOT NULL,
  identifiant TEXT NOT NULL,
  contenu TEXT NOT NULL,
  departement TEXT NOT NULL,
  academie TEXT NOT NULL,
  statut TEXT NOT NULL CHECK (statut IN ('non_publiable', 'a_publier', 'a_verifier_acces', 'a_valider_recteur',
    'sous_habilitation', 'pret_pour_integration', 'en_attente_mise_a_jour', 'publie', 'non_publie', 'rejete', 'ferme')),
  raison TEXT,
  doublon_de TEXT,
  presente @int NOT NULL CHECK (presente IN (0, 1)),
  UNIQUE (session_id, flux, identifiant),
  CHECK (raison IS NOT NULL OR statut NOT IN ('non_publiable', 'non_publie', 'rejete', 'ferme'))
@fin
CREATE INDEX fiche_apprentissage_par_service ON fiche_apprentissage (session_id, academie, statut);

-- What happened to a record, the last line last: what the day said (`detail`: JSON of the fields and of the restructurings),
-- and the status that it took, which `statut` being null leaves as it was.
CREATE TABLE evenement_apprentissage (
  id @id, @meta,
  fiche_apprentissage_id @int NOT NULL REFERENCES fiche_apprentissage (id),
  issue TEXT NOT NULL CHECK (issue IN ('creation', 'modification', 'restructuration', 'retrait', 'retour', 'reevaluation',
    'decision')),
  detail TEXT NOT NULL,
  statut_avant TEXT,
  statut TEXT,
  raison TEXT
@fin
CREATE INDEX evenement_apprentissage_par_fiche ON evenement_apprentissage (fiche_apprentissage_id);

-- The records that the last day of a flow could not take, with their faults (JSON).
CREATE TABLE rejet_apprentissage (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  flux TEXT NOT NULL,
  fichier TEXT NOT NULL,
  ligne @int NOT NULL,
  identifiant TEXT,
  fautes TEXT NOT NULL
@fin
CREATE INDEX rejet_apprentissage_par_flux ON rejet_apprentissage (session_id, flux);
