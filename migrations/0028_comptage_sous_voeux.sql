-- R-VOE-09, R-VOE-10: the sessions that exist already get what is counted otherwise: paramedical courses and institutes of
-- political studies by their national types, PASS of Île-de-France by its région académique; each as a new version of the setting.
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'phd' || session_id, 0, 0, 'migration', session_id, cle, numero + 1,
         valeur || ',type:550003,type:550004,type:550005,type:550007,type:290,type:291,pass@11',
         'arrêté du 28 février 2020 (ESRS2001554A), article 2'
  FROM parametre p
  WHERE cle = 'familles_hors_decompte'
    AND numero = (SELECT MAX(d.numero) FROM parametre d WHERE d.session_id = p.session_id AND d.cle = p.cle);
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'psp' || id, 0, 0, 'migration', id, 'sous_voeux_par_etablissement', 1, 'pass@11',
         'arrêté du 28 février 2020 (ESRS2001554A), article 2, II'
  FROM session_admission;
INSERT INTO parametre (public_id, cree_le, maj_le, origine, session_id, cle, numero, valeur, source)
  SELECT 'ppf' || id, 0, 0, 'migration', id, 'plafonds_par_filiere', 1, 'ifsi=5',
         'arrêté du 28 février 2020 (ESRS2001554A), article 1'
  FROM session_admission;
