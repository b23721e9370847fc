// What a script adds to pages that work without it: a progress bar for big
// files, files dropped on a form, selections counted, scans turned and enlarged.
"use strict";
(() => {
  const octets = (n) => (n < 1e6 ? Math.round(n / 1e3) + " ko" : (n / 1e6).toFixed(1).replace(".", ",") + " Mo");

  // A form marked data-progres sends its file with a bar; the answer is shown
  // as if the browser had sent the form.
  for (const form of document.querySelectorAll("form[data-progres]")) {
    form.addEventListener("submit", (e) => {
      const file = form.querySelector("input[type=file]").files[0];
      if (!file || file.size < 2e6) return;
      e.preventDefault();
      const zone = form.querySelector("[data-barre]");
      const barre = document.createElement("progress");
      const phrase = document.createElement("p");
      barre.max = file.size;
      barre.setAttribute("aria-label", "Envoi du fichier");
      phrase.setAttribute("role", "status");
      zone.replaceChildren(barre, phrase);
      for (const b of form.querySelectorAll("button")) b.disabled = true;
      const envoi = new XMLHttpRequest();
      envoi.open("POST", form.action);
      envoi.upload.onprogress = (p) => {
        barre.value = p.loaded;
        phrase.textContent = p.loaded < p.total ? octets(p.loaded) + " sur " + octets(p.total) : "Tout est envoyé ; contrôle en cours…";
      };
      envoi.onload = () => {
        if (envoi.status < 300 && envoi.responseURL !== form.action) { location.assign(envoi.responseURL); return; }
        const page = new DOMParser().parseFromString(envoi.responseText, "text/html").querySelector("main");
        if (page) document.querySelector("main").replaceWith(page);
        scrollTo(0, 0);
      };
      envoi.onerror = () => {
        phrase.textContent = "L’envoi s’est interrompu. Vérifiez votre connexion, puis recommencez : ce qui est déjà reçu est conservé.";
        for (const b of form.querySelectorAll("button")) b.disabled = false;
      };
      envoi.send(new FormData(form));
    });
  }

  // Files can be dropped on the frame around a file field.
  for (const zone of document.querySelectorAll(".depose-ici")) {
    const champ = zone.querySelector("input[type=file]");
    for (const nom of ["dragenter", "dragover"]) zone.addEventListener(nom, (e) => { e.preventDefault(); zone.classList.add("survol"); });
    for (const nom of ["dragleave", "drop"]) zone.addEventListener(nom, () => zone.classList.remove("survol"));
    zone.addEventListener("drop", (e) => {
      e.preventDefault();
      if (e.dataTransfer.files.length) { champ.files = e.dataTransfer.files; champ.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  }

  // A selection says how many lines it holds; one box takes the whole page.
  for (const form of document.querySelectorAll("form[data-selection]")) {
    const cases = () => [...form.querySelectorAll("input[name=numeros]")];
    const tout = form.querySelector("[data-tout]");
    const compte = form.querySelector("[data-compte]");
    const dire = () => {
      const n = cases().filter((c) => c.checked).length;
      if (compte) compte.textContent = n === 0 ? "Aucune demande sélectionnée" : n === 1 ? "1 demande sélectionnée" : n + " demandes sélectionnées";
      if (tout) { tout.checked = n > 0 && n === cases().length; tout.indeterminate = n > 0 && n < cases().length; }
    };
    if (tout) { tout.hidden = false; tout.addEventListener("change", () => { for (const c of cases()) c.checked = tout.checked; dire(); }); }
    form.addEventListener("change", dire);
    dire();
  }

  // Scans: buttons, and the keys + - r, as in any viewer.
  for (const vue of document.querySelectorAll("[data-vue]")) {
    const image = vue.querySelector("img");
    if (!image) continue;
    const gestes = {
      zoom: () => { image.dataset.zoom = Math.min(3, Number(image.dataset.zoom || 0) + 1); },
      moins: () => { image.dataset.zoom = Math.max(0, Number(image.dataset.zoom || 0) - 1); },
      tour: () => { image.dataset.tour = (Number(image.dataset.tour || 0) + 1) % 4; },
    };
    const barre = vue.querySelector("[data-gestes]");
    barre.hidden = false;
    for (const b of barre.querySelectorAll("button")) b.addEventListener("click", gestes[b.dataset.geste]);
    vue.addEventListener("keydown", (e) => {
      const geste = { "+": "zoom", "-": "moins", r: "tour" }[e.key];
      if (geste && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); gestes[geste](); }
    });
  }

  // Between two requests: j the next, k the one before, outside any field.
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    const lien = { j: "a[data-suivante]", k: "a[data-precedente]" }[e.key];
    const cible = lien && document.querySelector(lien);
    if (cible) { e.preventDefault(); cible.click(); }
  });

  for (const b of document.querySelectorAll("[data-imprimer]")) { b.hidden = false; b.addEventListener("click", () => print()); }
  for (const b of document.querySelectorAll("[data-copier]")) {
    b.hidden = false;
    b.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(b.dataset.copier).textContent);
      b.textContent = "Copié";
    });
  }
})();
