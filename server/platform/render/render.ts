import Handlebars from 'handlebars';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { templatesFolder } from '../paths';
import { registerHelpers } from './formats';

type Compiled = (data: Record<string, unknown>) => string;

const SUFFIX = '.hbs';
/** Templates that are not HTML: in a subject, `&amp;` would be read as it stands. */
const PLAIN_NAMES = new Set(['subject', 'text', 'zpl']);

/** Templates of one folder, compiled at first use and kept. */
export class Renderer {
  private readonly handlebars = Handlebars.create();
  private readonly compiled = new Map<string, Compiled>();

  constructor(private readonly folder: string) {
    registerHelpers(this.handlebars, (name) => readFileSync(join(folder, 'styles', `${name}.css`), 'utf8'));
    for (const file of filesIn(join(folder, 'partials'))) {
      this.handlebars.registerPartial(basename(file, SUFFIX), readFileSync(join(folder, 'partials', file), 'utf8'));
    }
  }

  /** Fills `<folder>/<name>.hbs`. Throws when the template names a field that the data does not have. */
  render(name: string, data: Record<string, unknown>): string {
    let template = this.compiled.get(name);
    if (!template) {
      template = this.compile(name);
      this.compiled.set(name, template);
    }
    return template(data);
  }

  private compile(name: string): Compiled {
    const source = readFileSync(join(this.folder, `${name}${SUFFIX}`), 'utf8');
    // Strict: a forgotten field is an error in a test rather than a hole in a customer's mail.
    return this.handlebars.compile(source, { strict: true, noEscape: PLAIN_NAMES.has(basename(name)) });
  }
}

let shared: Renderer | undefined;

/** Fills `templates/<name>.hbs`, such as `console/order` or `emails/shipped/html`; see `Renderer.render`. */
export function render(name: string, data: Record<string, unknown>): string {
  shared ??= new Renderer(templatesFolder);
  return shared.render(name, data);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
}
