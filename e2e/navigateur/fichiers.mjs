// Plainly fictitious files that suppliers send: deposits, scans, archives.
import { createHmac } from "node:crypto";
import zlib from "node:zlib";

const deux = (n) => String(n).padStart(2, "0");

// aujourdhui is the day in Paris, whatever the machine's zone.
export function aujourdhui() {
  const [j, m, a] = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", day: "2-digit", month: "2-digit", year: "numeric" }).format(new Date()).split("/");
  return { compact: a + m + j, format: `${j}/${m}/${a}`, iso: `${a}-${m}-${j}` };
}

export const nomDepot = (numeroAns, numero) => `JSON-${numeroAns}-${aujourdhui().compact}-${String(numero).padStart(3, "0")}.json`;

export const nomPiece = (numero, type = "BDC", extension = "png") => `PHA-LGO-Va1-${type}-${numero}.${extension}`;

// depot writes a file of one request for each number; fautes changes the
// request of a number before it is written.
export function depot(fournisseur, numeros, fautes = {}) {
  const lignes = numeros.map((numeroEditeur, i) => {
    const d = {
      numLigne: i + 1, typeAction: "C", numeroASP: null, numeroEditeur,
      commande: { dateCommande: aujourdhui().format, regimeTVA: "TTC", montantSegurHT: 708.33 },
      certificatsServeur: { statutAdminTechnique: "E", numeroCarteCPX: "0000000001", nomAdminTechnique: "ADMIN FICTIF", telAdminTechnique: "0100000000", emailAdminTechnique: "admin@pharmacie.example" },
      beneficiaire: { nomResponsable: "RESPONSABLE FICTIF", emailResponsable: null, telephoneResponsable: null, FINESSGeo: "777777777" },
      piecesJustificatives: [{ nomFichier: nomPiece(numeroEditeur), formatFichier: "PNG", typeFichier: "BON_COMMANDE" }],
      scenarioInstallation: { hasBALMSSantePersonnelle: false, operateurMessagerie: null },
      codeTraitement: null, libelleTraitement: null,
    };
    fautes[numeroEditeur]?.(d);
    return d;
  });
  return Buffer.from(JSON.stringify({ impId: null, numeroAns: fournisseur.numeroAns, SIRET: fournisseur.siret, lignesImport: lignes }, null, 2));
}

function morceau(type, contenu) {
  const b = Buffer.alloc(12 + contenu.length);
  b.writeUInt32BE(contenu.length, 0);
  b.write(type, 4, "latin1");
  contenu.copy(b, 8);
  b.writeUInt32BE(zlib.crc32(b.subarray(4, 8 + contenu.length)), 8 + contenu.length);
  return b;
}

// png draws a page of grey lines; the seed makes each one another document.
export function png(graine, large = 420, haut = 594) {
  const entete = Buffer.alloc(13);
  entete.writeUInt32BE(large, 0);
  entete.writeUInt32BE(haut, 4);
  entete.set([8, 0, 0, 0, 0], 8);
  const points = Buffer.alloc((large + 1) * haut, 0xff);
  for (let y = 0; y < haut; y++) {
    points[y * (large + 1)] = 0;
    if (y > 60 && y < haut - 60 && y % 24 < 8) points.fill(0x88, y * (large + 1) + 50, y * (large + 1) + 120 + ((y * 37 + graine * 53) % 240));
  }
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), morceau("IHDR", entete), morceau("IDAT", zlib.deflateSync(points)), morceau("IEND", Buffer.alloc(0))]);
}

// A black rectangle as a copier sends it: Group 4, 160 points by 224.
const telecopie = "fffff2200f0d5" + "f".repeat(60) + "8" + "f".repeat(31) + "0010010";

