/** Makes a photo small before it is sent: a phone's camera takes far more than anybody needs to see a dent. */
const { createImageBitmap, document, File } = globalThis;

const SIDE_MAX_PX = 1600;
const QUALITY = 0.8;

/** The picture as a smaller JPEG; the file itself when this browser cannot read it, for the server to judge. */
export async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    return small && small.size < file.size ? new File([small], 'photo.jpg', { type: small.type }) : file;
  } catch {
    return file;
  }
}
