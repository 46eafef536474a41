/** What tests of learning need: made-up features and evaluations, and NumPy and SciPy as references where this machine has them. Never part of the product. */
export * from './evaluation-fixture';
export * from './python-reference';
export * from './synthetic-features';
