-- R-APP-19: what an academic service says of a record and of a course that its establishment declared itself: one course, or two.
CREATE TABLE rapprochement_apprentissage (
  id @id, @meta,
  fiche_apprentissage_id @int NOT NULL REFERENCES fiche_apprentissage (id),
  formation_session_id @int NOT NULL REFERENCES formation_session (id),
  choix TEXT NOT NULL CHECK (choix IN ('meme', 'distinctes')),
  UNIQUE (fiche_apprentissage_id, formation_session_id)
@fin
CREATE INDEX rapprochement_par_formation ON rapprochement_apprentissage (formation_session_id);

-- R-APP-21: what a record that arrives late opens of its course, from its integration to the first instant too late.
ALTER TABLE fiche_apprentissage ADD COLUMN rouverte_le @int;
ALTER TABLE fiche_apprentissage ADD COLUMN rouverte_jusqu_a @int;
