-- What an establishment says of itself for a session (R-ETA-01). Empty: not said yet.
ALTER TABLE etablissement_session ADD COLUMN sigle TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN adresse TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN code_postal TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN telephone TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN courriel TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN accessibilite TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN referent_nom TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN referent_courriel TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN referent_telephone TEXT NOT NULL DEFAULT '';
ALTER TABLE etablissement_session ADD COLUMN internat TEXT NOT NULL DEFAULT ''
  CHECK (internat IN ('', 'sans', 'filles', 'garcons', 'mixte'));
ALTER TABLE etablissement_session ADD COLUMN internat_places @int CHECK (internat_places BETWEEN 0 AND 20000);
ALTER TABLE etablissement_session ADD COLUMN boursiers @int CHECK (boursiers IN (0, 1));
-- The head who was confirmed for this session, and when (R-ETA-03): another head is confirmed again.
ALTER TABLE etablissement_session ADD COLUMN chef_confirme @int;
ALTER TABLE etablissement_session ADD COLUMN chef_confirme_le @int;

CREATE TABLE composante (
  id @id, @meta,
  etablissement_session_id @int NOT NULL REFERENCES etablissement_session (id),
  nom TEXT NOT NULL
@fin
CREATE INDEX composante_par_etablissement ON composante (etablissement_session_id);

CREATE TABLE site_formation (
  id @id, @meta,
  etablissement_session_id @int NOT NULL REFERENCES etablissement_session (id),
  nom TEXT NOT NULL,
  adresse TEXT NOT NULL,
  code_postal TEXT NOT NULL,
  commune TEXT NOT NULL,
  latitude @real,
  longitude @real,
  CHECK ((latitude IS NULL) = (longitude IS NULL))
@fin
CREATE INDEX site_formation_par_etablissement ON site_formation (etablissement_session_id);

-- Open days. Hours are those of the place, in minutes of its day.
CREATE TABLE journee_portes_ouvertes (
  id @id, @meta,
  etablissement_session_id @int NOT NULL REFERENCES etablissement_session (id),
  jour TEXT NOT NULL,
  debut_min @int NOT NULL,
  fin_min @int NOT NULL,
  a_distance @int NOT NULL CHECK (a_distance IN (0, 1)),
  ou TEXT NOT NULL,
  CHECK (debut_min >= 0 AND debut_min < fin_min AND fin_min < 1440)
@fin
CREATE INDEX journee_par_etablissement ON journee_portes_ouvertes (etablissement_session_id);

-- Heads and those who stand in, over the years: what was signed keeps its signatory. Never public.
CREATE TABLE chef_etablissement (
  id @id, @meta,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  civilite TEXT NOT NULL CHECK (civilite IN ('madame', 'monsieur')),
  nom TEXT NOT NULL,
  prenom TEXT NOT NULL,
  fonction TEXT NOT NULL,
  courriel_chiffre @bytes NOT NULL,
  telephone_chiffre @bytes NOT NULL,
  depuis TEXT NOT NULL,
  jusqu_a TEXT,
  interim @int NOT NULL DEFAULT 0 CHECK (interim IN (0, 1)),
  CHECK (jusqu_a IS NULL OR depuis <= jusqu_a)
@fin
CREATE INDEX chef_par_etablissement ON chef_etablissement (etablissement_id);
