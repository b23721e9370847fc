// Reports tests as the events of "go test -json", so that `make test` counts
// them with all others (tools/tally).
const Package = "guichet.example/e2e/navigateur";

export default async function* evenements(source) {
  let echec = false;
  const dire = (e) => JSON.stringify({ Package, ...e }) + "\n";
  yield dire({ Action: "start" });
  for await (const { type, data } of source) {
    if (data?.details?.type === "suite" || /\.mjs$/.test(data?.name ?? "")) {
      if (type !== "test:fail") continue;
    }
    switch (type) {
      case "test:start":
        yield dire({ Action: "run", Test: data.name });
        break;
      case "test:pass":
        yield dire({ Action: data.skip === undefined ? "pass" : "skip", Test: data.name, Elapsed: data.details.duration_ms / 1000 });
        break;
      case "test:fail": {
        echec = true;
        const cause = data.details.error?.cause ?? data.details.error;
        yield dire({ Action: "output", Test: data.name, Output: `${cause?.stack ?? cause?.message ?? cause}\n` });
        yield dire({ Action: "fail", Test: data.name, Elapsed: data.details.duration_ms / 1000 });
        break;
      }
      case "test:stderr":
        yield dire({ Action: "output", Output: data.message });
        break;
    }
  }
  yield dire({ Action: echec ? "fail" : "pass" });
}
