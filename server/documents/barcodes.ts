import { raw } from 'bwip-js';

const CODE_128_QUIET_MODULES = 10;
const QR_QUIET_MODULES = 4;

interface Bars {
  sbs: number[];
}
interface Matrix {
  pixs: number[];
  pixx: number;
}

/** How many modules the bars of a Code 128 are wide, without the quiet zones. */
export function code128Modules(text: string): number {
  return barsOf(text).reduce((sum, width) => sum + width, 0);
}

/** How many modules a QR code is wide, without its quiet zone. */
export function qrModules(text: string): number {
  return matrixOf(text).pixx;
}

/** Code 128 as inline SVG, quiet zones included; as wide as `widthMm` allows, but no coarser than scanners like it. */
export function code128Svg(text: string, box: { widthMm: number; heightMm: number; moduleMaxMm: number }): string {
  const bars = barsOf(text);
  const modules = bars.reduce((sum, width) => sum + width, 0) + 2 * CODE_128_QUIET_MODULES;
  const widthMm = Math.min(box.widthMm, modules * box.moduleMaxMm);
  let x = CODE_128_QUIET_MODULES;
  const path = bars.map((width, n) => {
    const from = x;
    x += width;
    // Bars and spaces take turns, a bar first.
    return n % 2 === 0 ? `M${from} 0h${width}v1h-${width}z` : '';
  });
  return svg({ class: 'code128', width: modules, height: 1, widthMm, heightMm: box.heightMm, path: path.join('') });
}

/** QR code (error correction M) as inline SVG, quiet zone included. */
export function qrSvg(text: string, sizeMm: number): string {
  const { pixs, pixx } = matrixOf(text);
  const modules = pixx + 2 * QR_QUIET_MODULES;
  const path = pixs.map((dark, n) => {
    if (!dark) return '';
    return `M${QR_QUIET_MODULES + (n % pixx)} ${QR_QUIET_MODULES + Math.floor(n / pixx)}h1v1h-1z`;
  });
  return svg({ class: 'qr', width: modules, height: modules, widthMm: sizeMm, heightMm: sizeMm, path: path.join('') });
}

function barsOf(text: string): number[] {
  return (raw('code128', text, '') as unknown as [Bars])[0].sbs;
}

function matrixOf(text: string): Matrix {
  return (raw('qrcode', text, 'eclevel=M') as unknown as [Matrix])[0];
}

interface Drawing {
  class: string;
  width: number;
  height: number;
  widthMm: number;
  heightMm: number;
  path: string;
}

function svg({ class: name, width, height, widthMm, heightMm, path }: Drawing): string {
  return (
    `<svg class="${name}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${widthMm.toFixed(2)}mm" ` +
    `height="${heightMm}mm" preserveAspectRatio="none" shape-rendering="crispEdges"><path d="${path}"/></svg>`
  );
}
