// The API as a program meets it that knows only the OpenAPI document: a client of generated types against the running
// system. That this file type-checks is half of the test.
import createClient from 'openapi-fetch';
import type { components, paths } from '../support/api-types';
import { photo } from '../support/images';
import { RunningSystem, startSystem } from '../support/system';

let system: RunningSystem;
let image: Buffer;

beforeAll(async () => {
  system = await startSystem();
  image = await photo();
});

afterAll(async () => {
  await system.stop();
});

const client = () => createClient<paths>({ baseUrl: system.url });

/** Files of a form by their names. Generated types call bytes a string, as JSON Schema does, so bodies name files here. */
function formOf(field: string, names: readonly string[]): FormData {
  const form = new FormData();
  for (const name of names) form.append(field, new Blob([new Uint8Array(image)], { type: 'image/jpeg' }), name);
  return form;
}

describe('a generated client', () => {
  it('classifies an image of a form', async () => {
    const { data, error, response } = await client().POST('/api/v1/classifications', {
      params: { query: { top_k: 3, heatmap: true } },
      body: { image: 'photo.jpg' },
      bodySerializer: () => formOf('image', ['photo.jpg']),
    });

    expect(error).toBeUndefined();
    const answer: components['schemas']['ClassificationResponse'] | undefined = data;
    expect(answer?.predictions).toHaveLength(3);
    expect(answer?.image).toMatchObject({ format: 'jpeg', width: 640, height: 480, bytes: image.length });
    expect(answer?.heatmap?.values.length).toBe((answer?.heatmap?.width ?? 0) * (answer?.heatmap?.height ?? 0));
    expect(['label', 'uncertain', 'unknown']).toContain(answer?.decision);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it('classifies raw bytes', async () => {
    const { data, error } = await client().POST('/api/v1/classifications', {
      headers: { 'content-type': 'image/jpeg' },
      body: 'photo.jpg',
      bodySerializer: () => new Uint8Array(image),
    });

    expect(error).toBeUndefined();
    expect(data?.image.bytes).toBe(image.length);
    expect(data?.predictions).toHaveLength(5);
  });

  it('classifies a batch', async () => {
    const names = ['one.jpg', 'two.jpg', 'three.jpg'];
    const { data, error } = await client().POST('/api/v1/classifications/batch', {
      body: { images: names },
      bodySerializer: ({ images }) => formOf('images', images),
    });

    expect(error).toBeUndefined();
    if (data === undefined || !('results' in data)) throw new Error('the batch was not answered as JSON');
    expect(data.results.map(({ index, filename, problem }) => ({ index, filename, problem }))).toEqual(
      names.map((filename, index) => ({ index, filename, problem: undefined })),
    );
  });

  it('learns about the model', async () => {
    const { data } = await client().GET('/api/v1/model', { headers: { 'accept-language': 'ko' } });

    expect(data).toMatchObject({ name: 'everyday-objects', explains: true, input: { size: 64 } });
    expect(data?.labels).toHaveLength(200);
    expect(data?.labels[0]).toMatchObject({ id: 'n01443537', name: '금붕어' });
  });

  it('learns how the tiers are', async () => {
    const { data } = await client().GET('/api/v1/status');

    expect(data?.status).toBe('ok');
    const tiers = data?.tiers.map(({ name, status }) => `${name} ${status}`);
    expect(tiers).toEqual(['web ok', 'was ok', 'model ok', 'monitor ok']);
  });

  it('learns what is wrong from a problem', async () => {
    const { data, error, response } = await client().POST('/api/v1/classifications', {
      params: { query: { top_k: 0 } },
      body: { image: 'photo.jpg' },
      bodySerializer: () => formOf('image', ['photo.jpg']),
    });

    expect(data).toBeUndefined();
    const problem: components['schemas']['ProblemResponse'] | undefined = error;
    expect(response.status).toBe(400);
    expect(problem).toMatchObject({ code: 'invalid-parameter', detail: 'top_k must be at least 1.', status: 400 });
    expect(problem?.requestId).toBe(response.headers.get('x-request-id'));
  });
});
