/** A place in mm. The site speaks LPS: to the person's left, to the back, to the head. */
export type Place = readonly [number, number, number];

/** From LPS, the site's, to RAS, the viewer's, or back: the only place that knows. */
export function flipped([x, y, z]: Place): Place {
  return [-x || 0, -y || 0, z];
}

/** Three numbers as the form has them; null where they are not three. */
export function readPlace(text: string): Place | null {
  const numbers = text
    .split(text.includes(";") ? ";" : /[,\s]/)
    .map((part) => part.trim().replace(",", "."))
    .filter((part) => part !== "")
    .map(Number);
  const [x, y, z] = numbers;
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  return [x!, y!, z!];
}

export function sayPlace(place: Place): string {
  return place.map((one) => one.toFixed(2)).join(", ");
}

/** Steps of the crosshair, mm in LPS, as the pictures lie: the person's left is on the right. */
export const STEPS: Record<string, Place> = {
  ArrowLeft: [-1, 0, 0],
  ArrowRight: [1, 0, 0],
  ArrowUp: [0, -1, 0],
  ArrowDown: [0, 1, 0],
  PageUp: [0, 0, 1],
  PageDown: [0, 0, -1],
};
