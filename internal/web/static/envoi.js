// Big files, for forms that work without this script. A form marked data-progres
// sends its file with a bar; one that also says data-tranches, where slices go,
// survives a cut line and a page that was closed: the same file, chosen again,
// goes on where it stopped.
"use strict";
(() => {
  const seuil = 2e6, tranche = 16 * 2 ** 20, attenteMax = 30;
  const octets = (n) => (n < 1e6 ? Math.round(n / 1e3) + " ko" : (n / 1e6).toFixed(1).replace(".", ",") + " Mo");
  const base64 = (t) => btoa(String.fromCharCode(...new TextEncoder().encode(t)));

  // One call. It ends with the request, whatever its status; a cut is an error.
  const appeler = (methode, adresse, { entetes = {}, corps = null, progres = null, tenir = () => {} } = {}) =>
    new Promise((fait, rate) => {
      const x = new XMLHttpRequest();
      x.open(methode, adresse);
      for (const [k, v] of Object.entries(entetes)) x.setRequestHeader(k, v);
      if (progres) x.upload.onprogress = (p) => progres(p.loaded);
      x.onload = () => fait(x);
      x.onerror = () => rate(new Error("coupure"));
      x.onabort = () => rate(new Error("pause"));
      tenir(x);
      x.send(corps);
    });

  // What the answer shows takes the place of the page.
  const montrer = (x, adresse) => {
    if (x.status < 300 && x.responseURL !== adresse) { location.assign(x.responseURL); return; }
    const page = new DOMParser().parseFromString(x.responseText, "text/html").querySelector("main");
    if (page) document.querySelector("main").replaceWith(page);
    scrollTo(0, 0);
    document.querySelector("main [role=alert], main h1")?.scrollIntoView({ block: "center" });
  };
  const phraseDe = (x) => new DOMParser().parseFromString(x.responseText, "text/html").querySelector("main p")?.textContent || "Le portail a répondu " + x.status + ".";

  // The bar of a form, its sentence and its buttons.
  const tableauDe = (form, fichier) => {
    const barre = document.createElement("progress"), phrase = document.createElement("p"), boutons = document.createElement("p");
    barre.max = fichier.size;
    barre.value = 0;
    barre.setAttribute("aria-label", "Envoi de " + fichier.name);
    phrase.setAttribute("role", "status");
    boutons.className = "actions";
    form.querySelector("[data-barre]").replaceChildren(barre, phrase, boutons);
    const champs = [...form.querySelectorAll("button[type=submit], button:not([type]), input[type=file]")].filter((b) => !boutons.contains(b));
    return {
      dire: (t) => { if (phrase.textContent !== t) phrase.textContent = t; },
      avancer: (n) => { barre.value = n; },
      occuper: (oui) => { for (const c of champs) c.disabled = oui; },
      bouton: (texte, geste) => {
        const b = document.createElement("button");
        b.type = "button"; b.className = "btn"; b.textContent = texte;
        b.addEventListener("click", geste);
        boutons.append(b);
        return b;
      },
      finir: () => boutons.replaceChildren(),
    };
  };

  const enUneFois = async (form, fichier) => {
    const t = tableauDe(form, fichier), corps = new FormData(form);
    t.occuper(true);
    try {
      montrer(await appeler("POST", form.action, { corps, progres: (n) => {
        t.avancer(n);
        t.dire(n < fichier.size ? octets(n) + " sur " + octets(fichier.size) : "Tout est envoyé ; contrôle en cours…");
      } }), form.action);
    } catch {
      t.dire("L’envoi s’est interrompu. Vérifiez votre connexion, puis recommencez : ce qui est déjà enregistré est conservé.");
      t.occuper(false);
    }
  };

  // Waits some seconds, less when the line or the person comes back first.
  const patienter = (secondes, etat) => new Promise((fait) => {
    const fin = () => { clearTimeout(minuterie); removeEventListener("online", fin); etat.reveil = null; fait(); };
    const minuterie = setTimeout(fin, secondes * 1000);
    addEventListener("online", fin);
    etat.reveil = fin;
  });

  // Sends what the portal lacks; false when the form is left to the person.
  const suivre = async (adresse, fichier, depuis, t, etat) => {
    let recu = depuis, essai = 0;
    while (recu < fichier.size) {
      while (etat.pause) await new Promise((fait) => { etat.reveil = fait; });
      if (etat.abandon) return false;
      let x = null;
      try {
        x = await appeler("PATCH", adresse, {
          entetes: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": recu, "Tus-Resumable": "1.0.0" },
          corps: fichier.slice(recu, recu + tranche), tenir: (y) => { etat.appel = y; },
          progres: (n) => { t.avancer(recu + n); t.dire(octets(recu + n) + " sur " + octets(fichier.size)); },
        });
      } catch { /* cut or paused: the portal is asked below */ }
      etat.appel = null;
      if (x && [401, 403, 404, 413, 415].includes(x.status)) { t.dire(phraseDe(x)); return false; }
      if (x && x.status === 204) { recu = Number(x.getResponseHeader("Upload-Offset")); essai = 0; continue; }
      if (!etat.pause && !etat.abandon) {
        const secondes = Math.min(attenteMax, 2 ** essai++);
        t.dire("La ligne est coupée à " + octets(recu) + " sur " + octets(fichier.size) + ". Reprise dans " + secondes + " s : ce qui est arrivé est gardé.");
        await patienter(secondes, etat);
      }
      try {
        const la = await appeler("HEAD", adresse);
        if (la.status === 404) { t.dire("Cet envoi s’est effacé. Recommencez-le."); return false; }
        if (la.status === 200 && la.getResponseHeader("Upload-Offset") === null) { t.dire("Votre session est terminée. Reconnectez-vous et choisissez le même fichier : il reprendra où il en était."); return false; }
        if (la.status === 200) { const avant = recu; recu = Number(la.getResponseHeader("Upload-Offset")); if (recu > avant) essai = 0; t.avancer(recu); }
      } catch { /* still cut: the next round waits longer */ }
    }
    return true;
  };

  const parTranches = async (form, fichier) => {
    const t = tableauDe(form, fichier), etat = { pause: false, abandon: false, appel: null, reveil: null };
    t.occuper(true);
    t.dire("Préparation de l’envoi…");
    const cle = [fichier.name, fichier.size, fichier.lastModified].join(":");
    let annonce;
    try {
      annonce = await appeler("POST", form.dataset.tranches, { entetes: { "Upload-Length": fichier.size, "Tus-Resumable": "1.0.0", "Upload-Metadata": "filename " + base64(fichier.name) + ",cle " + base64(cle.slice(-150)) } });
    } catch {
      t.dire("Le portail ne répond pas. Vérifiez votre connexion, puis recommencez.");
      t.occuper(false);
      return;
    }
    if (annonce.status >= 300) { t.dire(phraseDe(annonce)); t.occuper(false); return; }
    const adresse = annonce.getResponseHeader("Location"), depuis = Number(annonce.getResponseHeader("Upload-Offset"));
    t.avancer(depuis);
    if (depuis > 0) t.dire("Reprise à " + octets(depuis) + " sur " + octets(fichier.size) + ".");
    const pause = t.bouton("Mettre en pause", () => {
      etat.pause = !etat.pause;
      pause.textContent = etat.pause ? "Reprendre" : "Mettre en pause";
      if (etat.pause) { etat.appel?.abort(); t.dire("En pause. Ce qui est arrivé est gardé."); }
      etat.reveil?.();
    });
    t.bouton("Abandonner l’envoi", () => { etat.abandon = true; etat.pause = false; etat.appel?.abort(); etat.reveil?.(); });
    const entier = await suivre(adresse, fichier, depuis, t, etat);
    t.finir();
    if (etat.abandon) {
      await appeler("POST", adresse + "/abandon").catch(() => null);
      t.dire("L’envoi est abandonné ; rien n’en est gardé.");
    }
    if (entier) {
      t.dire("Tout est envoyé ; contrôle en cours…");
      for (let essai = 0; essai < 6; essai++) {
        try { montrer(await appeler("POST", adresse + "/fin"), new URL(adresse + "/fin", location).href); return; } catch { await patienter(2 ** essai, etat); }
      }
      t.dire("Le portail ne répond plus. L’archive est arrivée en entier : renvoyez le même fichier, il ne repartira pas de zéro.");
    }
    t.occuper(false);
  };

  // On the document, so that forms of a page shown in the place of another have
  // it too.
  document.addEventListener("submit", (e) => {
    const form = e.target.closest("form[data-progres]");
    const fichier = form?.querySelector("input[type=file]").files[0];
    if (!fichier || fichier.size < seuil) return;
    e.preventDefault();
    if (form.dataset.tranches) parTranches(form, fichier); else enUneFois(form, fichier);
  });
})();
