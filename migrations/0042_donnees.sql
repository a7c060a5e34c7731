-- What the files of a session tell the commissions: the note is made of it, and so is what is sent.
CREATE TABLE donnee_transmise (
  session_id @int NOT NULL REFERENCES session_admission (id),
  code TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (session_id, code)
@cle

INSERT INTO donnee_transmise (session_id, code, source)
SELECT s.id, d.code, 'fichier des candidatures transmis aux commissions'
FROM session_admission s
CROSS JOIN (SELECT 'moyenne_generale' AS code UNION ALL SELECT 'type_bac' UNION ALL SELECT 'serie'
            UNION ALL SELECT 'etablissement_origine' UNION ALL SELECT 'demande_internat') d;

INSERT INTO donnee_transmise (session_id, code, source)
SELECT s.id, 'notes_terminales', 'épreuves passées avant l’examen des vœux, jusqu’à la session 2023'
FROM session_admission s WHERE s.annee <= 2023;
