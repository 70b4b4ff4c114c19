// Answer to the engine when AWS has created or changed a resource, but the wait for the end has failed: the state keeps
// the resource, and the next update continues with it.
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Resource } from "../account";
import { encode } from "./wire";

/** The resource in AWS. */
export type Made = Pick<Resource, "id" | "inputs" | "outputs">;

/**
 * An operation that AWS has carried out and that is reported as failed. `made` is the resource now, if there is one.
 */
export class Unfinished extends Error {
  constructor(
    message: string,
    private readonly made?: Made,
  ) {
    super(message);
  }

  /** The error in gRPC's form. */
  status(): Partial<ServiceError> {
    if (this.made === undefined) return { code: 2, details: this.message };
    const { id, inputs, outputs } = this.made;
    const failure = new ErrorResourceInitFailed();
    failure.setId(id);
    failure.setReasonsList([this.message]);
    failure.setInputs(encode(inputs));
    failure.setProperties(encode(outputs));
    const detail = new Any();
    detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(2);
    status.setMessage(this.message);
    status.addDetails(detail);
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return { code: 2, details: this.message, metadata };
  }
}
