import type { Registry } from '../registry';
import { auditRoutes } from './audit.routes';
import { sealAudit } from './sealer';
import { verifyAudit } from './verify';

const SEAL_EVERY_MS = 1000;

export function installAudit(registry: Registry): void {
  registry.addRoutes(...auditRoutes);
  registry.every('audit.seal', SEAL_EVERY_MS, sealAudit);
  registry.integrityCheck('audit-chain-holds', async (ctx) => {
    const { broken } = await verifyAudit(ctx);
    return broken ? [{ ...broken }] : [];
  });
}
