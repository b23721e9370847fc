// A worker that runs the program segur on files lent by the page. It may load
// its two scripts and nothing else: the policy it is served with (statique.go)
// lets it open no connection, so that what it reads cannot leave the machine.
//
// The page first sends {module, outil, role, essai}: the compiled program, the
// address of Go's glue, "controle" or "lecteur", a reader of PDF documents, and
// whether it tries itself on a sample first. A control then waits for {args,
// fichiers} and answers {statut, sortie, erreur}; a reader takes {octets} and
// answers {ligne}, one document at a time.
"use strict";

const ERREUR = (code) => Object.assign(new Error(code), { code });
const AVANCE = 1 << 20; // what is read ahead: archives are read in small steps

// Fichiers is the system of files of a Go program: one folder, read only.
class Fichiers {
  constructor() {
    this.noms = new Map();
    this.ouverts = new Map();
    this.suivant = 10;
    this.constants = { O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536 };
  }

  trouver(chemin) {
    const nom = chemin.replace(/^(\.?\/)+/, "");
    if (nom === "" || nom === ".") return null;
    const f = this.noms.get(nom);
    if (!f) throw ERREUR("ENOENT");
    return f;
  }

  etat(f) {
    return {
      dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, blocks: 0, atimeMs: 0, ctimeMs: 0,
      mode: f ? 0o100444 : 0o40555, size: f ? f.size : 0, mtimeMs: f ? f.lastModified : 0,
      isDirectory: () => !f,
    };
  }

  // lire gives at most n bytes of an open file, from a place on.
  lire(o, position, n) {
    if (position < o.debut || position + n > o.debut + o.avance.length) {
      const fin = Math.min(o.fichier.size, position + Math.max(n, AVANCE));
      o.avance = new Uint8Array(new FileReaderSync().readAsArrayBuffer(o.fichier.slice(position, fin)));
      o.debut = position;
    }
    return o.avance.subarray(position - o.debut, position - o.debut + n);
  }
}

// rappeler gives a Go program the answer of a call, or why there is none.
function rappeler(rappel, faire) {
  let valeur;
  try {
    valeur = faire();
  } catch (e) {
    rappel(e.code ? e : ERREUR("EIO"));
    return;
  }
  rappel(null, valeur);
}

// monde makes what Go's glue asks of a system, and what comes out of it.
function monde(entree) {
  const fichiers = new Fichiers();
  const sorties = { 1: [], 2: [] };
  const ecrire = (fd, octets) => {
    if (!sorties[fd]) throw ERREUR("EBADF");
    sorties[fd].push(octets.slice());
    return octets.length;
  };
  const fs = {
    constants: fichiers.constants,
    writeSync: ecrire,
    write: (fd, octets, debut, n, position, rappel) => rappeler(rappel, () => ecrire(fd, octets.subarray(debut, debut + n))),
    open: (chemin, droits, mode, rappel) => rappeler(rappel, () => {
      if (droits & 3) throw ERREUR("EROFS");
      const fichier = fichiers.trouver(chemin);
      fichiers.ouverts.set(++fichiers.suivant, { fichier, position: 0, avance: new Uint8Array(0), debut: 0 });
      return fichiers.suivant;
    }),
    close: (fd, rappel) => rappeler(rappel, () => { fichiers.ouverts.delete(fd); }),
    read: (fd, octets, debut, n, position, rappel) => {
      if (fd === 0) { entree(octets.subarray(debut, debut + n), rappel); return; }
      rappeler(rappel, () => {
        const o = fichiers.ouverts.get(fd);
        if (!o) throw ERREUR("EBADF");
        if (!o.fichier) throw ERREUR("EISDIR");
        const lus = fichiers.lire(o, position ?? o.position, n);
        octets.set(lus, debut);
        if (position === null) o.position += lus.length;
        return lus.length;
      });
    },
    stat: (chemin, rappel) => rappeler(rappel, () => fichiers.etat(fichiers.trouver(chemin))),
    fstat: (fd, rappel) => rappeler(rappel, () => {
      const o = fichiers.ouverts.get(fd);
      if (!o) throw ERREUR("EBADF");
      return fichiers.etat(o.fichier);
    }),
    readdir: (chemin, rappel) => rappeler(rappel, () => {
      if (fichiers.trouver(chemin)) throw ERREUR("ENOTDIR");
      return [...fichiers.noms.keys()];
    }),
    fsync: (fd, rappel) => rappel(null),
  };
  fs.lstat = fs.stat;
  for (const nom of ["chmod", "chown", "fchmod", "fchown", "ftruncate", "lchown", "link", "mkdir", "rename", "rmdir", "symlink", "truncate", "unlink", "utimes"]) {
    fs[nom] = (...args) => args.at(-1)(ERREUR("EROFS"));
  }
  fs.readlink = (chemin, rappel) => rappel(ERREUR("EINVAL"));
  return { fs, fichiers, sorties };
}

