import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from './config';
import { masked, PERSONAL_FIELDS, SECRET_FIELDS } from './masking';

export type { Logger } from 'pino';

const UNLOGGED_FIELDS = new Set([...SECRET_FIELDS, ...PERSONAL_FIELDS]);

/** JSON lines on standard output. Secrets and customers' data are masked by field name, however deep they lie. */
export function createLogger({ logLevel }: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  const withoutSecrets = (value: unknown) => masked(value, UNLOGGED_FIELDS) as Record<string, unknown>;
  const options: pino.LoggerOptions = {
    level: logLevel,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
    serializers: { err: (error: Error) => withoutSecrets({ ...pino.stdSerializers.err(error) }) },
  };
  return destination ? pino(options, destination) : pino(options);
}
