-- R-ETA-11: an establishment asks that parts of its own settings be open again; about no course. `accorde` (JSON): the codes of those that
-- the academic service opened, among those asked for, until `jusqu_a`.

-- SQLite changes no constraint of a table in place: the table is written again under its name. Other tables refer to it by that name;
-- their references are not looked at meanwhile.
-- @si sqlite
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
CREATE TABLE demande_avec_reouvertures (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  academie TEXT NOT NULL,
  formation_session_id @int REFERENCES formation_session (id),
  nature TEXT NOT NULL
    CHECK (nature IN ('ouverture', 'fermeture', 'suspension', 'deplacement', 'cession', 'fusion', 'groupes', 'sectorisation',
      'derogation', 'reouverture')),
  etat TEXT NOT NULL CHECK (etat IN ('deposee', 'transmise', 'acceptee', 'refusee', 'retiree')),
  contenu TEXT NOT NULL,
  motif TEXT NOT NULL,
  decidee_le @int,
  jusqu_a @int,
  accorde TEXT,
  CHECK (formation_session_id IS NOT NULL OR nature IN ('ouverture', 'reouverture')),
  CHECK (etat IN ('deposee', 'transmise') OR decidee_le IS NOT NULL)
@fin
INSERT INTO demande_avec_reouvertures (id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, session_id,
    etablissement_id, academie, formation_session_id, nature, etat, contenu, motif, decidee_le, jusqu_a)
  SELECT id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, session_id, etablissement_id, academie,
    formation_session_id, nature, etat, contenu, motif, decidee_le, jusqu_a
  FROM demande_formation;
DROP TABLE demande_formation;
ALTER TABLE demande_avec_reouvertures RENAME TO demande_formation;
CREATE INDEX demande_par_academie ON demande_formation (session_id, academie, etat);
CREATE INDEX demande_par_etablissement ON demande_formation (session_id, etablissement_id, id);
CREATE INDEX demande_par_formation ON demande_formation (formation_session_id, id);
CREATE UNIQUE INDEX demande_en_cours ON demande_formation (formation_session_id) WHERE etat IN ('deposee', 'transmise');
CREATE UNIQUE INDEX reouverture_en_cours ON demande_formation (session_id, etablissement_id)
  WHERE nature = 'reouverture' AND etat IN ('deposee', 'transmise');
COMMIT;
PRAGMA foreign_keys = ON;
-- @fin_si
-- @si postgres
ALTER TABLE demande_formation ADD COLUMN accorde TEXT;
ALTER TABLE demande_formation DROP CONSTRAINT demande_formation_nature_check;
ALTER TABLE demande_formation ADD CONSTRAINT demande_formation_nature_check
  CHECK (nature IN ('ouverture', 'fermeture', 'suspension', 'deplacement', 'cession', 'fusion', 'groupes', 'sectorisation',
    'derogation', 'reouverture'));
-- The first of the constraints on two columns.
ALTER TABLE demande_formation DROP CONSTRAINT demande_formation_check;
ALTER TABLE demande_formation ADD CONSTRAINT demande_formation_check
  CHECK (formation_session_id IS NOT NULL OR nature IN ('ouverture', 'reouverture'));
CREATE UNIQUE INDEX reouverture_en_cours ON demande_formation (session_id, etablissement_id)
  WHERE nature = 'reouverture' AND etat IN ('deposee', 'transmise');
-- @fin_si
