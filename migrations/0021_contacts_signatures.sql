-- Whom the academic service calls (R-ETA-07): of the establishment, whatever the session. Never public.
CREATE TABLE contact_etablissement (
  id @id, @meta,
  etablissement_id @int NOT NULL REFERENCES etablissement (id),
  fonction TEXT NOT NULL,
  nom TEXT NOT NULL,
  objet TEXT NOT NULL,
  courriel_chiffre @bytes NOT NULL,
  telephone_chiffre @bytes NOT NULL
@fin
CREATE INDEX contact_par_etablissement ON contact_etablissement (etablissement_id);

-- The signature of a head, drawn anew by us from the picture that was sent (FIC-2), as PNG. Withdrawn: no row. Never public.
CREATE TABLE signature_chef (
  id @id, @meta,
  chef_id @int NOT NULL UNIQUE REFERENCES chef_etablissement (id),
  image_chiffre @bytes NOT NULL
@fin
