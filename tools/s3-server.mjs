// `node tools/s3-server.mjs`: starts a real S3 server, prints the environment that reaches it, and stops it when it is interrupted.
import { environmentOf, s3ServerDirectory, s3ServerIn, stopS3ServerIn, whyNoS3Server } from './s3-server/index.mjs';

const reason = whyNoS3Server();
if (reason !== undefined) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
const directory = s3ServerDirectory();
try {
  const server = await s3ServerIn(directory);
  for (const [name, value] of Object.entries(environmentOf(server))) process.stdout.write(`export ${name}=${value}\n`);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    setInterval(() => {}, 2 ** 30);
  });
} finally {
  await stopS3ServerIn(directory);
  process.exit();
}
