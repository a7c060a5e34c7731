-- R-API-13: a token that is changed and renewed; R-API-14: that asks; R-API-05: calls that it no longer opens.

-- 1: the token asks for a new course, and that parts of the establishment be open again
ALTER TABLE jeton_api ADD COLUMN demande_etablissement @int NOT NULL DEFAULT 0 CHECK (demande_etablissement IN (0, 1));
-- what it does on every course of the establishment, those to come included (codes separated by commas); NULL: those named alone
ALTER TABLE jeton_api ADD COLUMN toutes TEXT;
-- SHA-256 of the secret that it had before it was renewed, and real time of the first instant when that one opens nothing
ALTER TABLE jeton_api ADD COLUMN ancienne_empreinte TEXT;
ALTER TABLE jeton_api ADD COLUMN ancien_expire_le @int;
-- calls refused since it was given, renewed or taken back, and real time of the last one
ALTER TABLE jeton_api ADD COLUMN refuses @int NOT NULL DEFAULT 0;
ALTER TABLE jeton_api ADD COLUMN refuse_le @int;
CREATE UNIQUE INDEX jeton_api_ancien ON jeton_api (ancienne_empreinte) WHERE ancienne_empreinte IS NOT NULL;
