import { eventually } from '../support/eventually';
import { OWNER, type TestN8n } from '../support/n8n';

const REDIRECTS_MAX = 10;
const ANSWERED = ['form-waiting', 'error', 'success'];
const ANSWERED_WITHIN_MS = 60_000;

/** Keeps cookies as a browser does, and follows no redirect by itself. */
class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly n8n: TestN8n) {}

  async ask(address: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const answer = await fetch(new URL(address, this.n8n.url), { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name) this.cookies.set(name, value ?? '');
    }
    return answer;
  }

  async post(path: string, body: unknown): Promise<any> {
    const headers = { 'content-type': 'application/json' };
    return (await this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  }
}

/** Opens a form: n8n sends who comes to its log-in, asks whether the form may know them, and shows it then. */
async function open(visitor: Visitor, path: string): Promise<string> {
  let address = `/form/${path}`;
  for (let hops = 0; hops < REDIRECTS_MAX; hops += 1) {
    const answer = await visitor.ask(address);
    const next = answer.headers.get('location');
    if (new URL(answer.url).pathname === '/oauth/consent') {
      const { data } = (await (await visitor.ask('/rest/consent/details')).json()) as any;
      const decided = data.autoApproved ? { data } : await approve(visitor, data.scopes);
      address = decided.data.redirectUrl;
    } else if (next) address = next;
    else return answer.text();
  }
  throw new Error(`The form ${path} only sends its visitors on.`);
}

function approve(visitor: Visitor, scopes: string[]): Promise<{ data: { redirectUrl: string } }> {
  return visitor.post('/rest/consent/approve', { approved: true, scopes });
}

/** Whether a stranger, who has no log-in, is kept from sending the form. */
export async function isClosedToStrangers(n8n: TestN8n, path: string): Promise<boolean> {
  return (await fetch(`${n8n.url}/form/${path}`, { method: 'POST', body: dataOf(['1001']) })).status === 401;
}

/** A member of the staff in front of n8n's forms; logged in once, since n8n lets nobody try often. */
export class Staff {
  private constructor(private readonly visitor: Visitor) {}

  static async logIn(n8n: TestN8n): Promise<Staff> {
    const visitor = new Visitor(n8n);
    await visitor.post('/rest/login', { emailOrLdapLoginId: OWNER.editorEmail, password: OWNER.editorPassword });
    return new Staff(visitor);
  }

  /** Fills in a form that answers at once; what it starts goes on by itself. */
  async press(path: string, values: string[]): Promise<string> {
    const { sent } = await this.send(path, values);
    return sent.text();
  }

  private async send(path: string, values: string[]): Promise<{ sent: Response; headers: Record<string, string> }> {
    const page = await open(this.visitor, path);
    const headers = { 'x-auth-token': /authToken = '([^']+)'/.exec(page)?.[1] ?? '' };
    const sent = await this.visitor.ask(`/form/${path}`, { method: 'POST', headers, body: dataOf(values) });
    return { sent, headers };
  }

  /** Fills in a form and gives the words of the page that answers. */
  async submit(path: string, values: string[]): Promise<string> {
    const { visitor } = this;
    const { sent, headers } = await this.send(path, values);
    const { formWaitingUrl } = (await sent.json()) as { formWaitingUrl: string };
    const status = formWaitingUrl.replace('?', '/n8n-execution-status?');
    const isAnswered = async (): Promise<boolean> => ANSWERED.includes(await (await visitor.ask(status)).text());
    await eventually(`the answer of the form ${path}`, isAnswered, ANSWERED_WITHIN_MS);
    const words = wordsOf(await (await visitor.ask(formWaitingUrl)).text());
    // The page says that it was shown, and with that the run ends.
    await visitor.ask(formWaitingUrl, { method: 'POST', headers });
    return words;
  }
}

function dataOf(values: string[]): FormData {
  const data = new FormData();
  for (const [n, value] of values.entries()) data.set(`field-${n}`, value);
  return data;
}

function wordsOf(html: string): string {
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;|&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ')
    .trim();
}
