/** Requests and replies of the classification API: public ones (web) and what was answers to web. */
export * from './classification';
export * from './classification.response';
export * from './classify.request';
export * from './feedback.request';
export * from './feedback.response';
export * from './model.response';
export * from './service-status';
