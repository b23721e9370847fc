-- +goose Up
-- Archives that arrive in slices: what is received of each, until it is whole.
CREATE TABLE televersement (
	id TEXT PRIMARY KEY,
	fournisseur_id BIGINT NOT NULL REFERENCES fournisseur (id),
	depot_id TEXT NOT NULL REFERENCES depot (id),
	nom TEXT NOT NULL,
	cle TEXT NOT NULL, -- the sender's own name for the file
	taille BIGINT NOT NULL,
	recu BIGINT NOT NULL,
	cree TEXT NOT NULL,
	expire TEXT NOT NULL,
	fini BOOLEAN NOT NULL
);
CREATE INDEX televersement_fournisseur ON televersement (fournisseur_id);
CREATE INDEX televersement_expire ON televersement (expire);
CREATE TABLE televersement_tranche (
	televersement_id TEXT NOT NULL REFERENCES televersement (id),
	debut BIGINT NOT NULL,
	taille BIGINT NOT NULL,
	nom TEXT NOT NULL, -- in the store of documents
	PRIMARY KEY (televersement_id, debut)
);
-- The columns that a person wants to see in a list; '' for what is preset.
CREATE TABLE preference (
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	sujet TEXT NOT NULL,
	valeur TEXT NOT NULL,
	PRIMARY KEY (compte_id, sujet)
);

-- +goose Down
DROP TABLE preference;
DROP TABLE televersement_tranche;
DROP INDEX televersement_expire;
DROP INDEX televersement_fournisseur;
DROP TABLE televersement;
