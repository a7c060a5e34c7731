-- 1: closed for this session alone, the next one takes it over (R-VIE-03).
ALTER TABLE formation_session ADD COLUMN suspendue @int NOT NULL DEFAULT 0 CHECK (suspendue IN (0, 1));

-- R-VIE-01: what an establishment asks about the life of a course, or about its fields outside their step. An opening has no
-- course until it is accepted. `academie`: that of the place, whose service decides. `contenu` (JSON): what is asked for.
-- `jusqu_a`: first instant too late for fields opened again.
CREATE TABLE demande_formation (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  academie TEXT NOT NULL,
  formation_session_id @int REFERENCES formation_session (id),
  nature TEXT NOT NULL
    CHECK (nature IN ('ouverture', 'fermeture', 'suspension', 'deplacement', 'cession', 'fusion', 'derogation')),
  etat TEXT NOT NULL CHECK (etat IN ('deposee', 'transmise', 'acceptee', 'refusee', 'retiree')),
  contenu TEXT NOT NULL,
  motif TEXT NOT NULL,
  decidee_le @int,
  jusqu_a @int,
  CHECK (formation_session_id IS NOT NULL OR nature = 'ouverture'),
  CHECK (etat IN ('deposee', 'transmise') OR decidee_le IS NOT NULL)
@fin
CREATE INDEX demande_par_academie ON demande_formation (session_id, academie, etat);
CREATE INDEX demande_par_etablissement ON demande_formation (session_id, etablissement_id, id);
CREATE INDEX demande_par_formation ON demande_formation (formation_session_id, id);
-- One question at a time about a course.
CREATE UNIQUE INDEX demande_en_cours ON demande_formation (formation_session_id) WHERE etat IN ('deposee', 'transmise');

-- What was asked and answered, in order; never changed.
CREATE TABLE demande_acte (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  demande_id @int NOT NULL REFERENCES demande_formation (id),
  numero @int NOT NULL,
  acte TEXT NOT NULL CHECK (acte IN ('deposee', 'transmise', 'acceptee', 'refusee', 'retiree')),
  fait_le @int NOT NULL,
  fait_par @int,
  role TEXT NOT NULL,
  motif TEXT NOT NULL,
  jusqu_a @int,
  UNIQUE (demande_id, numero)
@fin
