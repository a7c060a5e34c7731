-- R-FOR-16: the national types of courses of a session, with what is expected of candidates (`attendus`) and the specialities
-- advised (`specialites`), one paragraph a line; empty: the nation says nothing. `source`: where they were read.
CREATE TABLE type_formation (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  code @int NOT NULL,
  code_sans_apprentissage @int NOT NULL,
  sigle TEXT NOT NULL,
  libelle TEXT NOT NULL,
  apprentissage @int NOT NULL CHECK (apprentissage IN (0, 1)),
  las @int NOT NULL CHECK (las IN (0, 1)),
  attendus TEXT NOT NULL DEFAULT '',
  specialites TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,
  UNIQUE (session_id, code)
@fin
-- What the offer says of the type of a course, and the type that was found by it or by its label.
ALTER TABLE formation_session ADD COLUMN code_type @int;
ALTER TABLE formation_session ADD COLUMN type_formation_id @int REFERENCES type_formation (id);
CREATE INDEX formation_session_par_type_national ON formation_session (type_formation_id);
