package main

import (
	"context"
	"fmt"

	"guichet.example/internal/guichet"
)

// retourDemo is a bank's answer to a payment order: one transfer came back, its
// account is closed.
const retourDemo = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">
 <CstmrPmtStsRpt>
  <GrpHdr><MsgId>BANQUE-FICTIVE-1</MsgId><CreDtTm>%sT08:00:00</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
  <OrgnlPmtInfAndSts>
   <OrgnlPmtInfId>%[2]s</OrgnlPmtInfId>
   <TxInfAndSts><OrgnlEndToEndId>%[3]s</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Compte clos (exemple)</AddtlInf></StsRsnInf></TxInfAndSts>
  </OrgnlPmtInfAndSts>
 </CstmrPmtStsRpt>
</Document>
`

// rejeter has the bank send a payment back, by a file of its own.
func (m *monde) rejeter(ctx context.Context, d *guichet.Demande) error {
	if err := m.payer(ctx, []guichet.Demande{*d}, false); err != nil {
		return err
	}
	un, err := m.acteur(ctx, "comptable1@agence.example")
	if err != nil {
		return err
	}
	g := m.p.guichet
	ls, err := g.Lots(ctx, un, 1)
	if err != nil {
		return err
	}
	r, err := g.RecevoirReleve(ctx, un, fmt.Appendf(nil, retourDemo, g.Aujourdhui().ISO(), ls[0].ID.Ordre(), d.NumeroASP))
	if err != nil {
		return err
	}
	_, err = g.AppliquerReleve(ctx, un, r.SHA256, guichet.Appel{})
	return err
}

// recouvrer finds against two paid requests: what is due for the first is kept
// back of the payment of suivante, so that nothing of it is left for what
// visitors pay; what is due for the second is to be paid back.
func (m *monde) recouvrer(ctx context.Context, retenue, ouverte, suivante *guichet.Demande) error {
	if err := m.payer(ctx, []guichet.Demande{*retenue, *ouverte}, true); err != nil {
		return err
	}
	non := false
	var histoire []etape
	for i, x := range []guichet.ActeDemande{
		{Action: guichet.Recouvrer, Montant: "45.00", Mode: guichet.ModeCompensation, Motif: "Une remise de 150,00 € n’était pas déduite du bon de commande."},
		{Action: guichet.Recouvrer, Montant: "120.00", Motif: "Le logiciel n’est plus en service dans cette officine."},
	} {
		histoire = append(histoire, etape{"controleur@agence.example", i, guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Signalement (exemple)"}},
			etape{"controleur@agence.example", i, guichet.ActeDemande{Action: guichet.Constater, Conforme: &non, Observations: "Constat fictif, pièces à l’appui."}},
			etape{"controleur@agence.example", i, x})
	}
	if err := m.jouer(ctx, []guichet.Demande{*retenue, *ouverte}, histoire); err != nil {
		return err
	}
	return m.payer(ctx, []guichet.Demande{*suivante}, false)
}
