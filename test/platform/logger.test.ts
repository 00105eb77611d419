import { createLogger } from '../../server/platform/logger';
import { NotFoundError } from '../../server/platform/errors';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let line = '';
  write(createLogger({ logLevel: 'info' }, { write: (text: string) => void (line += text) }));
  return line;
}

it('never writes secrets or customers’ data, however deep they lie', () => {
  const line = logged((log) =>
    log.info({
      headers: { Authorization: 'Bearer S3CRET' },
      orders: [{ number: '1001', customer: { phone: '01700000000', email: 'r@example.com' } }],
      webhook: { secret: 'S3CRET', api_key: 'S3CRET' },
    }),
  );
  expect(line).not.toMatch(/S3CRET|01700000000|r@example\.com/);
  expect(line).toContain('1001');
});

it('masks the facts of errors too, and keeps what helps to find the cause', () => {
  const error = new NotFoundError('NO_CUSTOMER', 'There is no such customer.', { facts: { email: 'r@example.com' } });
  const line = logged((log) => log.error({ err: error }, 'A lookup failed.'));
  expect(line).not.toContain('r@example.com');
  expect(line).toContain('NO_CUSTOMER');
  expect(line).toContain('logger.test');
});

it('writes nothing below its level', () => {
  expect(logged((log) => log.debug('quiet'))).toBe('');
});
