// Builds what the report and the site carry: scripts, styles, fonts and their licences.
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const report = here("../src/hemiface/report/static/");
const site = here("../src/hemiface_clinic/static/");
const packages = here("node_modules/");

// Packages without their licence's text: it lies beside.
const beside = { "@niivue/niivue": "niivue", "@mediapipe/tasks-vision": "tasks-vision" };

/** What a package is called, where its source is, and its licence. */
async function licence(name) {
  const { version, repository } = JSON.parse(await readFile(`${packages}${name}/package.json`, "utf-8"));
  const file = (await readdir(packages + name)).find((one) => /^licen[cs]e/i.test(one));
  const text = await readFile(name in beside ? here(`licences/${beside[name]}.LICENSE.txt`) : `${packages}${name}/${file}`, "utf-8");
  return `${name} ${version} ${repository?.url ?? repository ?? ""}\n\n${text}`;
}

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
    "mri-viewer": here("src/mri-viewer.ts"),
    "mri-report": here("src/mri-report.ts"),
    review: here("src/review.ts"),
    compare: here("src/compare.ts"),
  },
  outdir: site,
  format: "iife",
  alias: { zarrita: here("src/nothing.ts") },
  logOverride: { "import-is-undefined": "silent" },
});
/** MediaPipe tells Google every minute how it is used. Here it has nobody to tell. */
const silent = {
  name: "silent",
  setup({ onLoad }) {
    onLoad({ filter: /tasks-vision[\\/]vision_bundle\.mjs$/ }, async ({ path }) => {
      const parts = (await readFile(path, "utf-8")).split("https://odml.pa.googleapis.com/v1/log");
      if (parts.length !== 2) throw new Error(`${path} must name one address to tell; look at what it does now.`);
      return { contents: parts.join("about:invalid"), loader: "js" };
    });
  },
};
const recorder = await build({
  ...common,
  entryPoints: { recorder: here("src/record-guided.ts"), "record-worker": here("src/record-worker.ts") },
  outdir: site,
  format: "iife",
  plugins: [silent],
  metafile: true,
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
  "@mediapipe/tasks-vision/wasm/vision_wasm_internal.js": [`${site}mediapipe/vision_wasm_internal.js`],
  "@mediapipe/tasks-vision/wasm/vision_wasm_internal.wasm": [`${site}mediapipe/vision_wasm_internal.wasm`],
};
await mkdir(`${site}mediapipe`, { recursive: true });
const model = here("../src/hemiface/track/face_landmarker.task"); // the one that Python reads
await copyFile(model, `${site}mediapipe/face_landmarker.task`);
const inRecorder = new Set(Object.keys(recorder.metafile.inputs).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
await writeFile(`${site}recorder.LICENSE.txt`, (await Promise.all([...inRecorder].filter(Boolean).sort().map(licence))).join("\n\n"));
const inViewer = ["@lukeed/csprng", "@lukeed/uuid", "@ungap/structured-clone", "array-equal", "fflate", "gl-matrix", "nifti-reader-js"];
await writeFile(`${site}mri-viewer.LICENSE.txt`, (await Promise.all(["@niivue/niivue", ...inViewer].map(licence))).join("\n\n"));
await copyFile(here("../src/hemiface_clinic/knowledge/drawings/favicon.svg"), `${site}favicon.svg`);
for (const [from, targets] of Object.entries(copies))
  for (const to of targets) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(packages + from, to);
  }
