-- +goose Up
-- What is kept back of a payment because its supplier owes it.
ALTER TABLE lot_ligne ADD COLUMN retenue BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lot_ligne_numero ON lot_ligne (numero_asp);
CREATE TABLE releve (
	sha256 TEXT PRIMARY KEY,
	serie BIGINT NOT NULL UNIQUE,
	format TEXT NOT NULL,
	message TEXT NOT NULL,
	cree TEXT NOT NULL,
	par TEXT NOT NULL,
	contenu {{octets}} NOT NULL -- zstd
);
CREATE TABLE creance (
	id {{serie}},
	numero_asp TEXT NOT NULL,
	rang INTEGER NOT NULL, -- that of its letter
	fournisseur_id BIGINT NOT NULL,
	montant BIGINT NOT NULL,
	impute BIGINT NOT NULL, -- kept back in batches, less what the bank returned
	rembourse BIGINT NOT NULL,
	mode TEXT NOT NULL,
	echeance TEXT NOT NULL,
	cree TEXT NOT NULL,
	UNIQUE (numero_asp, rang)
);
CREATE INDEX creance_fournisseur ON creance (fournisseur_id, id);
-- Recoveries ordered before claims were kept are claims like others.
INSERT INTO creance (numero_asp, rang, fournisseur_id, montant, impute, rembourse, mode, echeance, cree)
	SELECT numero_asp, 1, fournisseur_id, {{recouvrement}}, 0, 0, 'remboursement', '', modifie FROM demande WHERE {{recouvrement}} > 0;
CREATE TABLE retenue (
	lot_id TEXT NOT NULL,
	rang INTEGER NOT NULL,
	creance_id BIGINT NOT NULL REFERENCES creance (id),
	montant BIGINT NOT NULL,
	PRIMARY KEY (lot_id, rang, creance_id)
);
CREATE INDEX retenue_creance ON retenue (creance_id);
CREATE TABLE remboursement (
	id {{serie}},
	creance_id BIGINT NOT NULL REFERENCES creance (id),
	date TEXT NOT NULL,
	reference TEXT NOT NULL,
	montant BIGINT NOT NULL,
	cree TEXT NOT NULL,
	par TEXT NOT NULL,
	UNIQUE (creance_id, reference)
);
-- What people wrote, beside the chain that holds its seal: see guichet.Sceau.
ALTER TABLE journal ADD COLUMN clair TEXT NOT NULL DEFAULT '{}';
-- When the lines of a deposit that became no request lost what they say of people.
ALTER TABLE depot_fichier ADD COLUMN caviarde TEXT NOT NULL DEFAULT '';
CREATE INDEX journal_acte ON journal (acte, numero);

-- +goose Down
DROP INDEX journal_acte;
ALTER TABLE depot_fichier DROP COLUMN caviarde;
ALTER TABLE journal DROP COLUMN clair;
DROP TABLE remboursement;
DROP TABLE retenue;
DROP TABLE creance;
DROP TABLE releve;
DROP INDEX lot_ligne_numero;
ALTER TABLE lot_ligne DROP COLUMN retenue;
