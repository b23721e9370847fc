package rapport

// styleHTML is the style sheet of the page. Colours keep a contrast of 4.5 at
// least in both schemes; nothing is said by colour alone.
const styleHTML = `
:root { color-scheme: light dark; --fond: #fff; --fond2: #f3f4f7; --texte: #1b1f27; --pale: #555d6b; --trait: #d3d8e0;
  --erreur: #a3122a; --fonderreur: #fdecee; --alerte: #7a4b00; --fondalerte: #fff4dc; --bon: #17633a; --fondbon: #e6f5ec; --lien: #0b4f9e; --marque: #ffd9de; }
@media (prefers-color-scheme: dark) {
  :root { --fond: #14171c; --fond2: #1e232b; --texte: #e8eaee; --pale: #a9b1be; --trait: #3a424e;
    --erreur: #ff9aa8; --fonderreur: #3a1820; --alerte: #f3c366; --fondalerte: #332710; --bon: #7fd7a3; --fondbon: #12301f; --lien: #8fc0ff; --marque: #6b1f2e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--fond); color: var(--texte); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.page { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
a { color: var(--lien); }
a:focus-visible, .cadre:focus-visible, main:focus-visible { outline: 3px solid var(--lien); outline-offset: 2px; }
.saut { position: absolute; left: -100vw; }
.saut:focus { left: 1rem; top: .5rem; background: var(--fond); padding: .5rem 1rem; z-index: 1; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h3 { font-size: 1.1rem; margin: 2rem 0 .75rem; } h3.apres { margin: 1.25rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0 0 .5rem; }
.intro, .empreinte { color: var(--pale); margin: 0; overflow-wrap: anywhere; } .fichier > .empreinte { margin-top: 1rem; font-size: .875rem; }
.fichier, .bilan { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 3px solid var(--trait); }
.verdict { margin: 0 0 1rem; padding: .75rem 1rem; border-left: .375rem solid; border-radius: .25rem; }
.verdict strong { font-size: 1.1rem; }
.accepte { background: var(--fondbon); border-color: var(--bon); } .accepte strong { color: var(--bon); }
.partiel { background: var(--fondalerte); border-color: var(--alerte); } .partiel strong { color: var(--alerte); }
.rejete { background: var(--fonderreur); border-color: var(--erreur); } .rejete strong { color: var(--erreur); }
.nonlu { background: var(--fond2); border-color: var(--pale); }
.comptes { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.comptes li { background: var(--fond2); border-radius: .25rem; padding: .4rem .9rem; min-width: 7rem; }
.comptes b { display: block; font-size: 1.4rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.suite { margin: 0; padding-left: 1.25rem; } .suite li { margin: .25rem 0; }
.code { border: 1px solid var(--trait); border-left: .375rem solid var(--erreur); border-radius: .25rem; padding: 1rem; margin: 0 0 1rem; }
.code.avertissement { border-left-color: var(--alerte); }
.numero { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; color: var(--erreur); margin-right: .5rem; }
.avertissement .numero { color: var(--alerte); }
.fois { color: var(--pale); font-weight: 400; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 .75rem; }
dt { color: var(--pale); } dd { margin: 0; overflow-wrap: anywhere; }
.cadre { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
caption { text-align: left; color: var(--pale); padding: 0 0 .35rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--trait); }
thead th { border-top: 0; border-bottom: 2px solid var(--trait); white-space: nowrap; }
tbody th { font-weight: 600; }
td { overflow-wrap: anywhere; min-width: 5rem; } td.large { min-width: 12rem; } .nombre { font-variant-numeric: tabular-nums; }
.source { display: block; font: .85rem/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--fond2); border-radius: .25rem; padding: .2rem .5rem; margin-top: .25rem; }
mark { background: var(--marque); color: inherit; font-weight: 700; border-bottom: 2px solid var(--erreur); }
.avertissement mark { background: var(--fondalerte); border-color: var(--alerte); }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--trait); font-size: .875rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } .page { padding: 1rem .9rem 3rem; } th, td { padding-right: .5rem; } .code { padding: .75rem; } }
@media print {
  :root { color-scheme: light; --fond: #fff; --fond2: #f3f4f7; --texte: #000; --pale: #444; --trait: #999; --erreur: #8a0f24; --fonderreur: #fff;
    --alerte: #6b4200; --fondalerte: #fff; --bon: #0f4f2d; --fondbon: #fff; --lien: #000; --marque: #fff; }
  body { font-size: 10pt; } .page { max-width: none; padding: 0; } .saut { display: none; } a { text-decoration: none; }
  .cadre { overflow: visible; } tr, dl, .verdict { break-inside: avoid; } h2, h3, h4, caption { break-after: avoid; }
  .code { break-inside: avoid; } .code dl { break-after: avoid; } thead { display: table-header-group; } @page { margin: 15mm; } }
`
