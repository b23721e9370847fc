package registre

import "guichet.example/segur"

// formatRegistre names the shape of the ledger, in its first entry.
const formatRegistre = "segur-registre/1"

// ouverture is the data of the first entry.
type ouverture struct {
	Format string `json:"format"`
	Auteur string `json:"auteur"`
	Poste  string `json:"poste"`
	Outil  string `json:"outil"`
}

// numeros is numeroEditeur given, or learnt to be used already.
type numeros struct {
	Auteur  string      `json:"auteur,omitzero"`
	Plages  [][2]string `json:"plages,omitempty"` // given: first and last of a run
	Connus  []string    `json:"connus,omitempty"` // used elsewhere: imported, or seen at a portal
	Origine string      `json:"origine,omitzero"` // of Connus
}

// numeroFichier is a file number given.
type numeroFichier struct {
	NumeroAns string `json:"numeroAns"`
	Jour      string `json:"jour"` // AAAA-MM-JJ
	Numero    int    `json:"numero"`
}

// reparation tells of a torn tail that was cut off.
type reparation struct {
	Auteur string `json:"auteur,omitzero"`
	Octets int64  `json:"octets"`
	SHA256 string `json:"sha256"`
	Debut  string `json:"debut"`
}

// nomDepot is the name under which a prepared file is deposited on another
// day than the one it was prepared for.
type nomDepot struct {
	Fichier string `json:"fichier"`
	Nom     string `json:"nom"`
}

// Envoi is the answer of a portal to a deposit.
type Envoi struct {
	Fichier string `json:"fichier"` // file name of the deposit
	SHA256  string `json:"sha256"`
	Portail string `json:"portail"`        // its address
	Depot   string `json:"depot,omitzero"` // its id there; "" when refused at control 1
	Refus   string `json:"refus,omitzero"` // why it was refused at control 1
}

// EnvoiPieces is the coverage that a portal told after pieces were sent.
type EnvoiPieces struct {
	Depot      string   `json:"depot"`
	Zip        string   `json:"zip"`
	SHA256     string   `json:"sha256"`
	Manquantes []string `json:"manquantes,omitempty"` // file names
}

// Retour is what a returned file says of its requests.
type Retour struct {
	Nom      string            `json:"nom"`    // of the returned file, as read
	SHA256   string            `json:"sha256"` // of the returned file
	Depot    string            `json:"depot"`  // file name of the deposit it answers; "" when unknown
	ImpID    string            `json:"impId,omitzero"`
	Type     segur.TypeDemande `json:"type"`
	Demandes []DemandeRetour   `json:"demandes"`
}

// DemandeRetour is the agency's answer to one request. Code and Libelle are
// kept as text: the agency's are not public.
type DemandeRetour struct {
	NumeroEditeur string `json:"numeroEditeur"`
	Acceptee      bool   `json:"acceptee"`
	NumeroASP     string `json:"numeroASP,omitzero"` // of an accepted advance; that of its advance for a balance
	Code          string `json:"code,omitzero"`
	Libelle       string `json:"libelle,omitzero"`
}

// StatutPortail is the state of one request as a portal tells it.
type StatutPortail struct {
	NumeroASP        string            `json:"numeroASP"`
	NumeroEditeur    string            `json:"numeroEditeur"`
	Type             segur.TypeDemande `json:"type"`
	Statut           string            `json:"statut"`
	ProchainActeur   string            `json:"prochainActeur,omitzero"`
	Echeance         string            `json:"echeance,omitzero"`
	PiecesManquantes []string          `json:"piecesManquantes,omitempty"`
	Montants         Montants          `json:"montants"`
}

// statuts is what one reading of a portal brought that was new.
type statuts struct {
	Portail  string          `json:"portail"`
	Demandes []StatutPortail `json:"demandes"`
}
