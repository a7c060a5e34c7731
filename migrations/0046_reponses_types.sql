-- Texts that a cell keeps to answer with: read and written by its agents alone.
CREATE TABLE cellule_reponse (
  id @id, @meta,
  cellule_id @int NOT NULL REFERENCES cellule (id),
  -- code of a theme of questions
  theme TEXT NOT NULL,
  titre TEXT NOT NULL,
  texte TEXT NOT NULL
@fin
CREATE INDEX cellule_reponse_par_cellule ON cellule_reponse (cellule_id, id);
