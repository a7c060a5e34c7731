-- What is said may be said to those who run courses of one status: the criteria are checked again, table by table.
CREATE TABLE actualite_audience_2 (
  actualite_id @int NOT NULL REFERENCES actualite (id),
  critere TEXT NOT NULL CHECK (critere IN ('role', 'famille', 'statut', 'academie')),
  code TEXT NOT NULL,
  PRIMARY KEY (actualite_id, critere, code)
@cle
INSERT INTO actualite_audience_2 SELECT actualite_id, critere, code FROM actualite_audience;
DROP TABLE actualite_audience;
ALTER TABLE actualite_audience_2 RENAME TO actualite_audience;

CREATE TABLE document_reference_audience_2 (
  document_id @int NOT NULL REFERENCES document_reference (id),
  critere TEXT NOT NULL CHECK (critere IN ('role', 'famille', 'statut', 'academie')),
  code TEXT NOT NULL,
  PRIMARY KEY (document_id, critere, code)
@cle
INSERT INTO document_reference_audience_2 SELECT document_id, critere, code FROM document_reference_audience;
DROP TABLE document_reference_audience;
ALTER TABLE document_reference_audience_2 RENAME TO document_reference_audience;

CREATE TABLE seance_audience_2 (
  seance_id @int NOT NULL REFERENCES seance (id),
  critere TEXT NOT NULL CHECK (critere IN ('role', 'famille', 'statut', 'academie', 'qualite')),
  code TEXT NOT NULL,
  PRIMARY KEY (seance_id, critere, code)
@cle
INSERT INTO seance_audience_2 SELECT seance_id, critere, code FROM seance_audience;
DROP TABLE seance_audience;
ALTER TABLE seance_audience_2 RENAME TO seance_audience;

-- Which courses are paramedical is said by the session, by family and by national type; the sessions that exist get it.
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'ppm' || id, 0, 0, 'migration', id, 'filieres_paramedicales', 1,
         'ifsi,type:550003,type:550004,type:550005,type:550007', 'arrêté du 28 février 2020 (ESRS2001554A), article 2'
  FROM session_admission;
