-- R-VIE-14: what an establishment asks about the title, the status or the selectivity of a course.

-- JSON of the identity before and after, for a publication that corrects it: those that the public reads are on the course itself.
ALTER TABLE formation_publication ADD COLUMN identite TEXT;

-- R-ETA-13: the ministry that answers for an establishment (domaine §3.1); empty: not said.
ALTER TABLE etablissement_session ADD COLUMN tutelle TEXT NOT NULL DEFAULT ''
  CHECK (tutelle IN ('', 'esr', 'en', 'agriculture', 'sante', 'culture', 'defense', 'sports', 'autre'));

-- SQLite changes no constraint of a table in place: the table is written again under its name. Other tables refer to it by that name;
-- their references are not looked at meanwhile.
-- @si sqlite
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
CREATE TABLE demande_avec_corrections (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  academie TEXT NOT NULL,
  formation_session_id @int REFERENCES formation_session (id),
  nature TEXT NOT NULL
    CHECK (nature IN ('ouverture', 'fermeture', 'suspension', 'deplacement', 'cession', 'fusion', 'groupes', 'sectorisation',
      'correction', 'derogation', 'reouverture')),
  etat TEXT NOT NULL CHECK (etat IN ('deposee', 'transmise', 'acceptee', 'refusee', 'retiree')),
  contenu TEXT NOT NULL,
  motif TEXT NOT NULL,
  decidee_le @int,
  jusqu_a @int,
  accorde TEXT,
  CHECK (formation_session_id IS NOT NULL OR nature IN ('ouverture', 'reouverture')),
  CHECK (etat IN ('deposee', 'transmise') OR decidee_le IS NOT NULL)
@fin
INSERT INTO demande_avec_corrections (id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, session_id,
    etablissement_id, academie, formation_session_id, nature, etat, contenu, motif, decidee_le, jusqu_a, accorde)
  SELECT id, public_id, cree_le, cree_par, maj_le, maj_par, origine, version, supprime_le, session_id, etablissement_id, academie,
    formation_session_id, nature, etat, contenu, motif, decidee_le, jusqu_a, accorde
  FROM demande_formation;
DROP TABLE demande_formation;
ALTER TABLE demande_avec_corrections RENAME TO demande_formation;
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
ALTER TABLE demande_formation DROP CONSTRAINT demande_formation_nature_check;
ALTER TABLE demande_formation ADD CONSTRAINT demande_formation_nature_check
  CHECK (nature IN ('ouverture', 'fermeture', 'suspension', 'deplacement', 'cession', 'fusion', 'groupes', 'sectorisation',
    'correction', 'derogation', 'reouverture'));
-- @fin_si
