export * from './request-context';
export * from './server-timing';
export * from './trace-context';
