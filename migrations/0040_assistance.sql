-- Help to those who use the platform: cells of the régions académiques, questions and their follow-up.

-- The support cell of a région académique, as it says itself.
CREATE TABLE cellule (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  -- code of the région académique
  region TEXT NOT NULL,
  presentation TEXT NOT NULL,
  courriel TEXT NOT NULL,
  -- its own page, elsewhere; empty: none
  page TEXT NOT NULL,
  UNIQUE (session_id, region)
@fin

-- Where it answers.
CREATE TABLE cellule_site (
  id @id, @meta,
  cellule_id @int NOT NULL REFERENCES cellule (id),
  nom TEXT NOT NULL,
  telephone TEXT NOT NULL,
  horaires TEXT NOT NULL,
  -- codes of departments, with commas; empty: the whole region
  departements TEXT NOT NULL
@fin
CREATE INDEX cellule_site_par_cellule ON cellule_site (cellule_id, id);

-- What it publishes.
CREATE TABLE cellule_publication (
  id @id, @meta,
  cellule_id @int NOT NULL REFERENCES cellule (id),
  titre TEXT NOT NULL,
  theme TEXT NOT NULL,
  lien TEXT NOT NULL,
  texte TEXT NOT NULL,
  -- a day: 2023-11-06
  parue_le TEXT NOT NULL
@fin
CREATE INDEX cellule_publication_par_cellule ON cellule_publication (cellule_id, id);

-- A question asked to a service. Instants are of the campaign.
CREATE TABLE demande_assistance (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  compte_id @int NOT NULL REFERENCES compte (id),
  demandeur TEXT NOT NULL CHECK (demandeur IN ('candidat', 'etablissement', 'academie', 'national')),
  role TEXT NOT NULL,
  theme TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('nouvelle', 'en_cours', 'repondue', 'close')),
  destinataire TEXT NOT NULL CHECK (destinataire IN ('etablissement', 'cellule', 'academie', 'national')),
  -- of the asker: codes
  academie TEXT,
  departement TEXT,
  etablissement_id @int REFERENCES etablissement (id),
  -- what it is about
  formation_session_id @int REFERENCES formation_session (id),
  voeu_id @int REFERENCES voeu (id),
  -- the page as the table of routes writes it; empty: none
  ecran TEXT NOT NULL,
  -- who looks after it
  responsable_id @int REFERENCES compte (id),
  deposee_le @int NOT NULL,
  -- last thing that happened
  active_le @int NOT NULL,
  -- first answer
  repondue_le @int,
  close_le @int,
  -- last message that the asker has read; when they were last told by mail (real time, maybe still to come)
  lu @int NOT NULL DEFAULT 0,
  avise_le @int
@fin
CREATE INDEX demande_assistance_par_compte ON demande_assistance (compte_id, deposee_le);
CREATE INDEX demande_assistance_par_service ON demande_assistance (session_id, destinataire, academie, etat);
CREATE INDEX demande_assistance_par_etablissement ON demande_assistance (etablissement_id, destinataire);
CREATE INDEX demande_assistance_par_activite ON demande_assistance (active_le);

-- What was said stays as it was said, and is ciphered: candidates tell of themselves.
CREATE TABLE message_assistance (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  demande_id @int NOT NULL REFERENCES demande_assistance (id),
  compte_id @int NOT NULL REFERENCES compte (id),
  role TEXT NOT NULL,
  -- 1: by the service
  reponse @int NOT NULL CHECK (reponse IN (0, 1)),
  envoye_le @int NOT NULL,
  texte_chiffre @bytes NOT NULL
@fin
CREATE INDEX message_assistance_par_demande ON message_assistance (demande_id, id);
-- @si sqlite
CREATE TRIGGER message_assistance_fige BEFORE UPDATE ON message_assistance BEGIN SELECT RAISE(ABORT, 'message : jamais modifié'); END;
-- @si postgres
CREATE FUNCTION message_assistance_fige() RETURNS trigger LANGUAGE plpgsql AS $corps$
BEGIN
  RAISE EXCEPTION 'message : jamais modifié';
END $corps$;
CREATE TRIGGER message_assistance_fige BEFORE UPDATE ON message_assistance FOR EACH ROW EXECUTE FUNCTION message_assistance_fige();
-- @fin_si

-- What was done to a question beside what was said: taken, passed on, closed, opened again.
CREATE TABLE etape_assistance (
  id @id,
  demande_id @int NOT NULL REFERENCES demande_assistance (id),
  acte TEXT NOT NULL CHECK (acte IN ('prise', 'transmission', 'cloture', 'reouverture')),
  -- the service where it then was
  destinataire TEXT NOT NULL,
  compte_id @int REFERENCES compte (id),
  role TEXT NOT NULL,
  faite_le @int NOT NULL
@fin
CREATE INDEX etape_assistance_par_demande ON etape_assistance (demande_id, id);
