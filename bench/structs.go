package main

// file is the format as a program that only reads it would declare it: the
// struct that encoding/json and json/v2 decode into. They check nothing of it.
type file struct {
	ImpID     *string   `json:"impId"`
	NumeroAns string    `json:"numeroAns"`
	SIRET     string    `json:"SIRET"`
	Lignes    []request `json:"lignesImport"`
}

type request struct {
	NumLigne      int     `json:"numLigne"`
	TypeAction    string  `json:"typeAction"`
	NumeroASP     *string `json:"numeroASP"`
	NumeroEditeur string  `json:"numeroEditeur"`
	Commande      struct {
		DateCommande   string  `json:"dateCommande"`
		RegimeTVA      string  `json:"regimeTVA"`
		MontantSegurHT float64 `json:"montantSegurHT"`
	} `json:"commande"`
	Certificats struct {
		Statut string `json:"statutAdminTechnique"`
		Carte  string `json:"numeroCarteCPX"`
		Nom    string `json:"nomAdminTechnique"`
		Tel    string `json:"telAdminTechnique"`
		Email  string `json:"emailAdminTechnique"`
	} `json:"certificatsServeur"`
	Beneficiaire struct {
		Nom    string  `json:"nomResponsable"`
		Email  *string `json:"emailResponsable"`
		Tel    *string `json:"telephoneResponsable"`
		FINESS string  `json:"FINESSGeo"`
	} `json:"beneficiaire"`
	Pieces []struct {
		Nom    string `json:"nomFichier"`
		Format string `json:"formatFichier"`
		Type   string `json:"typeFichier"`
	} `json:"piecesJustificatives"`
	Scenario struct {
		BAL       bool    `json:"hasBALMSSantePersonnelle"`
		Operateur *string `json:"operateurMessagerie"`
	} `json:"scenarioInstallation"`
	CodeTraitement    *string `json:"codeTraitement"`
	LibelleTraitement *string `json:"libelleTraitement"`
}
