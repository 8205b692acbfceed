/**
 * Least squares through `[x, y]` points.
 *
 * @returns {{slope: number, at: (x: number) => number}}
 */
export function trend(points) {
  const mean = index =>
    points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  let across = 0;
  let along = 0;
  for (const [x, y] of points) {
    across += (x - x0) * (y - y0);
    along += (x - x0) ** 2;
  }
  const slope = along === 0 ? 0 : across / along;
  return { slope, at: x => y0 + slope * (x - x0) };
}
