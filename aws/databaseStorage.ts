/**
 * Speed of a gp3 volume of PostgreSQL from 400 GiB on, without extra charge (below, RDS sets 3,000 IOPS and 125 MB/s
 * and
 * accepts no others). It must be given: the provider otherwise sends the former IOPS with the new size, and RDS
 * refuses.
 *
 * @param storage GiB.
 */
export const volumeSpeed = (storage: number) =>
  storage >= 400 ? { iops: 12_000, storageThroughput: 500 } : {};

/**
 * Smallest upper limit that RDS accepts for automatic growth: 10 % above the storage.
 *
 * @param storage GiB. In whole numbers, because 1.1 * 100 is more than 110.
 */
export const leastMaxStorage = (storage: number): number => Math.ceil((storage * 11) / 10);
