-- R-ADM-14: what a run commits to in public, and what opens it.
CREATE TABLE engagement (
  id @id, @meta,
  passage_id @int NOT NULL UNIQUE REFERENCES passage (id),
  -- 32 bytes from which the salt of every leaf is made; ciphered by the vault. Without it nothing opens any more.
  secret_chiffre @bytes NOT NULL,
  -- The text that is signed and published.
  declaration TEXT NOT NULL,
  signature TEXT NOT NULL,
  -- JSON: the files that hold the leaves, by assignment or ranking group.
  lots TEXT NOT NULL
@fin
-- Somebody outside the platform has signed the head of the public register.
CREATE TABLE temoignage (
  id @id, @meta,
  -- The run that was the head.
  passage_id @int NOT NULL REFERENCES passage (id),
  temoin TEXT NOT NULL,
  -- Ed25519, in hexadecimal.
  cle TEXT NOT NULL,
  signature TEXT NOT NULL,
  UNIQUE (passage_id, cle)
@fin
