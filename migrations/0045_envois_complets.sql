-- What a mail carries beside its text, kept so that a retry sends the same bytes: one file, and the address by which its reader no
-- longer receives such mails, which holds a secret.
ALTER TABLE envoi ADD COLUMN piece_nom TEXT;
ALTER TABLE envoi ADD COLUMN piece_type TEXT;
ALTER TABLE envoi ADD COLUMN piece_chiffre @bytes;
ALTER TABLE envoi ADD COLUMN arret_chiffre @bytes;

-- Who no longer wants the mail that tells of the Fil info, since when (real time). Nobody else is in it.
CREATE TABLE resume_refuse (
  compte_id @int PRIMARY KEY REFERENCES compte (id),
  refuse_le @int NOT NULL
@cle
