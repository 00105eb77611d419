export { ageOfGoods, complianceNeeds } from './compliance-guard';
export type { ComplianceNeeds } from './compliance-rules';
export { complianceRoutes } from './compliance.routes';
export type { AgeCheckInput } from './compliance.schema';
export { recordAgeCheck } from './record-check';
