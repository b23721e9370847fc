package guichet

// ActesOuverts lists the acts that an actor may do on a request now: by right,
// by status and by duty. Pages offer these and no others; [Guichet.Agir] judges
// again.
func (v *DemandeVue) ActesOuverts(a *Acteur) []Acte {
	var xs []Acte
	for _, x := range Actes() {
		if a.Peut(x.Action) && x.permis(v.Demande) && x.auditPermis(v.Demande.Audit) && (x.Action != Reviser || v.Demande.LotID == "" && v.Demande.Decision != nil) && !v.autreMetier(a, x.Action) {
			xs = append(xs, x)
		}
	}
	return xs
}

// autreMetier tells whether the actor has acted on the request in another duty.
func (v *DemandeVue) autreMetier(a *Acteur, x Action) bool {
	m := metier(x)
	if m == "" {
		return false
	}
	for _, p := range v.Historique {
		if p.CompteID == a.ID && p.Metier != string(m) {
			return true
		}
	}
	return false
}

// auditPermis tells whether an act of the a posteriori control comes next;
// other acts do not care.
func (a Acte) auditPermis(u *Audit) bool {
	switch a.Action {
	case OuvrirControle:
		return u == nil || u.clos()
	case Constater:
		return u != nil && u.Conforme == nil
	case Recouvrer:
		return u.SuiteAttendue()
	}
	return true
}

// SuiteAttendue tells whether a finding waits for its outcome.
func (a *Audit) SuiteAttendue() bool { return a != nil && a.Conforme != nil && !a.clos() }
