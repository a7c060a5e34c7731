-- R-INT-01 to 05: places in boarding have a ranking of their own, by establishment or by course.

-- Two boarding schools of one establishment, one for girls and one for boys, are two: whoever asks has a place in one of them.
ALTER TABLE groupe_internat ADD COLUMN accueil TEXT NOT NULL DEFAULT 'mixte'
  CHECK (accueil IN ('mixte', 'filles', 'garcons'));
CREATE INDEX groupe_internat_par_etablissement ON groupe_internat (session_id, etablissement_id);

-- Two wishes in a hundred.
CREATE INDEX voeu_avec_internat ON voeu (session_id, id) WHERE avec_internat = 1;

CREATE TABLE classement_internat (
  id @id, @meta,
  groupe_internat_id @int NOT NULL REFERENCES groupe_internat (id),
  etat TEXT NOT NULL CHECK (etat IN ('brouillon', 'transmis')),
  transmis_le @int,
  transmis_par @int,
  empreinte TEXT,
  UNIQUE (groupe_internat_id),
  CHECK (etat = 'brouillon' OR transmis_le IS NOT NULL)
@fin

CREATE TABLE classement_internat_rang (
  classement_internat_id @int NOT NULL REFERENCES classement_internat (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  rang @int NOT NULL CHECK (rang > 0),
  PRIMARY KEY (classement_internat_id, candidat_id)
@cle
CREATE UNIQUE INDEX classement_internat_rang_unique ON classement_internat_rang (classement_internat_id, rang);

-- The bars that a day shows of a boarding school in one of the groups that it serves (§8.3): every candidate under both has had a
-- proposition, or has given up.
CREATE TABLE internat_jour (
  passage_id @int NOT NULL REFERENCES passage (id),
  groupe_internat_id @int NOT NULL REFERENCES groupe_internat (id),
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  barre_internat @int NOT NULL,
  barre_appel @int NOT NULL,
  PRIMARY KEY (passage_id, groupe_internat_id, groupe_affectation_id)
@cle
CREATE INDEX internat_jour_par_groupe ON internat_jour (groupe_affectation_id, passage_id);

-- A run writes its rows from keys that it has just read, and they are checked against its fingerprint before anything is
-- published. Looking two of them up again for each of eight million rows took four times as long as writing them.
-- @si postgres
ALTER TABLE rang_attente DROP CONSTRAINT rang_attente_par_jour_passage_id_fkey,
  DROP CONSTRAINT rang_attente_par_jour_voeu_id_fkey;
ALTER TABLE ordre_appel DROP CONSTRAINT ordre_appel_passage_id_fkey,
  DROP CONSTRAINT ordre_appel_groupe_classement_id_fkey, DROP CONSTRAINT ordre_appel_candidat_id_fkey;
-- @fin_si
