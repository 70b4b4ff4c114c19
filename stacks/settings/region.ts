import { regionFault, regions } from "../../aws/regions";
import { nearest } from "./nearest";

/** Complaint on `aws:region`, or undefined for a region in which the chat can stand. */
export function unknownRegion(region: string): string | undefined {
  const fault = regionFault(region);
  return (
    fault &&
    `aws:region is ${region}, which ${fault}. Allowed: ${regions.join(", ")}. ` +
      `Set it with: pulumi config set aws:region ${nearest(region, regions)[0] ?? "us-east-1"}`
  );
}
