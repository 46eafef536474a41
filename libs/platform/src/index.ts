/** Nest plumbing that the services share. It knows no business: neither images nor models. */
export * from './config';
export * from './health/readiness';
export * from './http';
export * from './lifecycle/create-app';
export * from './lifecycle/serve';
export * from './platform.module';
export * from './problems/problem.filter';
export * from './problems/request-validation';
export * from './product';
export * from './product/version.controller';
