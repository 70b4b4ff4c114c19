/** CPU units that Fargate offers; 1024 is one vCPU. */
export const fargateCpu = [256, 512, 1024, 2048, 4096, 8192, 16384] as const;

/** Memory that Fargate offers for each number of CPU units, in MiB: least, most, step. */
const fargateMemory: Readonly<Record<number, { least: number; most: number; step: number }>> = {
  256: { least: 512, most: 2_048, step: 512 },
  512: { least: 1_024, most: 4_096, step: 1_024 },
  1024: { least: 2_048, most: 8_192, step: 1_024 },
  2048: { least: 4_096, most: 16_384, step: 1_024 },
  4096: { least: 8_192, most: 30_720, step: 1_024 },
  8192: { least: 16_384, most: 61_440, step: 4_096 },
  16384: { least: 32_768, most: 122_880, step: 8_192 },
};

/** Whether Fargate has a task of this size. 256 CPU units come with 512, 1024 or 2048 MiB only. */
export function fargateOffers(cpu: number, memory: number): boolean {
  const range = fargateMemory[cpu];
  if (!range || memory < range.least || memory > range.most) return false;
  return (memory - range.least) % range.step === 0 && !(cpu === 256 && memory === 1_536);
}

/** Memory that Fargate offers for this number of CPU units, as text. */
export function memoryFor(cpu: number): string {
  const { least = 0, most = 0, step = 0 } = fargateMemory[cpu] ?? {};
  return `${least} to ${most} MiB in steps of ${step}${cpu === 256 ? ", but not 1536" : ""}`;
}

/** Least memory that Fargate offers for this number of CPU units (MiB). */
export const leastMemory = (cpu: number): number => fargateMemory[cpu]?.least ?? 0;
