-- Records are compared with the register of each declared course (R-APP-19): their SIRETs were read out of their text at every page.
ALTER TABLE fiche_apprentissage ADD COLUMN siret_lieu TEXT NOT NULL DEFAULT '';
ALTER TABLE fiche_apprentissage ADD COLUMN siret_formateur TEXT NOT NULL DEFAULT '';
ALTER TABLE fiche_apprentissage ADD COLUMN siret_gestionnaire TEXT NOT NULL DEFAULT '';
-- @si sqlite
UPDATE fiche_apprentissage SET
  siret_lieu = COALESCE(contenu -> 'lieu' ->> 'siret', ''),
  siret_formateur = COALESCE(contenu -> 'formateur' ->> 'siret', ''),
  siret_gestionnaire = COALESCE(contenu -> 'gestionnaire' ->> 'siret', '');
-- @fin_si
-- @si postgres
UPDATE fiche_apprentissage SET
  siret_lieu = COALESCE(CAST(contenu AS JSON) -> 'lieu' ->> 'siret', ''),
  siret_formateur = COALESCE(CAST(contenu AS JSON) -> 'formateur' ->> 'siret', ''),
  siret_gestionnaire = COALESCE(CAST(contenu AS JSON) -> 'gestionnaire' ->> 'siret', '');
-- @fin_si
