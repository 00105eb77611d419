import { z } from 'zod';

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
};

export const MISSING = 'This field is missing';

/** What a person reads where a schema has no sentence of its own; set once, for every schema of the service. */
z.config({
  customError: (issue) => {
    if (issue.code !== 'invalid_type') return undefined;
    const wanted = WORDS[issue.expected] ?? `a ${issue.expected}`;
    return issue.input === undefined ? `${MISSING}; give ${wanted}.` : `Give ${wanted} here.`;
  },
});
