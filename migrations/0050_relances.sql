-- R-ECH-04: a reminder to every incomplete establishment of a perimeter, asked for once and written by batches. What remains to be done
-- is read here: cut anywhere, it goes on from where it stood and does nothing twice.
CREATE TABLE relance (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  compte_id @int NOT NULL REFERENCES compte (id),
  -- Codes of the academies of whoever asked: « |20|09| »; empty: the whole country.
  academies TEXT NOT NULL,
  texte TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('en_cours', 'arretee', 'terminee')),
  -- Why it stopped by itself; empty otherwise.
  motif TEXT NOT NULL DEFAULT '',
  -- Number of the batch to come: one that was done is not done again.
  etape @int NOT NULL DEFAULT 0,
  terminee_le @int
@fin
CREATE INDEX relance_par_session ON relance (session_id, id);

-- The establishments that were incomplete when it was asked for, in the order of the table, and what became of each.
CREATE TABLE relance_etablissement (
  relance_id @int NOT NULL REFERENCES relance (id),
  rang @int NOT NULL,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  etat TEXT NOT NULL DEFAULT 'a_faire'
    CHECK (etat IN ('a_faire', 'ecrite', 'sans_destinataire', 'complete', 'deja_relance', 'hors_perimetre')),
  traite_le @int,
  PRIMARY KEY (relance_id, rang)
@cle
CREATE UNIQUE INDEX relance_etablissement_une_fois ON relance_etablissement (relance_id, etablissement_id);
CREATE INDEX relance_etablissement_par_etat ON relance_etablissement (relance_id, etat, rang);

-- Who is told of which of them: one mail for a person, whatever the number of their establishments.
CREATE TABLE relance_avis (
  relance_id @int NOT NULL REFERENCES relance (id),
  compte_id @int NOT NULL REFERENCES compte (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  averti_le @int,
  PRIMARY KEY (relance_id, compte_id, etablissement_id)
@cle
CREATE INDEX relance_avis_a_envoyer ON relance_avis (relance_id, compte_id) WHERE averti_le IS NULL;
