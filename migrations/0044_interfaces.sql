-- Open interfaces: tokens of software, what they called, what is told to them.

-- A token acts for its establishment, under what the person who gave it may give.
CREATE TABLE jeton_api (
  id @id, @meta,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  donneur_id @int NOT NULL REFERENCES compte (id),
  libelle TEXT NOT NULL,
  -- SHA-256 of the token, which is shown once, and its last characters
  empreinte TEXT NOT NULL UNIQUE,
  suffixe TEXT NOT NULL,
  -- 1: the token may write the settings of the establishment
  ecrit_etablissement @int NOT NULL CHECK (ecrit_etablissement IN (0, 1)),
  -- real time
  donne_le @int NOT NULL,
  expire_le @int NOT NULL,
  revoque_le @int,
  revoque_par @int REFERENCES compte (id),
  vu_le @int,
  -- of a sandbox: its own clock of the campaign, as a distance from real time
  bac_a_sable @int NOT NULL DEFAULT 0 CHECK (bac_a_sable IN (0, 1)),
  campagne_ecart_ms @int,
  -- what is answered instead at its next write, to try the caller out
  incident TEXT CHECK (incident IN ('limite', 'panne'))
@fin
CREATE INDEX jeton_api_par_etablissement ON jeton_api (etablissement_id);

-- Courses that it reads, and what it writes there (codes separated by commas; none: it reads).
CREATE TABLE jeton_api_formation (
  jeton_id @int NOT NULL REFERENCES jeton_api (id),
  formation_id @int NOT NULL REFERENCES formation (id),
  operations TEXT NOT NULL,
  PRIMARY KEY (jeton_id, formation_id)
@cle
CREATE INDEX jeton_api_formation_par_formation ON jeton_api_formation (formation_id);

-- Each call; `requete` is the number that goes through the journal and the logs.
CREATE TABLE appel_api (
  id @id,
  jeton_id @int NOT NULL REFERENCES jeton_api (id),
  -- real time
  instant_le @int NOT NULL,
  route TEXT NOT NULL,
  objet_id TEXT NOT NULL,
  statut @int NOT NULL,
  duree_us @int NOT NULL,
  -- what the caller did well: condition, key, replay
  marques TEXT NOT NULL,
  requete TEXT NOT NULL
@fin
CREATE INDEX appel_api_par_jeton ON appel_api (jeton_id, id);
CREATE INDEX appel_api_par_instant ON appel_api (instant_le);

-- Where the events of a token's perimeter are sent.
CREATE TABLE abonnement (
  id @id, @meta,
  jeton_id @int NOT NULL REFERENCES jeton_api (id),
  url TEXT NOT NULL,
  -- codes separated by commas
  evenements TEXT NOT NULL,
  secret_chiffre @bytes NOT NULL,
  -- real time; NULL: in force
  suspendu_le @int,
  motif TEXT NOT NULL,
  -- real time: deliveries given up before do not count
  repris_le @int
@fin
CREATE INDEX abonnement_par_jeton ON abonnement (jeton_id);

-- One event for one subscription.
CREATE TABLE livraison (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  abonnement_id @int NOT NULL REFERENCES abonnement (id),
  evenement TEXT NOT NULL,
  corps TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('a_livrer', 'livree', 'abandonnee')),
  -- real time
  cree_le @int NOT NULL,
  prochaine_le @int NOT NULL,
  bail_expire_le @int,
  essais @int NOT NULL DEFAULT 0,
  -- of the last attempt: HTTP status, or why there was no answer
  statut @int,
  erreur TEXT,
  livree_le @int
@fin
CREATE INDEX livraison_a_prendre ON livraison (etat, prochaine_le);
CREATE INDEX livraison_par_abonnement ON livraison (abonnement_id, id);

-- Rank of the last sealed entry of the journal of which events were made.
CREATE TABLE evenement_curseur (
  id @int NOT NULL PRIMARY KEY CHECK (id = 1),
  rang @int NOT NULL
@fin
