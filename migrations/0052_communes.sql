-- The towns of the country, read by « parcoursup import communes »: where a site is placed by the name of its town. A town has a row for
-- each of its post codes. Of no session: the places are those of the country.
CREATE TABLE commune (
  id @id,
  nom TEXT NOT NULL,
  -- domain::territoires::cle_commune
  recherche TEXT NOT NULL,
  code_postal TEXT NOT NULL,
  departement TEXT NOT NULL,
  latitude @real NOT NULL,
  longitude @real NOT NULL,
  UNIQUE (code_postal, nom)
@fin
CREATE INDEX commune_par_nom ON commune (recherche, code_postal);
