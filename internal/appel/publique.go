package appel

import "net/netip"

// speciales lists what is no address of anybody on the Internet, or leads to
// another one inside (IANA special-purpose registries).
func speciales() []netip.Prefix {
	var ps []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		ps = append(ps, netip.MustParsePrefix(s))
	}
	return ps
}

// Publique tells whether an address is one of the public Internet, reached
// without a translation that could lead inside.
func Publique(ip netip.Addr) bool {
	if ip.Zone() != "" {
		return false
	}
	ip = ip.Unmap()
	// Of IPv6 only 2000::/3 is given out; NAT64 and the like stand outside.
	if ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) {
		return false
	}
	for _, p := range speciales() {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast()
}
