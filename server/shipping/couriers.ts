import { ValidationError } from '../platform/errors';
import type { Courier } from './courier';

/** The couriers this service knows, by name. */
export class Couriers {
  private readonly byName: ReadonlyMap<string, Courier>;

  constructor(couriers: readonly Courier[]) {
    this.byName = new Map(couriers.map((courier) => [courier.name, courier]));
  }

  /** Throws 422 COURIER_UNKNOWN. */
  get(name: string): Courier {
    const courier = this.byName.get(name);
    if (courier) return courier;
    const names = [...this.byName.keys()].join(', ');
    throw new ValidationError('COURIER_UNKNOWN', `There is no courier "${name}". Use one of ${names}.`, {
      errors: [{ path: 'courier', code: 'COURIER_UNKNOWN', message: `courier is one of ${names}.` }],
    });
  }
}
