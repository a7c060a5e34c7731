-- R-ADM-16 (DON-6): why a wish stands where it does on a published day, asked for by its candidate and made later from the record of the
-- run. The record makes it again: a row is kept for some weeks only.
CREATE TABLE explication (
  id @id, @meta,
  passage_id @int NOT NULL REFERENCES passage (id),
  voeu_id @int NOT NULL REFERENCES voeu (id),
  -- absente: the run did not look at the wish; impossible: the record is not what was signed.
  etat TEXT NOT NULL CHECK (etat IN ('demandee', 'prete', 'absente', 'impossible')),
  -- JSON, in the words of the page; ciphered by the vault.
  texte_chiffre @bytes,
  UNIQUE (voeu_id, passage_id),
  CHECK (etat <> 'prete' OR texte_chiffre IS NOT NULL)
@fin
CREATE INDEX explication_a_faire ON explication (passage_id, id) WHERE etat = 'demandee';
CREATE INDEX explication_par_date ON explication (cree_le);
