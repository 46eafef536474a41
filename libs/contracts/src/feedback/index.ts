/** What is kept of what people say of answers, and where: was writes it, whoever learns from it reads it. Shapes and names only. */
export * from './feedback-layout';
export * from './feedback-record';
export * from './feedback-review';
export * from './feedback-token';
