import { Niivue, NVImage, NVMesh, SHOW_RENDER, SLICE_TYPE } from "@niivue/niivue";
import { flipped, type Place } from "./mri-space";

/** Where the pictures and surfaces come from; what is empty is not there. */
export interface Sources {
  t2: string;
  tof: string;
  nerves: string;
  vessels: string;
}

export type View = "planes" | "solid" | "axial" | "coronal" | "sagittal";
export type Layer = "tof" | "nerves" | "vessels" | "points" | "crosshair";

const VIEWS: Record<View, SLICE_TYPE> = {
  planes: SLICE_TYPE.MULTIPLANAR,
  solid: SLICE_TYPE.RENDER,
  axial: SLICE_TYPE.AXIAL,
  coronal: SLICE_TYPE.CORONAL,
  sagittal: SLICE_TYPE.SAGITTAL,
};
const NERVE = new Uint8Array([236, 133, 112, 255]);
const VESSEL = new Uint8Array([109, 158, 235, 255]);
const CROSS_MM = 0.15;
const SECTION_MM = 0.3;
const FLOW_FROM = 0.6;
const POINT_MM = 0.9;
const TOF_STRENGTH = 0.6;

/** Whether this browser can show the pictures in 3D. */
export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/** The pictures on a canvas: all that knows of NiiVue. */
export class Scene {
  private readonly viewer: Niivue;
  private tof: NVImage | null = null;
  private readonly meshes = new Map<Layer, NVMesh>();
  private strength = TOF_STRENGTH;
  private isTofOn = true;
  private arePointsOn = true;
  private isCrossOn = true;
  private crossMm = CROSS_MM;
  private points: Place[] = [];

  /** `moved` is told each place (LPS) that the crosshair comes to. */
  constructor(moved: (place: Place) => void) {
    this.viewer = new Niivue({
      isRadiologicalConvention: true,
      sagittalNoseLeft: true,
      multiplanarShowRender: SHOW_RENDER.ALWAYS,
      isSliceMM: true,
      show3Dcrosshair: true,
      crosshairColor: [0.49, 0.79, 0.81, 0.9],
      crosshairWidth: CROSS_MM,
      crosshairWidthUnit: "mm",
      showAllOrientationMarkers: true,
      meshThicknessOn2D: SECTION_MM,
      meshXRay: 0.6,
      clipPlaneColor: [0, 0, 0, 0],
      dragAndDropEnabled: false,
      loadingText: "",
      logLevel: "error",
    });
    this.viewer.onLocationChange = (told: unknown) => {
      this.cut();
      const [x, y, z] = (told as { mm: ArrayLike<number> }).mm as unknown as [number, number, number];
      moved(flipped([x, y, z]));
    };
  }

  async show(canvas: HTMLCanvasElement, sources: Sources): Promise<void> {
    await this.viewer.attachToCanvas(canvas);
    const volumes = [{ url: sources.t2, name: "t2.nii.gz", colormap: "gray", opacity: 1 }];
    if (sources.tof)
      volumes.push({ url: sources.tof, name: "tof.nii.gz", colormap: "warm", opacity: this.strength });
    await this.viewer.loadVolumes(volumes);
    this.tof = this.viewer.volumes[1] ?? null;
    if (this.tof) this.onlyFlow(this.tof);
    await this.addSurface("nerves", sources.nerves, NERVE);
    await this.addSurface("vessels", sources.vessels, VESSEL);
    this.look("planes");
  }

  look(view: View): void {
    this.viewer.setSliceType(VIEWS[view]);
    this.cut();
    this.viewer.drawScene();
  }

