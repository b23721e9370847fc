// The viewer beside a request: scans enlarged and turned in the page, PDF drawn
// by pdf.js in a frame without origin (visionneuse/cadre.js), pages and pieces
// by keyboard. Without this script the browser shows both by itself.
"use strict";
(() => {
  const PALIERS = [0.5, 0.75, 1, 1.5, 2.25, 3.4, 5]; // times the width of the viewer
  const PLEIN = PALIERS.indexOf(1);
  const DELAI = 20_000; // after which a document that does not show goes to the browser

  // scan gives the gestures of an image: its sheet has the size of what is seen
  // of it, so that every edge can be scrolled to.
  const scan = (cadre, image, dire) => {
    const feuille = cadre.querySelector(".feuille");
    let palier = PLEIN, tour = 0;
    const poser = () => {
      const w = image.naturalWidth, h = image.naturalHeight;
      if (!w || !h) return;
      const couche = tour % 2 === 1, large = (cadre.clientWidth - 2) * PALIERS[palier];
      const echelle = large / (couche ? h : w);
      feuille.classList.add("posee");
      feuille.style.width = large + "px";
      feuille.style.height = (couche ? w : h) * echelle + "px";
      image.style.width = w * echelle + "px";
      image.style.height = h * echelle + "px";
      image.style.transform = `translate(-50%, -50%) rotate(${tour * 90}deg)`;
      dire({ palier: Math.round(PALIERS[palier] * 100), tour });
    };
    const grossir = (p) => { palier = Math.max(0, Math.min(PALIERS.length - 1, p)); poser(); };
    const zoomer = { zoom: () => grossir(palier + 1), moins: () => grossir(palier - 1), ajuster: () => grossir(PLEIN), tour: () => { tour = (tour + 1) % 4; poser(); } };
    if (image.complete) poser(); else image.addEventListener("load", poser);
    addEventListener("resize", poser);
    return (geste) => zoomer[geste]?.();
  };

  // pdf gives those of a PDF, which the frame draws.
  const pdf = (cadre, dire, touche) => {
    const { pdf: adresse, cadre: page, nom } = cadre.dataset;
    const fenetre = document.createElement("iframe");
    let montre = false;
    const rendre = () => { // to the reader of the browser
      clearTimeout(delai);
      removeEventListener("message", entendre);
      const autre = document.createElement("iframe");
      autre.title = fenetre.title;
      autre.src = adresse + "#navpanes=0&view=FitH";
      cadre.replaceChildren(autre);
      dire({ echec: true });
    };
    const entendre = async (e) => {
      if (e.source !== fenetre.contentWindow) return;
      switch (e.data?.genre) {
        case "pret":
          try {
            const r = await fetch(adresse);
            if (!r.ok) throw new Error(String(r.status));
            const octets = await r.arrayBuffer();
            fenetre.contentWindow.postMessage({ genre: "document", octets, nom }, "*", [octets]);
          } catch {
            rendre();
          }
          break;
        case "etat":
          montre = true;
          clearTimeout(delai);
          dire(e.data);
          break;
        case "touche":
          touche(e.data.touche);
          break;
        case "echec":
          if (!montre) rendre();
      }
    };
    const delai = setTimeout(rendre, DELAI);
    addEventListener("message", entendre);
    fenetre.title = "Document " + nom;
    fenetre.setAttribute("sandbox", "allow-scripts");
    fenetre.src = page;
    cadre.replaceChildren(fenetre);
    return (geste) => fenetre.contentWindow?.postMessage({ genre: "geste", geste }, "*");
  };

  for (const vue of document.querySelectorAll("[data-vue]")) {
    const cadre = vue.querySelector(".visionneuse");
    const barre = vue.querySelector("[data-gestes]");
    const etat = vue.querySelector("[data-etat]"), aide = vue.querySelector("[data-touches]");
    const voisine = (quoi) => vue.querySelector(`a[data-piece-${quoi}]`)?.click();
    const dire = (x) => {
      for (const b of barre.querySelectorAll("[data-geste^=page-]")) b.hidden = !(x.pages > 1);
      if (x.echec) { barre.hidden = aide.hidden = true; return; }
      Object.assign(vue.dataset, { zoom: x.palier, tour: x.tour });
      etat.textContent = (x.pages ? `Page ${x.page} sur ${x.pages}, ` : "") + `${x.palier} %`;
    };
    const touche = (t) => { if (["p", "n", "j", "k"].includes(t)) vue.dispatchEvent(new KeyboardEvent("keydown", { key: t, bubbles: true, cancelable: true })); };
    const image = cadre.querySelector("img");
    if (!image && !cadre.dataset.pdf) continue; // left to the browser
    const faire = image ? scan(cadre, image, dire) : pdf(cadre, dire, touche);
    barre.hidden = aide.hidden = false;
    for (const b of barre.querySelectorAll("button")) b.addEventListener("click", () => faire(b.dataset.geste));
    const gestes = { "+": "zoom", "-": "moins", 0: "ajuster", r: "tour", PageUp: "page-avant", PageDown: "page-apres" };
    vue.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key === "p" || e.key === "n") { e.preventDefault(); voisine(e.key === "p" ? "avant" : "apres"); }
      else if (gestes[e.key] && !(image && e.key.startsWith("Page"))) { e.preventDefault(); faire(gestes[e.key]); }
    });
  }
})();
