-- +goose Up
CREATE TABLE enrolement (
	id TEXT PRIMARY KEY,
	statut TEXT NOT NULL,
	siret TEXT NOT NULL,
	dossier TEXT NOT NULL,
	suivi TEXT NOT NULL,
	cree TEXT NOT NULL,
	modifie TEXT NOT NULL
);
CREATE INDEX enrolement_statut ON enrolement (statut, cree);
CREATE TABLE lien (
	empreinte TEXT PRIMARY KEY,
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	usage TEXT NOT NULL,
	expire TEXT NOT NULL,
	essais INTEGER NOT NULL
);
CREATE INDEX lien_compte ON lien (compte_id, usage);
CREATE TABLE second_facteur (
	compte_id BIGINT PRIMARY KEY REFERENCES compte (id),
	scelle TEXT NOT NULL,
	actif BOOLEAN NOT NULL,
	pas BIGINT NOT NULL,
	cree TEXT NOT NULL
);
CREATE TABLE code_secours (
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	empreinte TEXT NOT NULL,
	PRIMARY KEY (compte_id, empreinte)
);
CREATE TABLE travail (
	id {{serie}},
	genre TEXT NOT NULL,
	cle TEXT NOT NULL,
	charge TEXT NOT NULL,
	etat TEXT NOT NULL,
	essais INTEGER NOT NULL,
	prochain TEXT NOT NULL,
	erreur TEXT NOT NULL,
	cree TEXT NOT NULL,
	fini TEXT NOT NULL
);
-- Two pieces of work of one kind and key never wait at the same time.
CREATE UNIQUE INDEX travail_cle ON travail (genre, cle) WHERE etat = 'attente';
CREATE INDEX travail_du ON travail (prochain) WHERE etat IN ('attente', 'en_cours');
CREATE INDEX travail_etat ON travail (etat, fini);
CREATE INDEX travail_genre ON travail (genre, cle);
CREATE TABLE evenement (
	id {{serie}},
	fournisseur_id BIGINT NOT NULL,
	genre TEXT NOT NULL,
	objet TEXT NOT NULL,
	date TEXT NOT NULL,
	charge TEXT NOT NULL
);
CREATE INDEX evenement_fournisseur ON evenement (fournisseur_id, id);
CREATE TABLE avise (
	fournisseur_id BIGINT PRIMARY KEY,
	jusqua BIGINT NOT NULL
);
CREATE TABLE abonnement (
	id {{serie}},
	fournisseur_id BIGINT NOT NULL REFERENCES fournisseur (id),
	url TEXT NOT NULL,
	scelle TEXT NOT NULL,
	actif BOOLEAN NOT NULL,
	jusqua BIGINT NOT NULL,
	cree TEXT NOT NULL
);
CREATE INDEX abonnement_fournisseur ON abonnement (fournisseur_id);
CREATE TABLE livraison (
	id {{serie}},
	abonnement_id BIGINT NOT NULL REFERENCES abonnement (id),
	date TEXT NOT NULL,
	premier BIGINT NOT NULL,
	dernier BIGINT NOT NULL,
	statut INTEGER NOT NULL,
	erreur TEXT NOT NULL
);
CREATE INDEX livraison_abonnement ON livraison (abonnement_id, id);
CREATE INDEX demande_echeance ON demande (statut, echeance) WHERE echeance <> '';

-- +goose Down
DROP INDEX demande_echeance;
DROP TABLE livraison;
DROP TABLE abonnement;
DROP TABLE avise;
DROP TABLE evenement;
DROP TABLE travail;
DROP TABLE code_secours;
DROP TABLE second_facteur;
DROP TABLE lien;
DROP TABLE enrolement;
