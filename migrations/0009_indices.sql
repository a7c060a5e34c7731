-- What a day of admission reads and writes must cost the same on the fortieth day as on the first.

-- Waiting ranks are written day after day: kept by day, a new day goes at the end instead of between all the others.
CREATE TABLE rang_attente_par_jour (
  passage_id @int NOT NULL REFERENCES passage (id),
  voeu_id @int NOT NULL REFERENCES voeu (id),
  rang @int NOT NULL CHECK (rang > 0),
  PRIMARY KEY (passage_id, voeu_id)
@cle
INSERT INTO rang_attente_par_jour (passage_id, voeu_id, rang)
  SELECT passage_id, voeu_id, rang FROM rang_attente ORDER BY passage_id, voeu_id;
DROP TABLE rang_attente;
ALTER TABLE rang_attente_par_jour RENAME TO rang_attente;

CREATE INDEX groupe_jour_par_passage ON groupe_jour (passage_id);
-- Deadlines: propositions still expected that are due, and those that expired.
CREATE INDEX proposition_par_echeance ON proposition (reponse, echeance_le);
CREATE INDEX voeu_par_etat ON voeu (session_id, etat);
