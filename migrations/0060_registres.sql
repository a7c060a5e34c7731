-- R-APP-17, R-APP-18: the national registers that complete the records of the catalogue of apprenticeship, read by « parcoursup import
-- diplomes » and « parcoursup import organismes ». Of no session: they are those of the country.
CREATE TABLE diplome (
  id @id,
  -- CFD
  code TEXT NOT NULL UNIQUE,
  sigle TEXT NOT NULL,
  -- As the nomenclature writes it.
  libelle TEXT NOT NULL
@fin

-- The establishments of the catalogue. `uai`: empty without one; several of them may bear the same. `nom` and `ville`: as the register
-- writes them.
CREATE TABLE organisme (
  id @id,
  siret TEXT NOT NULL UNIQUE,
  uai TEXT NOT NULL,
  nom TEXT NOT NULL,
  ville TEXT NOT NULL,
  departement TEXT NOT NULL,
  latitude @real,
  longitude @real,
  ferme @int NOT NULL CHECK (ferme IN (0, 1))
@fin
CREATE INDEX organisme_par_uai ON organisme (uai);
