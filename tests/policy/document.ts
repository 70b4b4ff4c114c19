/** A policy document of AWS with these statements, as JSON. */
export const document = (...Statement: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement });
