-- The agreement of the establishment to which a course would be handed: asked with the request, given before anybody accepts it.
CREATE TABLE accord_cession (
  id @id, @meta,
  demande_id @int NOT NULL UNIQUE REFERENCES demande_formation (id),
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  academie TEXT NOT NULL,
  accorde_le @int,
  accorde_par @int REFERENCES compte (id),
  texte TEXT NOT NULL DEFAULT '',
  CHECK ((accorde_le IS NULL) = (accorde_par IS NULL))
@fin
CREATE INDEX accord_par_etablissement ON accord_cession (etablissement_id, demande_id);
