-- R-ADM-12: a group that the night withheld, which a person read again and let through, for these numbers alone.
CREATE TABLE retenue_levee (
  id @id, @meta,
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  -- What was declared when it was read, made by `domain::admission::FaitsGroupe::declares`.
  faits TEXT NOT NULL,
  motif TEXT NOT NULL,
  UNIQUE (groupe_affectation_id, faits)
@fin
-- The sessions that exist already get the bounds.
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'prp' || id, 0, 0, 'migration', id, 'retenue_appels_pct', 1, '300', 'décision du projet, à confirmer par la session'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'prc' || id, 0, 0, 'migration', id, 'retenue_capacite_pct', 1, '300', 'décision du projet, à confirmer par la session'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'prm' || id, 0, 0, 'migration', id, 'retenue_marge', 1, '20', 'décision du projet, à confirmer par la session'
  FROM session_admission;
