// node grpc-watch.mjs ADDRESS JOB
// Watches a job from its first event until no execution is open, and prints a line of JSON for each event: its position,
// and the message as it came over the wire, in base64.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const root = fileURLToPath(new URL('../../../', import.meta.url));
const [address, jobId] = process.argv.slice(2);
const definition = protoLoader.loadSync('jobwatch/v1/watch_service.proto', {
  includeDirs: [`${root}protos`, `${root}third_party/googleapis`],
  longs: Number,
  enums: String,
  oneofs: true,
});
const method = definition['jobwatch.v1.WatchService'].WatchJob;
const client = new grpc.Client(address, grpc.credentials.createInsecure());
const call = client.makeServerStreamRequest(
  method.path,
  method.requestSerialize,
  (bytes) => ({ bytes, message: method.responseDeserialize(bytes) }),
  { jobId, start: { beginning: true }, allowMissing: true, untilExecutionEnds: true },
);
call.on('metadata', () => console.error('watching'));
call.on('data', ({ bytes, message }) => {
  if (message.event) {
    console.log(JSON.stringify({ position: message.event.position, bytes: bytes.toString('base64') }));
  }
});
call.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
call.on('end', () => client.close());
