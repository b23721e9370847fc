package segur

// Courriel tells whether t is an e-mail address as D18 has it: one @, a local
// part of 1 to 64 RFC 5322 atom characters and single inner dots, a domain of
// at least two labels of letters, digits and inner hyphens of at most 63
// characters each. The length of the whole is not its business.
func Courriel[T string | []byte](t T) bool {
	i := 0
	for i < len(t) && atome[t[i]] {
		i++
		if i+1 < len(t) && t[i] == '.' && atome[t[i+1]] {
			i++ // a single inner dot
		}
	}
	if i == 0 || i > 64 || i == len(t) || t[i] != '@' {
		return false
	}
	etiquettes := 0
	for {
		i++
		debut := i
		for i < len(t) && etiquette[t[i]] {
			i++
		}
		if n := i - debut; n == 0 || n > 63 || t[debut] == '-' || t[i-1] == '-' {
			return false
		}
		etiquettes++
		if i == len(t) {
			return etiquettes >= 2
		}
		if t[i] != '.' {
			return false
		}
	}
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

// etiquette holds the characters of a domain's labels.
var etiquette = func() (t [256]bool) {
	for c := range t {
		t[c] = alnum[c] != 0 || c == '-'
	}
	return t
}()