// tuyau is a standard input that messages fill.
function tuyau() {
  let reserve = new Uint8Array(0);
  let attente = null;
  const servir = () => {
    if (!attente || reserve.length === 0) return;
    const { cible, rappel } = attente;
    const n = Math.min(cible.length, reserve.length);
    cible.set(reserve.subarray(0, n));
    reserve = reserve.subarray(n);
    attente = null;
    rappel(null, n);
  };
  return {
    entree: (cible, rappel) => { attente = { cible, rappel }; servir(); },
    remplir: (octets) => {
      const tout = new Uint8Array(reserve.length + octets.length);
      tout.set(reserve);
      tout.set(octets, reserve.length);
      reserve = tout;
      servir();
    },
  };
}

// installer gives Go's glue the world it runs in, and loads it.
function installer(m, outil) {
  self.fs = m.fs;
  self.path = { resolve: (...chemins) => chemins.at(-1) };
  self.process = { cwd: () => "/", pid: 1, ppid: 1, umask: () => 0, getuid: () => 1, getgid: () => 1, geteuid: () => 1, getegid: () => 1, getgroups: () => [] };
  importScripts(outil);
}

// lancer runs the program to its end and gives its exit status.
async function lancer(module) {
  const go = new Go();
  go.argv = ["segur"];
  let statut = 3;
  go.exit = (s) => { statut = s; };
  await go.run(await WebAssembly.instantiate(module, go.importObject));
  return statut;
}

// exemple is a file of nobody, with what most files hold.
function exemple() {
  const demande = (i) => ({
    numLigne: i + 1, typeAction: "C", numeroASP: null, numeroEditeur: String(i).padStart(5, "0"),
    commande: { dateCommande: "02/01/2023", regimeTVA: "TTC", montantSegurHT: 708.33 },
    certificatsServeur: { statutAdminTechnique: "E", numeroCarteCPX: "0000000000", nomAdminTechnique: "EXEMPLE", telAdminTechnique: "0100000000", emailAdminTechnique: "exemple@exemple.example" },
    beneficiaire: { nomResponsable: i % 2 ? "EXEMPLE" : "Exemple", emailResponsable: null, telephoneResponsable: null, FINESSGeo: "750000000" },
    piecesJustificatives: [{ nomFichier: `PHA-LGO-Va1-BDC-${String(i).padStart(5, "0")}.pdf`, formatFichier: "PDF", typeFichier: "BON_COMMANDE" }],
    scenarioInstallation: { hasBALMSSantePersonnelle: true, operateurMessagerie: null }, codeTraitement: null, libelleTraitement: null,
  });
  const contenu = { impId: null, numeroAns: "0000000000", SIRET: "00000000000000", lignesImport: Array.from({ length: 40 }, (_, i) => demande(i)) };
  return new File([JSON.stringify(contenu, null, 2)], "exemple.json");
}

// controler stands ready, then controls once.
async function controler({ module, outil, essai }) {
  const m = monde((cible, rappel) => rappel(null, 0));
  let rendre = null;
  self.segurLirePDF = (octets) => new Promise((tenir) => {
    rendre = tenir;
    postMessage({ octets }, [octets.buffer]);
  });
  self.segurArguments = () => {
    m.fichiers.noms.clear();
    if (essai) {
      essai = false;
      const f = exemple();
      m.fichiers.noms.set(f.name, f);
      return Promise.resolve(["__essayer", "controler", "--nom", "non", "--date", "2023-07-01", "--sortie", "html", f.name]);
    }
    postMessage({ pret: true });
    return new Promise((tenir) => {
      self.onmessage = ({ data }) => {
        if (data.ligne !== undefined) { rendre(data.ligne); return; }
        for (const f of data.fichiers) m.fichiers.noms.set(f.name, f);
        tenir(data.args);
      };
    });
  };
  installer(m, outil);
  const statut = await lancer(module);
  postMessage({ statut, sortie: new Blob(m.sorties[1]), erreur: await new Blob(m.sorties[2]).text() });
}

// lire reads PDF documents until the page ends the worker.
async function lire({ module, outil }) {
  const t = tuyau();
  const m = monde(t.entree);
  let salue = false;
  let texte = "";
  m.sorties[1].push = (octets) => {
    texte += new TextDecoder().decode(octets);
    for (let fin; (fin = texte.indexOf("\n")) >= 0; texte = texte.slice(fin + 1)) {
      postMessage(salue ? { ligne: texte.slice(0, fin) } : { pret: true });
      salue = true;
    }
  };
  self.onmessage = ({ data }) => {
    const taille = new Uint8Array(4);
    new DataView(taille.buffer).setUint32(0, data.octets.length);
    t.remplir(taille);
    t.remplir(data.octets);
  };
  self.segurArguments = () => Promise.resolve(["__lire-pdf"]);
  installer(m, outil);
  await lancer(module);
  postMessage({ fini: true });
}

self.onmessage = ({ data }) => {
  (data.role === "lecteur" ? lire(data) : controler(data)).catch((e) => postMessage({ panne: String(e.message || e) }));
};
