-- The life of an account: invitations, exceptions to nominative addresses, changes to confirm, factors withdrawn,
-- establishments made safe, accounts shared in an earlier session.
ALTER TABLE compte ADD COLUMN mobile_verifie_le @int;
-- Hash of a password that may have been stolen: it opens nothing, and cannot be chosen again (MDP-5).
ALTER TABLE compte ADD COLUMN mot_de_passe_refuse TEXT;
-- Never address and second factor within a day of each other (LIM-6): real instants of the last of each.
ALTER TABLE compte ADD COLUMN adresse_changee_le @int;
ALTER TABLE compte ADD COLUMN facteur_retire_le @int;
ALTER TABLE compte ADD COLUMN rappels_inactivite @int NOT NULL DEFAULT 0;
ALTER TABLE compte ADD COLUMN rappel_inactivite_le @int;
ALTER TABLE compte ADD COLUMN motif_etat TEXT NOT NULL DEFAULT '';
-- The state that a suspension interrupted.
ALTER TABLE compte ADD COLUMN etat_avant TEXT;
-- Last year in which several people used this account; nobody signs in with it any more, its past stays under it.
ALTER TABLE compte ADD COLUMN partage_annee @int;
ALTER TABLE compte ADD COLUMN reprise_confiee_a @int REFERENCES compte (id);
ALTER TABLE compte ADD COLUMN repris_par @int REFERENCES compte (id);
ALTER TABLE compte ADD COLUMN repris_le @int;
CREATE INDEX attribution_par_etablissement ON attribution (etablissement_id, compte_id);

-- One role offered to one address. `formations` and `academies`: keys and codes separated by commas.
CREATE TABLE invitation (
  id @id, @meta,
  courriel TEXT NOT NULL,
  nom TEXT NOT NULL,
  prenom TEXT NOT NULL,
  role TEXT NOT NULL,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int REFERENCES etablissement (id),
  formations TEXT NOT NULL DEFAULT '',
  academies TEXT NOT NULL DEFAULT '',
  etat TEXT NOT NULL CHECK (etat IN ('envoyee', 'acceptee', 'annulee')),
  jeton_hache TEXT UNIQUE,
  envoyee_le @int NOT NULL,
  expire_le @int NOT NULL,
  acceptee_le @int,
  compte_id @int REFERENCES compte (id),
  CHECK (etat <> 'envoyee' OR jeton_hache IS NOT NULL),
  CHECK (etat <> 'acceptee' OR compte_id IS NOT NULL)
@fin
CREATE UNIQUE INDEX invitation_en_attente ON invitation (courriel, role, COALESCE(etablissement_id, 0), academies)
  WHERE etat = 'envoyee';
CREATE INDEX invitation_par_etablissement ON invitation (etablissement_id, etat);

-- A role mailbox admitted for one session, with its reason (CPT-2).
CREATE TABLE derogation_adresse (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  courriel TEXT NOT NULL,
  motif TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('demandee', 'accordee', 'refusee')),
  reponse TEXT NOT NULL DEFAULT '',
  decidee_le @int,
  decidee_par @int,
  UNIQUE (session_id, etablissement_id, courriel),
  CHECK (etat = 'demandee' OR decidee_le IS NOT NULL)
@fin

-- A new address takes effect once it is proved (CPT-6).
CREATE TABLE changement_adresse (
  id @id, @meta,
  compte_id @int NOT NULL REFERENCES compte (id),
  nouvelle TEXT NOT NULL,
  jeton_hache TEXT UNIQUE,
  expire_le @int NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('demande', 'confirme', 'annule')),
  confirme_le @int
@fin
CREATE UNIQUE INDEX changement_adresse_en_cours ON changement_adresse (compte_id) WHERE etat = 'demande';

-- A lost second factor withdrawn by somebody else (LIM-6); for the last administrator, by two academic agents.
CREATE TABLE retrait_facteur (
  id @id, @meta,
  compte_id @int NOT NULL REFERENCES compte (id),
  motif TEXT NOT NULL,
  controle TEXT NOT NULL CHECK (controle IN ('presence', 'rappel', 'ligne_officielle')),
  etat TEXT NOT NULL CHECK (etat IN ('demande', 'fait', 'annule')),
  demande_par @int NOT NULL REFERENCES compte (id),
  decide_par @int REFERENCES compte (id),
  decide_le @int,
  CHECK (etat = 'demande' OR decide_le IS NOT NULL)
@fin
CREATE UNIQUE INDEX retrait_facteur_en_cours ON retrait_facteur (compte_id) WHERE etat = 'demande';

-- While a line is not lifted, nothing leaves the establishment (SES-5).
CREATE TABLE mise_en_securite (
  id @id, @meta,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  motif TEXT NOT NULL,
  comptes @int NOT NULL,
  levee_le @int,
  levee_par @int,
  levee_motif TEXT NOT NULL DEFAULT ''
@fin
CREATE UNIQUE INDEX mise_en_securite_en_cours ON mise_en_securite (etablissement_id) WHERE levee_le IS NULL;
