-- What a day decides in a candidate's place (R-ORD-05, R-RA-04): wishes given up for a better one, propositions accepted.
CREATE TABLE passage_automatique (
  passage_id @int NOT NULL REFERENCES passage (id),
  voeu_id @int NOT NULL REFERENCES voeu (id),
  -- ra_demission_attente, gdd_demission_attente, gdd_demission_proposition, ra_acceptation, ra_refus_proposition: 2 to 6,
  -- as the engine numbers them
  statut @int NOT NULL CHECK (statut BETWEEN 2 AND 6),
  PRIMARY KEY (passage_id, voeu_id)
@cle
