// Passkeys: a form marked data-cle asks the portal what to ask the device for
// (data-debut), asks the device, and goes off with its answer. Without this
// script the form stays hidden, and passwords and codes do.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const octets = (t) => Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const texte = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const cle = (c) => ({ ...c, id: octets(c.id) });

  const ajout = async (o) => {
    const publicKey = { ...o, challenge: octets(o.challenge), user: { ...o.user, id: octets(o.user.id) }, excludeCredentials: (o.excludeCredentials || []).map(cle) };
    const c = await navigator.credentials.create({ publicKey });
    const r = c.response;
    return dire(c, { attestationObject: texte(r.attestationObject), transports: r.getTransports ? r.getTransports() : [] });
  };
  const entree = async (o) => {
    const publicKey = { ...o, challenge: octets(o.challenge), allowCredentials: (o.allowCredentials || []).map(cle) };
    const c = await navigator.credentials.get({ publicKey });
    const r = c.response;
    return dire(c, { authenticatorData: texte(r.authenticatorData), signature: texte(r.signature), userHandle: r.userHandle ? texte(r.userHandle) : "" });
  };
  const dire = (c, reponse) => ({
    id: c.id, rawId: texte(c.rawId), type: c.type, clientExtensionResults: {},
    response: { clientDataJSON: texte(c.response.clientDataJSON), ...reponse },
  });

  const phrase = (e) => {
    switch (e.name) {
      case "NotAllowedError": return "L’appareil n’a pas répondu, ou vous avez renoncé. Recommencez quand vous voulez.";
      case "InvalidStateError": return "Cet appareil a déjà une clé d’accès pour votre compte.";
      case "TypeError": return "Le portail ne répond pas. Vérifiez votre connexion, puis recommencez.";
    }
    return e.message;
  };

  for (const p of document.querySelectorAll("[data-sans-cle]")) p.hidden = true;
  for (const form of document.querySelectorAll("form[data-cle]")) {
    form.hidden = false;
    const faute = form.querySelector("[role=alert]");
    const bouton = form.querySelector("button");
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      faute.hidden = true;
      bouton.disabled = true;
      try {
        const r = await fetch(form.dataset.debut, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        const d = await r.json();
        if (!r.ok) throw new Error(d.erreur);
        const reponse = await { ajout, entree }[form.dataset.cle](d.options);
        form.elements.ceremonie.value = d.ceremonie;
        form.elements.reponse.value = JSON.stringify(reponse);
        if (form.elements.mot_de_passe) form.elements.mot_de_passe.value = "";
        form.submit();
      } catch (x) {
        faute.textContent = phrase(x);
        faute.hidden = false;
        bouton.disabled = false;
      }
    });
  }
})();
