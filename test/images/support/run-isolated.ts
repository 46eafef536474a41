// Runs a program in the file system of an image (see isolated.ts) and ends with its exit code; SIGTERM goes to the program.
import { spawn } from 'node:child_process';
import { childOf, Isolation } from './isolated';

const { root, user, folder, command, mounts } = JSON.parse(process.argv[2] ?? '') as Isolation;

/** Mounts are seen by this process tree alone, and are gone with it. */
const SCRIPT = `
root=$1 user=$2 folder=$3; shift 3
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
if [ "$1" != -- ]; then mount -t tmpfs tmpfs "$root/opt"; fi # for folders that the image does not have
while [ "$1" != -- ]; do mkdir -p "$root$2"; mount --bind "$1" "$root$2"; shift 2; done
shift
mount -o remount,bind,ro "$root"
exec chroot --groups= --userspec="$user" "$root" env -C "$folder" "$@"
`;

// What wire servers tell a container by a variable lies, in a container, at its place.
const { MODEL_DIR: modelFolder, ...environment } = process.env;
const places = modelFolder === undefined ? mounts : [...mounts, { from: modelFolder, to: '/opt/ml/model' }];

const child = spawn(
  'unshare',
  [
    ...['--mount', '--pid', '--fork', '--kill-child', '--', 'sh', '-ec', SCRIPT, 'isolated', root, user, folder],
    ...places.flatMap(({ from, to }) => [from, to]),
    ...['--', ...command],
  ],
  { stdio: 'inherit', env: environment },
);
process.on('SIGTERM', () => process.kill(childOf(child.pid ?? 0), 'SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
