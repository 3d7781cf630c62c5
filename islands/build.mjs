// Builds what the report and the site carry: scripts, styles, fonts and their licences.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const report = here("../src/hemiface/report/static/");
const site = here("../src/hemiface_clinic/static/");
const packages = here("node_modules/");

const common = { bundle: true, minify: true, target: "es2022", legalComments: "none" };

await build({
  ...common,
  entryPoints: { report: here("src/report.ts"), "spasm-player": here("src/define.ts") },
  outdir: report,
  format: "iife",
});
await build({
  ...common,
  entryPoints: {
    site: here("src/site.ts"),
    diary: here("src/diary.ts"),
    "dose-map": here("src/dose-map.ts"),
    "course-chart": here("src/course-chart.ts"),
  },
  outdir: site,
  format: "iife",
});
await build({
  ...common,
  entryPoints: { site: here("../src/hemiface_clinic/styles/site.css") },
  outdir: site,
  external: ["fonts/*"],
});

const copies = {
  "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2": [
    `${report}sans.woff2`,
    `${site}fonts/sans.woff2`,
  ],
  "@fontsource-variable/source-sans-3/LICENSE": [
    `${report}sans.LICENSE.txt`,
    `${site}fonts/sans.LICENSE.txt`,
  ],
  "@fontsource-variable/newsreader/files/newsreader-latin-opsz-normal.woff2": [
    `${report}serif.woff2`,
  ],
  "@fontsource-variable/newsreader/LICENSE": [`${report}serif.LICENSE.txt`],
  "@fontsource/newsreader/files/newsreader-latin-400-normal.woff2": [`${site}fonts/serif.woff2`],
  "@fontsource/newsreader/LICENSE": [`${site}fonts/serif.LICENSE.txt`],
  "htmx.org/dist/htmx.min.js": [`${site}htmx.js`],
  "htmx.org/LICENSE": [`${site}htmx.LICENSE.txt`],
};
await mkdir(site, { recursive: true });
await copyFile(here("../src/hemiface_clinic/knowledge/drawings/favicon.svg"), `${site}favicon.svg`);
for (const [from, targets] of Object.entries(copies))
  for (const to of targets) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(packages + from, to);
  }
