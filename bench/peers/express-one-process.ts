// What a user would write alone in an afternoon: one process, Express, multer, sharp and ONNX Runtime with their defaults.
// Correct for good photos, and nothing more: no limits, no queue, no deadlines, no errors worth reading.
import express from 'express';
import multer from 'multer';
import { readFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { tell } from '../helper-process';

interface Manifest {
  labels: { id: string; name: { en: string } }[];
  input: { size: number };
  temperature: number;
}

async function main(): Promise<void> {
  const folder = process.argv[2] ?? '';
  const manifest = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as Manifest;
  const { size } = manifest.input;
  const session = await InferenceSession.create(join(folder, 'model.onnx'));
  const upload = multer({ storage: multer.memoryStorage() });

  const app = express();
  app.post('/classify', upload.single('image'), async (request, response) => {
    const { file } = request as { file?: { buffer: Buffer } }; // put there by multer
    if (file === undefined) {
      response.status(400).json({ error: 'no image' });
      return;
    }
    const pixels = await sharp(file.buffer)
      .rotate()
      .resize(size, size, { fit: 'cover' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    const { logits } = await session.run({ image: new Tensor('uint8', pixels, [1, size, size, 3]) }, ['logits']);
    const scores = Array.from(logits?.data as Float32Array, (logit) => logit / manifest.temperature); // float32 outputs
    const max = Math.max(...scores);
    const exponentials = scores.map((score) => Math.exp(score - max));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    const predictions = exponentials
      .map((value, index) => ({
        label: manifest.labels[index]?.id,
        name: manifest.labels[index]?.name.en,
        score: value / total,
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 5);
    response.json({ label: predictions[0]?.label, predictions });
  });

  const server = app.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo; // it listens on TCP
    tell({ kind: 'listening', url: `http://127.0.0.1:${port}` });
  });
  process.on('disconnect', () => process.exit());
}

void main();
