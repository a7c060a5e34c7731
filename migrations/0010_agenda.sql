-- The personal address of one's deadlines, read by calendar programs. The token is found by its hash and shown again to
-- its holder from its ciphered form; withdrawn, the row is gone.
CREATE TABLE agenda (
  id @id, @meta,
  compte_id @int NOT NULL UNIQUE REFERENCES compte (id),
  empreinte TEXT NOT NULL UNIQUE,
  jeton_chiffre @bytes NOT NULL
@fin
