export { assertConditions } from './concerns';
export { PermanentFailure } from './runner';
export { Relay } from './relay';
export { Sweeper } from './sweeper';
