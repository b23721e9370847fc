// The inside of the frame that shows a PDF. It has no origin (the policy it is
// served with says sandbox): it reads no session and no page of the portal. The
// page around it sends {genre: "document", octets, nom}, then {genre: "geste",
// geste}; it hears {genre: "pret"}, "etat", "touche" and "echec". Nothing that a
// document wants to run is run: only its pages are drawn.
const { module, ouvrier, jbig2, openjpeg } = document.body.dataset;
const feuille = document.getElementById("feuille");
const dire = (genre, reste = {}) => parent.postMessage({ genre, ...reste }, "*");

const PALIERS = [0.5, 0.75, 1, 1.5, 2.25, 3.4, 5]; // times the width of the frame
const PLEIN = PALIERS.indexOf(1);
const PIXELS_MAX = 1 << 24; // of one drawing, whatever the size of the page says

let pdfjs, doc, nom = "", numero = 1, palier = PLEIN, tour = 0, tache = null, demande = 0;

// ouvrirOuvrier starts pdf.js apart from the page: an address is refused to a
// frame without origin, a text of its own is not. A browser that refuses that
// too reads the document here, slower.
async function ouvrirOuvrier() {
  try {
    // No module: a frame without origin may not fetch even its own text as one.
    const texte = `import(${JSON.stringify(new URL(ouvrier, location.href).href)}).catch((e) => setTimeout(() => { throw e; }));`;
    const adresse = URL.createObjectURL(new Blob([texte], { type: "text/javascript" }));
    const w = new Worker(adresse);
    await new Promise((bon, mauvais) => {
      w.addEventListener("message", bon, { once: true }); // it says that it is ready
      w.addEventListener("error", mauvais, { once: true });
      setTimeout(mauvais, 10_000);
    });
    URL.revokeObjectURL(adresse);
    document.body.dataset.apart = "oui";
    return pdfjs.PDFWorker.create({ port: w, verbosity: 0 });
  } catch {
    pdfjs.GlobalWorkerOptions.workerSrc = new URL(ouvrier, location.href).href;
    return undefined;
  }
}

// Decodeurs brings the decoders of scans, when a document has any.
class Decodeurs {
  async fetch({ filename }) {
    const adresse = { "jbig2.wasm": jbig2, "openjpeg.wasm": openjpeg }[filename];
    if (!adresse) throw new Error(filename);
    return new Uint8Array(await (await fetch(adresse, { credentials: "omit" })).arrayBuffer());
  }
}

async function ouvrir(octets) {
  pdfjs = await import(module);
  const worker = await ouvrirOuvrier();
  doc = await pdfjs.getDocument({ data: octets, worker, verbosity: 0, enableXfa: false, BinaryDataFactory: Decodeurs, useWorkerFetch: false, maxImageSize: 1 << 26, useSystemFonts: true }).promise;
  await montrer();
}

// montrer draws the page asked for; a newer call overtakes an older one.
async function montrer() {
  const moi = ++demande;
  tache?.cancel();
  const page = await doc.getPage(numero);
  const rotation = (page.rotate + tour * 90) % 360;
  const large = page.getViewport({ scale: 1, rotation }).width;
  const vue = page.getViewport({ scale: (Math.max(120, feuille.clientWidth - 16) / large) * PALIERS[palier], rotation });
  const finesse = Math.min(devicePixelRatio || 1, Math.sqrt(PIXELS_MAX / (vue.width * vue.height)));
  const toile = document.createElement("canvas");
  toile.width = Math.max(1, Math.floor(vue.width * finesse));
  toile.height = Math.max(1, Math.floor(vue.height * finesse));
  toile.style.width = vue.width + "px";
  toile.style.height = vue.height + "px";
  toile.setAttribute("role", "img");
  toile.setAttribute("aria-label", `Page ${numero} sur ${doc.numPages} de ${nom}`);
  tache = page.render({ canvas: toile, viewport: vue, transform: finesse === 1 ? null : [finesse, 0, 0, finesse, 0, 0] });
  try {
    await tache.promise;
  } catch (e) {
    if (e?.name === "RenderingCancelledException") return;
    throw e;
  }
  const texte = document.createElement("div");
  texte.className = "textLayer";
  const cadre = document.createElement("div");
  cadre.className = "page";
  cadre.style.setProperty("--total-scale-factor", vue.scale);
  cadre.style.width = vue.width + "px";
  cadre.style.height = vue.height + "px";
  cadre.append(toile, texte);
  if (moi !== demande) return;
  feuille.replaceChildren(cadre);
  await new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: texte, viewport: vue }).render();
  if (moi === demande) dire("etat", { page: numero, pages: doc.numPages, palier: Math.round(PALIERS[palier] * 100), tour });
}

const aller = (n) => {
  if (n < 1 || n > doc.numPages || n === numero) return false;
  numero = n;
  feuille.scrollTo(0, 0);
  return true;
};
const grossir = (p) => {
  if (p < 0 || p >= PALIERS.length || p === palier) return false;
  palier = p;
  return true;
};
const gestes = {
  zoom: () => grossir(palier + 1),
  moins: () => grossir(palier - 1),
  ajuster: () => grossir(PLEIN),
  tour: () => { tour = (tour + 1) % 4; return true; },
  "page-avant": () => aller(numero - 1),
  "page-apres": () => aller(numero + 1),
};
const echouer = (e) => dire("echec", { raison: String(e?.name || "Error") });
const faire = (geste) => { if (doc && Object.hasOwn(gestes, geste) && gestes[geste]()) montrer().catch(echouer); };

addEventListener("message", (e) => {
  if (e.source !== parent) return;
  if (e.data?.genre === "geste") faire(e.data.geste);
  if (e.data?.genre === "document" && !pdfjs) {
    nom = String(e.data.nom);
    document.title = nom;
    feuille.setAttribute("aria-label", "Document " + nom);
    ouvrir(e.data.octets).catch(echouer);
  }
});

// The keys of the page around, which does not hear those pressed in here.
const touches = { "+": "zoom", "-": "moins", 0: "ajuster", r: "tour", PageUp: "page-avant", PageDown: "page-apres" };
addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (Object.hasOwn(touches, e.key)) { e.preventDefault(); faire(touches[e.key]); }
  else if (["p", "n", "j", "k"].includes(e.key)) { e.preventDefault(); dire("touche", { touche: e.key }); }
});

let large = feuille.clientWidth, attente;
addEventListener("resize", () => {
  if (!doc || feuille.clientWidth === large) return;
  large = feuille.clientWidth;
  clearTimeout(attente);
  attente = setTimeout(() => montrer().catch(echouer), 150);
});
dire("pret");
