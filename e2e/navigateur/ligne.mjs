// A poor line between the browser and the portal: slow, and cut on demand.
import net from "node:net";

// tendre listens on loopback and passes on at most debit bytes a second.
export async function tendre(adresse, debit) {
  const { hostname, port } = new URL(adresse);
  const prises = new Set();
  let coupee = false;
  const serveur = net.createServer((a) => {
    if (coupee) { a.destroy(); return; }
    const b = net.connect(Number(port), hostname);
    for (const s of [a, b]) {
      prises.add(s);
      s.on("close", () => { prises.delete(s); a.destroy(); b.destroy(); });
      s.on("error", () => s.destroy());
    }
    b.pipe(a);
    a.on("data", (morceau) => {
      b.write(morceau);
      a.pause();
      setTimeout(() => a.resume(), (1000 * morceau.length) / debit);
    });
  });
  await new Promise((fait) => serveur.listen(0, "127.0.0.1", fait));
  const couper = () => { for (const s of prises) s.destroy(); };
  return {
    adresse: `http://127.0.0.1:${serveur.address().port}`,
    // couper ends every connection, and lets none in for some milliseconds.
    async couper(duree) {
      coupee = true;
      couper();
      await new Promise((fait) => setTimeout(fait, duree));
      coupee = false;
    },
    fermer() { couper(); serveur.close(); },
  };
}
