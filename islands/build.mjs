// Builds what the report carries: one script, the fonts and their licences.
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/hemiface/report/static/");
const fonts = here("node_modules/@fontsource-variable/");

await mkdir(out, { recursive: true });
await build({
  entryPoints: { report: here("src/report.ts"), "spasm-player": here("src/define.ts") },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
});
const copies = {
  "source-sans-3/files/source-sans-3-latin-wght-normal.woff2": "sans.woff2",
  "source-sans-3/LICENSE": "sans.LICENSE.txt",
  "newsreader/files/newsreader-latin-opsz-normal.woff2": "serif.woff2",
  "newsreader/LICENSE": "serif.LICENSE.txt",
};
for (const [from, to] of Object.entries(copies)) await copyFile(fonts + from, out + to);
