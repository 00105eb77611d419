export { type Asking, quoteIfZoned, quoteShipping } from './quote';
export { rateRoutes } from './rates.routes';
export { quoteView, type QuoteView } from './rates.schema';
export { readShipping } from './zones.service';
