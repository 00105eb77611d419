import express, { type Request, type RequestHandler, type Response } from 'express';
import multer, { MulterError } from 'multer';
import { ValidationError } from '../../platform/errors';
import { PHOTO_MAX_BYTES } from '../photos/photos.service';

/** A signature travels as a picture inside a field. */
const FORM_LIMIT_BYTES = 512 * 1024;
const FIELDS_MAX = 50;

const readFields = express.urlencoded({ extended: false, limit: FORM_LIMIT_BYTES });
const readUpload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: PHOTO_MAX_BYTES, files: 1, fields: FIELDS_MAX, fieldSize: FORM_LIMIT_BYTES },
}).single('photo');

/**
 * The fields of a posted form; a file stands among them as `photo`.
 * Throws 413 PHOTO_TOO_LARGE or FORM_TOO_LARGE, 400 FORM_UNREADABLE.
 */
export async function readBody(request: Request, response: Response): Promise<Record<string, unknown>> {
  try {
    await run(readFields, request, response);
    await run(readUpload, request, response);
  } catch (error) {
    throw asRefusal(error);
  }
  const photo = request.file ? { photo: request.file.buffer } : {};
  return { ...(request.body as Record<string, unknown> | undefined), ...photo };
}

function run(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((done, fail) => {
    void handler(request, response, (error?: unknown) => (error ? fail(error as Error) : done()));
  });
}

function asRefusal(error: unknown): Error {
  const { type } = error as { type?: string };
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') {
    const limit = `${PHOTO_MAX_BYTES / 1_000_000} MB`;
    return new ValidationError('PHOTO_TOO_LARGE', `The photo is too large; ${limit} is the most. Take a smaller one.`, {
      status: 413,
    });
  }
  if (type === 'entity.too.large' || error instanceof MulterError) {
    return new ValidationError(
      'FORM_TOO_LARGE',
      'That was too much for one form. Send less, with one photo at a time.',
      {
        status: 413,
        cause: error,
      },
    );
  }
  return new ValidationError('FORM_UNREADABLE', 'The form did not arrive whole. Send it again.', {
    status: 400,
    cause: error,
  });
}
