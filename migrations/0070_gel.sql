-- RUN-6: during a freeze of the calendar, many accounts of an establishment change at once when two people agree (HAB-8).
CREATE TABLE levee_gel (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  -- end of the freeze in which it was proposed: it holds no longer
  fin_le @int NOT NULL,
  motif TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('proposee', 'validee', 'refusee')),
  decidee_le @int,
  decidee_par @int REFERENCES compte (id)
@fin
CREATE UNIQUE INDEX levee_gel_en_cours ON levee_gel (etablissement_id, fin_le) WHERE etat = 'proposee';
-- The sessions that exist already get the delays.
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'pgo' || id, 0, 0, 'migration', id, 'gel_ouverture_jours', 1, '7', 'décision du projet, à confirmer par la session'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'pge' || id, 0, 0, 'migration', id, 'gel_echeance_heures', 1, '48', 'décision du projet, à confirmer par la session'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'pgc' || id, 0, 0, 'migration', id, 'gel_seuil_comptes', 1, '20', 'décision du projet, à confirmer par la session'
  FROM session_admission;
