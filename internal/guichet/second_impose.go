package guichet

// ExigenceSecond says which accounts must have a second factor. One that lacks
// it may sign in, and then do nothing but enrol one; its API tokens wait.
type ExigenceSecond string

// The demands.
const (
	SecondLibre  ExigenceSecond = ""       // of nobody
	SecondAgents ExigenceSecond = "agents" // of the agency's accounts
	SecondTous   ExigenceSecond = "tous"
)

// sansSecond tells an account that must have a second factor and has none.
func (g *Guichet) sansSecond(tx Tx, c *Compte) (bool, error) {
	if g.m.Second == SecondLibre || g.m.Second == SecondAgents && !c.Agent() {
		return false, nil
	}
	actif, err := telephone(tx, c.ID)
	if err != nil || actif {
		return false, err
	}
	cles, err := tx.ClesAcces(c.ID)
	return len(cles) == 0, err
}

// ouvreSansSecond tells the acts that lead to a second factor, or that make an
// account safer while it has none.
func ouvreSansSecond(x Action) bool {
	switch x {
	case GererSecondFacteur, GererCles, GererSessions, ChoisirMotDePasse:
		return true
	}
	return false
}

func errSansSecond() error {
	return erreur(Interdit, "Votre compte doit avoir un second facteur, et n’en a pas encore. Ajoutez un téléphone ou une clé d’accès sur la page « Mot de passe et accès » de votre compte.")
}
