"""Writes what every service answers of persons: `SubjectService`, by which one is told of, erased and looked for."""

from __future__ import annotations

from pathlib import Path

from mesh.contract import catalog

OWNER = "customers"
"""The service that knows persons, and alone asks the others."""


def write(gen: str) -> None:
    """Write `subject_service.proto` beside the stubs of every service but the owner's."""
    for service in catalog.all_services():
        if service != OWNER:
            target = Path(gen) / "rapport" / service / "v1" / "subject_service.proto"
            target.write_text(_TEMPLATE.replace("SERVICE", service).replace("OWNER", OWNER))


_TEMPLATE = """\
// What a service holds of a person, whatever it is. Generated; do not edit.
syntax = "proto3";

package rapport.SERVICE.v1;

import "buf/validate/validate.proto";
import "rapport/mesh/v1/subject.proto";
import "rapport/policy/v1/policy.proto";

// What SERVICE holds of persons, as its contract and its tables declare it.
service SubjectService {
  // Reads everything that is held of a person, page by page.
  rpc ReadSubject(ReadSubjectRequest) returns (ReadSubjectResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (rapport.policy.v1.policy) = {
      service: {peers: "OWNER"}
      deadline: {seconds: 10}
    };
  }
  // Erases a batch of what is held of a person; to be called until it says that it is done. Doing it again is harmless.
  rpc EraseSubject(EraseSubjectRequest) returns (EraseSubjectResponse) {
    option idempotency_level = IDEMPOTENT;
    option (rapport.policy.v1.policy) = {
      service: {peers: "OWNER"}
      deadline: {seconds: 10}
    };
  }
  // Looks for what is there of a person who is known by digests alone, batch by batch.
  rpc FindSubject(FindSubjectRequest) returns (FindSubjectResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (rapport.policy.v1.policy) = {
      service: {peers: "OWNER"}
      deadline: {seconds: 20}
    };
  }
}

// Request of ReadSubject.
message ReadSubjectRequest {
  // The person.
  rapport.mesh.v1.Subject subject = 1 [(buf.validate.field).required = true];
  // `next_cursor` of the page before; empty for the first page.
  string cursor = 2 [(buf.validate.field).string.max_len = 1000];
}

// Response of ReadSubject.
message ReadSubjectResponse {
  // What is held.
  repeated rapport.mesh.v1.SubjectRecord records = 1;
  // Where the next page begins; empty at the end.
  string next_cursor = 2;
}

// Request of EraseSubject.
message EraseSubjectRequest {
  // The person.
  rapport.mesh.v1.Subject subject = 1 [(buf.validate.field).required = true];
  // Id of the erasure that this is part of.
  string erasure_id = 2 [(buf.validate.field).string = {
    min_len: 1
    max_len: 40
  }];
}

// Response of EraseSubject.
message EraseSubjectResponse {
  // What the erasure has come to here, by kind.
  repeated rapport.mesh.v1.SubjectCount counts = 1;
  // Nothing is left to be done.
  bool done = 2;
}

// Request of FindSubject.
message FindSubjectRequest {
  // What is looked for.
  rapport.mesh.v1.SubjectDigests digests = 1 [(buf.validate.field).required = true];
  // `next_cursor` of the batch before; empty for the first batch.
  string cursor = 2 [(buf.validate.field).string.max_len = 2000];
}

// Response of FindSubject.
message FindSubjectResponse {
  // Of what was found, the kind and the key, as in `interactions/int_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D`; at most 100.
  repeated string names = 1;
  // How many rows were looked at.
  int64 row_count = 2;
  // Where the next batch begins; empty at the end.
  string next_cursor = 3;
}
"""
