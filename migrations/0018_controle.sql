-- R-CTL-01: where the review of a course by the academic service stands; absent: never submitted. `empreinte`: fingerprint of the
-- values submitted. `changes`: fields that differ from last year; absent: nothing to compare with. `champs` (JSON) are reopened
-- until `jusqu_a` while the course is returned.
CREATE TABLE controle_formation (
  id @id, @meta,
  formation_session_id @int NOT NULL UNIQUE REFERENCES formation_session (id),
  etat TEXT NOT NULL CHECK (etat IN ('brouillon', 'soumise', 'acceptee', 'retournee')),
  empreinte TEXT NOT NULL,
  changes @int CHECK (changes >= 0),
  soumise_le @int NOT NULL,
  soumise_par @int,
  pris_par @int,
  pris_le @int,
  decidee_le @int,
  decidee_par @int,
  champs TEXT NOT NULL DEFAULT '[]',
  jusqu_a @int,
  CHECK ((pris_par IS NULL) = (pris_le IS NULL)),
  CHECK (etat <> 'retournee' OR jusqu_a IS NOT NULL)
@fin
CREATE INDEX controle_formation_par_etat ON controle_formation (etat, formation_session_id);

-- What was submitted and decided, in order, with the values of that moment: what changed since a return is read there.
CREATE TABLE controle_acte (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  controle_id @int NOT NULL REFERENCES controle_formation (id),
  numero @int NOT NULL,
  acte TEXT NOT NULL CHECK (acte IN ('soumise', 'acceptee', 'retournee')),
  fait_le @int NOT NULL,
  fait_par @int,
  contenu TEXT NOT NULL,
  motifs TEXT NOT NULL DEFAULT '{}',
  jusqu_a @int,
  UNIQUE (controle_id, numero)
@fin
