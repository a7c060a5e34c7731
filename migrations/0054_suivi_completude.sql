-- The figures of completeness look at the sites and the heads of every establishment of the country: read from indexes alone, and
-- heads in the order in which one of them signs.
CREATE INDEX site_formation_en_service ON site_formation (etablissement_session_id, latitude) WHERE supprime_le IS NULL;
CREATE INDEX chef_en_service ON chef_etablissement (etablissement_id, interim DESC, depuis DESC, id, jusqu_a)
  WHERE supprime_le IS NULL;
