// What a script adds to pages that work without it: files dropped on a form,
// selections counted. Big files: see envoi.js; documents: visionneuse.js.
"use strict";
(() => {
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

  // A group of the menu closes when one looks elsewhere, and by the key Escape.
  const groupes = [...document.querySelectorAll(".principal details")];
  for (const nom of ["click", "focusin"]) document.addEventListener(nom, (e) => { for (const g of groupes) if (!g.contains(e.target)) g.open = false; });
  for (const g of groupes) g.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && g.open) { g.open = false; g.querySelector("summary").focus(); }
  });

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

  // s takes the next request of the queue.
  const suivante = document.querySelector("button[data-touche=s]");
  if (suivante) document.addEventListener("keydown", (e) => {
    if (e.key === "s" && !e.ctrlKey && !e.metaKey && !e.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { e.preventDefault(); suivante.click(); }
  });

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
