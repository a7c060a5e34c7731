-- R-ORD-01 to 04, R-RA-01 to 03: waiting wishes put in order, and the automatic answer that follows the order.

-- Until its candidate orders it, a wish has no rank of preference. What a synthetic candidate wants is known of the simulation
-- alone, from the day the wish is made.
ALTER TABLE voeu ADD COLUMN preference_simulee @int NOT NULL DEFAULT 0;
UPDATE voeu SET preference_simulee = rang_preference, rang_preference = 0 WHERE rang_preference > 0;

CREATE TABLE repondeur_automatique (
  id @id, @meta,
  candidat_id @int NOT NULL UNIQUE REFERENCES candidat (id),
  active @int NOT NULL CHECK (active IN (0, 1)),
  -- Campaign's clock, of the last time it was switched on or off.
  depuis_le @int NOT NULL
@fin

-- The sessions that exist already get the steps of the summer, in a new version of their calendar: the old dates are evidence.
-- All of them are in summer time, like the end of admission from which they are counted.
INSERT INTO calendrier (public_id, cree_le, maj_le, origine, session_id, numero, reference, effet_le)
  SELECT 'cor' || c.id, 0, 0, 'migration', c.session_id, c.numero + 1, c.reference, c.effet_le
  FROM calendrier c
  WHERE c.numero = (SELECT MAX(d.numero) FROM calendrier d WHERE d.session_id = c.session_id);
INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source)
  SELECT n.id, e.etape, e.ouvre_le, e.ferme_le, e.source
  FROM calendrier n
  JOIN calendrier c ON c.session_id = n.session_id AND n.public_id = 'cor' || c.id
  JOIN echeance e ON e.calendrier_id = c.id;
INSERT INTO delai_reponse (calendrier_id, du, au, jours, jusque, source)
  SELECT n.id, d.du, d.au, d.jours, d.jusque, d.source
  FROM calendrier n
  JOIN calendrier c ON c.session_id = n.session_id AND n.public_id = 'cor' || c.id
  JOIN delai_reponse d ON d.calendrier_id = c.id;
INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source)
  SELECT e.calendrier_id, 'ordonnancement', e.ferme_le - 950400000, e.ferme_le - 691200000, 'date à confirmer par la session'
  FROM echeance e JOIN calendrier n ON n.id = e.calendrier_id AND n.public_id LIKE 'cor%' AND n.origine = 'migration'
  WHERE e.etape = 'admission';
INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source)
  SELECT e.calendrier_id, 'desistements', e.ferme_le, e.ferme_le + 5443200000, 'calendrier public de la session 2024'
  FROM echeance e JOIN calendrier n ON n.id = e.calendrier_id AND n.public_id LIKE 'cor%' AND n.origine = 'migration'
  WHERE e.etape = 'admission';
INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source)
  SELECT e.calendrier_id, 'repondeur', e.ferme_le + 259200000, e.ferme_le + 3456000000, 'date à confirmer par la session'
  FROM echeance e JOIN calendrier n ON n.id = e.calendrier_id AND n.public_id LIKE 'cor%' AND n.origine = 'migration'
  WHERE e.etape = 'admission';
