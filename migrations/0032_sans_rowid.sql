-- Tables of millions of rows that are only asked for by their key: kept in the order of it, once, instead of as rows beside an
-- index of the same size. PostgreSQL has no such table.
-- @si sqlite
BEGIN IMMEDIATE;
CREATE TABLE classement_rang_par_cle (
  classement_id @int NOT NULL REFERENCES classement (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  rang @int NOT NULL CHECK (rang > 0),
  PRIMARY KEY (classement_id, candidat_id)
@cle
INSERT INTO classement_rang_par_cle (classement_id, candidat_id, rang)
  SELECT classement_id, candidat_id, rang FROM classement_rang ORDER BY classement_id, candidat_id;
DROP TABLE classement_rang;
ALTER TABLE classement_rang_par_cle RENAME TO classement_rang;
CREATE UNIQUE INDEX classement_rang_unique ON classement_rang (classement_id, rang);

CREATE TABLE ordre_appel_par_cle (
  passage_id @int NOT NULL REFERENCES passage (id),
  groupe_classement_id @int NOT NULL REFERENCES groupe_classement (id),
  candidat_id @int NOT NULL REFERENCES candidat (id),
  rang_appel @int NOT NULL CHECK (rang_appel > 0),
  PRIMARY KEY (groupe_classement_id, candidat_id, passage_id)
@cle
INSERT INTO ordre_appel_par_cle (passage_id, groupe_classement_id, candidat_id, rang_appel)
  SELECT passage_id, groupe_classement_id, candidat_id, rang_appel FROM ordre_appel
  ORDER BY groupe_classement_id, candidat_id, passage_id;
DROP TABLE ordre_appel;
ALTER TABLE ordre_appel_par_cle RENAME TO ordre_appel;

CREATE TABLE passage_proposition_par_cle (
  passage_id @int NOT NULL REFERENCES passage (id),
  voeu_id @int NOT NULL REFERENCES voeu (id),
  groupe_affectation_id @int NOT NULL REFERENCES groupe_affectation (id),
  PRIMARY KEY (passage_id, voeu_id)
@cle
INSERT INTO passage_proposition_par_cle (passage_id, voeu_id, groupe_affectation_id)
  SELECT passage_id, voeu_id, groupe_affectation_id FROM passage_proposition ORDER BY passage_id, voeu_id;
DROP TABLE passage_proposition;
ALTER TABLE passage_proposition_par_cle RENAME TO passage_proposition;
COMMIT;
-- @fin_si
