import { imageSize } from 'image-size';

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp';

export interface Picture {
  mediaType: PictureType;
  width: number;
  height: number;
  /** How it must be turned to stand upright, as EXIF numbers it; 1 is upright. */
  orientation: number;
}

const PICTURE_TYPES: Readonly<Record<string, PictureType>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};
/** More than any camera takes, and a number that a viewer can still draw. */
const SIDE_MAX_PX = 20_000;

/** What a file is by its content, whatever its name says; undefined when it is no picture of a kind we keep. */
export function readPicture(content: Buffer): Picture | undefined {
  try {
    const { type = '', width, height, orientation = 1 } = imageSize(content);
    const mediaType = Object.hasOwn(PICTURE_TYPES, type) ? PICTURE_TYPES[type] : undefined;
    const fits = [width, height].every((side) => side >= 1 && side <= SIDE_MAX_PX);
    return mediaType && fits ? { mediaType, width, height, orientation } : undefined;
  } catch {
    // It throws at what it cannot read.
    return undefined;
  }
}
