-- Alarms leave to a supervision service; waves of failures and the ceiling of SMS are alarms like the others; a network
-- is known once it was first confirmed long enough ago.

-- @si sqlite
CREATE TABLE envoi_par_canal (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  canal TEXT NOT NULL CHECK (canal IN ('courriel', 'sms', 'supervision')),
  compte_id @int REFERENCES compte (id),
  destinataire_chiffre @bytes NOT NULL,
  modele TEXT NOT NULL,
  sujet TEXT NOT NULL,
  corps_chiffre @bytes NOT NULL,
  etat TEXT NOT NULL CHECK (etat IN ('a_envoyer', 'envoye', 'perime', 'abandonne')),
  priorite @int NOT NULL,
  cree_le @int NOT NULL,
  prochain_le @int NOT NULL,
  perime_le @int,
  essais @int NOT NULL DEFAULT 0,
  erreur TEXT,
  envoye_le @int
@fin
INSERT INTO envoi_par_canal (id, public_id, canal, compte_id, destinataire_chiffre, modele, sujet, corps_chiffre, etat,
                             priorite, cree_le, prochain_le, perime_le, essais, erreur, envoye_le)
  SELECT id, public_id, canal, compte_id, destinataire_chiffre, modele, sujet, corps_chiffre, etat, priorite, cree_le,
         prochain_le, perime_le, essais, erreur, envoye_le FROM envoi;
DROP TABLE envoi;
ALTER TABLE envoi_par_canal RENAME TO envoi;
CREATE INDEX envoi_a_prendre ON envoi (etat, prochain_le, priorite);

CREATE TABLE alarme_par_genre (
  id @id,
  public_id TEXT NOT NULL UNIQUE,
  genre TEXT NOT NULL CHECK (genre IN ('lecture_massive', 'export_reseau_inconnu', 'rupture_chaine', 'bourrage',
                                       'double_connexion', 'mode_renforce', 'plafond_sms')),
  cle TEXT NOT NULL UNIQUE,
  constatee_le @int NOT NULL,
  compte_id @int,
  details TEXT NOT NULL,
  vue_le @int,
  vue_par @int
@fin
INSERT INTO alarme_par_genre (id, public_id, genre, cle, constatee_le, compte_id, details, vue_le, vue_par)
  SELECT id, public_id, genre, cle, constatee_le, compte_id, details, vue_le, vue_par FROM alarme;
DROP TABLE alarme;
ALTER TABLE alarme_par_genre RENAME TO alarme;
-- @fin_si
-- @si postgres
ALTER TABLE envoi DROP CONSTRAINT envoi_canal_check;
ALTER TABLE envoi ADD CONSTRAINT envoi_canal_check CHECK (canal IN ('courriel', 'sms', 'supervision'));
ALTER TABLE alarme DROP CONSTRAINT alarme_genre_check;
ALTER TABLE alarme ADD CONSTRAINT alarme_genre_check CHECK (genre IN ('lecture_massive', 'export_reseau_inconnu',
  'rupture_chaine', 'bourrage', 'double_connexion', 'mode_renforce', 'plafond_sms'));
-- @fin_si
-- How the messages of one channel go, on the page of alarms.
CREATE INDEX envoi_par_etat_de_canal ON envoi (canal, id);

-- A network confirmed before this line existed is an old one.
ALTER TABLE reseau_connu ADD COLUMN premiere_le @int NOT NULL DEFAULT 0;
