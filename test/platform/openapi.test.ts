import { startTestApp, type TestApp } from '../support/app';

describe('The API’s contract for programs', () => {
  let app: TestApp;
  let document: Record<string, any>;

  beforeAll(async () => {
    app = await startTestApp();
    document = (await (await fetch(`${app.url}/openapi.json`)).json()) as Record<string, any>;
  });
  afterAll(() => app.close());

  const operations = (): [string, Record<string, any>][] =>
    Object.entries(document.paths as Record<string, Record<string, any>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Record<string, any>] => [
        `${method} ${path}`,
        operation,
      ]),
    );

  it('says what it is', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Orderloom' }, security: [{ apiKey: [] }] });
  });

  it('names every route, and no other', () => {
    const routes = app.service.workroom.registry.routes.map(
      ({ definition: { method, path } }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(new Set(routes).size).toBe(routes.length);
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(routes.sort());
  });

  it('describes every parameter of a path, every success and every refusal', () => {
    for (const [name, operation] of operations()) {
      const declared = ((operation.parameters ?? []) as { in: string; name: string }[])
        .filter((one) => one.in === 'path')
        .map((one) => one.name);
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect([name, declared.sort()]).toEqual([name, inPath.sort()]);
      const statuses = Object.keys(operation.responses as object);
      expect([name, statuses.some((status) => /^2\d\d$/.test(status)), statuses.includes('default')]).toEqual([
        name,
        true,
        true,
      ]);
      expect(operation.summary.length).toBeGreaterThan(5);
    }
  });

  it('asks for an Idempotency-Key with every write', () => {
    const reads = app.service.workroom.registry.routes
      .filter(({ kind }) => kind === 'query')
      .map(({ definition: { method, path } }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(reads.filter((name) => !name.startsWith('get '))).toEqual(['post /shipping/quote']);
    for (const [name, operation] of operations()) {
      const keys = ((operation.parameters ?? []) as { name: string }[]).filter((one) => one.name === 'Idempotency-Key');
      expect([name, keys.length]).toEqual([name, reads.includes(name) ? 0 : 1]);
    }
  });

  it('holds no reference to something that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) {
      const found = path.split('/').reduce<any>((part, name) => part?.[name], document);
      expect([path, typeof found]).toEqual([path, 'object']);
    }
  });
});
