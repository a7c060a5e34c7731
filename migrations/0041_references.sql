-- Documents of reference: notes, guides, and what news items carry.
CREATE TABLE document_reference (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  -- national, academie: the level at which it is published, and changed
  emetteur TEXT NOT NULL CHECK (emetteur IN ('national', 'academie')),
  nature TEXT NOT NULL CHECK (nature IN ('note', 'guide', 'piece')),
  theme TEXT NOT NULL,
  titre TEXT NOT NULL,
  -- instant of the campaign when it was taken down
  retire_le @int
@fin
CREATE INDEX document_reference_par_session ON document_reference (session_id, theme);

-- Whom it concerns, as for a news item.
CREATE TABLE document_reference_audience (
  document_id @int NOT NULL REFERENCES document_reference (id),
  critere TEXT NOT NULL CHECK (critere IN ('role', 'famille', 'academie')),
  code TEXT NOT NULL,
  PRIMARY KEY (document_id, critere, code)
@cle

-- Its files: the last one is read, those before stay with their fingerprint.
CREATE TABLE document_reference_version (
  document_id @int NOT NULL REFERENCES document_reference (id),
  numero @int NOT NULL,
  fichier_id @int NOT NULL REFERENCES fichier (id),
  depose_le @int NOT NULL,
  depose_par @int REFERENCES compte (id),
  PRIMARY KEY (document_id, numero)
@cle

-- What a news item carries.
CREATE TABLE actualite_piece (
  actualite_id @int NOT NULL REFERENCES actualite (id),
  document_id @int NOT NULL REFERENCES document_reference (id),
  PRIMARY KEY (actualite_id, document_id)
@cle
CREATE INDEX actualite_piece_par_document ON actualite_piece (document_id);

-- Public identifiers of what it carried then, separated by commas.
ALTER TABLE actualite_version ADD COLUMN pieces TEXT NOT NULL DEFAULT '';
