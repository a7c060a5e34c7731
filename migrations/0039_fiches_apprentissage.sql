-- What lists of records are searched by, the course made of a record (R-APP-08), and whether candidates read it.
ALTER TABLE fiche_apprentissage ADD COLUMN intitule TEXT NOT NULL DEFAULT '';
-- Words, normalised.
ALTER TABLE fiche_apprentissage ADD COLUMN recherche TEXT NOT NULL DEFAULT '';
-- Codes of its establishments: « |0800001A|0600002B| ».
ALTER TABLE fiche_apprentissage ADD COLUMN uais TEXT NOT NULL DEFAULT '';
-- R-APP-07: codes of its findings: « |mef|appariement| ».
ALTER TABLE fiche_apprentissage ADD COLUMN constats TEXT NOT NULL DEFAULT '';
ALTER TABLE fiche_apprentissage ADD COLUMN en_ligne @int NOT NULL DEFAULT 0 CHECK (en_ligne IN (0, 1));
ALTER TABLE fiche_apprentissage ADD COLUMN formation_session_id @int REFERENCES formation_session (id);
-- What the counts of a list and the home of an establishment read, without the records themselves.
CREATE INDEX fiche_apprentissage_par_etat
  ON fiche_apprentissage (session_id, supprime_le, academie, statut, departement);
CREATE INDEX fiche_apprentissage_par_uais ON fiche_apprentissage (session_id, supprime_le, uais);
CREATE INDEX fiche_apprentissage_par_intitule ON fiche_apprentissage (session_id, intitule, id);
CREATE INDEX fiche_apprentissage_par_formation ON fiche_apprentissage (formation_session_id);
CREATE INDEX fiche_apprentissage_par_doublon ON fiche_apprentissage (session_id, flux, doublon_de);

-- Where a refused record would have been: its academic service tells the Carif-Oref.
ALTER TABLE rejet_apprentissage ADD COLUMN academie TEXT NOT NULL DEFAULT '';
CREATE INDEX rejet_apprentissage_par_service ON rejet_apprentissage (session_id, academie);
