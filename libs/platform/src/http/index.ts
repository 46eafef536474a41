export * from './client-left.error';
export * from './deadline';
export * from './read-body';
export * from './reply-early';
export * from './request-context';
export * from './server-timing';
export * from './trace-context';
