-- A later closing of a step, proposed by one agent and made effective by another (TPS-3, HAB-8).
CREATE TABLE prolongation (
  id @id, @meta,
  session_id @int NOT NULL REFERENCES session_admission (id),
  etape TEXT NOT NULL,
  -- closing in force when it was proposed, and the one that is asked
  ferme_le @int NOT NULL,
  nouvelle_le @int NOT NULL CHECK (nouvelle_le > ferme_le),
  motif TEXT NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('proposee', 'validee', 'refusee')),
  decidee_le @int,
  decidee_par @int REFERENCES compte (id),
  calendrier_numero @int
@fin
CREATE UNIQUE INDEX prolongation_en_cours ON prolongation (session_id, etape) WHERE etat = 'proposee';
