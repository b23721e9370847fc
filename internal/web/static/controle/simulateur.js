// The simulator on the machine of who uses it: the page fetches the program
// segur once, and a worker that can open no connection runs it on the files.
// Where that does not work the form goes to the portal, as without a script.
"use strict";
(async () => {
  const form = document.querySelector("form[data-module]");
  if (!form || !self.WebAssembly || !self.Worker) return;
  const { module: adresse, ouvrier, outil, horsLigne } = form.dataset;
  const durcis = JSON.parse(form.dataset.durcis); // what the portal refuses beyond the format, and from when
  const locaux = form.querySelectorAll("[data-local]");
  const etat = form.querySelector("[data-barre]");
  const bouton = form.querySelector("button");
  const DELAI_PDF = 10_000; // ms for one document, as the command allows

  let module;
  try {
    module = await WebAssembly.compileStreaming(fetch(adresse));
  } catch {
    return; // the form goes to the portal
  }

  const demarrer = (role, essai = false) => {
    const w = new Worker(ouvrier);
    w.postMessage({ module, outil, role, essai });
    return w;
  };
  // The first program takes its time to start, and tries itself on a sample:
  // what it uses is compiled then, for all programs, rather than at the first
  // click. From then on one always waits.
  let pret = demarrer("controle", true);
  const lance = await new Promise((bon) => {
    pret.onmessage = ({ data }) => bon(data.pret);
    pret.onerror = (e) => { e.preventDefault(); bon(false); };
  });
  if (!lance) return; // the form goes to the portal

  // lecteur reads PDF documents one after the other, each in its time.
  const lecteur = () => {
    let w = null;
    const fermer = () => { w?.terminate(); w = null; };
    const lire = (octets) => new Promise((rendre) => {
      const finir = (ligne) => { clearTimeout(garde); rendre(ligne); };
      let garde;
      const envoyer = () => {
        garde = setTimeout(() => { fermer(); finir("limites"); }, DELAI_PDF);
        w.postMessage({ octets }, [octets.buffer]);
      };
      const neuf = !w;
      if (neuf) w = demarrer("lecteur");
      w.onmessage = ({ data }) => {
        if (data.pret) { envoyer(); return; }
        if (data.ligne === undefined) fermer();
        finir(data.ligne ?? "limites");
      };
      w.onerror = () => { fermer(); finir("limites"); };
      if (!neuf) envoyer();
    });
    return { lire, fermer };
  };

  // controler runs the command on files; another program is made ready meanwhile.
  const controler = (args, fichiers) => new Promise((tenir, rompre) => {
    const w = pret;
    pret = demarrer("controle");
    const l = lecteur();
    const finir = (f, x) => { w.terminate(); l.fermer(); f(x); };
    w.onmessage = async ({ data }) => {
      if (data.octets) w.postMessage({ ligne: await l.lire(data.octets) });
      else if (data.statut !== undefined) finir(tenir, data);
      else if (data.panne) finir(rompre, new Error(data.panne));
    };
    w.onerror = (e) => { e.preventDefault(); finir(rompre, new Error(e.message)); };
    w.postMessage({ args, fichiers });
  });

  // paris is the day in Paris, whose calendar rules.
  const paris = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(new Date());

  const enregistrer = (blob, nom) => {
    const a = document.createElement("a");
    a.href = URL.createObjectURL(blob);
    a.download = nom;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
  };

  const dire = (texte, grave) => {
    const p = document.createElement("p");
    p.setAttribute("role", grave ? "alert" : "status");
    if (grave) p.className = "alert alert-danger";
    p.textContent = texte;
    etat.replaceChildren(p);
  };

  const formes = [["html", "Page HTML"], ["json", "JSON"], ["csv", "CSV pour tableur"], ["texte", "Texte"]];

  // montrer shows the report that the command wrote, and offers its other forms.
  const montrer = (html, ligne, fichiers) => {
    const vue = document.getElementById("resultat-local");
    const cadre = document.createElement("iframe");
    cadre.title = "Rapport de contrôle";
    cadre.className = "rapport-local";
    cadre.sandbox = "allow-same-origin";
    cadre.onload = () => {
      const ajuster = () => { cadre.style.height = cadre.contentDocument.documentElement.scrollHeight + 4 + "px"; };
      ajuster();
      new ResizeObserver(ajuster).observe(cadre.contentDocument.body);
    };
    cadre.srcdoc = html;
    const actions = document.createElement("div");
    actions.className = "actions";
    for (const [forme, nom] of formes) {
      const b = document.createElement("button");
      b.type = "button";
      b.className = "btn";
      b.textContent = nom;
      b.dataset.forme = forme;
      b.onclick = async () => {
        b.disabled = true;
        try {
          const { sortie } = await controler([...ligne, "--sortie", forme], fichiers);
          enregistrer(sortie, "rapport-de-controle." + (forme === "texte" ? "txt" : forme));
        } catch {
          dire("Le rapport n’a pas pu être refait : un des fichiers a changé ou a été déplacé. Choisissez-les de nouveau.", true);
        }
        b.disabled = false;
      };
      actions.append(b);
    }
    vue.querySelector("[data-rapport]").replaceChildren(cadre);
    vue.querySelector("[data-formes]").replaceChildren(actions);
    vue.hidden = false;
    vue.querySelector("h2").focus();
  };

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    e.stopImmediatePropagation();
    const json = [...form.querySelector("#fichier").files];
    const pieces = [...form.querySelector("#pieces").files];
    const noms = [...json, ...pieces].map((f) => f.name);
    if (new Set(noms).size < noms.length) {
      dire("Deux des fichiers choisis portent le même nom. Renommez-en un, ou contrôlez-les l’un après l’autre.", true);
      return;
    }
    const ligne = ["controler", "--date", paris(), "--type", form.elements.type.value];
    for (const d of durcis) if (d.type === form.elements.type.value && d.depuis <= paris()) ligne.push("--durcis", d.code);
    if (!form.querySelector("#nom").checked) ligne.push("--nom", "non");
    const argument = ({ name }) => (name.startsWith("-") ? "./" : "") + name; // a name is no option
    for (const p of pieces) ligne.push("--pieces", argument(p));
    for (const f of json) ligne.push(argument(f));
    bouton.disabled = true;
    dire("Contrôle en cours sur votre ordinateur…");
    try {
      const r = await controler([...ligne, "--sortie", "html"], [...json, ...pieces]);
      if (r.sortie.size === 0) throw new Error(r.erreur);
      etat.replaceChildren();
      montrer(await r.sortie.text(), ligne, [...json, ...pieces]);
    } catch (cause) {
      dire("Le contrôle n’a pas abouti : " + (cause.message || "un fichier n’a pas pu être lu") + ". Choisissez de nouveau vos fichiers et recommencez.", true);
    }
    bouton.disabled = false;
  }, { capture: true });

  for (const x of locaux) x.hidden = false;
  form.dataset.pret = "oui";
  if (navigator.serviceWorker) {
    try {
      await navigator.serviceWorker.register(horsLigne, { scope: "/simulateur" });
    } catch {
      // the page then only works with the portal in reach
    }
  }
})();
