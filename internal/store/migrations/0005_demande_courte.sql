-- +goose Up
-- What a deposit writes is short: the values of a request stay in its file
-- until a correction changes them, its serial number is the row itself, and
-- the numbers of one supplier that share their first three characters are one
-- row.
CREATE TABLE demande_courte (
	serie {{rangee}}, -- the number spells it: numero_asp has no index of its own
	numero_asp TEXT NOT NULL,
	depot_id TEXT NOT NULL, -- its requests are depot.serie and those that follow
	rang INTEGER NOT NULL,
	fournisseur_id BIGINT NOT NULL,
	numero_ans TEXT NOT NULL,
	siret TEXT NOT NULL,
	type TEXT NOT NULL,
	numero_editeur TEXT NOT NULL,
	statut TEXT NOT NULL,
	acteur TEXT NOT NULL,
	abrege TEXT NOT NULL, -- the values that every reading needs
	champs TEXT NOT NULL, -- all values, once corrected; '' = as in the file
	ht BIGINT NOT NULL,
	base BIGINT NOT NULL,
	avance BIGINT NOT NULL,
	solde BIGINT NOT NULL,
	verse BIGINT NOT NULL,
	avance_asp TEXT NOT NULL,
	finess TEXT NOT NULL,
	carte TEXT NOT NULL,
	date_commande TEXT NOT NULL,
	tranche TEXT NOT NULL,
	etat TEXT NOT NULL,
	lot_id TEXT NOT NULL,
	echeance TEXT NOT NULL,
	cree TEXT NOT NULL,
	modifie TEXT NOT NULL
);
INSERT INTO demande_courte
	SELECT serie, numero_asp, depot_id, rang, fournisseur_id, numero_ans, siret, type, numero_editeur, statut, acteur, '', champs, ht, base, avance, solde, verse, avance_asp, finess, carte, date_commande, tranche, etat, lot_id, echeance, cree, modifie
	FROM demande ORDER BY serie;
DROP TABLE demande;
ALTER TABLE demande_courte RENAME TO demande;
CREATE INDEX demande_fournisseur ON demande (fournisseur_id, statut, serie);
CREATE INDEX demande_statut ON demande (statut, serie);
CREATE INDEX demande_finess ON demande (finess);
CREATE INDEX demande_carte ON demande (carte) WHERE carte <> '';
CREATE INDEX demande_avance ON demande (avance_asp) WHERE avance_asp <> '';
CREATE INDEX demande_lot ON demande (lot_id) WHERE lot_id <> '';
-- A request that has not changed since its deposit is found by its deposit.
CREATE INDEX demande_modifie ON demande (modifie) WHERE modifie <> cree;
CREATE TABLE numero_pris (
	fournisseur_id BIGINT NOT NULL,
	type TEXT NOT NULL,
	tete TEXT NOT NULL, -- three characters
	suites TEXT NOT NULL, -- the two others of each number, one behind the other
	PRIMARY KEY (fournisseur_id, type, tete)
){{sans_rang}};
INSERT INTO numero_pris
	SELECT fournisseur_id, type, SUBSTR(numero, 1, 3), STRING_AGG(SUBSTR(numero, 4, 2), '')
	FROM numero_brule GROUP BY fournisseur_id, type, SUBSTR(numero, 1, 3);
DROP TABLE numero_brule;
ALTER TABLE numero_pris RENAME TO numero_brule;

-- +goose Down
ALTER TABLE numero_brule RENAME TO numero_pris;
CREATE TABLE numero_brule (
	fournisseur_id BIGINT NOT NULL,
	type TEXT NOT NULL,
	numero TEXT NOT NULL,
	PRIMARY KEY (fournisseur_id, type, numero)
){{sans_rang}};
INSERT INTO numero_brule
	WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1295)
	SELECT fournisseur_id, type, tete || SUBSTR(suites, 2 * i + 1, 2) FROM numero_pris JOIN n ON 2 * i < LENGTH(suites);
DROP TABLE numero_pris;
DROP INDEX demande_modifie;
ALTER TABLE demande DROP COLUMN abrege;
CREATE INDEX demande_modifie ON demande (modifie);
CREATE INDEX demande_echeance ON demande (statut, echeance) WHERE echeance <> '';
