package segur

import ("testing";"fmt")

func TestEssai(t *testing.T) {
	j := jeuAvance()
	ex := j.Exemple(3)
	r := j.Controler(ex, JourExemple, Options{Nom: NomExemple(1)})
	fmt.Println(string(ex), string(r.AppendJSON(nil, Outil{"segur","x"}, Fichier{}, false)))
	r = j.Controler(j.Modele(), JourExemple, Options{})
	fmt.Println(string(r.AppendJSON(nil, Outil{"segur","x"}, Fichier{}, false)))
	fmt.Println(len(j.Catalogue()))
}
func BenchmarkEssai(b *testing.B) {
	j := jeuAvance()
	ex := j.Exemple(200)
	b.SetBytes(int64(len(ex)))
	b.ReportAllocs()
	for b.Loop() { if j.Controler(ex, JourExemple, Options{}).Verdict() != Accepte { b.Fatal() } }
}
