import { UnavailableError } from '../../platform/errors';
import type { BookingOutcome, BookingRequest, Courier, CourierParcel, Finding, Unknown } from '../courier';
import {
  COURIER_STATUS_MAX,
  readCreated,
  readFailure,
  readTrackedId,
  statusOf,
  type WireAnswer,
} from './steadfast-answers';
import { checkFields, fitInvoice, toSteadfastOrder } from './steadfast-fields';
import { readSteadfastStatus } from './steadfast-statuses';

/** Where the account is, asked at each call: the sandbox's address is known only when the service listens. */
export interface SteadfastAccess {
  baseUrl: string;
  apiKey: string;
  secretKey: string;
}

const RETRY_AFTER_MAX_S = 3600;

/** A client of Steadfast's merchant API. */
export class Steadfast implements Courier {
  readonly name = 'steadfast';
  readonly displayName = 'Steadfast';
  readonly capabilities = { findByReference: true, status: true, cancel: false };

  constructor(
    private readonly access: () => SteadfastAccess | undefined,
    private readonly timeoutMs: number,
  ) {}

  assertReady(): void {
    this.ready();
  }

  fitReference(number: string): string {
    return fitInvoice(number);
  }

  check(request: BookingRequest) {
    return checkFields(request);
  }

  async create(request: BookingRequest): Promise<BookingOutcome> {
    const answer = await this.call('POST', '/create_order', toSteadfastOrder(request));
    const failure = readFailure(answer);
    if (failure) return failure;
    const made = readCreated(answer);
    if (made) return { kind: 'created', ...made };
    return { kind: 'unknown', message: 'Steadfast said yes without naming a consignment.' };
  }

  /** Steadfast answers the newest parcel of an invoice; its tracking code is told only when a parcel is made. */
  async findByReference(reference: string): Promise<Finding> {
    const invoice = encodeURIComponent(reference);
    const found = this.readStatus(await this.call('GET', `/status_by_invoice/${invoice}`));
    if (found.kind !== 'found') return found;
    const tracked = await this.call('GET', `/trackings_by_invoice/${invoice}`);
    return { ...found, courierId: readFailure(tracked) ? null : readTrackedId(tracked) };
  }

  async status({ reference, courierId, returning }: Parameters<NonNullable<Courier['status']>>[0]): Promise<Finding> {
    const byId = returning ? '/status_with_return_status_by_cid/' : '/status_by_cid/';
    const path = courierId
      ? byId + encodeURIComponent(courierId)
      : `/status_by_invoice/${encodeURIComponent(reference)}`;
    return this.readStatus(await this.call('GET', path));
  }

  private readStatus(answer: WireAnswer): Finding {
    if (statusOf(answer) === 404 && answer.body) return { kind: 'missing' };
    const failure = readFailure(answer);
    if (failure) return failure;
    const raw = answer.body?.delivery_status;
    if (typeof raw !== 'string' || raw === '') {
      return { kind: 'unknown', message: 'Steadfast answered without a status.' } satisfies Unknown;
    }
    const parcel: CourierParcel = {
      courierId: null,
      trackingCode: null,
      trackingUrl: null,
      status: readSteadfastStatus(raw),
      courierStatus: raw.slice(0, COURIER_STATUS_MAX),
    };
    return { kind: 'found', ...parcel };
  }

  /** One call. Redirects are not followed: they would carry the keys to somebody else. */
  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<WireAnswer> {
    const { baseUrl, apiKey, secretKey } = this.ready();
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.timeoutMs),
        headers: { 'Api-Key': apiKey, 'Secret-Key': secretKey, 'Content-Type': 'application/json' },
        body: body && JSON.stringify(body),
      });
      const retryAfterS = Math.min(Number(response.headers.get('retry-after')) || 0, RETRY_AFTER_MAX_S);
      return {
        status: response.status,
        body: parse(await response.text()),
        retryAfterMs: retryAfterS > 0 ? retryAfterS * 1000 : undefined,
      };
    } catch (error) {
      return { status: 0, body: undefined, failure: this.reasonOf(error) };
    }
  }

  /** fetch says only "fetch failed"; its cause knows why. Nothing of the request is repeated, so no key gets out. */
  private reasonOf(error: unknown): string {
    const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
    if (name === 'TimeoutError') return `Steadfast gave no answer within ${this.timeoutMs / 1000} seconds.`;
    return `Steadfast could not be reached, or broke off (${cause?.code ?? cause?.message ?? name}).`;
  }

  private ready(): SteadfastAccess {
    const access = this.access();
    if (access) return access;
    const message =
      'Steadfast is not set up. Set STEADFAST_API_KEY and STEADFAST_SECRET_KEY, or book with the courier "manual".';
    throw new UnavailableError('COURIER_NOT_CONFIGURED', message, { facts: { courier: this.name } });
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A proxy's page: whatever it says, it is not the courier's word.
    return undefined;
  }
}