// pdf writes a document of a page a text, with a scan of a copier; it asks to
// run a script when it is opened, as a hostile one would.
export function pdf(textes) {
  const objets = ["<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\);) >> >>", `<< /Type /Pages /Count ${textes.length} /Kids [${textes.map((_, i) => `${4 + 2 * i} 0 R`).join(" ")}] >>`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
  for (const [i, t] of textes.entries()) {
    const dessin = `BT /F1 24 Tf 60 720 Td (${t}) Tj ET 0.1 0.3 0.6 rg 60 ${400 - 100 * i} 300 120 re f q 200 0 0 280 350 500 cm /Im1 Do Q`;
    objets.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 ${4 + 2 * textes.length} 0 R >> >> /Contents ${5 + 2 * i} 0 R >>`, `<< /Length ${dessin.length} >>\nstream\n${dessin}\nendstream`);
  }
  objets.push(`<< /Type /XObject /Subtype /Image /Width 160 /Height 224 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter [/ASCIIHexDecode /CCITTFaxDecode] /DecodeParms [null << /K -1 /Columns 160 /Rows 224 >>] /Length ${telecopie.length + 1} >>\nstream\n${telecopie}>\nendstream`);
  let s = "%PDF-1.7\n";
  const places = objets.map((o, i) => {
    const place = s.length;
    s += `${i + 1} 0 obj\n${o}\nendobj\n`;
    return place;
  });
  const table = s.length;
  s += `xref\n0 ${objets.length + 1}\n0000000000 65535 f \n${places.map((p) => String(p).padStart(10, "0") + " 00000 n \n").join("")}trailer\n<< /Size ${objets.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(s, "latin1");
}

// zip stores files under flat names.
export function zip(fichiers) {
  const corps = [];
  const table = [];
  let place = 0;
  for (const [nom, contenu] of fichiers) {
    const octets = Buffer.from(nom);
    const h = Buffer.alloc(30);
    h.writeUInt32LE(0x04034b50, 0);
    h.writeUInt16LE(20, 4);
    h.writeUInt16LE(0x800, 6);
    h.writeUInt16LE(0x21, 12);
    h.writeUInt32LE(zlib.crc32(contenu), 14);
    h.writeUInt32LE(contenu.length, 18);
    h.writeUInt32LE(contenu.length, 22);
    h.writeUInt16LE(octets.length, 26);
    const t = Buffer.alloc(46);
    t.writeUInt32LE(0x02014b50, 0);
    t.writeUInt16LE(20, 4);
    h.copy(t, 6, 4, 30);
    t.writeUInt32LE(place, 42);
    corps.push(h, octets, contenu);
    table.push(t, octets);
    place += 30 + octets.length + contenu.length;
  }
  const t = Buffer.concat(table);
  const fin = Buffer.alloc(22);
  fin.writeUInt32LE(0x06054b50, 0);
  fin.writeUInt16LE(fichiers.length, 8);
  fin.writeUInt16LE(fichiers.length, 10);
  fin.writeUInt32LE(t.length, 12);
  fin.writeUInt32LE(place, 16);
  return Buffer.concat([...corps, t, fin]);
}

// siret is a fictitious number whose key holds.
export function siret(debut) {
  for (let cle = 0; ; cle++) {
    const n = debut + cle;
    const somme = [...n].reverse().reduce((t, c, i) => t + (i % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][c] : Number(c)), 0);
    if (somme % 10 === 0) return n;
  }
}

// iban is a fictitious account whose key holds.
export function iban(compte) {
  const cle = 98n - (BigInt(compte + "152700") % 97n);
  return "FR" + deux(cle) + compte;
}

// codeUnique is the TOTP code of a secret, some steps of 30 seconds from now.
export function codeUnique(secret, avance = 0) {
  const bits = [...secret.replace(/[^A-Z2-7]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const cle = Buffer.from(bits.match(/.{8}/g).map((o) => parseInt(o, 2)));
  const compteur = Buffer.alloc(8);
  compteur.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + avance));
  const h = createHmac("sha1", cle).update(compteur).digest();
  return String((h.readUInt32BE(h[19] & 15) & 0x7fffffff) % 1e6).padStart(6, "0");
}
