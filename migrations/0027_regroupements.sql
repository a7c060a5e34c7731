-- R-REG-01 to 06: courses grouped under one multiple wish. `mutualisation`: what they share of their examination.
CREATE TABLE regroupement (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  -- that of the session before, when it was carried over
  precedent_id @int REFERENCES regroupement (id),
  libelle TEXT NOT NULL,
  mutualisation TEXT NOT NULL CHECK (mutualisation IN ('aucune', 'epreuves', 'dossier_unique'))
@fin
CREATE INDEX regroupement_par_session ON regroupement (session_id);
-- A course is in one grouping at most.
CREATE TABLE regroupement_formation (
  formation_session_id @int PRIMARY KEY REFERENCES formation_session (id),
  regroupement_id @int NOT NULL REFERENCES regroupement (id)
@cle
CREATE INDEX regroupement_formation_par_regroupement ON regroupement_formation (regroupement_id);
-- R-VOE-09: the sessions that exist already get the ceilings of sub-wishes.
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'psv' || id, 0, 0, 'migration', id, 'plafond_sous_voeux', 1, '10', 'article D. 612-1-10 du code de l’éducation'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'pst' || id, 0, 0, 'migration', id, 'plafond_sous_voeux_total', 1, '20', 'arrêté de la procédure, règles de comptage'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'pfh' || id, 0, 0, 'migration', id, 'familles_hors_decompte', 1, 'ingenieur,commerce,ifsi,efts',
         'arrêté de la procédure, règles de comptage'
  FROM session_admission;
