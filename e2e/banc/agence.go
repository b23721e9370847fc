package banc

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"time"
)

// instructeur takes a request and validates it.
func (v *Vie) instructeur(ctx context.Context, i int) error {
	p := &v.Gens.Instructeurs[i%len(v.Gens.Instructeurs)]
	statut := "deposee"
	if rand.IntN(3) == 0 {
		statut = "en_instruction" // left by an act whose answer was lost
	}
	ns, err := v.liste(ctx, p, statut)
	if err != nil {
		return err
	}
	n := ns[rand.IntN(len(ns))]
	if statut == "deposee" {
		if ok, err := v.acte(ctx, p, GenreActe, n, "prendre", map[string]any{}); err != nil || !ok {
			return err
		}
	}
	q := appel{genre: GenreLecture, methode: http.MethodGet, chemin: "/demandes/" + n, jeton: p.Jeton}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return err
	}
	var x struct {
		Verifications []struct{ Code string }
	}
	if !r.fait() || json.Unmarshal(r.corps, &x) != nil {
		return inattendu(q, r)
	}
	reponses := map[string]string{}
	for _, y := range x.Verifications {
		reponses[y.Code] = "oui"
	}
	_, err = v.acte(ctx, p, GenreActe, n, "valider", map[string]any{"tranche": "B", "verifications": reponses})
	return err
}

// decideur awards a request, or a whole selection.
func (v *Vie) decideur(ctx context.Context, _ int) error {
	p := &v.Gens.Decideur
	ns, err := v.liste(ctx, p, "validee")
	if err != nil {
		return err
	}
	if rand.IntN(2) == 0 {
		_, err := v.acte(ctx, p, GenreDecision, ns[rand.IntN(len(ns))], "decider", map[string]any{"sens": "attribution"})
		return err
	}
	b, err := json.Marshal(map[string]any{"sens": "attribution", "numerosASP": ns[:min(len(ns), 10)]})
	if err != nil {
		return err
	}
	q := appel{genre: GenreDecision, methode: http.MethodPost, chemin: "/decisions", type_: "application/json", jeton: p.Jeton, corps: b}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return err
	}
	var x struct {
		Resultats []struct {
			NumeroASP string
			Decidee   bool
		}
	}
	if !r.fait() || json.Unmarshal(r.corps, &x) != nil {
		return inattendu(q, r)
	}
	v.Carnet.noter(func() {
		for _, y := range x.Resultats {
			if y.Decidee {
				v.Carnet.Actes[y.NumeroASP+" decider"] = p.Identifiant
			}
		}
	})
	return nil
}

// lot is what a batch answers.
type lot struct {
	ID, Statut, Total string
	Demandes          []struct{ NumeroASP string }
}

// comptable prepares a batch; another approves it; the bank returns a payment
// now and then; the rest is settled.
func (v *Vie) comptable(ctx context.Context, _ int) error {
	un, deux := &v.Gens.Comptables[0], &v.Gens.Comptables[1]
	statut := "decidee"
	if rand.IntN(4) == 0 {
		statut = "paiement_rejete"
	}
	ns, err := v.liste(ctx, un, statut)
	if err != nil {
		return err
	}
	rand.Shuffle(len(ns), func(i, j int) { ns[i], ns[j] = ns[j], ns[i] })
	l, ok, err := v.appelLot(ctx, un, "/lots-paiement", map[string]any{"numerosASP": ns[:min(len(ns), 1+rand.IntN(8))]})
	if err != nil || !ok {
		return err
	}
	actes := "/lots-paiement/" + l.ID + "/actes"
	if _, ok, err = v.appelLot(ctx, deux, actes, map[string]any{"acte": "approuver"}); err != nil || !ok {
		return err
	}
	if err := v.lireVirement(ctx, un, l.ID); err != nil {
		return err
	}
	if len(l.Demandes) > 1 && rand.IntN(3) == 0 {
		n := l.Demandes[0].NumeroASP
		if _, ok, err := v.appelLot(ctx, un, actes, map[string]any{"acte": "retourner", "retours": []any{map[string]string{"numeroASP": n, "motif": "AC04"}}}); err != nil || !ok {
			return err
		}
		v.Carnet.noter(func() {
			x := v.Carnet.Lots[l.ID]
			x.Retournes = append(x.Retournes, n)
			v.Carnet.Lots[l.ID] = x
		})
	}
	_, _, err = v.appelLot(ctx, un, actes, map[string]any{"acte": "regler", "date": time.Now().Format(time.DateOnly)})
	return err
}

// appelLot makes or moves a batch, and notes what the answer acknowledges.
func (v *Vie) appelLot(ctx context.Context, p *Personne, chemin string, corps map[string]any) (l lot, ok bool, err error) {
	b, err := json.Marshal(corps)
	if err != nil {
		return l, false, err
	}
	q := appel{genre: GenreLot, methode: http.MethodPost, chemin: chemin, type_: "application/json", cle: cle(), jeton: p.Jeton, corps: b}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return l, false, err
	}
	if r.statut == http.StatusConflict || r.statut == http.StatusUnprocessableEntity {
		return l, false, nil // somebody was there first
	}
	if !r.fait() || json.Unmarshal(r.corps, &l) != nil || l.ID == "" {
		return l, false, inattendu(q, r)
	}
	v.Carnet.noter(func() {
		x := v.Carnet.Lots[l.ID]
		x.Statut, x.Total, x.Numeros = l.Statut, l.Total, nil
		for _, d := range l.Demandes {
			x.Numeros = append(x.Numeros, d.NumeroASP)
		}
		v.Carnet.Lots[l.ID] = x
	})
	return l, true, nil
}

// lireVirement notes the payment file, which never changes.
func (v *Vie) lireVirement(ctx context.Context, p *Personne, id string) error {
	q := appel{genre: GenreLecture, methode: http.MethodGet, chemin: "/lots-paiement/" + id + "/virement", jeton: p.Jeton}
	r, err := v.A.appeler(ctx, q)
	if err != nil {
		return err
	}
	if !r.fait() {
		return inattendu(q, r)
	}
	v.Carnet.noter(func() {
		x := v.Carnet.Lots[id]
		x.Virement = empreinte(r.corps)
		v.Carnet.Lots[id] = x
	})
	return nil
}
