-- +goose Up
-- What the way back laid aside before 0010 was undone is put back: without it
-- the journal would lack texts that its seals promise, and claims would be
-- collected twice. On a schema that never went back all of it is empty.
CREATE TABLE IF NOT EXISTS garde_journal (numero BIGINT, empreinte TEXT, clair TEXT);
CREATE TABLE IF NOT EXISTS garde_caviarde (depot_id TEXT, caviarde TEXT);
CREATE TABLE IF NOT EXISTS garde_ligne (lot_id TEXT, rang INTEGER, retenue BIGINT);
CREATE TABLE IF NOT EXISTS garde_releve (sha256 TEXT, serie BIGINT, format TEXT, message TEXT, cree TEXT, par TEXT, contenu {{octets}});
CREATE TABLE IF NOT EXISTS garde_creance (id BIGINT, numero_asp TEXT, rang INTEGER, fournisseur_id BIGINT, montant BIGINT, impute BIGINT, rembourse BIGINT, mode TEXT, echeance TEXT, cree TEXT);
CREATE TABLE IF NOT EXISTS garde_retenue (lot_id TEXT, rang INTEGER, creance_id BIGINT, montant BIGINT);
CREATE TABLE IF NOT EXISTS garde_remboursement (id BIGINT, creance_id BIGINT, date TEXT, reference TEXT, montant BIGINT, cree TEXT, par TEXT);
UPDATE journal SET clair = (SELECT g.clair FROM garde_journal g WHERE g.numero = journal.numero)
	WHERE EXISTS (SELECT 1 FROM garde_journal g WHERE g.numero = journal.numero AND g.empreinte = journal.empreinte);
UPDATE depot_fichier SET caviarde = (SELECT g.caviarde FROM garde_caviarde g WHERE g.depot_id = depot_fichier.depot_id)
	WHERE EXISTS (SELECT 1 FROM garde_caviarde g WHERE g.depot_id = depot_fichier.depot_id);
UPDATE lot_ligne SET retenue = (SELECT g.retenue FROM garde_ligne g WHERE g.lot_id = lot_ligne.lot_id AND g.rang = lot_ligne.rang)
	WHERE EXISTS (SELECT 1 FROM garde_ligne g WHERE g.lot_id = lot_ligne.lot_id AND g.rang = lot_ligne.rang);
INSERT INTO releve (sha256, serie, format, message, cree, par, contenu)
	SELECT sha256, serie, format, message, cree, par, contenu FROM garde_releve WHERE EXISTS (SELECT 1 FROM journal);
-- 0010 has made claims of orders; those laid aside know what was paid of them.
DELETE FROM creance WHERE EXISTS (SELECT 1 FROM garde_creance g WHERE g.numero_asp = creance.numero_asp);
INSERT INTO creance (id, numero_asp, rang, fournisseur_id, montant, impute, rembourse, mode, echeance, cree)
	SELECT id, numero_asp, rang, fournisseur_id, montant, impute, rembourse, mode, echeance, cree FROM garde_creance g
	WHERE EXISTS (SELECT 1 FROM demande d WHERE d.numero_asp = g.numero_asp);
INSERT INTO retenue (lot_id, rang, creance_id, montant)
	SELECT lot_id, rang, creance_id, montant FROM garde_retenue g WHERE EXISTS (SELECT 1 FROM creance c WHERE c.id = g.creance_id);
INSERT INTO remboursement (id, creance_id, date, reference, montant, cree, par)
	SELECT id, creance_id, date, reference, montant, cree, par FROM garde_remboursement g WHERE EXISTS (SELECT 1 FROM creance c WHERE c.id = g.creance_id);
{{suite_creance}};
{{suite_remboursement}};
DROP TABLE garde_remboursement;
DROP TABLE garde_retenue;
DROP TABLE garde_creance;
DROP TABLE garde_releve;
DROP TABLE garde_ligne;
DROP TABLE garde_caviarde;
DROP TABLE garde_journal;

-- +goose Down
CREATE TABLE garde_journal AS SELECT numero, empreinte, clair FROM journal WHERE clair <> '{}';
CREATE TABLE garde_caviarde AS SELECT depot_id, caviarde FROM depot_fichier WHERE caviarde <> '';
CREATE TABLE garde_ligne AS SELECT lot_id, rang, retenue FROM lot_ligne WHERE retenue <> 0;
CREATE TABLE garde_releve AS SELECT * FROM releve;
CREATE TABLE garde_creance AS SELECT * FROM creance;
CREATE TABLE garde_retenue AS SELECT * FROM retenue;
CREATE TABLE garde_remboursement AS SELECT * FROM remboursement;
