-- What is typed in a long form and not saved yet: ciphered, its author's alone, one an address, for some days (SES-3).
CREATE TABLE brouillon_saisie (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  compte_id @int NOT NULL REFERENCES compte (id),
  -- Keyed fingerprint of account and address: the address is ciphered.
  empreinte TEXT NOT NULL,
  -- The page that typed it: another one does not take its place unseen.
  onglet TEXT NOT NULL,
  chemin_chiffre @bytes NOT NULL,
  corps_chiffre @bytes NOT NULL,
  -- The version that the form showed; none for what is only ever added.
  version_vue @int,
  -- By the campaign's clock, as every date that its author reads beside it.
  garde_le @int NOT NULL,
  -- By the real clock.
  expire_le @int NOT NULL,
  UNIQUE (compte_id, empreinte)
@fin
CREATE INDEX brouillon_saisie_par_fin ON brouillon_saisie (expire_le);
