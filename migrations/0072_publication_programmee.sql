-- R-ADM-40: the second person agrees beforehand, and the platform publishes the run at its instant.
ALTER TABLE passage ADD COLUMN programme_le @int;
ALTER TABLE passage ADD COLUMN programme_par @int;
-- the seal of the computation that was agreed to
ALTER TABLE passage ADD COLUMN programme_sceau TEXT;
-- why it was not published then, in French
ALTER TABLE passage ADD COLUMN programme_refus TEXT;
-- The sessions that exist already get the hour of the days after the first one.
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'php' || id, 0, 0, 'migration', id, 'heure_publication', 1, '19:00',
    'heure d’ouverture de la phase principale, à confirmer par la session'
  FROM session_admission;
