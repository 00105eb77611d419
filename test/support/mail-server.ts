import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface MailRefusal {
  /** SMTP: from 500 on it is final. */
  code: number;
  message: string;
}

/** A real mail server on a port that stays the same while it is down. */
export class MailServer {
  readonly received: ParsedMail[] = [];
  port = 0;
  private server?: SMTPServer;

  /** `refuse` says which recipients it does not take, and why. */
  constructor(private readonly refuse: (address: string) => MailRefusal | undefined = () => undefined) {}

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) => {
        const refusal = this.refuse(address);
        done(refusal ? Object.assign(new Error(refusal.message), { responseCode: refusal.code }) : null);
      },
      onData: (stream, _session, done) => {
        void simpleParser(stream).then((mail) => {
          this.received.push(mail);
          done();
        });
      },
    });
    await new Promise<void>((ready) => this.server?.listen(this.port, '127.0.0.1', ready));
    this.port = (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((closed) => (this.server ? this.server.close(() => closed()) : closed()));
  }
}
