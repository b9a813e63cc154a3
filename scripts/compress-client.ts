/** The end of `npm run build`: puts a compressed copy beside each text the web client is made of, for the server to send. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("../client/dist", import.meta.url));
const page = "index.html";

const texts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(html|js|css|svg|json|webmanifest)$/.test(name),
);
// The page comes last: by it scripts/build.mjs knows that the build is complete.
for (const name of [...texts.filter((text) => text !== page), page]) {
  const text = readFileSync(join(folder, name));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
}
