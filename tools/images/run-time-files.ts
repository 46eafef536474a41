/** Which files of a package a running program can use: no types, source maps, documents, and no binaries of other machines. */
import { Machine } from './platform';

/** What a licence asks for is that its text stays. */
const LICENCE = /(^|\/)(licen[cs]e|notice|copying|copyright|thirdparty)[^/]*$/i;

const UNUSED = /\.(map|md|markdown|tsbuildinfo|flow)$|\.[cm]?tsx?$/i;

/** onnxruntime-node carries the binaries of all machines: `bin/napi-v6/<os>/<cpu>/`. */
const ONNX_BINARY = /^bin\/napi-v\d+\/([^/]+)\/([^/]+)\//;

/** `path` is below the package's folder, with slashes. */
export function isRunTimeFile(packageName: string, path: string, { os, cpu }: Machine): boolean {
  if (LICENCE.test(path)) return true;
  if (UNUSED.test(path)) return false;
  const [, binaryOs, binaryCpu] = (packageName === 'onnxruntime-node' && ONNX_BINARY.exec(path)) || [];
  return binaryOs === undefined || (binaryOs === os && binaryCpu === cpu);
}
