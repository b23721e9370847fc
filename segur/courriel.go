package segur

// Courriel tells whether t is an e-mail address as D18 has it: one @, a local
// part of 1 to 64 RFC 5322 atom characters and single inner dots, a domain of
// at least two labels of letters, digits and inner hyphens of at most 63
// characters each. The length of the whole is not its business.
func Courriel[T string | []byte](t T) bool {
	i := 0
	for i < len(t) && (atome[t[i]] || t[i] == '.') {
		if t[i] == '.' && (i == 0 || t[i-1] == '.') {
			return false
		}
		i++
	}
	if i == 0 || i > 64 || i == len(t) || t[i] != '@' || t[i-1] == '.' {
		return false
	}
	domaine := t[i+1:]
	debut, etiquettes := 0, 0
	for k := 0; k <= len(domaine); k++ {
		if k < len(domaine) && domaine[k] != '.' {
			if alnum[domaine[k]] == 0 && domaine[k] != '-' {
				return false
			}
			continue
		}
		if n := k - debut; n == 0 || n > 63 || domaine[debut] == '-' || domaine[k-1] == '-' {
			return false
		}
		debut = k + 1
		etiquettes++
	}
	return etiquettes >= 2
}

// atome holds the atext characters of RFC 5322.
var atome = func() (t [256]bool) {
	for c := range t {
		t[c] = alnum[c] != 0
	}
	for _, c := range "!#$%&'*+-/=?^_`{|}~" {
		t[c] = true
	}
	return t
}()
