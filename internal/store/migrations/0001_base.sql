-- +goose Up
CREATE TABLE sequence (
	nom TEXT PRIMARY KEY,
	valeur BIGINT NOT NULL
);
CREATE TABLE journal (
	numero BIGINT PRIMARY KEY,
	date TEXT NOT NULL,
	acteur TEXT NOT NULL,
	acte TEXT NOT NULL,
	objet TEXT NOT NULL,
	resultat TEXT NOT NULL,
	adresse TEXT NOT NULL,
	detail TEXT NOT NULL,
	empreinte_precedente TEXT NOT NULL,
	empreinte TEXT NOT NULL
);
-- The last entry once more: without it, one taken out at the end would not show.
CREATE TABLE journal_tete (
	id INTEGER PRIMARY KEY,
	numero BIGINT NOT NULL,
	empreinte TEXT NOT NULL
);
CREATE TABLE fournisseur (
	id {{serie}},
	raison_sociale TEXT NOT NULL,
	siret TEXT NOT NULL UNIQUE,
	iban TEXT NOT NULL,
	bic TEXT NOT NULL,
	courriel TEXT NOT NULL,
	actif BOOLEAN NOT NULL
);
CREATE TABLE numero_ans (
	numero TEXT PRIMARY KEY,
	fournisseur_id BIGINT NOT NULL REFERENCES fournisseur (id),
	couloir TEXT NOT NULL,
	logiciel TEXT NOT NULL
);
CREATE TABLE compte (
	id {{serie}},
	identifiant TEXT NOT NULL UNIQUE,
	nom TEXT NOT NULL,
	mot_de_passe TEXT NOT NULL,
	roles TEXT NOT NULL,
	fournisseur_id BIGINT REFERENCES fournisseur (id),
	actif BOOLEAN NOT NULL,
	cree TEXT NOT NULL
);
CREATE TABLE jeton (
	id {{serie}},
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	nom TEXT NOT NULL,
	empreinte TEXT NOT NULL UNIQUE,
	cree TEXT NOT NULL,
	expire TEXT NOT NULL,
	reseaux TEXT NOT NULL,
	usage TEXT NOT NULL,
	revoque BOOLEAN NOT NULL
);
CREATE TABLE session (
	empreinte TEXT PRIMARY KEY,
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	cree TEXT NOT NULL,
	expire TEXT NOT NULL,
	adresse TEXT NOT NULL,
	navigateur TEXT NOT NULL
);
CREATE INDEX session_compte ON session (compte_id);
CREATE TABLE essai (
	identifiant TEXT NOT NULL,
	reseau TEXT NOT NULL,
	quand TEXT NOT NULL
);
CREATE INDEX essai_quand ON essai (identifiant, reseau, quand);
CREATE TABLE campagne (
	id {{serie}},
	libelle TEXT NOT NULL,
	couloir TEXT NOT NULL,
	logiciel TEXT NOT NULL,
	ouverture TEXT NOT NULL,
	fermeture TEXT NOT NULL,
	tva INTEGER NOT NULL,
	part_avance INTEGER NOT NULL,
	plafond BIGINT NOT NULL,
	tranches TEXT NOT NULL,
	banniere TEXT NOT NULL
);
CREATE TABLE depot (
	id TEXT PRIMARY KEY,
	fournisseur_id BIGINT NOT NULL REFERENCES fournisseur (id),
	compte_id BIGINT NOT NULL REFERENCES compte (id),
	type TEXT NOT NULL,
	numero_ans TEXT NOT NULL,
	jour TEXT NOT NULL,
	numero INTEGER NOT NULL,
	nom_fichier TEXT NOT NULL,
	date TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	taille BIGINT NOT NULL,
	rapport {{octets}} NOT NULL, -- zstd
	verdict TEXT NOT NULL,
	acceptees INTEGER NOT NULL,
	rejetees INTEGER NOT NULL,
	serie BIGINT NOT NULL,
	UNIQUE (numero_ans, jour, numero)
);
CREATE INDEX depot_fournisseur ON depot (fournisseur_id, date);
CREATE INDEX depot_date ON depot (date);
CREATE TABLE depot_fichier (
	depot_id TEXT PRIMARY KEY REFERENCES depot (id),
	recu {{octets}} NOT NULL, -- zstd
	retour {{octets}} NOT NULL -- zstd
);
CREATE TABLE numero_brule (
	fournisseur_id BIGINT NOT NULL,
	type TEXT NOT NULL,
	numero TEXT NOT NULL,
	PRIMARY KEY (fournisseur_id, type, numero)
){{sans_rang}};
CREATE TABLE lot (
	id TEXT PRIMARY KEY,
	serie BIGINT NOT NULL UNIQUE,
	statut TEXT NOT NULL,
	prepare_par BIGINT NOT NULL,
	approuve_par BIGINT NOT NULL,
	total BIGINT NOT NULL,
	empreinte TEXT NOT NULL,
	cree TEXT NOT NULL,
	approuve TEXT NOT NULL,
	regle TEXT NOT NULL
);
CREATE TABLE lot_ligne (
	lot_id TEXT NOT NULL REFERENCES lot (id),
	rang INTEGER NOT NULL,
	numero_asp TEXT NOT NULL,
	montant BIGINT NOT NULL,
	rejet TEXT NOT NULL,
	PRIMARY KEY (lot_id, rang)
);
CREATE TABLE lot_virement (
	lot_id TEXT PRIMARY KEY REFERENCES lot (id),
	fichier {{octets}} NOT NULL
);
CREATE TABLE demande (
	serie BIGINT PRIMARY KEY, -- the number spells it: numero_asp has no index of its own
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
	champs TEXT NOT NULL,
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
CREATE INDEX demande_fournisseur ON demande (fournisseur_id, statut, serie);
CREATE INDEX demande_statut ON demande (statut, serie);
CREATE INDEX demande_finess ON demande (finess);
CREATE INDEX demande_carte ON demande (carte) WHERE carte <> '';
CREATE INDEX demande_avance ON demande (avance_asp) WHERE avance_asp <> '';
CREATE INDEX demande_lot ON demande (lot_id) WHERE lot_id <> '';
CREATE INDEX demande_modifie ON demande (modifie);
CREATE TABLE piece (
	numero_asp TEXT NOT NULL,
	nom TEXT NOT NULL,
	type TEXT NOT NULL,
	format TEXT NOT NULL,
	taille BIGINT NOT NULL,
	sha256 TEXT NOT NULL,
	recue TEXT NOT NULL,
	antivirus TEXT NOT NULL,
	PRIMARY KEY (numero_asp, nom)
);
CREATE INDEX piece_sha256 ON piece (sha256);
CREATE TABLE passage (
	id {{serie}},
	numero_asp TEXT NOT NULL,
	date TEXT NOT NULL,
	acte TEXT NOT NULL,
	compte_id BIGINT NOT NULL,
	acteur TEXT NOT NULL,
	metier TEXT NOT NULL,
	statut TEXT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX passage_demande ON passage (numero_asp, id);
CREATE TABLE cle (
	compte_id BIGINT NOT NULL,
	route TEXT NOT NULL,
	cle TEXT NOT NULL,
	corps TEXT NOT NULL,
	statut INTEGER NOT NULL,
	contenu {{octets}} NOT NULL,
	cree TEXT NOT NULL,
	PRIMARY KEY (compte_id, route, cle)
);
INSERT INTO journal_tete (id, numero, empreinte) VALUES (1, 0, 'sha256:0000000000000000000000000000000000000000000000000000000000000000');

-- +goose Down
DROP TABLE cle;
DROP TABLE passage;
DROP TABLE piece;
DROP TABLE demande;
DROP TABLE lot_virement;
DROP TABLE lot_ligne;
DROP TABLE lot;
DROP TABLE numero_brule;
DROP TABLE depot_fichier;
DROP TABLE depot;
DROP TABLE campagne;
DROP TABLE essai;
DROP TABLE session;
DROP TABLE jeton;
DROP TABLE compte;
DROP TABLE numero_ans;
DROP TABLE fournisseur;
DROP TABLE journal_tete;
DROP TABLE journal;
DROP TABLE sequence;