  zoom(by: number): void {
    const [x, y, z, zoom] = this.viewer.scene.pan2Dxyzmm as unknown as [number, number, number, number];
    const next = Math.min(Math.max(zoom * by, 1), 12);
    this.crossMm = CROSS_MM / next;
    this.viewer.setCrosshairWidth(this.isCrossOn ? this.crossMm : 0);
    const [left, back, head] = this.middle();
    const pan: [number, number, number, number] =
      next === 1 ? [0, 0, 0, 1] : [-left || x, -back || y, -head || z, next];
    this.viewer.setPan2Dxyzmm(pan);
    this.viewer.setScale(Math.min(Math.max(this.viewer.scene.volScaleMultiplier * by, 0.5), 6));
  }

  switch(layer: Layer, isOn: boolean): void {
    const mesh = this.meshes.get(layer);
    if (layer === "tof") {
      this.isTofOn = isOn;
      this.shade();
    } else if (layer === "crosshair") {
      this.viewer.opts.show3Dcrosshair = isOn;
      this.isCrossOn = isOn;
      this.viewer.setCrosshairWidth(isOn ? this.crossMm : 0);
    } else if (layer === "points") {
      this.arePointsOn = isOn;
      this.mark(this.points);
    } else if (mesh) this.viewer.setMeshProperty(mesh.id as unknown as number, "visible", isOn);
  }

  /** How much of the TOF is seen over the T2, 0 to 1. */
  set tofStrength(share: number) {
    this.strength = share;
    this.shade();
  }

  get place(): Place {
    const [x, y, z] = this.viewer.frac2mm(this.viewer.scene.crosshairPos) as unknown as [number, number, number];
    return flipped([x, y, z]);
  }

  set place(place: Place) {
    const [x, y, z] = flipped(place);
    this.viewer.scene.crosshairPos = this.viewer.mm2frac([x, y, z]);
    this.viewer.createOnLocationChange();
    this.viewer.drawScene();
  }

  /** Mark the points that were set. */
  mark(points: Place[]): void {
    this.points = points;
    const old = this.meshes.get("points");
    if (old) this.viewer.removeMesh(old);
    this.meshes.delete("points");
    if (points.length > 0 && this.arePointsOn) this.addPoints(points.map(flipped));
    this.viewer.drawScene();
  }

  end(): void {
    this.viewer.cleanup();
  }

  private addPoints(places: Place[]): void {
    const mesh = this.viewer.loadConnectomeAsMesh({
      name: "points",
      nodeColormap: "warm",
      nodeColormapNegative: "winter",
      nodeMinColor: 0,
      nodeMaxColor: 1,
      nodeScale: POINT_MM,
      edgeColormap: "warm",
      edgeColormapNegative: "winter",
      edgeMin: 2,
      edgeMax: 6,
      edgeScale: 1,
      nodes: places.map(([x, y, z]) => ({ name: "", x, y, z, colorValue: 1, sizeValue: 1 })),
      edges: [],
    });
    this.viewer.addMesh(mesh);
    this.meshes.set("points", mesh);
  }

  private middle(): Place {
    return flipped(this.place);
  }

  /** In 3D the picture is cut open at the height of the crosshair. */
  private cut(): void {
    const head = this.viewer.scene.crosshairPos[2]!;
    this.viewer.setClipPlane([0.5 - head, 0, 90]);
  }

  /** Of the TOF only what is bright is drawn, as flowing blood is. */
  private onlyFlow(tof: NVImage): void {
    const [low, high] = [tof.robust_min ?? 0, tof.global_max ?? 1];
    tof.cal_min = low + FLOW_FROM * (high - low);
    tof.cal_max = high;
    this.viewer.updateGLVolume();
  }

  private shade(): void {
    if (this.tof) this.viewer.setOpacity(1, this.isTofOn ? this.strength : 0);
  }

  private async addSurface(layer: Layer, url: string, rgba255: Uint8Array): Promise<void> {
    if (!url) return;
    const mesh = await this.viewer.addMeshFromUrl({ url, name: `${layer}.mz3`, rgba255, gl: this.viewer.gl });
    this.meshes.set(layer, mesh);
  }
}
