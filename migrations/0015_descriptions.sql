-- What a course says of itself in a session, field by field (R-FOR-10): JSON by code of field. `manques`: fields still missing
-- when it was last written. A course carried over from last year waits for somebody to confirm it (R-FOR-14).
CREATE TABLE formation_description (
  id @id, @meta,
  formation_session_id @int NOT NULL UNIQUE REFERENCES formation_session (id),
  contenu TEXT NOT NULL,
  manques @int NOT NULL CHECK (manques >= 0),
  reprise @int NOT NULL DEFAULT 0 CHECK (reprise IN (0, 1)),
  confirmee_le @int,
  confirmee_par @int
@fin
-- What the public reads of it since that publication; '{}' when the publication came with an import.
ALTER TABLE formation_publication ADD COLUMN description TEXT NOT NULL DEFAULT '{}';

-- A file that was read, shown as a difference and waits for its confirmation; forgotten soon after.
CREATE TABLE fichier_recu (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  compte_id @int NOT NULL REFERENCES compte (id),
  pour TEXT NOT NULL,
  nom TEXT NOT NULL,
  octets @bytes NOT NULL,
  recu_le @int NOT NULL
@fin
CREATE INDEX fichier_recu_par_compte ON fichier_recu (compte_id);
