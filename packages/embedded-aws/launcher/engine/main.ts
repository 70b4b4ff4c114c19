// `make engine`: finds or makes the engine, and says where it is.
import { provideEngine } from ".";

const say = (line: string) => console.log(`engine: ${line}`);
provideEngine(say).then(
  ({ executable, version }) => say(`Pulumi ${version}, ${executable}`),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
