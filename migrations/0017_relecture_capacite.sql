-- R-CAP-05: a capacity out of the ordinary, the reason written for it, and who read it again. It holds for these very numbers:
-- whoever types others, or types them again, begins another row. Created by whoever typed (or gave the reason, for an import).
CREATE TABLE relecture_capacite (
  id @id, @meta,
  formation_session_id @int NOT NULL REFERENCES formation_session (id),
  capacite @int NOT NULL,
  -- places by ranking group, as a publication writes them
  places TEXT NOT NULL,
  -- empty: no reason yet
  motif TEXT NOT NULL DEFAULT '',
  motivee_le @int,
  motivee_par @int REFERENCES compte (id),
  motivee_origine TEXT,
  confirmee_le @int,
  confirmee_par @int REFERENCES compte (id),
  -- number of the publication that it allowed
  publication_numero @int,
  CHECK ((motif = '') = (motivee_le IS NULL)),
  CHECK (confirmee_le IS NULL OR motivee_le IS NOT NULL)
@fin
CREATE INDEX relecture_capacite_par_formation ON relecture_capacite (formation_session_id);
-- The range of a type is read from the capacities of the session before.
CREATE INDEX formation_session_par_type ON formation_session (session_id, famille, libelle, capacite);
